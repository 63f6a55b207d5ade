// SPDX-License-Identifier: MIT
// Variables, names, templates and the literals that the engine lacks. See
// runtime/lowering/helpers.hpp for what each helper means.
(function (host) {
  'use strict';
  var global = host.global;
  var define_property = Object.defineProperty;
  var descriptor = Object.getOwnPropertyDescriptor;
  var freeze = Object.freeze;

  function define(name, value) {
    define_property(global, name, { value: value });
  }

  define('__os_unset', { toString: function () { return 'uninitialized'; } });

  define('__os_uninitialized', function (name) {
    throw new ReferenceError("cannot access '" + name + "' before initialization");
  });

  define('__os_constant', function (name) {
    throw new TypeError("assignment to constant variable '" + name + "'");
  });

  // Replaces what a platform accessor of the same name would do to a plain assignment.
  define('__os_lexical', function () {
    for (var i = 0; i < arguments.length; i++) {
      var name = arguments[i];
      var old = descriptor(global, name);
      if (!old || old.configurable)
        define_property(global, name, {
          value: undefined, writable: true, configurable: true, enumerable: false
        });
    }
  });

  function name_of(key) {
    if (typeof key !== 'symbol') return String(key);
    var text = String(key).slice(7, -1);
    return text ? '[' + text + ']' : '';
  }
  define('__os_name_of', name_of);

  define('__os_name', function (f, key) {
    define_property(f, 'name', { value: name_of(key), configurable: true });
    return f;
  });

  define('__os_template', function (cooked, raw) {
    define_property(cooked, 'raw', { value: freeze(raw) });
    return freeze(cooked);
  });
})(__host);
