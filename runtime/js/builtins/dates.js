// SPDX-License-Identifier: MIT
// Date.parse of the formats every engine reads: ISO (native), toString's and HTTP's.
(function(host) {
'use strict';
var NativeDate = host.global.Date, nativeParse = NativeDate.parse, nativeUTC = NativeDate.UTC;
var months = {
  jan: 0,
  feb: 1,
  mar: 2,
  apr: 3,
  may: 4,
  jun: 5,
  jul: 6,
  aug: 7,
  sep: 8,
  oct: 9,
  nov: 10,
  dec: 11
};
var zones = {
  gmt: 0,
  utc: 0,
  ut: 0,
  z: 0,
  est: -300,
  edt: -240,
  cst: -360,
  cdt: -300,
  mst: -420,
  mdt: -360,
  pst: -480,
  pdt: -420
};
var isoTime = 'T\\d\\d:\\d\\d(:\\d\\d([.,]\\d+)?)?(Z|[+-]\\d\\d:\\d\\d)?';
var iso = host.newRegExp('^[+-]?\\d{4,6}(-\\d\\d(-\\d\\d)?)?(' + isoTime + ')?$', '');
var isoFields = host.newRegExp(
    '^[+-]?\\d+(?:-(\\d\\d))?(?:-(\\d\\d))?(?:T(\\d\\d):(\\d\\d)(?::(\\d\\d))?)?', '');
var endOfDay = host.newRegExp('T24:00(:00([.,]0+)?)?(Z|[+-]|$)', '');
var token = host.newRegExp(
    '\\([^)]*\\)|[a-z]+|[+-]\\d{1,2}:?\\d{2}(?!\\d)|\\d+(:\\d+)*(\\.\\d+)?|[^\\sa-z\\d]', 'gi');

// Reads words in any order, as browsers do: "Wed, 01 Jan 2020 00:00:00 GMT", "Jan 1, 2020 10:00
// PM", "1/2/2020".
function readParts(text) {
  var parts = {numbers: [], month: -1, time: null, offset: null, half: -1, valid: true},
      words = text.match(token) || [];
  words.forEach(function(word, i) {
    var lower = word.toLowerCase(), c = word.charAt(0);
    if (c === '(' || word === ',' || word === '-' || word === '/' || word === '.') return;
    if (word.indexOf(':') > 0 && c >= '0' && c <= '9') parts.time = word.split(':').map(Number);
    else if ((c === '+' || c === '-') && (parts.time !== null)) parts.offset = readOffset(word);
    else if (c === '-' || c === '+') parts.numbers.push(word.slice(1));
    else if (c >= '0' && c <= '9') parts.numbers.push(word);
    else if (lower === 'am' || lower === 'pm') parts.half = lower === 'pm' ? 12 : 0;
    else if (zones[lower] !== undefined) {
      if (parts.offset === null) parts.offset = zones[lower];
    } else if (months[lower.slice(0, 3)] !== undefined && lower.length >= 3)
      parts.month = months[lower.slice(0, 3)];
    else if ('sun mon tue wed thu fri sat'.indexOf(lower.slice(0, 3)) < 0 && lower !== 't')
      parts.valid = false;
  });
  return parts;
}
function readOffset(word) {
  var digits = word.slice(1).replace(':', '');
  var minutes = digits.length <= 2 ? +digits * 60 : +digits.slice(0, -2) * 60 + +digits.slice(-2);
  return word.charAt(0) === '-' ? -minutes : minutes;
}
function fullYear(digits) {
  var year = +digits;
  return digits.length > 2 ? year : year < 50 ? 2000 + year : 1900 + year;
}

function parseLoosely(text) {
  var parts = readParts(text), numbers = parts.numbers, month = parts.month, day, year,
      time = parts.time || [0, 0, 0];
  if (!parts.valid) return NaN;
  if (month < 0) {
    if (numbers.length < 3) return NaN;
    if (numbers[0].length > 2) {
      year = numbers[0];
      month = numbers[1] - 1;
      day = numbers[2];
    } else {
      month = numbers[0] - 1;
      day = numbers[1];
      year = numbers[2];
    }
  } else {
    if (numbers.length < 1) return NaN;
    day = numbers[0];
    year = numbers.length > 1 ? numbers[1] : '2001';
    if (day.length > 2) {
      day = year;
      year = numbers[0];
    }
  }
  var hour = time[0];
  if (parts.half >= 0) hour = hour % 12 + parts.half;
  if (+day < 1 || +day > 31 || month < 0 || month > 11 || hour > 24 || time[1] > 59 ||
      (time[2] || 0) >= 60)
    return NaN;
  var second = Math.floor(time[2] || 0), ms = Math.round(((time[2] || 0) - second) * 1000);
  if (parts.offset === null)
    return new NativeDate(fullYear(year), month, +day, hour, time[1], second, ms).getTime();
  return NativeDate.UTC(fullYear(year), month, +day, hour, time[1], second, ms) -
      parts.offset * 60000;
}

function parse(text) {
  text = String(text);
  if (!iso.test(text)) return parseLoosely(text.trim());
  // The engine lets fields run over.
  var fields = isoFields.exec(text);
  if (+fields[1] < 1 || fields[1] > 12 || +fields[2] < 1 || fields[2] > 31 || fields[3] > 24 ||
      fields[4] > 59 || fields[5] > 59 || text.indexOf('-000000') === 0 ||
      (+fields[3] === 24 && !endOfDay.test(text)))
    return NaN;
  // A date-time without zone is local time; the engine takes it as UTC.
  var time = nativeParse(text);
  if (text.indexOf('T') < 0 || /(Z|[+-]\d\d:\d\d)$/.test(text) || time !== time) return time;
  var utc = new NativeDate(time);
  return new NativeDate(
             utc.getUTCFullYear(), utc.getUTCMonth(), utc.getUTCDate(), utc.getUTCHours(),
             utc.getUTCMinutes(), utc.getUTCSeconds(), utc.getUTCMilliseconds())
      .getTime();
}

var getTime = NativeDate.prototype.getTime;
function isDate(value) {
  if (!host.isObject(value)) return false;
  try {
    getTime.call(value);
    return true;
  } catch (error) {
    return false;
  }
}

function Date(year, month, day, hours, minutes, seconds, ms) {
  if (new.target === undefined) return new NativeDate().toString();
  switch (arguments.length) {
    case 0:
      return new NativeDate();
    case 1:
      if (isDate(year)) return new NativeDate(year.getTime());
      if (host.isObject(year)) year = host.toPrimitive(year);
      return new NativeDate(typeof year === 'string' ? parse(year) : +year + 0);
    case 2:
      return new NativeDate(year, month);
    case 3:
      return new NativeDate(year, month, day);
    case 4:
      return new NativeDate(year, month, day, hours);
    case 5:
      return new NativeDate(year, month, day, hours, minutes);
    case 6:
      return new NativeDate(year, month, day, hours, minutes, seconds);
    default:
      return new NativeDate(year, month, day, hours, minutes, seconds, ms);
  }
}
Object.defineProperty(
    Date, 'prototype',
    {value: NativeDate.prototype, writable: false, enumerable: false, configurable: false});
host.define(NativeDate.prototype, 'constructor', Date);
host.methods(
    Date, {now: NativeDate.now, UTC: host.method('UTC', 7, {
      m(year) {
        return arguments.length === 1 ? nativeUTC(year, 0) : nativeUTC.apply(NativeDate, arguments);
      }
    }), parse(string) { return parse(string); }});
host.define(host.global, 'Date', Date);
host.markNative(Date);
})(__host);
