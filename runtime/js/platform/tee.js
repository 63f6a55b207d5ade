// SPDX-License-Identifier: MIT
// Two streams of one. (Streams: readable-stream-tee)
(function(host) {
var lib = host.platform;
var $ = lib.slot;
var support = lib.load('stream_support');
var streams = lib.load('streams');
var performThen = host.performThen;
var resolve = host.resolvePromise;

// What both kinds of tee keep: which branches were cancelled, and what for.
function makeState(stream) {
  return {
    stream: stream,
    reading: false,
    cancelled: [false, false],
    reasons: [undefined, undefined],
    cancelPromise: host.newPromise(),
    branches: [null, null],
  };
}

function canceller(state, at) {
  return function(reason) {
    state.cancelled[at] = true;
    state.reasons[at] = reason;
    if (state.cancelled[1 - at])
      resolve(state.cancelPromise,
              streams.cancel(state.stream, [state.reasons[0], state.reasons[1]]));
    return state.cancelPromise;
  };
}

function settleUnlessBoth(state) {
  if (!state.cancelled[0] || !state.cancelled[1])
    resolve(state.cancelPromise, undefined);
}

// As the Streams specification has it (abstract-opdef-readablestreamdefaulttee).
function defaultTee(stream, cloneForSecond) {
  var reader = streams.acquire(stream);
  var state = makeState(stream);
  var again = false;

  function deliver(chunk) {
    again = false;
    var second = chunk;
    if (!state.cancelled[1] && cloneForSecond) {
      try {
        second = host.structuredClone(chunk);
      } catch (error) {
        streams.fail(state.branches[0].controller, error);
        streams.fail(state.branches[1].controller, error);
        return resolve(state.cancelPromise, streams.cancel(stream, error));
      }
    }
    if (!state.cancelled[0])
      streams.enqueue(state.branches[0].controller, chunk);
    if (!state.cancelled[1])
      streams.enqueue(state.branches[1].controller, second);
    state.reading = false;
    if (again)
      pull();
  }

  function close() {
    state.reading = false;
    for (var at = 0; at < 2; at++)
      if (!state.cancelled[at])
        streams.close(state.branches[at].controller);
    settleUnlessBoth(state);
  }

  // Enqueuing to both waits for a microtask, so that readers in error stay in order.
  function pull() {
    if (state.reading) {
      again = true;
      return undefined;
    }
    state.reading = true;
    streams.read(reader, {
      chunk: function(chunk) { lib.microtask(function() { deliver(chunk); }); },
      close: close,
      error: function() { state.reading = false; },
      next: null,
    });
    return undefined;
  }

  state.branches[0] = streams.create(undefined, pull, canceller(state, 0), 1)[$];
  state.branches[1] = streams.create(undefined, pull, canceller(state, 1), 1)[$];
  performThen(reader.closed, undefined, function(error) {
    streams.fail(state.branches[0].controller, error);
    streams.fail(state.branches[1].controller, error);
    settleUnlessBoth(state);
  });
  return state.branches;
}

lib.tee = {
  makeState: makeState,
  canceller: canceller,
  settleUnlessBoth: settleUnlessBoth,
  // The states of the branches.
  run: function(stream, cloneForSecond) {
    return stream.controller.kind === support.byteControllerKind
               ? lib.load('byte_tee').run(stream)
               : defaultTee(stream, cloneForSecond);
  },
};
})(__host);
