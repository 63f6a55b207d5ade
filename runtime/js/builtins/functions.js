// SPDX-License-Identifier: MIT
// The Function constructor, and those of the other kinds of functions. What they evaluate the
// engine's eval lowers.
(function(host) {
'use strict';
var prototype = host.global.Function.prototype;
var evaluate = host.global.eval;

// ECMAScript: createdynamicfunction
function create(keywords, given) {
  var count = given.length, parameters = [], body = count > 0 ? String(given[count - 1]) : '';
  for (var i = 0; i + 1 < count; i++) parameters.push(String(given[i]));
  var head = '(' + keywords + ' anonymous(' + parameters.join(',') + '\n) {\n';
  return evaluate(head + body + '\n})');
}

host.dynamicFunction = function(keywords) {
  function constructor() { return create(keywords, arguments); }
  Object.defineProperty(constructor, 'length', {value: 1, configurable: true});
  host.markNative(constructor);
  return constructor;
};

function Function() { return create('function', arguments); }
Object.defineProperty(
    Function, 'prototype',
    {value: prototype, writable: false, enumerable: false, configurable: false});
Object.defineProperty(Function, 'length', {value: 1, configurable: true});
host.define(prototype, 'constructor', Function);
host.define(host.global, 'Function', Function);
host.markNative(Function);
})(__host);
