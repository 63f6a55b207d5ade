// SPDX-License-Identifier: MIT
// The Function constructor, through the lowering compiler when the host has one.
(function(host) {
'use strict';
var prototype = host.global.Function.prototype;
var evaluate = host.global.eval;

// ECMAScript: createdynamicfunction
host.dynamicFunction = function(keyword, list) {
  var count = list.length, parameters = [], body = count > 0 ? String(list[count - 1]) : '';
  for (var i = 0; i + 1 < count; i++) parameters.push(String(list[i]));
  return evaluate(host.lower(
      '(' + keyword + ' anonymous(' + parameters.join(',') + '\n) {\n' + body + '\n})', true));
};
function Function() { return host.dynamicFunction('function', arguments); }
Object.defineProperty(
    Function, 'prototype',
    {value: prototype, writable: false, enumerable: false, configurable: false});
Object.defineProperty(Function, 'length', {value: 1, configurable: true});
host.define(prototype, 'constructor', Function);
host.define(host.global, 'Function', Function);
host.markNative(Function);
})(__host);
