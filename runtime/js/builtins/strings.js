// SPDX-License-Identifier: MIT
// String beyond ES5; matching is in regexp.js.
(function(host) {
'use strict';
var toInteger = host.toIntegerOrInfinity;

function text(value) {
  if (value === undefined || value === null)
    throw new TypeError('String method called on null or undefined');
  return String(value);
}
function padding(string, length, fill) {
  length = Math.min(toInteger(length), 9007199254740991) - string.length;
  fill = fill === undefined ? ' ' : String(fill);
  if (length <= 0 || fill === '') return '';
  if (length > 536870911) throw new RangeError('Invalid string length');
  return fill.repeat(Math.ceil(length / fill.length)).slice(0, length);
}
function isSpace(code) {
  return (code >= 9 && code <= 13) || code === 32 || code === 160 || code === 0x1680 ||
      (code >= 0x2000 && code <= 0x200a) || code === 0x2028 || code === 0x2029 || code === 0x202f ||
      code === 0x205f || code === 0x3000 || code === 0xfeff;
}

host.methods(String.prototype, {
  at(index) {
    var string = text(this), at = toInteger(index);
    if (at < 0) at += string.length;
    return at < 0 || at >= string.length ? undefined : string.charAt(at);
  },
  isWellFormed() { return host.wellFormed(text(this)) === text(this); },
  normalize() {
    return host.normalize(text(this), arguments[0] === undefined ? 'NFC' : String(arguments[0]));
  },
  padEnd(length) {
    var string = text(this);
    return string + padding(string, length, arguments[1]);
  },
  padStart(length) {
    var string = text(this);
    return padding(string, length, arguments[1]) + string;
  },
  toWellFormed() { return host.wellFormed(text(this)); },
  trimEnd() {
    var string = text(this), end = string.length;
    while (end > 0 && isSpace(string.charCodeAt(end - 1))) end--;
    return string.slice(0, end);
  },
  trimStart() {
    var string = text(this), start = 0;
    while (start < string.length && isSpace(string.charCodeAt(start))) start++;
    return string.slice(start);
  }
});
host.define(String.prototype, 'trimLeft', String.prototype.trimStart);
host.define(String.prototype, 'trimRight', String.prototype.trimEnd);

host.methods(String, {
  raw(template) {
    var raw = Object(Object(template).raw), length = Math.max(0, toInteger(raw.length)), out = [];
    for (var i = 0; i < length; i++) {
      out.push(String(raw[i]));
      if (i + 1 < length && i + 1 < arguments.length) out.push(String(arguments[i + 1]));
    }
    return out.join('');
  }
});
})(__host);
