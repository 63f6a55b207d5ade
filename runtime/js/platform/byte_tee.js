// SPDX-License-Identifier: MIT
// Two byte streams of one, which read into the buffer of whichever branch has one.
// (Streams: abstract-opdef-readablebytestreamtee)
(function(host) {
var lib = host.platform;
var $ = lib.slot;
var streams = lib.load('streams');
var bytes = lib.load('byte_streams');
var buffers = lib.load('buffers');
var tee = lib.load('tee');
var performThen = host.performThen;
var resolve = host.resolvePromise;

function run(stream) {
  var state = tee.makeState(stream);
  state.again = [false, false];
  state.reader = null;
  state.branches[0] = bytes.create(function() { return pull(state, 0); },
                                   tee.canceller(state, 0))[$];
  state.branches[1] = bytes.create(function() { return pull(state, 1); },
                                   tee.canceller(state, 1))[$];
  take(state, streams.acquire(stream));
  return state.branches;
}

// From now on this reader's end counts.
function take(state, reader) {
  state.reader = reader;
  performThen(reader.closed, undefined, function(error) {
    if (reader === state.reader)
      fail(state, error);
  });
}

function fail(state, error) {
  bytes.error(state.branches[0].controller, error);
  bytes.error(state.branches[1].controller, error);
  tee.settleUnlessBoth(state);
}

function pull(state, at) {
  if (state.reading) {
    state.again[at] = true;
    return undefined;
  }
  state.reading = true;
  var request = bytes.requestOf(state.branches[at].controller);
  if (request === null)
    pullByDefault(state);
  else
    pullInto(state, request[$].view, at);
  return undefined;
}

function goOn(state) {
  state.reading = false;
  if (state.again[0])
    pull(state, 0);
  else if (state.again[1])
    pull(state, 1);
}

// A copy for the other branch; undefined after it failed.
function copyOf(state, chunk) {
  var parts = buffers.describe(chunk);
  try {
    return buffers.bytes(buffers.clone(parts.buffer, parts.offset, parts.size), 0, parts.size);
  } catch (error) {
    bytes.error(state.branches[0].controller, error);
    bytes.error(state.branches[1].controller, error);
    resolve(state.cancelPromise, streams.cancel(state.stream, error));
    return undefined;
  }
}

function pullByDefault(state) {
  if (state.reader.is !== lib.bit.reader) {
    streams.release(state.reader);
    take(state, streams.acquire(state.stream));
  }
  streams.read(state.reader, {
    chunk: function(chunk) { lib.microtask(function() { deliver(state, chunk); }); },
    close: function() { close(state); },
    error: function() { state.reading = false; },
    next: null,
  });
}

function deliver(state, chunk) {
  state.again[0] = state.again[1] = false;
  var second = chunk;
  if (!state.cancelled[0] && !state.cancelled[1]) {
    second = copyOf(state, chunk);
    if (second === undefined)
      return;
  }
  if (!state.cancelled[0])
    bytes.enqueue(state.branches[0].controller, chunk);
  if (!state.cancelled[1])
    bytes.enqueue(state.branches[1].controller, second);
  goOn(state);
}

function close(state) {
  state.reading = false;
  var at;
  for (at = 0; at < 2; at++)
    if (!state.cancelled[at])
      bytes.close(state.branches[at].controller);
  for (at = 0; at < 2; at++)
    if (state.branches[at].controller.pending.size > 0)
      bytes.respond(state.branches[at].controller, 0);
  tee.settleUnlessBoth(state);
}

function pullInto(state, view, at) {
  if (state.reader.is === lib.bit.reader) {
    streams.release(state.reader);
    take(state, bytes.acquire(state.stream));
  }
  bytes.read(state.reader, view, 1, {
    chunk: function(chunk) { lib.microtask(function() { deliverInto(state, chunk, at); }); },
    close: function(chunk) { closeInto(state, chunk, at); },
    error: function() { state.reading = false; },
    next: null,
  });
}

function deliverInto(state, chunk, at) {
  state.again[0] = state.again[1] = false;
  var controller = state.branches[at].controller;
  if (!state.cancelled[1 - at]) {
    var copy = copyOf(state, chunk);
    if (copy === undefined)
      return;
    if (!state.cancelled[at])
      bytes.respondWithView(controller, chunk);
    bytes.enqueue(state.branches[1 - at].controller, copy);
  } else if (!state.cancelled[at]) {
    bytes.respondWithView(controller, chunk);
  }
  goOn(state);
}

function closeInto(state, chunk, at) {
  state.reading = false;
  var own = state.branches[at].controller;
  var other = state.branches[1 - at].controller;
  if (!state.cancelled[at])
    bytes.close(own);
  if (!state.cancelled[1 - at])
    bytes.close(other);
  if (chunk !== undefined) {
    if (!state.cancelled[at])
      bytes.respondWithView(own, chunk);
    if (!state.cancelled[1 - at] && other.pending.size > 0)
      bytes.respond(other, 0);
  }
  tee.settleUnlessBoth(state);
}

lib.byte_tee = {
  run: run
};
})(__host);
