// SPDX-License-Identifier: MIT
// Promise beyond its constructor and `then`, which are native.
(function(host) {
'use strict';
var newCapability = host.newCapability, promiseResolve = host.promiseResolve;
var P = Promise;

function isObject(v) { return v !== null && (typeof v === 'object' || typeof v === 'function'); }

// ECMAScript: speciesconstructor
function speciesConstructor(promise) {
  var C = promise.constructor;
  if (C === undefined || C === P) return P;
  if (!isObject(C)) throw new TypeError('constructor is not an object');
  var S = C[Symbol.species];
  if (S === undefined || S === null) return P;
  return S;
}

host.methods(P.prototype, {
  'catch'(onRejected) { return this.then(undefined, onRejected); },
  'finally'(onFinally) {
    if (!isObject(this)) throw new TypeError('receiver is not an object');
    var C = speciesConstructor(this);
    if (typeof onFinally !== 'function') return this.then(onFinally, onFinally);
    return this.then(
        function(
            value) { return promiseResolve(C, onFinally()).then(function() { return value; }); },
        function(
            reason) { return promiseResolve(C, onFinally()).then(function() { throw reason; }); });
  }
});

// Runs body(C, capability, resolve, each) with abrupt completion turned into a rejection
// (IfAbruptRejectPromise).
function combinator(C, iterable, body) {
  var capability = newCapability(C);
  try {
    var resolve = C.resolve;
    if (typeof resolve !== 'function') throw new TypeError('resolve is not a function');
    body(
        function(step) { host.iterate(iterable, function(item) { step(resolve.call(C, item)); }); },
        capability);
  } catch (error) {
    capability[2](error);
  }
  return capability[0];
}

// Collects one value for every input; `finish` runs when the last is in.
function collector(finish) {
  var values = [], remaining = 1;
  function done() {
    if (--remaining === 0) finish(values);
  }
  return {
    done: done,
    slot: function() {
      var index = values.length, called = false;
      values.push(undefined);
      remaining++;
      return {
        settle: function(wrap) {
          return function(value) {
            if (called) return undefined;
            called = true;
            values[index] = wrap ? wrap(value) : value;
            done();
            return undefined;
          };
        }
      };
    }
  };
}

function fulfilled(value) { return {status: 'fulfilled', value: value}; }
function rejected(reason) { return {status: 'rejected', reason: reason}; }

host.methods(P, {
  resolve(value) {
    if (!isObject(this))
      throw new TypeError('Promise.resolve called on a value that is not an object');
    return promiseResolve(this, value);
  },
  reject(reason) {
    var capability = newCapability(this);
    capability[2](reason);
    return capability[0];
  },
  all(iterable) {
    return combinator(this, iterable, function(each, capability) {
      var all = collector(capability[1]);
      each(function(next) { next.then(all.slot().settle(), capability[2]); });
      all.done();
    });
  },
  allSettled(iterable) {
    return combinator(this, iterable, function(each, capability) {
      var all = collector(capability[1]);
      each(function(next) {
        var slot = all.slot();
        next.then(slot.settle(fulfilled), slot.settle(rejected));
      });
      all.done();
    });
  },
  any(iterable) {
    return combinator(this, iterable, function(each, capability) {
      var all = collector(function(errors) {
        var error = new AggregateError(errors, 'All promises were rejected');
        capability[2](error);
      });
      each(function(next) { next.then(capability[1], all.slot().settle()); });
      all.done();
    });
  },
  race(iterable) {
    return combinator(
        this, iterable,
        function(
            each,
            capability) { each(function(next) { next.then(capability[1], capability[2]); }); });
  },
  withResolvers() {
    var capability = newCapability(this);
    return {promise: capability[0], resolve: capability[1], reject: capability[2]};
  }
});

host.species(P);
host.tag(P.prototype, 'Promise');
})(__host);
