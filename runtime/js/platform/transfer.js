// SPDX-License-Identifier: MIT
// Structured clone with a list of objects to transfer. (HTML: structuredserializewithtransfer)
(function(host) {
var lib = host.platform;
var $ = lib.slot;
var isView = ArrayBuffer.isView;
var toText = Object.prototype.toString;
var STREAMS = lib.bit.stream | lib.bit.writable | lib.bit.transform;

// The lists of the clone that is being written and of the one that is being read; a getter that
// runs meanwhile may start another.
var sending = null;
var receiving = null;

function refuse(message) { lib.throwDom('DataCloneError', message); }

function isBuffer(value) {
  return value[$] === undefined && !isView(value) &&
         lib.apply(toText, value, []) === '[object ArrayBuffer]' && host.isBuffer(value);
}

function indexOf(list, value) {
  for (var i = 0; i < list.length; i++)
    if (list[i] === value)
      return i;
  return -1;
}

function check(list, source) {
  for (var i = 0; i < list.length; i++) {
    var item = list[i];
    if (!lib.isObject(item))
      throw new TypeError('A value of the transfer list is not an object');
    if (!isBuffer(item) && !lib.isA(item, STREAMS) && !lib.extra('messaging').isPort(item))
      refuse('A value of the transfer list cannot be transferred');
    if (item === source)
      refuse('A port cannot be transferred through itself');
    if (indexOf(list, item) !== i)
      refuse('A value is in the transfer list twice');
  }
}

function transferOne(item) {
  if (lib.isA(item, STREAMS))
    return lib.load('stream_transfer').run(item);
  var messaging = isBuffer(item) ? null : lib.extra('messaging');
  if (messaging === null ? host.isDetached(item) : messaging.isDetached(item))
    refuse('A value of the transfer list is detached');
  return messaging === null ? host.transferBuffer(item) : messaging.move(item);
}

// {value, received}: the clone, and the new objects in the order of the list.
function run(value, list, source) {
  check(list, source);
  var received = [];
  var outer = sending;
  sending = list;
  try {
    value = host.structuredClone(value, function() {
      sending = outer;
      for (var i = 0; i < list.length; i++)
        received[i] = transferOne(list[i]);
      receiving = received;
    });
  } finally {
    sending = outer;
    receiving = null;
  }
  return {value: value, received: received};
}

lib.transfer = {
  run: run,
  placeOf: function(value) { return sending === null ? -1 : indexOf(sending, value); },
  received: function(place) { return receiving === null ? undefined : receiving[place]; },
};
})(__host);
