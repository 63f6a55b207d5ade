// SPDX-License-Identifier: MIT
// Asynchronous iteration of a stream, and a stream of what can be iterated.
(function(host) {
var lib = host.platform;
var support = lib.load('stream_support');
var streams = lib.load('streams');
var apply = lib.apply;
var newPromise = host.newPromise;
var resolve = host.resolvePromise;
var reject = host.rejectPromise;
var then = support.then;
var ITERATOR = lib.bit.iterator;
// What a read gives at the end of the stream.
var END = {};

function illegal() { return support.rejected(new TypeError('Illegal invocation')); }

// As the Web IDL specification has it (asynchronous iterator prototype object).
var asyncIterator = Object.create(host.asyncIteratorPrototype);
host.copyMembers(asyncIterator, {
  next() {
    if (!lib.isA(this, ITERATOR))
      return illegal();
    var state = this[lib.slot];
    return ongoing(state, function() { return nextSteps(state); });
  },
  'return'() {
    if (!lib.isA(this, ITERATOR))
      return illegal();
    var state = this[lib.slot];
    var value = arguments[0];
    var done = ongoing(state, function() { return returnSteps(state, value); });
    return then(done, function() { return {value: value, done: true}; });
  },
});
host.rename(asyncIterator.return, 'return');
Object.defineProperty(asyncIterator.return, 'length', {value: 1, configurable: true});
Object.defineProperty(asyncIterator, Symbol.toStringTag,
                      {value: 'ReadableStream AsyncIterator', configurable: true});

// Steps wait for those of earlier calls.
function ongoing(state, steps) {
  state.last = state.last === null ? steps() : then(state.last, steps, steps);
  return state.last;
}

function nextSteps(state) {
  if (state.done)
    return support.resolved({value: undefined, done: true});
  return then(nextChunk(state),
              function(chunk) {
                state.last = null;
                if (chunk !== END)
                  return {value: chunk, done: false};
                state.done = true;
                return {value: undefined, done: true};
              },
              function(error) {
                state.last = null;
                state.done = true;
                throw error;
              });
}

function nextChunk(state) {
  var promise = newPromise();
  streams.read(state.reader, {
    chunk: function(chunk) { resolve(promise, chunk); },
    close: function() {
      streams.release(state.reader);
      resolve(promise, END);
    },
    error: function(error) {
      streams.release(state.reader);
      reject(promise, error);
    },
    next: null,
  });
  return promise;
}

function returnSteps(state, value) {
  if (state.done)
    return support.resolved(undefined);
  state.done = true;
  var cancelled = state.keep ? support.resolved(undefined)
                             : streams.cancel(state.reader.stream, value);
  streams.release(state.reader);
  return cancelled;
}

function iterate(stream, keep) {
  return lib.make(
      asyncIterator,
      {is: ITERATOR, reader: streams.acquire(stream), keep: keep, done: false, last: null});
}

function method(object, name) {
  var found = object[name];
  if (found === undefined || found === null)
    return undefined;
  if (typeof found !== 'function')
    throw new TypeError('ReadableStream.from: a method of the iterable is not a function');
  return found;
}

// As ECMAScript has it (getiterator with a hint of async): {iterator, next}.
function getIterator(iterable) {
  if (iterable === undefined || iterable === null)
    throw new TypeError('ReadableStream.from: the argument is not iterable');
  var asynchronous = method(iterable, Symbol.asyncIterator);
  var found = asynchronous || method(iterable, Symbol.iterator);
  if (found === undefined)
    throw new TypeError('ReadableStream.from: the argument is not iterable');
  var iterator = apply(found, iterable, []);
  if (!lib.isObject(iterator))
    throw new TypeError('ReadableStream.from: the iterator is not an object');
  return {iterator: iterator, next: iterator.next, asynchronous: asynchronous !== undefined};
}

function checkResult(result) {
  if (!lib.isObject(result))
    throw new TypeError('ReadableStream.from: the iterator gave something that is not an object');
  return result;
}

// The promise of {done, value} for one step.
function nextResult(record) {
  var result = apply(record.next, record.iterator, []);
  if (record.asynchronous)
    return then(support.resolved(result), function(settled) {
      var done = !!checkResult(settled).done;
      return {done: done, value: done ? undefined : settled.value};
    });
  return awaitValue(record.iterator, checkResult(result), true);
}

// As ECMAScript has it (asyncfromsynciteratorcontinuation).
function awaitValue(iterator, result, closes) {
  var done = !!result.done;
  function closeAfter(error) {
    if (!done && closes) {
      try {
        var close = method(iterator, 'return');
        if (close !== undefined)
          apply(close, iterator, []);
      } catch (ignored) {
        // the first error wins
      }
    }
    throw error;
  }
  var value = result.value;
  try {
    value = host.promiseResolve(lib.Promise, value);
  } catch (error) {
    closeAfter(error);
  }
  return then(value, function(settled) { return {done: done, value: settled}; }, closeAfter);
}

function returnResult(record, reason) {
  var close = method(record.iterator, 'return');
  if (close === undefined)
    return support.resolved(undefined);
  var result = apply(close, record.iterator, [reason]);
  var settled = record.asynchronous
                    ? support.resolved(result)
                    : awaitValue(record.iterator, checkResult(result), false);
  return then(settled, function(value) {
    checkResult(value);
    return undefined;
  });
}

// As the Streams specification has it (abstract-opdef-readablestreamfromiterable).
function from(iterable) {
  var record = getIterator(iterable);
  return streams.create(
      undefined,
      function(object) {
        var controller = object[lib.slot];
        try {
          var promise = nextResult(record);
        } catch (error) {
          return support.rejected(error);
        }
        return then(promise, function(step) {
          if (step.done)
            streams.close(controller);
          else
            streams.enqueue(controller, step.value);
        });
      },
      function(reason) {
        try {
          return returnResult(record, reason);
        } catch (error) {
          return support.rejected(error);
        }
      },
      0);
}

lib.stream_iteration = {
  iterate: iterate,
  from: from
};
})(__host);
