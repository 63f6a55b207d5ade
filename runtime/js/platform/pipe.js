// SPDX-License-Identifier: MIT
// pipeTo. (Streams: readable-stream-pipe-to)
(function(host) {
var lib = host.platform;
var support = lib.load('stream_support');
var streams = lib.load('streams');
var writable = lib.load('writable');
var performThen = host.performThen;

function run(source, destination, options) {
  var pipe = {
    source: source,
    destination: destination,
    options: options,
    reader: streams.acquire(source),
    writer: writable.acquire(destination),
    result: host.newPromise(),
    over: false,
    // A chunk that was read and waits for its microtask to be written.
    chunk: undefined,
    pending: false,
    afterWrite: null,
    last: null,
    request: null,
    write: null,
    onAbort: null,
  };
  source.disturbed = true;
  pipe.write = function() { writeChunk(pipe); };
  pipe.request = makeRequest(pipe);
  if (options.signal !== undefined && watchSignal(pipe, options.signal))
    return pipe.result;
  watchErrors(pipe);
  watchEnds(pipe);
  performThen(pipe.writer.ready, function() { next(pipe); }, support.nothing);
  return pipe.result;
}

// There is one read at a time, so that one request does for all.
function makeRequest(pipe) {
  return {
    chunk: function(chunk) {
      pipe.chunk = chunk;
      pipe.pending = true;
      lib.microtask(pipe.write);
    },
    close: support.nothing,
    error: support.nothing,
    next: null,
  };
}

function next(pipe) {
  if (pipe.over)
    return;
  if (writable.desiredSize(pipe.destination) > 0)
    streams.read(pipe.reader, pipe.request);
  else
    performThen(pipe.writer.ready, function() { next(pipe); }, support.nothing);
}

// Writing waits for a microtask: enqueue() of the source must not call the sink.
function writeChunk(pipe) {
  var chunk = pipe.chunk;
  pipe.chunk = undefined;
  pipe.pending = false;
  pipe.last = support.handled(writable.write(pipe.writer, chunk));
  if (pipe.afterWrite !== null)
    pipe.afterWrite();
  else
    next(pipe);
}

function watchErrors(pipe) {
  function sourceErrored(error) {
    shutDown(pipe, pipe.options.preventAbort ? null : function() {
      return writable.abort(pipe.destination, error);
    }, true, error);
  }
  function destinationErrored(error) {
    shutDown(pipe, pipe.options.preventCancel ? null : function() {
      return streams.cancel(pipe.source, error);
    }, true, error);
  }
  if (pipe.source.state === 'errored')
    sourceErrored(pipe.source.error);
  else
    performThen(pipe.reader.closed, undefined, sourceErrored);
  if (pipe.destination.state === 'errored')
    destinationErrored(pipe.destination.error);
  else
    performThen(pipe.writer.closed, undefined, destinationErrored);
}

function watchEnds(pipe) {
  function sourceClosed() {
    shutDown(pipe, pipe.options.preventClose ? null : function() {
      return writable.closeWithErrorPropagation(pipe.destination);
    }, false, undefined);
  }
  if (pipe.source.state === 'closed')
    sourceClosed();
  else
    performThen(pipe.reader.closed, sourceClosed, undefined);
  if (writable.isClosing(pipe.destination) || pipe.destination.state === 'closed') {
    var error = new TypeError('The destination is closed');
    shutDown(pipe, pipe.options.preventCancel ? null : function() {
      return streams.cancel(pipe.source, error);
    }, true, error);
  }
}

// Calls `done` once all chunks that were read have been written.
function afterWrites(pipe, done) {
  pipe.afterWrite = null;
  if (pipe.pending) {
    pipe.afterWrite = function() { afterWrites(pipe, done); };
    return;
  }
  var last = pipe.last;
  function check() {
    if (pipe.pending || pipe.last !== last)
      afterWrites(pipe, done);
    else
      done();
  }
  performThen(last === null ? support.resolved(undefined) : last, check, check);
}

function shutDown(pipe, action, failed, error) {
  if (pipe.over)
    return;
  pipe.over = true;
  function act() {
    if (action === null)
      return finish(pipe, failed, error);
    performThen(action(), function() { finish(pipe, failed, error); },
                function(other) { finish(pipe, true, other); });
  }
  if (pipe.destination.state === 'writable' && !writable.isClosing(pipe.destination))
    afterWrites(pipe, act);
  else
    act();
}

function finish(pipe, failed, error) {
  writable.release(pipe.writer);
  streams.release(pipe.reader);
  if (pipe.onAbort !== null)
    lib.load('abort').offAbort(pipe.options.signal, pipe.onAbort);
  if (failed)
    host.rejectPromise(pipe.result, error);
  else
    host.resolvePromise(pipe.result, undefined);
}

// True if the signal is aborted already.
function watchSignal(pipe, signal) {
  var state = signal[lib.slot];
  function abort() {
    var reason = state.reason;
    shutDown(pipe, function() {
      var actions = [];
      if (!pipe.options.preventAbort)
        actions[actions.length] = pipe.destination.state === 'writable'
                                      ? writable.abort(pipe.destination, reason)
                                      : support.resolved(undefined);
      if (!pipe.options.preventCancel)
        actions[actions.length] = pipe.source.state === 'readable'
                                      ? streams.cancel(pipe.source, reason)
                                      : support.resolved(undefined);
      return support.waitForAll(actions);
    }, true, reason);
  }
  if (state.aborted) {
    abort();
    return true;
  }
  pipe.onAbort = abort;
  lib.load('abort').onAbort(signal, abort);
  return false;
}

lib.pipe = {
  run: run
};
})(__host);
