// SPDX-License-Identifier: MIT
// What functions of the other kinds inherit from, and the constructors that only their prototypes
// name.
(function (host) {
  'use strict';
  var global = host.global;
  var define_property = Object.defineProperty;
  var prototype_of = Object.getPrototypeOf;

  // ECMAScript: createdynamicfunction
  function define_kind(name, keyword, prototype) {
    function kind() { return host.dynamicFunction(keyword, arguments); }
    host.rename(kind, name);
    define_property(kind, 'length', { value: 1, configurable: true });
    define_property(kind, 'prototype', { value: prototype, writable: false });
    Object.setPrototypeOf(kind, Function);
    define_property(prototype, 'constructor', { value: kind, configurable: true });
    define_property(prototype, Symbol.toStringTag, { value: name, configurable: true });
    host.markNative(kind);
  }

  var async_prototype = Object.create(Function.prototype);
  define_kind('AsyncFunction', 'async function', async_prototype);
  host.setAsyncPrototype(async_prototype);

  function kind_of(helper) { return prototype_of(global[helper](function () {}, '')); }
  var generator_kind = kind_of('__os_generator_function');
  define_kind('GeneratorFunction', 'function*', generator_kind);
  define_property(generator_kind.prototype, 'constructor', {
    value: generator_kind, configurable: true
  });
  var async_kind = kind_of('__os_async_generator_function');
  define_kind('AsyncGeneratorFunction', 'async function*', async_kind);
  define_property(async_kind.prototype, 'constructor', { value: async_kind, configurable: true });
  Object.setPrototypeOf(prototype_of(async_kind.prototype), Object.prototype);
})(__host);
