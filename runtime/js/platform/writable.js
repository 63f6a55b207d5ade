// SPDX-License-Identifier: MIT
// WritableStream and pipes. (Streams). `stream`, `controller` and `writer` are state objects.
(function(host) {
var lib = host.platform;
var $ = lib.slot;
var of = lib.of;
var WRITABLE = lib.bit.writable;
var WRITER = lib.bit.writer;
var OTHER = lib.bit.other;
var streams = lib.load('streams');
var handled = streams.handled;
var promiseOf = streams.promiseOf;
var CLOSE = {};

function nothing() {}

// As the Streams specification has it (ws-class).
function WritableStream() {
  lib.constructing(new.target, 'WritableStream');
  var sink = arguments[0];
  if (sink === null || (sink !== undefined && !lib.isObject(sink)))
    throw new TypeError('WritableStream: the underlying sink is not an object');
  if (sink !== undefined && sink.type !== undefined)
    throw new RangeError('WritableStream: the type of a sink has to be undefined');
  this[$] = makeStream(this);
  setUp(this[$], {
    start: streams.method(sink, 'start', nothing),
    write: streams.method(sink, 'write', nothing),
    close: streams.method(sink, 'close', nothing),
    abort: streams.method(sink, 'abort', nothing),
  },
        streams.strategyOf(arguments[1], 1));
}

function makeStream(object) {
  return {
    is: WRITABLE,
    object: object,
    state: 'writable',
    error: undefined,
    writer: null,
    controller: null,
    requests: [],
    inFlight: null,
    closing: null,
    closeInFlight: null,
    abort: null,
    pressure: false,
  };
}

function setUp(stream, algorithms, strategy) {
  var controller = {
    is: OTHER,
    stream: stream,
    queue: [],
    total: 0,
    mark: strategy.mark,
    size: strategy.size,
    started: false,
    write: algorithms.write,
    close: algorithms.close,
    abortSteps: algorithms.abort,
    abort: lib.load('abort').makeSignal(),
  };
  stream.controller = controller;
  controller.object = lib.make(WritableStreamDefaultController.prototype, controller);
  stream.pressure = controller.mark - controller.total <= 0;
  lib.react(algorithms.start(controller.object),
            function() {
              controller.started = true;
              advance(controller);
            },
            function(error) {
              controller.started = true;
              dealWithRejection(stream, error);
            });
}

function isClosing(stream) { return stream.closing !== null || stream.closeInFlight !== null; }

function desiredSize(stream) {
  if (stream.state === 'errored' || stream.state === 'erroring')
    return null;
  return stream.state === 'closed' ? 0 : stream.controller.mark - stream.controller.total;
}

function setPressure(stream, pressure) {
  if (stream.writer !== null && pressure !== stream.pressure) {
    if (pressure)
      stream.writer.ready = host.newPromise();
    else
      lib.resolve(stream.writer.ready, undefined);
  }
  stream.pressure = pressure;
}

// As the Streams specification has it (writable-stream-default-controller-advance-queue-if-needed).
function advance(controller) {
  var stream = controller.stream;
  if (!controller.started || stream.inFlight !== null || stream.closeInFlight !== null)
    return;
  if (stream.state === 'erroring')
    return finishErroring(stream);
  if (controller.queue.length === 0)
    return;
  if (controller.queue[0].chunk === CLOSE)
    processClose(controller);
  else
    processWrite(controller, controller.queue[0].chunk);
}

function processClose(controller) {
  var stream = controller.stream;
  stream.closeInFlight = stream.closing;
  stream.closing = null;
  controller.queue = [];
  lib.react(promiseOf(controller.close),
            function() {
              lib.resolve(stream.closeInFlight, undefined);
              stream.closeInFlight = null;
              if (stream.state === 'erroring') {
                stream.error = undefined;
                if (stream.abort !== null)
                  lib.resolve(stream.abort.promise, undefined);
                stream.abort = null;
              }
              stream.state = 'closed';
              if (stream.writer !== null)
                lib.resolve(stream.writer.closed, undefined);
            },
            function(error) {
              lib.reject(stream.closeInFlight, error);
              stream.closeInFlight = null;
              if (stream.abort !== null)
                lib.reject(stream.abort.promise, error);
              stream.abort = null;
              dealWithRejection(stream, error);
            });
}

function processWrite(controller, chunk) {
  var stream = controller.stream;
  stream.inFlight = stream.requests.shift();
  lib.react(promiseOf(function() { return controller.write(chunk, controller.object); }),
            function() {
              lib.resolve(stream.inFlight, undefined);
              stream.inFlight = null;
              controller.total = Math.max(0, controller.total - controller.queue.shift().size);
              if (!isClosing(stream) && stream.state === 'writable')
                setPressure(stream, controller.mark - controller.total <= 0);
              advance(controller);
            },
            function(error) {
              lib.reject(stream.inFlight, error);
              stream.inFlight = null;
              dealWithRejection(stream, error);
            });
}

function dealWithRejection(stream, error) {
  if (stream.state === 'writable')
    startErroring(stream, error);
  else if (stream.state === 'erroring')
    finishErroring(stream);
}

// As the Streams specification has it (writable-stream-start-erroring).
function startErroring(stream, reason) {
  stream.state = 'erroring';
  stream.error = reason;
  if (stream.writer !== null)
    ensureReadyRejected(stream.writer, reason);
  if (stream.inFlight === null && stream.closeInFlight === null && stream.controller.started)
    finishErroring(stream);
}

function ensureReadyRejected(writer, reason) { writer.ready = handled(lib.rejected(reason)); }

// As the Streams specification has it (writable-stream-finish-erroring).
function finishErroring(stream) {
  if (stream.inFlight !== null || stream.closeInFlight !== null)
    return;
  stream.state = 'errored';
  stream.controller.queue = [];
  stream.controller.total = 0;
  stream.requests.forEach(function(request) { lib.reject(request, stream.error); });
  stream.requests = [];
  var abort = stream.abort;
  stream.abort = null;
  if (abort === null)
    return rejectClosed(stream);
  if (abort.erroring) {
    lib.reject(abort.promise, stream.error);
    return rejectClosed(stream);
  }
  lib.react(promiseOf(function() { return stream.controller.abortSteps(abort.reason); }),
            function() {
              lib.resolve(abort.promise, undefined);
              rejectClosed(stream);
            },
            function(error) {
              lib.reject(abort.promise, error);
              rejectClosed(stream);
            });
}

function rejectClosed(stream) {
  if (stream.closing !== null)
    lib.reject(stream.closing, stream.error);
  stream.closing = null;
  if (stream.writer !== null)
    handledReject(stream.writer.closed, stream.error);
}

function handledReject(promise, error) {
  lib.reject(promise, error);
  handled(promise);
}

// As the Streams specification has it (writable-stream-abort).
function abortStream(stream, reason) {
  if (stream.state === 'closed' || stream.state === 'errored')
    return lib.resolved(undefined);
  lib.load('abort').signalAbort(stream.controller.abort, reason);
  if (stream.state === 'closed' || stream.state === 'errored')
    return lib.resolved(undefined);
  if (stream.abort !== null)
    return stream.abort.promise;
  var erroring = stream.state === 'erroring';
  stream.abort = {
    promise: host.newPromise(),
    reason: erroring ? undefined : reason,
    erroring: erroring
  };
  var promise = stream.abort.promise;
  if (!erroring)
    startErroring(stream, reason);
  return promise;
}

// As the Streams specification has it (writable-stream-close).
function closeStream(stream) {
  if (stream.state === 'closed' || stream.state === 'errored')
    return lib.rejected(new TypeError('The stream is closed already'));
  if (isClosing(stream))
    return lib.rejected(new TypeError('The stream is being closed'));
  stream.closing = host.newPromise();
  var promise = stream.closing;
  if (stream.writer !== null && stream.pressure && stream.state === 'writable')
    lib.resolve(stream.writer.ready, undefined);
  stream.controller.queue.push({chunk: CLOSE, size: 0});
  advance(stream.controller);
  return promise;
}

// As the Streams specification has it (writable-stream-default-writer-write).
function write(writer, chunk) {
  var stream = writer.stream;
  var controller = stream.controller;
  var size = 1;
  try {
    size = Number(controller.size(chunk));
  } catch (error) {
    if (stream.state === 'writable')
      startErroring(stream, error);
  }
  if (stream !== writer.stream)
    return lib.rejected(new TypeError('The writer was released'));
  if (stream.state === 'errored' || stream.state === 'erroring')
    return lib.rejected(stream.error);
  if (isClosing(stream) || stream.state === 'closed')
    return lib.rejected(new TypeError('The stream is closed'));
  var promise = host.newPromise();
  stream.requests.push(promise);
  controller.queue.push({chunk: chunk, size: size});
  controller.total += size;
  setPressure(stream, controller.mark - controller.total <= 0);
  advance(controller);
  return promise;
}

function acquire(stream) {
  if (stream.writer !== null)
    throw new TypeError('The stream is locked to a writer');
  var writer = {is: WRITER, stream: stream, ready: host.newPromise(), closed: host.newPromise()};
  stream.writer = writer;
  if (stream.state === 'erroring')
    ensureReadyRejected(writer, stream.error);
  else if (stream.state === 'errored') {
    ensureReadyRejected(writer, stream.error);
    handledReject(writer.closed, stream.error);
  } else {
    if (!stream.pressure || isClosing(stream) || stream.state === 'closed')
      lib.resolve(writer.ready, undefined);
    if (stream.state === 'closed')
      lib.resolve(writer.closed, undefined);
  }
  return writer;
}

function release(writer) {
  var stream = writer.stream;
  if (stream === null)
    return;
  var error = new TypeError('The writer was released');
  ensureReadyRejected(writer, error);
  if (stream.state === 'writable' || stream.state === 'erroring')
    handledReject(writer.closed, error);
  else
    writer.closed = handled(lib.rejected(error));
  stream.writer = null;
  writer.stream = null;
}

lib.expose('WritableStream', WritableStream, {
  get locked() { return of(this, WRITABLE).writer !== null; },
  abort() { return unlocked(this, abortStream, arguments[0]); },
  close() { return unlocked(this, closeStream); },
  getWriter() {
    return lib.make(WritableStreamDefaultWriter.prototype, acquire(of(this, WRITABLE)));
  },
});

function unlocked(self, operation, argument) {
  return lib.promised(function(promise) {
    var stream = of(self, WRITABLE);
    if (stream.writer !== null)
      throw new TypeError('The stream is locked to a writer');
    lib.resolve(promise, operation(stream, argument));
  });
}

// As the Streams specification has it (default-writer-class).
function WritableStreamDefaultWriter(stream) {
  lib.constructing(new.target, 'WritableStreamDefaultWriter');
  this[$] = acquire(of(stream, WRITABLE));
}

function withStream(self, operation) {
  return lib.promised(function(promise) {
    var writer = of(self, WRITER);
    if (writer.stream === null)
      throw new TypeError('The writer was released');
    lib.resolve(promise, operation(writer));
  });
}

lib.expose('WritableStreamDefaultWriter', WritableStreamDefaultWriter, {
  get closed() { return of(this, WRITER).closed; },
  get desiredSize() {
    var writer = of(this, WRITER);
    if (writer.stream === null)
      throw new TypeError('The writer was released');
    return desiredSize(writer.stream);
  },
  get ready() { return of(this, WRITER).ready; },
  abort() {
    var reason = arguments[0];
    return withStream(this, function(writer) { return abortStream(writer.stream, reason); });
  },
  close() { return withStream(this, function(writer) { return closeStream(writer.stream); }); },
  releaseLock() { release(of(this, WRITER)); },
  write() {
    var chunk = arguments[0];
    return withStream(this, function(writer) { return write(writer, chunk); });
  },
});

function WritableStreamDefaultController() { lib.illegal(); }

lib.expose('WritableStreamDefaultController', WritableStreamDefaultController, {
  get signal() { return of(this, OTHER).abort; },
  error() {
    var controller = of(this, OTHER);
    if (controller.stream.state === 'writable')
      startErroring(controller.stream, arguments[0]);
  },
});

function create(algorithms, strategy) {
  var object = Object.create(WritableStream.prototype);
  object[$] = makeStream(object);
  setUp(object[$], algorithms, strategy);
  return object;
}

// As the Streams specification has it (readable-stream-pipe-to).
function pipe(source, destination, options) {
  var p = {
    source: source,
    destination: destination,
    options: options,
    reader: streams.acquire(source),
    writer: acquire(destination),
    result: host.newPromise(),
    over: false,
    last: lib.resolved(undefined),
  };
  source.disturbed = true;
  if (options.signal !== undefined)
    watchSignal(p, options.signal);
  lib.react(p.writer.closed, nothing, function(error) { cancelSource(p, error); });
  next(p);
  return p.result;
}

function finish(p, failed, error) {
  release(p.writer);
  streams.release(p.reader);
  if (failed)
    lib.reject(p.result, error);
  else
    lib.resolve(p.result, undefined);
}

// Runs the last action once what was written has gone through.
function shutDown(p, action, failed, error) {
  if (p.over)
    return;
  p.over = true;
  lib.react(lib.then(p.last, nothing, nothing), function() {
    lib.react(streams.promiseOf(action || nothing), function() { finish(p, failed, error); },
              function(other) { finish(p, true, other); });
  });
}

function closeDestination(p) {
  shutDown(p, p.options.preventClose ? null : function() {
    if (!isClosing(p.destination) && p.destination.state !== 'closed')
      return closeStream(p.destination);
  }, false);
}

function abortDestination(p, error) {
  var abort = function() { return abortStream(p.destination, error); };
  shutDown(p, p.options.preventAbort ? null : abort, true, error);
}

function cancelSource(p, error) {
  var cancel = function() { return streams.cancel(p.source, error); };
  shutDown(p, p.options.preventCancel ? null : cancel, true, error);
}

function next(p) {
  if (p.over)
    return;
  if (p.destination.state === 'erroring' || p.destination.state === 'errored')
    return cancelSource(p, p.destination.error);
  if (isClosing(p.destination) || p.destination.state === 'closed')
    return cancelSource(p, new TypeError('The destination is closed'));
  lib.react(p.writer.ready, function() { moveChunk(p); },
            function() { cancelSource(p, p.destination.error); });
}

function moveChunk(p) {
  if (p.over)
    return;
  streams.read(p.reader, {
    chunk: function(chunk) {
      p.last = handled(write(p.writer, chunk));
      lib.microtask(function() { next(p); });
    },
    close: function() { closeDestination(p); },
    error: function(error) { abortDestination(p, error); },
  });
}

function watchSignal(p, signal) {
  of(signal, lib.bit.signal);
  var onAbort = function() {
    shutDown(p, function() {
      var parts = [];
      if (!p.options.preventAbort && p.destination.state === 'writable')
        parts.push(abortStream(p.destination, signal.reason));
      if (!p.options.preventCancel && p.source.state === 'readable')
        parts.push(streams.cancel(p.source, signal.reason));
      return Promise.all(parts);
    }, true, signal.reason);
  };
  if (signal.aborted)
    onAbort();
  else
    lib.load('abort').onAbort(signal, onAbort);
}

lib.writable = {
  create: create,
  pipe: pipe,
  startErroring: startErroring
};
})(__host);
