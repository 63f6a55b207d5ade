// SPDX-License-Identifier: MIT
// Tee, asynchronous iteration and ReadableStream.from.
(function(host) {
var lib = host.platform;
var $ = lib.slot;
var of = lib.of;
var streams = lib.streams;
var acquire = streams.acquire;
var read = streams.read;
var release = streams.release;
var streamCancel = streams.cancel;
var create = streams.create;
var controllerEnqueue = streams.enqueue;
var controllerClose = streams.close;
var controllerError = streams.fail;
var promiseOf = streams.promiseOf;

function nothing() {}

// As the Streams specification has it (readable-stream-from-iterable).
function fromIterable(iterable) {
  var method = lib.isObject(iterable) ? iterable[Symbol.asyncIterator] || iterable[Symbol.iterator]
                                      : undefined;
  if (typeof iterable === 'string')
    method = iterable[Symbol.iterator];
  if (typeof method !== 'function')
    throw new TypeError('ReadableStream.from: the argument is not iterable');
  var iterator = lib.apply(method, iterable, []);
  return create(
      nothing,
      function(controller) {
        return lib.then(promiseOf(function() { return iterator.next(); }), function(step) {
          if (!lib.isObject(step))
            throw new TypeError('The iterator gave something that is not an object');
          if (step.done)
            return controllerClose(controller[$]);
          return lib.then(step.value, function(value) { controllerEnqueue(controller[$], value); });
        });
      },
      function(reason) {
        return typeof iterator.return === 'function' ? iterator.return(reason) : undefined;
      },
      0);
}

var asyncIterator = {
  next() {
    var state = of(this, lib.bit.iterator);
    return queued(state, function() { return step(state); });
  },
  'return'() {
    var state = of(this, lib.bit.iterator);
    var value = arguments[0];
    return queued(state, function() {
      if (state.done)
        return {value: value, done: true};
      state.done = true;
      var cancelled = state.keep ? undefined : streamCancel(state.reader.stream, value);
      release(state.reader);
      return lib.then(cancelled, function() { return {value: value, done: true}; });
    });
  },
};
lib.hide(asyncIterator, Symbol.asyncIterator, function() { return this; });

function queued(state, steps) {
  state.last = lib.then(state.last, steps, steps);
  return state.last;
}

function step(state) {
  if (state.done)
    return {value: undefined, done: true};
  var promise = host.newPromise();
  read(state.reader, {
    chunk: function(chunk) { lib.resolve(promise, {value: chunk, done: false}); },
    close: function() {
      state.done = true;
      release(state.reader);
      lib.resolve(promise, {value: undefined, done: true});
    },
    error: function(error) {
      state.done = true;
      release(state.reader);
      lib.reject(promise, error);
    },
  });
  return promise;
}

function iterate(stream, keep) {
  return lib.make(asyncIterator, {
    is: lib.bit.iterator,
    reader: acquire(stream),
    keep: keep,
    done: false,
    last: lib.resolved(undefined)
  });
}

// As the Streams specification has it (abstract-opdef-readablestreamdefaulttee).
function tee(stream) {
  var reader = acquire(stream);
  var reading = false;
  var again = false;
  var cancelled = [false, false];
  var reasons = [undefined, undefined];
  var cancelPromise = host.newPromise();
  function each(steps) {
    branches.forEach(function(branch, at) {
      if (!cancelled[at])
        steps(branch.controller);
    });
  }
  function pull() {
    if (reading) {
      again = true;
      return;
    }
    reading = true;
    read(reader, {
      chunk: function(chunk) {
        lib.microtask(function() {
          again = false;
          each(function(controller) { controllerEnqueue(controller, chunk); });
          reading = false;
          if (again)
            pull();
        });
      },
      close: function() {
        reading = false;
        each(controllerClose);
        if (!cancelled[0] || !cancelled[1])
          lib.resolve(cancelPromise, undefined);
      },
      error: function() { reading = false; },
    });
  }
  function canceller(at) {
    return function(reason) {
      cancelled[at] = true;
      reasons[at] = reason;
      if (cancelled[1 - at])
        lib.resolve(cancelPromise, streamCancel(stream, reasons));
      return cancelPromise;
    };
  }
  var branches =
      [create(nothing, pull, canceller(0), 1)[$], create(nothing, pull, canceller(1), 1)[$]];
  lib.react(reader.closed, nothing, function(error) {
    branches.forEach(function(branch) { controllerError(branch.controller, error); });
    lib.resolve(cancelPromise, undefined);
  });
  return branches;
}

streams.teeState = tee;
streams.iterate = iterate;
streams.fromIterable = fromIterable;
lib.stream_consumers = {};
})(__host);
