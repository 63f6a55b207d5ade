// SPDX-License-Identifier: MIT
// What the files of IndexedDB share: kinds of objects, the queue of database tasks, events that
// travel from a request to its transaction and connection, key ranges and lists of names. Keys are
// strings of bytes here (protocol/idb_key.hpp): `<` and `===` compare them as the specification
// compares keys.
(function(host) {
var lib = host.platform;
var $ = lib.slot;
var EVENT = lib.bit.event;
var callListener = host.callListener;
var natives = host.idbNatives();
var idl = lib.extra('idl');

var idb = lib.idb = {
  natives: natives,
  // Kinds of states.
  REQUEST: 1,
  DATABASE: 2,
  TRANSACTION: 3,
  STORE: 4,
  INDEX: 5,
  CURSOR: 6,
  RANGE: 7,
  FACTORY: 8,
  RECORD: 9,
  LIST: 10,
  // States of transactions.
  ACTIVE: 0,
  INACTIVE: 1,
  COMMITTING: 2,
  FINISHED: 3,
  // Modes of transactions, as the protocol numbers them.
  READ_ONLY: 0,
  READ_WRITE: 1,
  VERSION_CHANGE: 2,
  // What a request makes of its answer.
  AS_NOTHING: 0,
  AS_KEY: 1,
  AS_COUNT: 2,
  AS_VALUE: 3,
  AS_PRIMARY_KEY: 4,
  // Flags of natives.read and its like.
  LOWER_OPEN: 1,
  UPPER_OPEN: 2,
  WANT_VALUES: 4,
  BARRIER: 8,
  STRONG_BARRIER: 16,
  GOES_ON: 32,
  directions: ['next', 'nextunique', 'prev', 'prevunique'],
};

idb.stateOf = function(object, kind) {
  var state = object === undefined || object === null ? undefined : object[$];
  if (state === undefined || state.kind !== kind)
    throw new TypeError('Illegal invocation');
  return state;
};

idb.fail = function(name, message) { throw new lib.DOMException(message, name); };

idb.error = function(name, message) {
  return name === 'QuotaExceededError' && lib.global.QuotaExceededError
             ? new lib.global.QuotaExceededError(message)
             : new lib.DOMException(message, name);
};

// -- Database tasks

// A list of {task, next}: arrays would run the setters that script may have given to prototypes.
var firstTask = null;
var lastTask = null;
var awake = false;
var TASKS_AT_ONCE = 32;

// A task is a function, or a transaction whose next request is ready.
idb.post = function(task) {
  var entry = {task: task, next: null};
  if (firstTask === null)
    firstTask = entry;
  else
    lastTask.next = entry;
  lastTask = entry;
  if (!awake) {
    awake = true;
    natives.wake();
  }
};

// Runs some tasks; true if there are more.
idb.deliver = function() {
  for (var i = 0; i < TASKS_AT_ONCE; i++) {
    if (firstTask === null)
      return awake = false;
    var task = firstTask.task;
    firstTask = firstTask.next;
    if (typeof task === 'function')
      task();
    else
      idb.deliverNext(task);
  }
  return true;
};

// Answers of requests about databases, by number.
var replies = {};
var lastReply = 0;

idb.reply = function(callback) {
  replies[++lastReply] = callback;
  return lastReply;
};

lib.idbReplied = function(number, value, name, message) {
  var callback = replies[number];
  delete replies[number];
  callback(value, name, message);
};

lib.idbDeliver = idb.deliver;

// -- Events

idb.listens = function(state, type) {
  var listeners = state.listeners;
  for (var i = 0; i < listeners.length; i++)
    if (listeners[i].type === type)
      return true;
  return false;
};

function invoke(event, state, target, capture) {
  if (state.stopped)
    return;
  state.current = target;
  var listeners = target[$].listeners;
  if (listeners.length === 0)
    return;
  listeners = listeners.slice();
  for (var i = 0; i < listeners.length && !state.stoppedNow; i++) {
    var record = listeners[i];
    if (record.type === state.type && record.capture === capture && !record.removed)
      callListener(lib.runListener, undefined, event, state, record);
  }
}

// Dispatches along the target's parents. True if the event was not canceled.
idb.dispatch = function(target, event) {
  var state = event[$];
  var parent = target[$].parent;
  var path = !parent ? [target]
                     : !parent[$].parent ? [target, parent] : [target, parent, parent[$].parent];
  state.dispatching = true;
  state.threw = false;
  state.target = target;
  state.path = path;
  var i;
  for (i = path.length - 1; i >= 0; i--) {
    state.phase = i ? 1 : 2;
    invoke(event, state, path[i], true);
  }
  for (i = 0; i < (state.bubbles ? path.length : 1); i++) {
    state.phase = i ? 3 : 2;
    invoke(event, state, path[i], false);
  }
  state.phase = 0;
  state.current = state.path = null;
  state.dispatching = state.stopped = state.stoppedNow = false;
  return !state.canceled;
};

// Fires a trusted event and gives its state.
idb.fire = function(target, type, init, prototype) {
  var state = lib.eventState(EVENT, type, init || {});
  state.trusted = true;
  if (init && 'oldVersion' in init) {
    state.oldVersion = init.oldVersion;
    state.newVersion = init.newVersion;
  }
  idb.dispatch(target, lib.makeEvent(prototype || lib.Event.prototype, state));
  return state;
};

idb.fireVersionChange = function(target, type, oldVersion, newVersion) {
  return idb.fire(target, type, {oldVersion: oldVersion, newVersion: newVersion},
                  IDBVersionChangeEvent.prototype);
};

function versions(self) {
  var state = lib.of(self, EVENT);
  if (state.oldVersion === undefined)
    throw new TypeError('Illegal invocation');
  return state;
}

function unsigned(value) {
  value = Math.trunc(Number(value));
  if (!isFinite(value))
    return 0;
  value = value % 18446744073709551616;
  return value < 0 ? value + 18446744073709551616 : value + 0;
}

// Spec: IndexedDB#events
function IDBVersionChangeEvent(type) {
  var state =
      lib.construct(this, new.target, arguments, 'IDBVersionChangeEvent', EVENT);
  var init = lib.dictionary(arguments[1], 'IDBVersionChangeEvent');
  var newVersion = init.newVersion;
  state.newVersion =
      newVersion === undefined || newVersion === null ? null : unsigned(newVersion);
  state.oldVersion = init.oldVersion === undefined ? 0 : unsigned(init.oldVersion);
}

lib.expose('IDBVersionChangeEvent', IDBVersionChangeEvent, {
  get oldVersion() { return versions(this).oldVersion; },
  get newVersion() { return versions(this).newVersion; },
},
           lib.Event);

// -- Keys and ranges

// The bytes of a key; a DataError if the value is none.
idb.key = function(value) {
  var key = natives.key(value);
  if (typeof key !== 'string')
    idb.fail('DataError', 'The parameter is not a valid key');
  return key;
};

var everything = {
  lower: undefined,
  upper: undefined,
  flags: 0
};

function only(key) { return {lower: key, upper: key, flags: 0}; }

function isRange(value) {
  return typeof value === 'object' && value !== null && value[$] !== undefined &&
         value[$].kind === idb.RANGE;
}

idb.range = function(value, required) {
  if (isRange(value))
    return value[$];
  if (value === undefined || value === null) {
    if (required)
      idb.fail('DataError', 'No key or key range is given');
    return everything;
  }
  return only(idb.key(value));
};

// The range, direction and count of getAll and its like.
idb.manyOf = function(given, isRecords) {
  var value = given[0];
  if (!isRecords) {
    if (value === undefined || value === null || isRange(value))
      return {range: idb.range(value), direction: 0, count: countOf(given[1])};
    var count = countOf(given[1]);
    var key = natives.key(value);
    if (typeof key === 'string')
      return {range: only(key), direction: 0, count: count};
    if (key !== false)
      idb.fail('DataError', 'The parameter is not a valid key');
  }
  return idb.options(lib.dictionary(value, 'IDBGetAllOptions'));
};

idb.options = function(options) {
  var count = countOf(options.count);
  var direction = options.direction;
  direction = direction === undefined ? 0 : idb.direction(direction);
  return {range: idb.range(options.query), direction: direction, count: count};
};

function countOf(value) {
  return value === undefined ? 0 : idl.enforceRange(value, 4294967295, 'count');
}

idb.direction = function(value) {
  value = idl.string(value);
  var at = idb.directions.indexOf(value);
  if (at < 0)
    throw new TypeError("'" + value + "' is not a valid value of IDBCursorDirection");
  return at;
};

// -- Lists of names

function DOMStringList() { lib.illegal(); }

lib.expose('DOMStringList', DOMStringList, {
  get length() { return idb.stateOf(this, idb.LIST).names.length; },
  item(index) {
    var names = idb.stateOf(this, idb.LIST).names;
    lib.need(arguments, 1, 'DOMStringList.item');
    index = Number(index) >>> 0;
    return index < names.length ? names[index] : null;
  },
  contains(string) {
    var names = idb.stateOf(this, idb.LIST).names;
    lib.need(arguments, 1, 'DOMStringList.contains');
    return names.indexOf(idl.string(string)) >= 0;
  },
});
Object.defineProperty(
    DOMStringList.prototype, Symbol.iterator,
    {value: Array.prototype[Symbol.iterator], writable: true, configurable: true});

// In the order of code units.
idb.names = function(items) {
  var names = items.map(function(item) { return item.name; }).sort();
  var list = lib.make(DOMStringList.prototype, {is: lib.bit.other, kind: idb.LIST, names: names});
  names.forEach(function(name, at) {
    Object.defineProperty(list, at, {value: name, enumerable: true, configurable: true});
  });
  return list;
};

// -- Key paths. Script sees a list as one array, always the same.

function isPath(path) {
  return path === '' || path.split('.').every(function(part) {
    return /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(part) || natives.isIdentifier(part);
  });
}

idb.isKeyPath = function(path) {
  return Array.isArray(path) ? path.length > 0 && path.every(isPath) : isPath(path);
};

// The union of a string and a sequence of strings.
idb.stringOrList = function(value, what) {
  if (!lib.isObject(value) || typeof value[Symbol.iterator] !== 'function')
    return idl.string(value);
  return lib.sequence(value, what).map(idl.string);
};

idb.copyPath = function(path) { return Array.isArray(path) ? path.slice() : path; };

// -- IDBKeyRange

function IDBKeyRange() { lib.illegal(); }

function makeRange(lower, upper, lowerOpen, upperOpen) {
  return lib.make(IDBKeyRange.prototype, {
    is: lib.bit.other,
    kind: idb.RANGE,
    lower: lower,
    upper: upper,
    flags: (lowerOpen ? idb.LOWER_OPEN : 0) | (upperOpen ? idb.UPPER_OPEN : 0),
  });
}

function bound(key) { return key === undefined ? undefined : natives.value(key); }

// Spec: IndexedDB#keyrange
lib.expose('IDBKeyRange', IDBKeyRange, {
  get lower() { return bound(idb.stateOf(this, idb.RANGE).lower); },
  get upper() { return bound(idb.stateOf(this, idb.RANGE).upper); },
  get lowerOpen() { return (idb.stateOf(this, idb.RANGE).flags & idb.LOWER_OPEN) !== 0; },
  get upperOpen() { return (idb.stateOf(this, idb.RANGE).flags & idb.UPPER_OPEN) !== 0; },
  includes(key) {
    var range = idb.stateOf(this, idb.RANGE);
    lib.need(arguments, 1, 'IDBKeyRange.includes');
    key = idb.key(key);
    var open = range.flags & idb.LOWER_OPEN;
    if (range.lower !== undefined && (key < range.lower || (open && key === range.lower)))
      return false;
    open = range.flags & idb.UPPER_OPEN;
    return range.upper === undefined || key < range.upper || (!open && key === range.upper);
  },
});

var statics = {
  only(value) {
    lib.need(arguments, 1, 'IDBKeyRange.only');
    var key = idb.key(value);
    return makeRange(key, key, false, false);
  },
  lowerBound(lower) {
    lib.need(arguments, 1, 'IDBKeyRange.lowerBound');
    return makeRange(idb.key(lower), undefined, !!arguments[1], true);
  },
  upperBound(upper) {
    lib.need(arguments, 1, 'IDBKeyRange.upperBound');
    return makeRange(undefined, idb.key(upper), true, !!arguments[1]);
  },
  bound(lower, upper) {
    lib.need(arguments, 2, 'IDBKeyRange.bound');
    lower = idb.key(lower);
    upper = idb.key(upper);
    if (upper < lower)
      idb.fail('DataError', 'The lower bound of the key range is above the upper one');
    return makeRange(lower, upper, !!arguments[2], !!arguments[3]);
  },
};
host.copyMembers(IDBKeyRange, statics);
})(__host);
