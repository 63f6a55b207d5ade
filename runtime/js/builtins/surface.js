// SPDX-License-Identifier: MIT
// What the engine's own built-ins show of themselves: names, lengths and flags as ECMAScript has
// them.
(function(host) {
'use strict';
var gopd = Object.getOwnPropertyDescriptor;
var symbolOf = [[Date, 'toPrimitive', 1], [Symbol, 'toPrimitive', 1], [Function, 'hasInstance', 1]];

function setLength(f, length) {
  Object.defineProperty(f, 'length', {value: length, configurable: true});
}
symbolOf.forEach(function(row) {
  var f = row[0].prototype[Symbol[row[1]]];
  host.rename(f, '[Symbol.' + row[1] + ']');
  setLength(f, row[2]);
});
host.rename(Number.parseFloat, 'parseFloat');
host.rename(Number.parseInt, 'parseInt');

// Accessors of buffers can be replaced.
function loosen(prototype, names) {
  var literal = {};
  names.forEach(function(name) { literal[name] = gopd(prototype, name).get; });
  host.getters(prototype, literal);
}
var typed = Object.getPrototypeOf(Uint8Array.prototype);
loosen(typed, ['buffer', 'byteLength', 'byteOffset']);
loosen(ArrayBuffer.prototype, ['byteLength']);
loosen(DataView.prototype, ['buffer', 'byteLength', 'byteOffset']);
setLength(typed.set, 1);
setLength(DataView, 1);
['Int8', 'Uint8', 'Int16', 'Uint16', 'Int32', 'Uint32', 'Float32', 'Float64'].forEach(
    function(kind) {
      setLength(DataView.prototype['get' + kind], 1);
      setLength(DataView.prototype['set' + kind], 2);
    });

// ECMAScript: addrestrictedfunctionproperties
function restricted() {
  throw new TypeError("'caller' and 'arguments' may not be accessed");
}
['caller', 'arguments'].forEach(function(name) {
  Object.defineProperty(
      Function.prototype, name, {get: restricted, set: restricted, configurable: true});
});

// ECMAScript: additional-properties-of-the-string.prototype-object
function wrap(name, tag, attribute) {
  var literal = {};
  literal[name] = host.method(name, attribute ? 1 : 0, {
    m(value) {
      if (this === undefined || this === null)
        throw new TypeError('String.prototype.' + name + ' called on null or undefined');
      var text = String(this), start = '<' + tag;
      if (attribute)
        start += ' ' + attribute + '="' + String(value).split('"').join('&quot;') + '"';
      return start + '>' + text + '</' + tag + '>';
    }
  });
  host.methods(String.prototype, literal);
}
[['anchor', 'a', 'name'], ['big', 'big'], ['blink', 'blink'], ['bold', 'b'], ['fixed', 'tt'],
 ['fontcolor', 'font', 'color'], ['fontsize', 'font', 'size'], ['italics', 'i'],
 ['link', 'a', 'href'], ['small', 'small'], ['strike', 'strike'], ['sub', 'sub'], ['sup', 'sup']]
    .forEach(function(row) { wrap(row[0], row[1], row[2]); });
})(__host);
