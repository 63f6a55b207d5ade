// SPDX-License-Identifier: MIT
// What readable, writable and transform streams share: algorithms that script may give, queues and
// strategies. Nothing here or in the files that build on it calls what script can replace.
(function(host) {
var lib = host.platform;
var newPromise = host.newPromise;
var resolve = host.resolvePromise;
var reject = host.rejectPromise;
var performThen = host.performThen;
var apply = lib.apply;

function nothing() {}

function handled(promise) {
  performThen(promise, undefined, nothing);
  return promise;
}

function resolved(value) {
  var promise = newPromise();
  resolve(promise, value);
  return promise;
}

function rejected(reason) {
  var promise = newPromise();
  reject(promise, reason);
  return promise;
}

// The promise of what a reaction to `promise` gives.
function then(promise, fulfilled, failed) {
  var derived = newPromise();
  performThen(promise,
              function(value) {
                if (fulfilled === undefined)
                  return resolve(derived, value);
                try {
                  resolve(derived, fulfilled(value));
                } catch (error) {
                  reject(derived, error);
                }
              },
              function(reason) {
                if (failed === undefined)
                  return reject(derived, reason);
                try {
                  resolve(derived, failed(reason));
                } catch (error) {
                  reject(derived, error);
                }
              });
  return derived;
}

// Fulfilled when all are, rejected with the first reason.
function waitForAll(promises) {
  var derived = newPromise();
  var left = promises.length;
  if (left === 0)
    resolve(derived, undefined);
  function done() {
    if (--left === 0)
      resolve(derived, undefined);
  }
  function failed(reason) { reject(derived, reason); }
  for (var i = 0; i < promises.length; i++)
    performThen(promises[i], done, failed);
  return derived;
}

// A member of a dictionary that is a callback function.
function callback(dictionary, name) {
  if (dictionary === undefined || dictionary === null)
    return undefined;
  var found = dictionary[name];
  if (found !== undefined && typeof found !== 'function')
    throw new TypeError(name + ' is not a function');
  return found;
}

// Calls a callback whose type says that it returns a promise.
function invoke(method, object, given) {
  var promise = newPromise();
  try {
    resolve(promise, apply(method, object, given));
  } catch (error) {
    reject(promise, error);
  }
  return promise;
}

// An algorithm of a callback, or one that does nothing.
function algorithm0(method, object) {
  return method === undefined ? undefined : function() { return invoke(method, object, []); };
}

function algorithm1(method, object) {
  return method === undefined ? undefined : function(a) { return invoke(method, object, [a]); };
}

function algorithm2(method, object) {
  return method === undefined ? undefined
                              : function(a, b) { return invoke(method, object, [a, b]); };
}

// Lists of objects that have a member `next`; each is in one list at most.
function makeList() { return {first: null, last: null, size: 0}; }

function append(list, item) {
  item.next = null;
  if (list.last === null)
    list.first = item;
  else
    list.last.next = item;
  list.last = item;
  list.size++;
}

function shift(list) {
  var item = list.first;
  list.first = item.next;
  if (list.first === null)
    list.last = null;
  list.size--;
  return item;
}

// Queues of chunks with their sizes, as the Streams specification has them (queue-with-sizes). They
// are the controllers.
function enqueueValue(controller, chunk, size) {
  if (!(size >= 0 && size < Infinity))
    throw new RangeError('The size of a chunk is not valid');
  append(controller.queue, {chunk: chunk, size: size, next: null});
  controller.total += size;
}

function dequeueValue(controller) {
  var entry = shift(controller.queue);
  var total = controller.total - entry.size;
  controller.total = total < 0 ? 0 : total;
  return entry.chunk;
}

function resetQueue(controller) {
  controller.queue = makeList();
  controller.total = 0;
}

// A QueuingStrategy argument.
function readStrategy(value, what) {
  var strategy = lib.dictionary(value, what);
  var mark = strategy.highWaterMark;
  if (mark !== undefined)
    mark = +mark;
  return {mark: mark, size: callback(strategy, 'size')};
}

// As the Streams specification has it (validate-and-normalize-high-water-mark).
function highWaterMark(strategy, otherwise) {
  if (strategy.mark === undefined)
    return otherwise;
  if (strategy.mark !== strategy.mark || strategy.mark < 0)
    throw new RangeError('The high-water mark is not valid');
  return strategy.mark;
}

// What a chunk counts; without a function of script every chunk counts one.
function sizeOf(controller, chunk) {
  var size = controller.size;
  return size === undefined ? 1 : +size(chunk);
}

// The state of a platform object of one kind.
function stateOf(object, kind) {
  var state = lib.of(object, lib.bit.other);
  if (state.kind !== kind)
    throw new TypeError('Illegal invocation');
  return state;
}

lib.stream_support = {
  nothing: nothing,
  handled: handled,
  resolved: resolved,
  rejected: rejected,
  then: then,
  waitForAll: waitForAll,
  callback: callback,
  algorithm0: algorithm0,
  algorithm1: algorithm1,
  algorithm2: algorithm2,
  makeList: makeList,
  append: append,
  shift: shift,
  enqueueValue: enqueueValue,
  dequeueValue: dequeueValue,
  resetQueue: resetQueue,
  readStrategy: readStrategy,
  highWaterMark: highWaterMark,
  sizeOf: sizeOf,
  stateOf: stateOf,
  controllerKind: {},
  byteControllerKind: {},
  byobReaderKind: {},
};
})(__host);
