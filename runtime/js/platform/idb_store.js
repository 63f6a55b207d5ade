// SPDX-License-Identifier: MIT
// IDBObjectStore, IDBIndex and IDBRecord. A handle of a transaction has the definition that the
// connection shares; both kinds of handles read through the same functions.
(function(host) {
var lib = host.platform;
var idb = lib.idb;
var natives = idb.natives;
var idl = lib.extra('idl');
var STORE = idb.STORE, INDEX = idb.INDEX;
var ACTIVE = idb.ACTIVE, INACTIVE = idb.INACTIVE;
var OTHER = lib.bit.other;
var NO_OVERWRITE = 1, AT_CURSOR = 2;
// What natives.collect appends.
var VALUES = 0, PRIMARY_KEYS = 1, RECORDS = 2;

function storeOf(self) { return idb.stateOf(self, STORE); }
function indexOf(self) { return idb.stateOf(self, INDEX); }

idb.storeHandle = function(tx, store) {
  var handle = tx.handles[store.id];
  if (handle === undefined) {
    handle = tx.handles[store.id] = {
      is: OTHER,
      kind: STORE,
      object: null,
      tx: tx,
      store: store,
      index: null,
      path: idb.copyPath(store.keyPath),
      handles: {},
    };
    handle.object = lib.make(IDBObjectStore.prototype, handle);
  }
  return handle.object;
};

function indexHandle(parent, index) {
  var handle = parent.handles[index.id];
  if (handle === undefined) {
    handle = parent.handles[index.id] = {
      is: OTHER,
      kind: INDEX,
      object: null,
      tx: parent.tx,
      store: parent.store,
      index: index,
      path: idb.copyPath(index.keyPath),
      parent: parent.object,
    };
    handle.object = lib.make(IDBIndex.prototype, handle);
  }
  return handle.object;
}

// -- Checks, in the specification's order

function isDeleted(handle) {
  return handle.store.deleted || (handle.index !== null && handle.index.deleted);
}
idb.isDeleted = isDeleted;

function mustBeActive(tx) {
  if (tx.state !== ACTIVE)
    idb.fail('TransactionInactiveError', 'The transaction is not active');
}
idb.mustBeActive = mustBeActive;

function mustBeUsable(handle) {
  if (isDeleted(handle))
    idb.fail('InvalidStateError', 'The object store or index has been deleted');
  mustBeActive(handle.tx);
}

function mustBeWritable(handle) {
  mustBeUsable(handle);
  if (handle.tx.mode === idb.READ_ONLY)
    idb.fail('ReadOnlyError', 'The transaction is read-only');
}

// -- Reading. The definition of a read has {handle, range, direction, flags}.

idb.sendRead = function(read, operation, limit, flags, afterKey, afterPrimary) {
  var handle = read.handle;
  natives.read(handle.tx.number, operation, handle.store.id,
               handle.index === null ? 0 : handle.index.id, read.range.lower, read.range.upper,
               read.range.flags | read.flags | flags, read.direction, limit, afterKey,
               // Only one record of a key is visited by a unique direction, and by a store.
               handle.index === null || (read.direction & 1) ? undefined : afterPrimary);
};

function one(self, handle, given, what, as, flags) {
  lib.need(given, 1, what);
  mustBeUsable(handle);
  var range = idb.range(given[0], true);
  var operation = idb.nextOperation();
  idb.sendRead({handle: handle, range: range, direction: 0, flags: flags}, operation, 1, 0);
  var request = idb.request(handle.tx, self, as);
  request.store = handle.store.id;
  return request.object;
}

function count(self, handle, given) {
  mustBeUsable(handle);
  var range = idb.range(given[0]);
  natives.count(handle.tx.number, idb.nextOperation(), handle.store.id,
                handle.index === null ? 0 : handle.index.id, range.lower, range.upper,
                range.flags);
  return idb.request(handle.tx, self, idb.AS_COUNT).object;
}

// Spec: IndexedDB#create-request-to-retrieve-multiple-items
function many(self, handle, given, what) {
  mustBeUsable(handle);
  var options = idb.manyOf(given, what === RECORDS);
  return all(self, handle, options, what);
}

function all(self, handle, options, what) {
  var read = {
    handle: handle,
    range: options.range,
    direction: options.direction,
    flags: (what === PRIMARY_KEYS ? 0 : idb.WANT_VALUES),
  };
  var tx = handle.tx;
  idb.sendRead(read, idb.nextOperation(), options.count, idb.BARRIER);
  var request = idb.request(tx, self, idb.AS_NOTHING);
  var list = [];
  request.page = function(request, answer, at, failure, operation) {
    if (failure === undefined) {
      try {
        if (natives.collect(answer, at, list, what, tx.connection.id, handle.store.id)) {
          delete tx.pending[operation];
          var next = idb.nextOperation();
          var limit = options.count && options.count - list.length / (what === RECORDS ? 3 : 1);
          tx.pending[next] = request;
          var last = natives.records(answer, at) - 1;
          idb.sendRead(read, next, limit, idb.GOES_ON, natives.recordKey(answer, at, last),
                       natives.recordPrimary(answer, at, last));
          return true;
        }
      } catch (error) {
        request.failure = ['UnknownError', String(error.message)];
      }
    }
    natives.release(tx.number);
    return false;
  };
  request.finish = function() { return what === RECORDS ? records(list) : list; };
  return request.object;
}

// -- Writing

function write(handle, given, what, flags) {
  lib.need(given, 1, what);
  mustBeWritable(handle);
  var store = handle.store;
  var key = given[1];
  if (key !== undefined) {
    if (store.keyPath !== null)
      idb.fail('DataError', 'The object store uses in-line keys: no key may be given');
    key = idb.key(key);
  } else if (store.keyPath === null && !store.auto) {
    idb.fail('DataError', 'The object store uses out-of-line keys: a key must be given');
  }
  return put(handle.object, handle, given[0], key, flags);
}

// Spec: IndexedDB#clone-value
function put(source, handle, value, key, flags) {
  var tx = handle.tx;
  tx.state = INACTIVE;
  try {
    natives.put(tx.number, idb.nextOperation(), tx.connection.id, handle.store.id, value, key,
                flags);
  } finally {
    if (tx.state === INACTIVE)
      tx.state = ACTIVE;
  }
  tx.writes++;
  return idb.request(tx, source, idb.AS_KEY).object;
}

idb.putAtCursor = function(source, handle, value, key) {
  return put(source, handle, value, key, AT_CURSOR);
};

idb.deleteRange = function(source, handle, range) {
  natives.remove(handle.tx.number, idb.nextOperation(), handle.store.id, range.lower, range.upper,
                 range.flags);
  handle.tx.writes++;
  return idb.request(handle.tx, source, idb.AS_NOTHING).object;
};

// -- Renaming

function rename(handle, item, siblings, name, index) {
  name = idl.string(name);
  if (isDeleted(handle))
    idb.fail('InvalidStateError', 'The object store or index has been deleted');
  if (handle.tx.mode !== idb.VERSION_CHANGE)
    idb.fail('InvalidStateError', 'The transaction is not an upgrade transaction');
  mustBeActive(handle.tx);
  if (item.name === name)
    return;
  if (idb.named(siblings, name))
    idb.fail('ConstraintError', "The name '" + name + "' is taken");
  item.name = name;
  natives.renameSchema(handle.tx.number, handle.tx.connection.id, handle.store.id, index, name);
}

// -- IDBObjectStore

function IDBObjectStore() { lib.illegal(); }

// Spec: IndexedDB#object-store-interface
lib.expose('IDBObjectStore', IDBObjectStore, {
  get name() { return storeOf(this).store.name; },
  set name(name) {
    var handle = storeOf(this);
    rename(handle, handle.store, handle.tx.connection.stores, name, 0);
  },
  get keyPath() { return storeOf(this).path; },
  get indexNames() { return idb.names(storeOf(this).store.indexes); },
  get transaction() { return storeOf(this).tx.object; },
  get autoIncrement() { return storeOf(this).store.auto; },
  put(value) { return write(storeOf(this), arguments, 'IDBObjectStore.put', 0); },
  add(value) { return write(storeOf(this), arguments, 'IDBObjectStore.add', NO_OVERWRITE); },
  'delete'(query) {
    var handle = storeOf(this);
    lib.need(arguments, 1, 'IDBObjectStore.delete');
    mustBeWritable(handle);
    return idb.deleteRange(this, handle, idb.range(query, true));
  },
  clear() {
    var handle = storeOf(this);
    mustBeWritable(handle);
    natives.clear(handle.tx.number, idb.nextOperation(), handle.store.id);
    handle.tx.writes++;
    return idb.request(handle.tx, this, idb.AS_NOTHING).object;
  },
  'get'(query) {
    return one(this, storeOf(this), arguments, 'IDBObjectStore.get', idb.AS_VALUE,
               idb.WANT_VALUES);
  },
  getKey(query) {
    return one(this, storeOf(this), arguments, 'IDBObjectStore.getKey', idb.AS_PRIMARY_KEY, 0);
  },
  getAll() { return many(this, storeOf(this), arguments, VALUES); },
  getAllKeys() { return many(this, storeOf(this), arguments, PRIMARY_KEYS); },
  getAllRecords() { return many(this, storeOf(this), arguments, RECORDS); },
  count() { return count(this, storeOf(this), arguments); },
  openCursor() { return open(this, storeOf(this), arguments, false); },
  openKeyCursor() { return open(this, storeOf(this), arguments, true); },
  index(name) {
    var handle = storeOf(this);
    lib.need(arguments, 1, 'IDBObjectStore.index');
    name = idl.string(name);
    if (handle.store.deleted)
      idb.fail('InvalidStateError', 'The object store has been deleted');
    if (handle.tx.state === idb.FINISHED)
      idb.fail('InvalidStateError', 'The transaction has finished');
    var index = idb.named(handle.store.indexes, name);
    if (!index)
      idb.fail('NotFoundError', "There is no index '" + name + "'");
    return indexHandle(handle, index);
  },
  createIndex(name, keyPath) {
    var handle = storeOf(this);
    lib.need(arguments, 2, 'IDBObjectStore.createIndex');
    name = idl.string(name);
    keyPath = idb.stringOrList(keyPath, 'IDBObjectStore.createIndex');
    var options = lib.dictionary(arguments[2], 'IDBObjectStore.createIndex');
    var multi = !!options.multiEntry;
    var unique = !!options.unique;
    mustBeUpgrading(handle);
    if (idb.named(handle.store.indexes, name))
      idb.fail('ConstraintError', "There is an index '" + name + "' already");
    if (!idb.isKeyPath(keyPath))
      idb.fail('SyntaxError', 'The key path is not valid');
    if (multi && Array.isArray(keyPath))
      idb.fail('InvalidAccessError', 'A multiEntry index cannot have a list of key paths');
    var index = {
      id: handle.tx.connection.nextId++,
      name: name,
      keyPath: keyPath,
      unique: unique,
      multi: multi,
      deleted: false,
    };
    handle.store.indexes.push(index);
    natives.createIndex(handle.tx.number, handle.tx.connection.id, handle.store.id, index.id, name,
                        keyPath, unique, multi);
    if (!handle.store.isNew || handle.tx.writes > 0)
      fill(handle, index);
    return indexHandle(handle, index);
  },
  deleteIndex(name) {
    var handle = storeOf(this);
    lib.need(arguments, 1, 'IDBObjectStore.deleteIndex');
    name = idl.string(name);
    mustBeUpgrading(handle);
    var indexes = handle.store.indexes;
    var index = idb.named(indexes, name);
    if (!index)
      idb.fail('NotFoundError', "There is no index '" + name + "'");
    indexes.splice(indexes.indexOf(index), 1);
    index.deleted = true;
    natives.deleteSchema(handle.tx.number, handle.tx.connection.id, handle.store.id, index.id);
  },
});

function mustBeUpgrading(handle) {
  if (handle.tx.mode !== idb.VERSION_CHANGE)
    idb.fail('InvalidStateError', 'The transaction is not an upgrade transaction');
  mustBeUsable(handle);
}

// The records that are there get their keys of the new index; nothing of the transaction that
// comes later runs before.
function fill(handle, index) {
  var tx = handle.tx;
  var read = {
    handle: {tx: tx, store: handle.store, index: null},
    range: idb.range(null),
    direction: 0,
    flags: idb.WANT_VALUES
  };
  var reading = idb.nextOperation();
  idb.sendRead(read, reading, 0, idb.STRONG_BARRIER);
  var step = idb.step(tx, function() { return undefined; });
  var left = 0;
  step.page = function(step, answer, at, failure, operation) {
    if (failure !== undefined)
      step.failure = step.failure || failure;
    if (operation !== reading) {
      left--;
    } else {
      delete tx.pending[operation];
      reading = 0;
      if (failure === undefined)
        fillFrom(answer, at);
    }
    if (left > 0 || reading !== 0)
      return true;
    natives.release(tx.number);
    return false;
  };
  function fillFrom(answer, at) {
    var filling = idb.nextOperation();
    var added = natives.fill(tx.number, filling, tx.connection.id, handle.store.id, index.id,
                             answer, at);
    left += added;
    if (added > 0)
      tx.pending[filling] = step;
    if (!natives.more(answer, at))
      return;
    reading = idb.nextOperation();
    tx.pending[reading] = step;
    idb.sendRead(read, reading, 0, idb.GOES_ON,
                 natives.recordKey(answer, at, natives.records(answer, at) - 1));
  }
}

function open(self, handle, given, keyOnly) {
  var direction = given[1] === undefined ? 0 : idb.direction(given[1]);
  mustBeUsable(handle);
  return idb.openCursor(self, handle, idb.range(given[0]), direction, keyOnly);
}

// -- IDBIndex

function IDBIndex() { lib.illegal(); }

// Spec: IndexedDB#index-interface
lib.expose('IDBIndex', IDBIndex, {
  get name() { return indexOf(this).index.name; },
  set name(name) {
    var handle = indexOf(this);
    rename(handle, handle.index, handle.store.indexes, name, handle.index.id);
  },
  get objectStore() { return indexOf(this).parent; },
  get keyPath() { return indexOf(this).path; },
  get multiEntry() { return indexOf(this).index.multi; },
  get unique() { return indexOf(this).index.unique; },
  'get'(query) {
    return one(this, indexOf(this), arguments, 'IDBIndex.get', idb.AS_VALUE, idb.WANT_VALUES);
  },
  getKey(query) {
    return one(this, indexOf(this), arguments, 'IDBIndex.getKey', idb.AS_PRIMARY_KEY, 0);
  },
  getAll() { return many(this, indexOf(this), arguments, VALUES); },
  getAllKeys() { return many(this, indexOf(this), arguments, PRIMARY_KEYS); },
  getAllRecords() { return many(this, indexOf(this), arguments, RECORDS); },
  count() { return count(this, indexOf(this), arguments); },
  openCursor() { return open(this, indexOf(this), arguments, false); },
  openKeyCursor() { return open(this, indexOf(this), arguments, true); },
});

// -- IDBRecord

function IDBRecord() { lib.illegal(); }

// Spec: IndexedDB#record-interface
lib.expose('IDBRecord', IDBRecord, {
  get key() { return idb.stateOf(this, idb.RECORD).key; },
  get primaryKey() { return idb.stateOf(this, idb.RECORD).primaryKey; },
  get value() { return idb.stateOf(this, idb.RECORD).value; },
});

function records(list) {
  var out = [];
  for (var i = 0; i < list.length; i += 3)
    out.push(lib.make(
        IDBRecord.prototype,
        {is: OTHER, kind: idb.RECORD, key: list[i], primaryKey: list[i + 1], value: list[i + 2]}));
  return out;
}
})(__host);
