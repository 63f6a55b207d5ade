// SPDX-License-Identifier: MIT
// Shared by the files that follow: iteration and small checks.
(function(host) {
'use strict';
var iteratorKey = Symbol.iterator;

host.global = globalThis;

// The method of the object literal under a name that a literal cannot have (a symbol's), with the
// length script sees.
host.method = function(name, length, literal) {
  for (var key in literal) {
    Object.defineProperty(literal[key], 'length', {value: length, configurable: true});
    return host.rename(literal[key], name);
  }
};

host.isConstructor = function(
    value) { return typeof value === 'function' && host.isConstructable(value); };

host.isObject = function(
    value) { return value !== null && (typeof value === 'object' || typeof value === 'function'); };

// ECMAScript: getiterator
function getIterator(iterable) {
  var method = iterable === undefined || iterable === null ? undefined : iterable[iteratorKey];
  if (typeof method !== 'function') throw new TypeError(describe(iterable) + ' is not iterable');
  var iterator = method.call(iterable);
  if (!host.isObject(iterator)) throw new TypeError('iterator is not an object');
  return iterator;
}

host.describe = describe;
function describe(value) {
  return typeof value === 'string' ? JSON.stringify(value) :
      host.isObject(value)         ? 'object' :
                                     String(value);
}

// Calls visit(item) for every item; an exception of visit closes the iterator. ECMAScript:
// iteratorclose
host.iterate = function(iterable, visit) {
  var iterator = getIterator(iterable), next = iterator.next, result, item;
  for (;;) {
    result = next.call(iterator);
    if (!host.isObject(result)) throw new TypeError('iterator result is not an object');
    if (result.done) return;
    item = result.value;
    try {
      visit(item);
    } catch (error) {
      try {
        var close = iterator['return'];
        if (close !== undefined && close !== null) close.call(iterator);
      } catch (ignored) { /* the first error wins */
      }
      throw error;
    }
  }
};

host.getIterator = getIterator;
})(__host);
