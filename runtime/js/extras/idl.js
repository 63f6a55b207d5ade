// SPDX-License-Identifier: MIT
// Web IDL conversions and interface objects for the other chunks.
(function (host, natives) {
  var lib = host.platform;

  // A DOMString.
  function string(value) {
    if (typeof value === 'symbol')
      throw new TypeError('Cannot convert a Symbol value to a string');
    return String(value);
  }

  function usvString(value) {
    return natives.scalar(string(value));
  }

  // An integer argument with [EnforceRange].
  function enforceRange(value, max, what) {
    value = Number(value);
    if (!isFinite(value))
      throw new TypeError(what + ' is not a finite number');
    value = value < 0 ? Math.ceil(value) : Math.floor(value);
    if (value < 0 || value > max)
      throw new TypeError(what + ' is outside the range 0 to ' + max);
    return value + 0;
  }

  // A required member of a dictionary.
  function required(dictionary, member, what) {
    var value = dictionary[member];
    if (value === undefined)
      throw new TypeError(what + ': required member ' + member + ' is undefined');
    return value;
  }

  function bufferSource(value, what) {
    if (!natives.isBufferSource(value))
      throw new TypeError(what + ' is not an ArrayBuffer or a view of one');
    return natives.copyBytes(value);
  }

  // Makes an interface without putting it on the global object: its name there is there already.
  function make(name, constructor, prototype, parent) {
    if (parent) {
      Object.setPrototypeOf(prototype, parent.prototype);
      Object.setPrototypeOf(constructor, parent);
    }
    host.nameAccessors(prototype);
    host.markNative(constructor);
    lib.hide(prototype, 'constructor', constructor);
    Object.defineProperty(prototype, Symbol.toStringTag, {value: name, configurable: true});
    Object.defineProperty(constructor, 'prototype', {value: prototype, writable: false});
    return constructor;
  }

  // An interface whose objects only the platform makes.
  function makeAbstract(name, prototype, parent) {
    function constructor() { lib.illegal(); }
    host.rename(constructor, name);
    return make(name, constructor, prototype, parent);
  }

  // The states of instances are told apart by `kind`, one object for each interface.
  function stateOf(object, kind) {
    var state = lib.of(object, lib.bit.other);
    if (state.kind !== kind)
      throw new TypeError('Illegal invocation');
    return state;
  }

  function isKind(value, kind) {
    return lib.isA(value, lib.bit.other) && value[lib.slot].kind === kind;
  }

  return {
    string: string, usvString: usvString, enforceRange: enforceRange, required: required,
    bufferSource: bufferSource, isBufferSource: natives.isBufferSource,
    copyBytes: natives.copyBytes, encodeUtf8: natives.encodeUtf8, decodeUtf8: natives.decodeUtf8,
    make: make, makeAbstract: makeAbstract, stateOf: stateOf, isKind: isKind,
  };
});
