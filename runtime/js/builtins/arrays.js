// SPDX-License-Identifier: MIT
// Array beyond ES5, and a stable sort.
(function(host) {
'use strict';
var LENGTH_MAX = 9007199254740991;
var isArray = Array.isArray;

function toIntegerOrInfinity(value) {
  value = +value;
  return value !== value ? 0 : value < 0 ? Math.ceil(value) : Math.floor(value);
}
function lengthOf(object) {
  var length = toIntegerOrInfinity(object.length);
  return length <= 0 ? 0 : Math.min(length, LENGTH_MAX);
}
function relative(value, length, otherwise) {
  if (value === undefined) return otherwise;
  value = toIntegerOrInfinity(value);
  return value < 0 ? Math.max(length + value, 0) : Math.min(value, length);
}
function toObject(value) {
  if (value === undefined || value === null)
    throw new TypeError('Array method called on null or undefined');
  return Object(value);
}
function requireCallable(f) {
  if (typeof f !== 'function') throw new TypeError(host.describe(f) + ' is not a function');
  return f;
}
function put(target, key, value) {
  Object.defineProperty(
      target, key, {value: value, writable: true, enumerable: true, configurable: true});
}

// Without holes, and an Array whatever the original is.
function copyOf(original) {
  original = toObject(original);
  var length = lengthOf(original), copy = [];
  if (length > 4294967295) throw new RangeError('Invalid array length');
  for (var i = 0; i < length; i++) copy[i] = original[i];
  return copy;
}

// ECMAScript: arrayspeciescreate
function speciesOf(original) {
  if (!isArray(original)) return Array;
  var C = original.constructor;
  if (C === Array) return Array;
  if (host.isObject(C)) C = C[Symbol.species];
  if (C === undefined || C === null) return Array;
  if (typeof C !== 'function') throw new TypeError('species is not a constructor');
  return C;
}
function speciesCreate(original, length) {
  var C = speciesOf(original);
  return new C(length);
}
// The engine's slice and splice leave holes at the end out of the length.
function countOf(name, self, args) {
  var length = lengthOf(self), from = relative(args[0], length, 0);
  if (name === 'slice') return Math.max(relative(args[1], length, length) - from, 0);
  if (args.length === 0) return 0;
  if (args.length === 1) return length - from;
  return Math.min(Math.max(toIntegerOrInfinity(args[1]), 0), length - from);
}
// concat, filter, map, slice and splice of a subclass make instances of it.
function respectSpecies(name) {
  var native = Array.prototype[name], counted = name === 'slice' || name === 'splice';
  return {
    m() {
      var count = counted && isArray(this) ? countOf(name, this, arguments) : -1;
      var result = native.apply(this, arguments);
      var C = speciesOf(this);
      if (count > result.length) result.length = count;
      if (C === Array) return result;
      var made = new C(0);
      for (var i = 0; i < result.length; i++)
        if (i in result) put(made, i, result[i]);
      made.length = result.length;
      return made;
    }
  };
}

// Gives the index the predicate accepts, or -1.
function search(object, predicate, thisArg, backwards) {
  var length = lengthOf(object), i;
  requireCallable(predicate);
  if (backwards) {
    for (i = length - 1; i >= 0; i--)
      if (predicate.call(thisArg, object[i], i, object)) return i;
  } else {
    for (i = 0; i < length; i++)
      if (predicate.call(thisArg, object[i], i, object)) return i;
  }
  return -1;
}

function flatten(target, source, depth, mapper, thisArg) {
  var length = lengthOf(source);
  for (var i = 0; i < length; i++) {
    if (!(i in source)) continue;
    var element = mapper ? mapper.call(thisArg, source[i], i, source) : source[i];
    if (depth > 0 && isArray(element)) flatten(target, element, depth - 1);
    else put(target, target.length, element);
  }
}

// The values of a range, holes and undefined counted apart: what sort orders.
function sortValues(object, length, compare, keepHoles) {
  var values = [], undefinedCount = 0, holes = 0;
  for (var i = 0; i < length; i++) {
    if (!keepHoles && !(i in object)) holes++;
    else if (object[i] === undefined) undefinedCount++;
    else values.push(object[i]);
  }
  host.sort(values, compare);
  while (undefinedCount-- > 0) values.push(undefined);
  return {values: values, holes: holes};
}
function requireComparator(compare) {
  if (compare !== undefined && typeof compare !== 'function')
    throw new TypeError('The comparison function must be either a function or undefined');
}

host.methods(Array.prototype, {
  at(index) {
    var object = toObject(this), length = lengthOf(object);
    index = toIntegerOrInfinity(index);
    return object[index < 0 ? length + index : index];
  },
  copyWithin(target, start) {
    var object = toObject(this), length = lengthOf(object), step = 1;
    var to = relative(target, length, 0), from = relative(start, length, 0),
        end = relative(arguments[2], length, length);
    var count = Math.min(end - from, length - to);
    if (from < to && to < from + count) {
      step = -1;
      from += count - 1;
      to += count - 1;
    }
    for (; count > 0; count--, from += step, to += step) {
      if (from in object) object[to] = object[from];
      else delete object[to];
    }
    return object;
  },
  fill(value) {
    var object = toObject(this), length = lengthOf(object);
    var end = relative(arguments[2], length, length);
    for (var i = relative(arguments[1], length, 0); i < end; i++) object[i] = value;
    return object;
  },
  find(predicate) {
    var object = toObject(this), index = search(object, predicate, arguments[1], false);
    return index < 0 ? undefined : object[index];
  },
  findIndex(predicate) { return search(toObject(this), predicate, arguments[1], false); },
  findLast(predicate) {
    var object = toObject(this), index = search(object, predicate, arguments[1], true);
    return index < 0 ? undefined : object[index];
  },
  findLastIndex(predicate) { return search(toObject(this), predicate, arguments[1], true); },
  flat() {
    var object = toObject(this),
        depth = arguments[0] === undefined ? 1 : toIntegerOrInfinity(arguments[0]);
    var target = speciesCreate(object, 0);
    flatten(target, object, depth);
    return target;
  },
  flatMap(mapper) {
    var object = toObject(this), target;
    requireCallable(mapper);
    target = speciesCreate(object, 0);
    flatten(target, object, 1, mapper, arguments[1]);
    return target;
  },
  includes(value) {
    var object = toObject(this), length = lengthOf(object);
    var i = length === 0 ? 0 : toIntegerOrInfinity(arguments[1]);
    for (i = i < 0 ? Math.max(length + i, 0) : i; i < length; i++) {
      var element = object[i];
      if (element === value || (element !== element && value !== value)) return true;
    }
    return false;
  },
  sort(compare) {
    requireComparator(compare);
    var object = toObject(this), length = lengthOf(object),
        sorted = sortValues(object, length, compare, false);
    for (var i = 0; i < sorted.values.length; i++) object[i] = sorted.values[i];
    for (; i < length && sorted.holes > 0; i++) delete object[i];
    return object;
  },
  toReversed() { return copyOf(this).reverse(); },
  toSorted(compare) {
    requireComparator(compare);
    var object = toObject(this);
    return sortValues(object, lengthOf(object), compare, true).values;
  },
  toSpliced: host.method('toSpliced', 2, {
    m() {
      var copy = copyOf(this);
      copy.splice.apply(copy, arguments);
      return copy;
    }
  }),
  'with'(index, value) {
    var copy = copyOf(this), at = toIntegerOrInfinity(index);
    if (at < 0) at += copy.length;
    if (at < 0 || at >= copy.length) throw new RangeError('Invalid index : ' + index);
    copy[at] = value;
    return copy;
  }
});

['concat', 'filter', 'map', 'slice', 'splice'].forEach(function(name) {
  var length = Array.prototype[name].length, literal = {};
  literal[name] = host.method(name, length, respectSpecies(name));
  host.methods(Array.prototype, literal);
});

host.methods(Array, {
  from(items) {
    var mapper = arguments[1], thisArg = arguments[2], index = 0,
        isConstructor = host.isConstructor(this), target;
    if (mapper !== undefined) requireCallable(mapper);
    if (items === undefined || items === null) throw new TypeError(items + ' is not iterable');
    var method = items[Symbol.iterator];
    if (method !== undefined && method !== null) {
      target = isConstructor && this !== Array ? new this() : [];
      host.iterate(items, function(value) {
        if (mapper) value = mapper.call(thisArg, value, index);
        put(target, index++, value);
      });
    } else {
      var source = Object(items), length = lengthOf(source);
      target = isConstructor && this !== Array ? new this(length) : new Array(length);
      for (; index < length; index++)
        put(target, index, mapper ? mapper.call(thisArg, source[index], index) : source[index]);
    }
    target.length = index;
    return target;
  },
  of() {
    var length = arguments.length,
        target = host.isConstructor(this) && this !== Array ? new this(length) : new Array(length);
    for (var i = 0; i < length; i++) put(target, i, arguments[i]);
    target.length = length;
    return target;
  }
});
host.species(Array);

var unscopables = Object.create(null);
['at', 'copyWithin', 'entries', 'fill', 'find', 'findIndex', 'findLast', 'findLastIndex', 'flat',
 'flatMap', 'includes', 'keys', 'toReversed', 'toSorted', 'toSpliced', 'values']
    .forEach(function(name) { unscopables[name] = true; });
Object.defineProperty(
    Array.prototype, Symbol.unscopables, {value: unscopables, configurable: true});

host.toIntegerOrInfinity = toIntegerOrInfinity;
host.relative = relative;
host.requireCallable = requireCallable;
host.requireComparator = requireComparator;
host.search = search;
})(__host);
