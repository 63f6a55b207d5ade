// SPDX-License-Identifier: MIT
// Structured clone of everything that is more than a plain object, an array or an ArrayBuffer:
// takeApart gives [kind, values...], undefined for what is cloned as a plain object, or the bytes
// of an ArrayBuffer. The numbers are part of the byte format of runtime/structured_serialize.cpp.
(function(host) {
var lib = host.platform;
var $ = lib.slot;
var tagOf = Object.prototype.toString;
var apply = lib.apply;
var MapConstructor = lib.global.Map;
var SetConstructor = lib.global.Set;
var mapForEach = MapConstructor.prototype.forEach;
var setForEach = SetConstructor.prototype.forEach;
var getTime = Date.prototype.getTime;
var views = [
  Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array,
  Float32Array, Float64Array, DataView, BigInt64Array, BigUint64Array
];
var errors = [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError];
var DATE = 1, REGEXP = 2, MAP = 3, SET = 4, WRAPPER = 5, ERROR = 6, VIEW = 7, BLOB = 8, FILE = 9,
    EXCEPTION = 10, TRANSFERRED = 11;

function refuse(what) { lib.throwDom('DataCloneError', what + ' could not be cloned'); }

function boxed(value) {
  var kinds = [Boolean, Number, String, BigInt];
  for (var i = 0; i < kinds.length; i++)
    try {
      return [WRAPPER, apply(kinds[i].prototype.valueOf, value, [])];
    } catch (error) {
      continue;
    }
  return undefined;
}

var special = {
  '[object Date]': function(value) {
    return [DATE, apply(getTime, value, [])];
  },
  '[object RegExp]': function(value) {
    return value instanceof RegExp ? [REGEXP, value.source, value.flags] : undefined;
  },
  '[object Map]': function(value) {
    var parts = [MAP];
    apply(mapForEach, value, [function(item, key) { parts.push(key, item); }]);
    return parts;
  },
  '[object Set]': function(value) {
    var parts = [SET];
    apply(setForEach, value, [function(item) { parts.push(item); }]);
    return parts;
  },
  '[object Boolean]': boxed,
  '[object Number]': boxed,
  '[object String]': boxed,
  '[object BigInt]': boxed,
  '[object Error]': takeError,
  '[object WeakMap]': function() { refuse('A WeakMap'); },
  '[object WeakSet]': function() { refuse('A WeakSet'); },
  '[object WeakRef]': function() { refuse('A WeakRef'); },
  '[object Promise]': function() { refuse('A Promise'); },
  '[object Generator]': function() { refuse('A generator'); },
};

function takeError(value) {
  if (!(value instanceof Error))
    return undefined;
  var name = value.name;
  name = name === undefined ? 'Error' : String(name);
  var own = Object.getOwnPropertyDescriptor(value, 'message');
  var message = own && 'value' in own ? String(own.value) : undefined;
  var parts = [ERROR, name, message, typeof value.stack === 'string' ? value.stack : undefined];
  var cause = Object.getOwnPropertyDescriptor(value, 'cause');
  if (cause && 'value' in cause)
    parts.push(cause.value);
  return parts;
}

var known = [
  [Date, '[object Date]'], [RegExp, '[object RegExp]'], [MapConstructor, '[object Map]'],
  [SetConstructor, '[object Set]'], [Boolean, '[object Boolean]'], [Number, '[object Number]'],
  [String, '[object String]']
];

function takePlatformObject(state) {
  if (state.is & lib.bit.blob)
    return state.name === undefined
               ? [BLOB, state.bytes.slice ? copy(state.bytes) : state.bytes, state.type]
               : [FILE, copy(state.bytes), state.type, state.name, state.lastModified];
  if (state.is & lib.bit.exception)
    return [EXCEPTION, state.name, state.message];
  refuse('An object of the platform');
}

function copy(bytes) { return host.copyBytes(bytes); }

function takeView(value) {
  for (var i = 0; i < views.length; i++)
    if (value instanceof views[i])
      return [VIEW, i, value.buffer, value.byteOffset, i === 9 ? value.byteLength : value.length];
  return undefined;
}

function putView(values) {
  var buffer = values[1];
  var view = views[values[0]];
  if (view === undefined || !(buffer instanceof ArrayBuffer))
    refuse('A view');
  return new view(buffer, values[2], values[3]);
}

function putError(values, object) {
  var at = errors.map(function(error) { return error.prototype.name; }).indexOf(values[0]);
  Object.setPrototypeOf(object, errors[at < 0 ? 0 : at].prototype);
  if (values[1] !== undefined)
    lib.hide(object, 'message', values[1]);
  if (values[2] !== undefined)
    lib.hide(object, 'stack', values[2]);
  if (values.length > 3)
    lib.hide(object, 'cause', values[3]);
  return object;
}

var builders = {};
builders[DATE] = function(values) { return new Date(values[0]); };
builders[REGEXP] = function(values) { return new RegExp(values[0], values[1]); };
builders[MAP] = function(values, object) {
  for (var i = 0; i + 1 < values.length; i += 2)
    object.set(values[i], values[i + 1]);
  return object;
};
builders[SET] = function(values, object) {
  values.forEach(function(value) { object.add(value); });
  return object;
};
builders[WRAPPER] = function(values) { return Object(values[0]); };
builders[ERROR] = putError;
builders[VIEW] = putView;
builders[BLOB] = function(
    values) { return lib.load('blob').make(asBytes(values[0]), String(values[1])); };
builders[FILE] = function(values) {
  return lib.load('blob').makeFile(asBytes(values[0]), String(values[1]), String(values[2]),
                                   Number(values[3]));
};
builders[TRANSFERRED] = function(values) {
  return lib.load('transfer').received(values[0]) || refuse('A transferred object');
};
builders[EXCEPTION] = function(values) { return new lib.DOMException(values[1], values[0]); };

function asBytes(value) {
  if (!(value instanceof Uint8Array))
    refuse('A blob');
  return value;
}

// A tag only says what to try: script can give any object any tag, and an object any prototype.
function takeBuiltIn(value) {
  var take = special[apply(tagOf, value, [])];
  for (var i = 0; take === undefined && i < known.length; i++)
    if (value instanceof known[i][0])
      take = special[known[i][1]];
  if (take === undefined)
    return undefined;
  try {
    return take(value);
  } catch (error) {
    if (error instanceof TypeError)
      return undefined;
    throw error;
  }
}

lib.clone = {
  takeApart: function(value) {
    var place = lib.transfer === undefined ? -1 : lib.transfer.placeOf(value);
    if (place >= 0)
      return [TRANSFERRED, place];
    if (typeof value === 'function')
      refuse(value.name ? 'The function ' + value.name : 'A function');
    var state = value[$];
    if (state !== undefined)
      return takePlatformObject(state);
    if (value instanceof ArrayBuffer) {
      if (host.isDetached(value))
        refuse('A detached ArrayBuffer');
      return value;
    }
    if (ArrayBuffer.isView(value))
      return takeView(value);
    var prototype = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null)
      return undefined;
    if (value instanceof Error)
      return takeError(value);
    return takeBuiltIn(value);
  },
  putTogether: function(kind, values, object) {
    if (values !== undefined) {
      if (!builders[kind])
        refuse('An object of an unknown kind');
      try {
        return builders[kind](values, object);
      } catch (error) {
        return refuse('An object with damaged parts');
      }
    }
    if (kind === MAP)
      return new MapConstructor();
    if (kind === SET)
      return new SetConstructor();
    return kind === ERROR ? new Error() : undefined;
  },
};
})(__host);
