// SPDX-License-Identifier: MIT
// IDBCursor and IDBCursorWithValue. A cursor reads ahead: `answer` holds `total` records, of which
// those from `next` on were not visited. What was read ahead counts only while the transaction has
// not written since.
(function(host) {
var lib = host.platform;
var idb = lib.idb;
var natives = idb.natives;
var idl = lib.extra('idl');
// Records that a cursor reads at first and at most.
var LIMIT_FIRST = 4;
var LIMIT_MAX = 512;
var LIMIT_GROWTH = 8;

function cursorOf(self) { return idb.stateOf(self, idb.CURSOR); }

idb.openCursor = function(source, handle, range, direction, keyOnly) {
  var cursor = {
    is: lib.bit.other,
    kind: idb.CURSOR,
    object: null,
    source: source,
    handle: handle,
    request: null,
    keyOnly: keyOnly,
    range: range,
    read: {
      handle: handle,
      range: range,
      direction: direction,
      flags: keyOnly ? 0 : idb.WANT_VALUES,
    },
    limit: LIMIT_FIRST,
    asked: LIMIT_FIRST,
    page: undefined,
    answer: undefined,
    at: 0,
    total: 0,
    next: 0,
    more: true,
    writes: handle.tx.writes,
    // What the next move has to do.
    skip: 0,
    key: undefined,
    primary: undefined,
    barrier: false,
    // Where it is.
    got: false,
    found: false,
    position: undefined,
    primaryPosition: undefined,
    shown: undefined,
  };
  cursor.object =
      lib.make((keyOnly ? IDBCursor : IDBCursorWithValue).prototype, cursor);
  idb.sendRead(cursor.read, idb.nextOperation(), cursor.limit, 0);
  var request = idb.request(handle.tx, source, idb.AS_NOTHING);
  cursor.request = request;
  request.page = cursor.page = function(request, answer, at, failure, operation) {
    return page(cursor, answer, at, failure, operation);
  };
  request.finish = function() { return moved(cursor); };
  return request.object;
};

function isForward(cursor) { return cursor.read.direction < 2; }

// -- Moving

// Looks among the records that are here; true if one is what the move asked for.
function find(cursor) {
  for (; cursor.next < cursor.total; cursor.next++) {
    if (cursor.key !== undefined && !isReached(cursor))
      continue;
    if (cursor.skip-- > 0)
      continue;
    cursor.found = true;
    return true;
  }
  return false;
}

function isReached(cursor) {
  var key = natives.recordKey(cursor.answer, cursor.at, cursor.next);
  if (key !== cursor.key)
    return isForward(cursor) ? key > cursor.key : key < cursor.key;
  if (cursor.primary === undefined)
    return true;
  var primary = natives.recordPrimary(cursor.answer, cursor.at, cursor.next);
  return isForward(cursor) ? primary >= cursor.primary : primary <= cursor.primary;
}

// Spec: IndexedDB#cursor-iteration-operation
function move(cursor) {
  var tx = cursor.handle.tx;
  var request = cursor.request;
  cursor.got = cursor.found = false;
  if (cursor.writes !== tx.writes) {
    cursor.limit = LIMIT_FIRST;
    return read(cursor, cursor.position, cursor.primaryPosition);
  }
  if (find(cursor) || !cursor.more) {
    request.page = undefined;
    idb.enqueue(tx, request);
    request.ready = true;
    return idb.queue(tx);
  }
  cursor.limit = Math.min(cursor.limit * LIMIT_GROWTH, LIMIT_MAX);
  read(cursor, lastKey(cursor), lastPrimary(cursor));
}

// Reads what comes behind this record.
function read(cursor, key, primary) {
  // A read that may have to go on keeps later writes waiting.
  cursor.barrier = cursor.skip > 0 || cursor.primary !== undefined;
  cursor.writes = cursor.handle.tx.writes;
  cursor.read.range = cursor.range;
  if (cursor.key !== undefined) {
    cursor.read.range = narrowed(cursor);
    key = primary = undefined;
  }
  cursor.asked = Math.min(Math.max(cursor.limit, cursor.skip + 1), LIMIT_MAX);
  idb.sendRead(cursor.read, idb.nextOperation(), cursor.asked, cursor.barrier ? idb.BARRIER : 0,
               key, primary);
  cursor.request.page = cursor.page;
  idb.wait(cursor.handle.tx, cursor.request);
}

// The range from the key of a move on.
function narrowed(cursor) {
  var range = cursor.range;
  if (isForward(cursor))
    return range.lower !== undefined && range.lower >= cursor.key ? range : {
      lower: cursor.key,
      upper: range.upper,
      flags: range.flags & idb.UPPER_OPEN,
    };
  return range.upper !== undefined && range.upper <= cursor.key ? range : {
    lower: range.lower,
    upper: cursor.key,
    flags: range.flags & idb.LOWER_OPEN,
  };
}

// Storage answered; true if the move has to read on.
function page(cursor, answer, at, failure, operation) {
  var tx = cursor.handle.tx;
  if (failure === undefined) {
    cursor.answer = answer;
    cursor.at = at;
    cursor.total = natives.records(answer, at);
    cursor.next = 0;
    cursor.more = natives.more(answer, at) || cursor.total >= cursor.asked;
    if (!find(cursor) && cursor.barrier && cursor.more && cursor.total > 0) {
      delete tx.pending[operation];
      operation = idb.nextOperation();
      tx.pending[operation] = cursor.request;
      cursor.asked = LIMIT_MAX;
      idb.sendRead(cursor.read, operation, LIMIT_MAX, idb.GOES_ON, lastKey(cursor),
                   lastPrimary(cursor));
      return true;
    }
  }
  if (cursor.barrier)
    natives.release(tx.number);
  cursor.barrier = false;
  return false;
}

function lastKey(cursor) {
  return natives.recordKey(cursor.answer, cursor.at, cursor.total - 1);
}

function lastPrimary(cursor) {
  return natives.recordPrimary(cursor.answer, cursor.at, cursor.total - 1);
}

// The move is over: what the request gives.
function moved(cursor) {
  cursor.key = cursor.primary = undefined;
  cursor.skip = 0;
  if (!cursor.found) {
    cursor.shown = undefined;
    return null;
  }
  var at = cursor.next++;
  cursor.position = natives.recordKey(cursor.answer, cursor.at, at);
  cursor.primaryPosition = natives.recordPrimary(cursor.answer, cursor.at, at);
  cursor.shown = {answer: cursor.answer, at: cursor.at, record: at, has: 0};
  cursor.got = true;
  return cursor.object;
}

// -- Checks, in the specification's order

function mustHaveSource(cursor) {
  if (idb.isDeleted(cursor.handle))
    idb.fail('InvalidStateError', 'The object store or index has been deleted');
}

function mustHaveValue(cursor) {
  if (!cursor.got)
    idb.fail('InvalidStateError', 'The cursor is being moved or has moved past its end');
}

function mustBeWritable(cursor) {
  idb.mustBeActive(cursor.handle.tx);
  if (cursor.handle.tx.mode === idb.READ_ONLY)
    idb.fail('ReadOnlyError', 'The transaction is read-only');
  mustHaveSource(cursor);
  mustHaveValue(cursor);
  if (cursor.keyOnly)
    idb.fail('InvalidStateError', 'The cursor has only keys');
}

function dataError() { idb.fail('DataError', 'The key is behind the position of the cursor'); }

// What the attribute shows: the same value until the cursor has moved.
function show(cursor, name, bit, make) {
  var shown = cursor.shown;
  if (shown === undefined)
    return undefined;
  if (!(shown.has & bit)) {
    shown[name] = make(shown);
    shown.has |= bit;
  }
  return shown[name];
}

// -- Interfaces

function IDBCursor() { lib.illegal(); }

// Spec: IndexedDB#cursor-interface
lib.expose('IDBCursor', IDBCursor, {
  get source() { return cursorOf(this).source; },
  get direction() { return idb.directions[cursorOf(this).read.direction]; },
  get key() {
    return show(cursorOf(this), 'key', 1, function(shown) {
      return natives.value(natives.recordKey(shown.answer, shown.at, shown.record));
    });
  },
  get primaryKey() {
    return show(cursorOf(this), 'primaryKey', 2, function(shown) {
      return natives.value(natives.recordPrimary(shown.answer, shown.at, shown.record));
    });
  },
  get request() { return cursorOf(this).request.object; },
  advance(count) {
    var cursor = cursorOf(this);
    lib.need(arguments, 1, 'IDBCursor.advance');
    count = idl.enforceRange(count, 4294967295, 'count');
    if (count === 0)
      throw new TypeError('A cursor cannot be advanced by 0');
    idb.mustBeActive(cursor.handle.tx);
    mustHaveSource(cursor);
    mustHaveValue(cursor);
    cursor.skip = count - 1;
    move(cursor);
  },
  'continue'() {
    var cursor = cursorOf(this);
    var key = arguments[0];
    idb.mustBeActive(cursor.handle.tx);
    mustHaveSource(cursor);
    mustHaveValue(cursor);
    if (key !== undefined) {
      key = idb.key(key);
      if (isForward(cursor) ? key <= cursor.position : key >= cursor.position)
        dataError();
    }
    cursor.key = key;
    move(cursor);
  },
  continuePrimaryKey(key, primaryKey) {
    var cursor = cursorOf(this);
    lib.need(arguments, 2, 'IDBCursor.continuePrimaryKey');
    idb.mustBeActive(cursor.handle.tx);
    mustHaveSource(cursor);
    if (cursor.handle.index === null || (cursor.read.direction & 1))
      idb.fail('InvalidAccessError', 'The cursor has no source or direction for this');
    mustHaveValue(cursor);
    key = idb.key(key);
    primaryKey = idb.key(primaryKey);
    var position = cursor.position;
    if (isForward(cursor) ? key < position : key > position)
      dataError();
    var at = cursor.primaryPosition;
    if (key === position && (isForward(cursor) ? primaryKey <= at : primaryKey >= at))
      dataError();
    cursor.key = key;
    cursor.primary = primaryKey;
    move(cursor);
  },
  update(value) {
    var cursor = cursorOf(this);
    lib.need(arguments, 1, 'IDBCursor.update');
    mustBeWritable(cursor);
    return idb.putAtCursor(this, cursor.handle, value, cursor.primaryPosition);
  },
  'delete'() {
    var cursor = cursorOf(this);
    mustBeWritable(cursor);
    var key = cursor.primaryPosition;
    return idb.deleteRange(this, cursor.handle, {lower: key, upper: key, flags: 0});
  },
});
host.rename(IDBCursor.prototype['continue'], 'continue');

function IDBCursorWithValue() { lib.illegal(); }

lib.expose('IDBCursorWithValue', IDBCursorWithValue, {
  get value() {
    var cursor = cursorOf(this);
    if (cursor.keyOnly)
      throw new TypeError('Illegal invocation');
    return show(cursor, 'value', 4, function(shown) {
      return natives.recordValue(shown.answer, shown.at, shown.record,
                                 cursor.handle.tx.connection.id, cursor.handle.store.id);
    });
  },
},
           IDBCursor);
})(__host);
