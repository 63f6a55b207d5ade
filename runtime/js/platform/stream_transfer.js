// SPDX-License-Identifier: MIT
// Transfer of streams: the old stream is piped into a channel, at whose other end the new one is.
// Chunks and errors are cloned on the way, in tasks of their own. (Streams: transferrable-streams)
(function(host) {
var lib = host.platform;
var $ = lib.slot;
var support = lib.load('stream_support');
var streams = lib.load('streams');
var writable = lib.load('writable');
var postTask = lib.extra('messaging').postTask;
var newPromise = host.newPromise;
var resolve = host.resolvePromise;

// Two ends; what one posts, the other's `receive` gets later.
function makeChannel() {
  var ends = [{other: null, receive: null}, {other: null, receive: null}];
  ends[0].other = ends[1];
  ends[1].other = ends[0];
  return ends;
}

function post(end, type, value) {
  var cloned = host.structuredClone(value);
  postTask(function() {
    if (end.other !== null && end.other.receive !== null)
      end.other.receive(type, cloned);
  });
}

// What cannot be cloned is an error for both sides: it is what this gives, else undefined.
function postOrError(end, type, value) {
  try {
    post(end, type, value);
  } catch (error) {
    post(end, 'error', error);
    return error;
  }
  return undefined;
}

function disentangle(end) { end.receive = null; }

// As the Streams specification has it (abstract-opdef-setupcrossrealmtransformreadable).
function makeReadable(end) {
  var object = streams.create(undefined,
                              function() {
                                post(end, 'pull', undefined);
                                return undefined;
                              },
                              function(reason) {
                                var failed = postOrError(end, 'error', reason);
                                disentangle(end);
                                return failed === undefined ? undefined : support.rejected(failed);
                              },
                              0);
  var controller = object[$].controller;
  end.receive = function(type, value) {
    if (type === 'chunk')
      return streams.enqueue(controller, value);
    if (type === 'close')
      streams.close(controller);
    else
      streams.fail(controller, value);
    disentangle(end);
  };
  return object;
}

// As the Streams specification has it (abstract-opdef-setupcrossrealmtransformwritable).
function makeWritable(end) {
  var pressure = newPromise();
  function release() {
    if (pressure !== null)
      resolve(pressure, undefined);
    pressure = null;
  }
  var object = writable.create({
    start: undefined,
    write: function(chunk) {
      return support.then(pressure === null ? support.resolved(undefined) : pressure, function() {
        pressure = newPromise();
        var failed = postOrError(end, 'chunk', chunk);
        if (failed === undefined)
          return;
        disentangle(end);
        throw failed;
      });
    },
    close: function() {
      post(end, 'close', undefined);
      disentangle(end);
    },
    abort: function(reason) {
      var failed = postOrError(end, 'error', reason);
      disentangle(end);
      return failed === undefined ? undefined : support.rejected(failed);
    },
  },
                               1, undefined);
  end.receive = function(type, value) {
    if (type === 'error')
      writable.errorIfNeeded(object[$].controller, value);
    release();
  };
  return object;
}

function refuseLocked(locked) {
  if (locked)
    lib.throwDom('DataCloneError', 'A locked stream cannot be transferred');
}

function pipe(from, to) {
  support.handled(lib.load('pipe').run(from, to, {
    preventAbort: false,
    preventCancel: false,
    preventClose: false,
    signal: undefined,
  }));
}

function transferReadable(object) {
  var ends = makeChannel();
  pipe(object[$], makeWritable(ends[0])[$]);
  return makeReadable(ends[1]);
}

function transferWritable(object) {
  var ends = makeChannel();
  pipe(makeReadable(ends[0])[$], object[$]);
  return makeWritable(ends[1]);
}

lib.stream_transfer = {
  run: function(object) {
    var state = object[$];
    if (state.is === lib.bit.stream) {
      refuseLocked(streams.isLocked(state));
      return transferReadable(object);
    }
    if (state.is === lib.bit.writable) {
      refuseLocked(state.writer !== null);
      return transferWritable(object);
    }
    refuseLocked(streams.isLocked(state.readable[$]) || state.writable[$].writer !== null);
    return lib.load('transforms')
        .pair(transferReadable(state.readable), transferWritable(state.writable));
  },
};
})(__host);
