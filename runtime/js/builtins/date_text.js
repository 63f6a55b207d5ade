// SPDX-License-Identifier: MIT
// Date as text: what ECMAScript prescribes, which is not what the engine writes.
(function(host) {
'use strict';
var prototype = host.global.Date.prototype;
var getTime = prototype.getTime;
var days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
var months = [
  'Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'
];

function padded(number, width) {
  var digits = String(Math.abs(number));
  while (digits.length < width) digits = '0' + digits;
  return (number < 0 ? '-' : '') + digits;
}

// ECMAScript: datestring
function dateText(date) {
  return days[date.getDay()] + ' ' + months[date.getMonth()] + ' ' + padded(date.getDate(), 2) +
      ' ' + padded(date.getFullYear(), 4);
}

// ECMAScript: timestring, timezoneestring
function timeText(date) {
  var offset = -date.getTimezoneOffset(), minutes = Math.abs(offset);
  return padded(date.getHours(), 2) + ':' + padded(date.getMinutes(), 2) + ':' +
      padded(date.getSeconds(), 2) + ' GMT' + (offset < 0 ? '-' : '+') +
      padded(Math.floor(minutes / 60), 2) + padded(minutes % 60, 2) +
      (offset === 0 ? ' (Coordinated Universal Time)' : '');
}

function valid(date) {
  var time = getTime.call(date);
  return time === time;
}

host.methods(prototype, {
  toString() {
    return valid(this) ? dateText(this) + ' ' + timeText(this) : 'Invalid Date';
  },
  toDateString() { return valid(this) ? dateText(this) : 'Invalid Date'; },
  toTimeString() { return valid(this) ? timeText(this) : 'Invalid Date'; },
  toUTCString() {
    if (!valid(this)) return 'Invalid Date';
    return days[this.getUTCDay()] + ', ' + padded(this.getUTCDate(), 2) + ' ' +
        months[this.getUTCMonth()] + ' ' + padded(this.getUTCFullYear(), 4) + ' ' +
        padded(this.getUTCHours(), 2) + ':' + padded(this.getUTCMinutes(), 2) + ':' +
        padded(this.getUTCSeconds(), 2) + ' GMT';
  }
});
host.define(prototype, 'toGMTString', prototype.toUTCString);
})(__host);
