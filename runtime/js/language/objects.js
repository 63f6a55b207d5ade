// SPDX-License-Identifier: MIT
// Object literals and object patterns.
(function (host) {
  'use strict';
  var global = host.global;
  var define_property = Object.defineProperty;
  var descriptor = Object.getOwnPropertyDescriptor;
  var set_prototype = Object.setPrototypeOf;
  var own_keys = Reflect.ownKeys;
  var keys = Object.keys;
  var symbols = Object.getOwnPropertySymbols;
  var enumerable = Object.prototype.propertyIsEnumerable;

  function define(name, value) {
    define_property(global, name, { value: value });
  }

  function to_key(value) {
    if (typeof value === 'symbol') return value;
    if (value !== null && (typeof value === 'object' || typeof value === 'function')) {
      var exotic = value[Symbol.toPrimitive];
      if (exotic !== undefined && exotic !== null) {
        value = exotic.call(value, 'string');
        if (typeof value === 'symbol') return value;
      }
    }
    return String(value);
  }
  define('__os_key', to_key);

  function field(target, key, value) {
    define_property(target, key, {
      value: value, writable: true, enumerable: true, configurable: true
    });
  }
  define('__os_field', field);

  define('__os_object', function (value) {
    if (value === null || value === undefined)
      throw new TypeError('cannot destructure ' + value);
    return value;
  });

  function copy_properties(target, source, left_out) {
    if (source === null || source === undefined) return;
    source = Object(source);
    var list = keys(source);
    var i;
    for (i = 0; i < list.length; i++)
      if (!left_out || left_out.indexOf(list[i]) < 0) put(target, list[i], source[list[i]]);
    list = symbols(source);
    for (i = 0; i < list.length; i++)
      if (enumerable.call(source, list[i]) && (!left_out || left_out.indexOf(list[i]) < 0))
        put(target, list[i], source[list[i]]);
  }

  function put(target, key, value) {
    if (key === '__proto__' || key in target)
      field(target, key, value);
    else
      target[key] = value;
  }

  define('__os_rest', function (source, left_out) {
    if (source === null || source === undefined)
      throw new TypeError('cannot destructure ' + source);
    var names = [];
    for (var i = 0; i < left_out.length; i++)
      names.push(typeof left_out[i] === 'symbol' ? left_out[i] : String(left_out[i]));
    var out = {};
    copy_properties(out, source, names);
    return out;
  });

  function take_over(target, source) {
    var list = own_keys(source);
    for (var i = 0; i < list.length; i++) {
      var d = descriptor(source, list[i]);
      var old = d.get || d.set ? descriptor(target, list[i]) : undefined;
      if (old && d.get === undefined) d.get = old.get;
      if (old && d.set === undefined) d.set = old.set;
      define_property(target, list[i], d);
    }
  }

  function define_accessor(target, key, kind, f, is_enumerable) {
    var d = { configurable: true, enumerable: is_enumerable };
    var old = descriptor(target, key);
    if (old && old.get) d.get = old.get;
    if (old && old.set) d.set = old.set;
    d[kind] = f;
    global.__os_name(f, kind + ' ' + global.__os_name_of(key));
    define_property(target, key, d);
  }

  define('__os_merge', function (target) {
    for (var i = 1; i < arguments.length; i += 2) {
      var kind = arguments[i];
      var value = arguments[i + 1];
      if (kind === 0) {
        copy_properties(target, value);
      } else if (kind === 1) {
        take_over(target, value);
      } else if (kind === 'p') {
        if (value === null || typeof value === 'object' || typeof value === 'function')
          set_prototype(target, value);
      } else if (kind === 'm') {
        var key = to_key(value[0]);
        field(target, key, global.__os_name(value[1], key));
      } else {
        define_accessor(target, to_key(value[0]), kind, value[1], true);
      }
    }
    return target;
  });

  // -- members of classes ---------------------------------------------------------------

  define('__os_methods', function (target, literal) {
    var list = own_keys(literal);
    for (var i = 0; i < list.length; i++) {
      var d = descriptor(literal, list[i]);
      var old = d.get || d.set ? descriptor(target, list[i]) : undefined;
      if (old && d.get === undefined) d.get = old.get;
      if (old && d.set === undefined) d.set = old.set;
      d.enumerable = false;
      // The engine leaves methods with quoted keys without a name.
      if (d.value && d.value.name === '') global.__os_name(d.value, list[i]);
      define_property(target, list[i], d);
    }
  });

  define('__os_method', function (target, key, f) {
    key = to_key(key);
    global.__os_name(f, key);
    define_property(target, key, { value: f, writable: true, configurable: true });
  });

  define('__os_accessor', function (target, key, kind, f) {
    define_accessor(target, to_key(key), kind, f, false);
  });
})(__host);
