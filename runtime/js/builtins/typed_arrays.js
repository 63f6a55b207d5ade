// SPDX-License-Identifier: MIT
// %TypedArray%: its constructor and nearly all of its methods.
(function(host) {
'use strict';
var prototype = Object.getPrototypeOf(Uint8Array.prototype);
var constructors = [
  Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array,
  Float32Array, Float64Array
];
var arrays = Array.prototype;
var toInteger = host.toIntegerOrInfinity, relative = host.relative;

// The two arrays of BigInts are Float64Arrays that the engine reads and writes in another way.
function defineBigIntArray(name, isSigned) {
  function construct(first) {
    if (new.target === undefined) throw new TypeError("Constructor " + name + " requires 'new'");
    var made;
    if (!host.isObject(first) || first instanceof ArrayBuffer) {
      made = host.isObject(first) && arguments.length > 2 && arguments[2] !== undefined ?
          new Float64Array(first, arguments[1], arguments[2]) :
          host.isObject(first) ? new Float64Array(first, arguments[1]) :
                                 new Float64Array(first === undefined ? 0 : +first);
      return Object.setPrototypeOf(host.makeBigIntArray(made, isSigned), construct.prototype);
    }
    var values = host.isTypedArray(first) ? first : Array.from(first);
    made = Object.setPrototypeOf(
        host.makeBigIntArray(new Float64Array(values.length), isSigned), construct.prototype);
    if (host.isTypedArray(values) && !isBigIntArray(values))
      throw new TypeError('Cannot mix BigInt and other types, use explicit conversions');
    return fillFrom(made, values);
  }
  host.rename(construct, name);
  Object.defineProperty(construct, 'length', {value: 3, configurable: true});
  host.markNative(construct);
  var bytes = {value: 8};
  var own = Object.create(prototype, {
    constructor: {value: construct, writable: true, configurable: true},
    BYTES_PER_ELEMENT: bytes
  });
  Object.defineProperty(construct, 'prototype', {value: own, writable: false});
  Object.defineProperty(construct, 'BYTES_PER_ELEMENT', bytes);
  host.define(host.global, name, construct);
  constructors.push(construct);
}
function isBigIntArray(array) {
  var name = nameOf(array);
  return name === 'BigInt64Array' || name === 'BigUint64Array';
}
// The value as an element of the array.
function element(array, value) { return isBigIntArray(array) ? host.toBigInt(value) : +value; }

// The class is what the object inherits from; nothing else tells Uint8Array from Int8Array.
function nameOf(array) {
  for (var p = Object.getPrototypeOf(array); p !== null; p = Object.getPrototypeOf(p))
    for (var i = 0; i < constructors.length; i++)
      if (constructors[i].prototype === p) return constructors[i].name;
  return undefined;
}

function validate(value) {
  if (!host.isTypedArray(value)) throw new TypeError('this is not a typed array.');
  return value;
}

function TypedArray() {
  throw new TypeError('Abstract class TypedArray not directly constructable');
}
Object.defineProperty(
    TypedArray, 'prototype',
    {value: prototype, writable: false, enumerable: false, configurable: false});
host.define(prototype, 'constructor', TypedArray);
defineBigIntArray('BigInt64Array', true);
defineBigIntArray('BigUint64Array', false);
constructors.forEach(function(C) { Object.setPrototypeOf(C, TypedArray); });
host.species(TypedArray);

function defaultConstructor(array) {
  var name = nameOf(array);
  for (var i = 0; i < constructors.length; i++)
    if (constructors[i].name === name) return constructors[i];
}

var nativeSubarray = prototype.subarray;

// ECMAScript: typedarray-species-create
function create(exemplar, argument, offset, length) {
  var base = defaultConstructor(exemplar), C = exemplar.constructor, S;
  if (C !== undefined && C !== base) {
    if (!host.isObject(C)) throw new TypeError('constructor is not an object');
    S = C[Symbol.species];
  }
  if (S === undefined || S === null) S = base;
  if (offset !== undefined) return validate(new S(argument, offset, length));
  S = validate(new S(argument));
  if (typeof argument === 'number' && S.length < argument)
    throw new TypeError('the species made too short an array');
  return S;
}

// Methods that Array's generic algorithm does just as well.
function borrow(name, length) {
  var generic = arrays[name];
  return host.method(name, length, {m() { return generic.apply(validate(this), arguments); }});
}
var borrowed = {};
[['every', 1], ['some', 1], ['forEach', 1], ['find', 1], ['findIndex', 1], ['findLast', 1],
 ['findLastIndex', 1], ['includes', 1], ['indexOf', 1], ['lastIndexOf', 1], ['join', 1],
 ['reduce', 1], ['reduceRight', 1], ['reverse', 0], ['copyWithin', 2], ['at', 1],
 ['toLocaleString', 0]]
    .forEach(function(row) { borrowed[row[0]] = borrow(row[0], row[1]); });
host.methods(prototype, borrowed);
host.define(prototype, 'toString', arrays.toString);

function numeric(a, b) {
  if (a !== a) return b !== b ? 0 : 1;
  if (b !== b) return -1;
  return a < b           ? -1 :
      a > b              ? 1 :
      a === 0 && b === 0 ? (1 / a < 1 / b     ? -1 :
                                1 / a > 1 / b ? 1 :
                                                0) :
                           0;
}
function sorted(array, compare) {
  return host.sort(arrays.slice.call(array), compare === undefined ? numeric : compare);
}
function fillFrom(target, values) {
  for (var i = 0; i < values.length; i++) target[i] = values[i];
  return target;
}

host.methods(prototype, {
  fill(value) {
    validate(this);
    value = element(this, value);
    var length = this.length, end = relative(arguments[2], length, length);
    for (var i = relative(arguments[1], length, 0); i < end; i++) this[i] = value;
    return this;
  },
  filter(predicate) {
    return fillFromCreated(validate(this), arrays.filter.call(this, predicate, arguments[1]));
  },
  map(mapper) {
    validate(this);
    host.requireCallable(mapper);
    var length = this.length, target = create(this, length), thisArg = arguments[1];
    for (var i = 0; i < length; i++) target[i] = mapper.call(thisArg, this[i], i, this);
    return target;
  },
  slice(start, end) {
    validate(this);
    var length = this.length, from = relative(start, length, 0), to = relative(end, length, length);
    var count = Math.max(to - from, 0), target = create(this, count);
    if (count > 0) {
      if (target.constructor === this.constructor) target.set(this.subarray(from, to));
      else
        for (var i = 0; i < count; i++) target[i] = this[from + i];
    }
    return target;
  },
  sort(compare) {
    host.requireComparator(compare);
    return fillFrom(validate(this), sorted(this, compare));
  },
  subarray(start, end) {
    validate(this);
    var base = defaultConstructor(this);
    if (this.constructor === base && !isBigIntArray(this))
      return nativeSubarray.call(this, start, end);
    var length = this.length, from = relative(start, length, 0), to = relative(end, length, length);
    return create(
        this, this.buffer, this.byteOffset + from * this.BYTES_PER_ELEMENT, Math.max(to - from, 0));
  },
  toReversed() {
    return fillFrom(
        new (defaultConstructor(validate(this)))(this.length), arrays.slice.call(this).reverse());
  },
  toSorted(compare) {
    host.requireComparator(compare);
    return fillFrom(new (defaultConstructor(validate(this)))(this.length), sorted(this, compare));
  },
  'with'(index, value) {
    validate(this);
    var at = toInteger(index), copy;
    if (at < 0) at += this.length;
    value = element(this, value);
    if (at < 0 || at >= this.length) throw new RangeError('Invalid typed array index');
    copy = new (defaultConstructor(this))(this);
    copy[at] = value;
    return copy;
  }
});
function fillFromCreated(exemplar, values) {
  return fillFrom(create(exemplar, values.length), values);
}

// Instances have a length of their own.
host.getters(prototype, {length() { return validate(this).length; }});

// ECMAScript: getviewvalue, setviewvalue
function viewMethods(name, ArrayClass, little) {
  var bytes = new Uint8Array(8), whole = new ArrayClass(bytes.buffer), literal = {};
  function place(view, index) {
    var at = toInteger(index);
    if (!(view instanceof DataView)) throw new TypeError('receiver is not a DataView');
    if (at < 0 || at + 8 > view.byteLength)
      throw new RangeError('Offset is outside the bounds of the DataView');
    return at;
  }
  function order(i, littleEndian) { return !littleEndian === !little ? i : 7 - i; }
  literal['get' + name] = host.method('get' + name, 1, {
    m(index, littleEndian) {
      var at = place(this, index);
      for (var i = 0; i < 8; i++) bytes[i] = this.getUint8(at + order(i, littleEndian));
      return whole[0];
    }
  });
  literal['set' + name] = host.method('set' + name, 2, {
    m(index, value, littleEndian) {
      var big = host.toBigInt(value), at = place(this, index);
      whole[0] = big;
      for (var i = 0; i < 8; i++) this.setUint8(at + order(i, littleEndian), bytes[i]);
    }
  });
  host.methods(DataView.prototype, literal);
}
var isLittle = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
viewMethods('BigInt64', host.global.BigInt64Array, isLittle);
viewMethods('BigUint64', host.global.BigUint64Array, isLittle);

var tagGetter = {};
tagGetter[Symbol.toStringTag] =
    host.method('', 0, {m() { return host.isTypedArray(this) ? nameOf(this) : undefined; }});
host.getters(prototype, tagGetter);

host.methods(TypedArray, {
  from(source) {
    if (!host.isConstructor(this)) throw new TypeError('this is not a constructor');
    var mapper = arguments[1], thisArg = arguments[2];
    if (mapper !== undefined) host.requireCallable(mapper);
    var values = Array.from(source), target = validate(new this(values.length));
    for (var i = 0; i < values.length; i++)
      target[i] = mapper ? mapper.call(thisArg, values[i], i) : values[i];
    return target;
  },
  of() {
    if (!host.isConstructor(this)) throw new TypeError('this is not a constructor');
    return fillFrom(validate(new this(arguments.length)), arguments);
  }
});

delete Uint8Array.allocPlain;
delete Uint8Array.plainOf;
host.species(ArrayBuffer);
host.tag(ArrayBuffer.prototype, 'ArrayBuffer');
host.tag(DataView.prototype, 'DataView');
})(__host);
