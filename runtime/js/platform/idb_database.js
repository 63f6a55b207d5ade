// SPDX-License-Identifier: MIT
// IDBFactory and IDBDatabase: opening, upgrading, closing and deleting. A connection's stores are
// definitions {id, name, keyPath, auto, indexes, deleted} that its transactions share; an upgrade
// transaction that aborts puts back how they were.
(function(host) {
var lib = host.platform;
var $ = lib.slot;
var idb = lib.idb;
var natives = idb.natives;
var idl = lib.extra('idl');
var TARGET = lib.bit.target;
var DATABASE = idb.DATABASE;
var VERSION_MAX = 9007199254740991;
// Connections and pending requests by number.
var opens = {};
var last = 0;

// -- Factory

function IDBFactory() { lib.illegal(); }

// Spec: IndexedDB#factory-interface
lib.expose('IDBFactory', IDBFactory, {
  open(name) {
    idb.stateOf(this, idb.FACTORY);
    lib.need(arguments, 1, 'IDBFactory.open');
    name = idl.string(name);
    var version = 0;
    if (arguments[1] !== undefined) {
      version = idl.enforceRange(arguments[1], VERSION_MAX, 'The version');
      if (version === 0)
        throw new TypeError('The version must not be 0');
    }
    var entry = begin();
    natives.open(entry.id, name, version, idb.reply(function(database, failure, message) {
      entry.outcome = [database, failure, message];
      idb.post(function() { opened(entry); });
    }));
    return entry.request.object;
  },
  deleteDatabase(name) {
    idb.stateOf(this, idb.FACTORY);
    lib.need(arguments, 1, 'IDBFactory.deleteDatabase');
    name = idl.string(name);
    var entry = begin();
    natives.deleteDatabase(entry.id, name, idb.reply(function(oldVersion, failure, message) {
      idb.post(function() {
        delete opens[entry.id];
        if (failure !== undefined)
          return refuse(entry.request, failure, message);
        entry.request.done = true;
        idb.fireVersionChange(entry.request.object, 'success', oldVersion, null);
      });
    }));
    return entry.request.object;
  },
  databases() {
    var self = this;
    return lib.promised(function(promise) {
      idb.stateOf(self, idb.FACTORY);
      natives.databases(idb.reply(function(list, failure, message) {
        idb.post(function() {
          if (failure !== undefined)
            lib.reject(promise, idb.error(failure, message));
          else
            lib.resolve(promise, list.map(infoOf));
        });
      }));
    });
  },
  cmp(first, second) {
    idb.stateOf(this, idb.FACTORY);
    lib.need(arguments, 2, 'IDBFactory.cmp');
    first = idb.key(first);
    second = idb.key(second);
    return first < second ? -1 : first > second ? 1 : 0;
  },
});

var factory = lib.make(IDBFactory.prototype, {is: lib.bit.other, kind: idb.FACTORY});
lib.scope_members({
  get indexedDB() { return lib.of(this, lib.bit.global) && factory; },
});

function infoOf(database) { return {name: database.name, version: database.version}; }

function begin() {
  var entry = {
    id: ++last,
    request: idb.makeOpenRequest(),
    connection: null,
    outcome: null,
  };
  opens[entry.id] = entry;
  return entry;
}

function refuse(request, name, message) {
  request.result = undefined;
  request.error = idb.error(name, message);
  request.done = true;
  idb.fire(request.object, 'error', {bubbles: true, cancelable: true});
}

// Spec: IndexedDB#opening
function opened(entry) {
  // The upgrade transaction's last event comes first.
  if (entry.outcome === null || (entry.connection && entry.connection.upgrade))
    return;
  var outcome = entry.outcome;
  var request = entry.request;
  entry.outcome = null;
  var connection = entry.connection;
  if (outcome[1] === undefined && connection && connection.closing)
    outcome = [undefined, 'AbortError', 'The connection was closed'];
  if (outcome[1] !== undefined) {
    delete opens[entry.id];
    if (connection)
      connection.closing = true;
    return refuse(request, outcome[1], outcome[2]);
  }
  if (!connection)
    connection = connect(entry, outcome[0]);
  request.result = connection.object;
  request.error = null;
  request.done = true;
  idb.fire(request.object, 'success');
}

function connect(entry, database) {
  var connection = {
    is: TARGET,
    kind: DATABASE,
    listeners: [],
    handlers: null,
    parent: null,
    object: null,
    id: entry.id,
    name: database.name,
    version: database.version,
    nextId: database.nextId,
    stores: database.stores,
    closing: false,
    upgrade: null,
    transactions: [],
  };
  connection.object = lib.make(IDBDatabase.prototype, connection);
  entry.connection = connection;
  return connection;
}

// -- Notices of storage

var notices = {
  blocked: function(entry, oldVersion, newVersion) {
    idb.fireVersionChange(entry.request.object, 'blocked', oldVersion, newVersion || null);
  },
  // Spec: IndexedDB#upgrade-transaction-steps
  upgradeNeeded: function(entry, oldVersion, newVersion, database) {
    var connection = connect(entry, database);
    var request = entry.request;
    var tx = idb.makeTransaction(connection, [], idb.VERSION_CHANGE, 0);
    tx.upgrade = {entry: entry, oldVersion: oldVersion, stores: snapshot(connection.stores)};
    connection.upgrade = tx;
    request.result = connection.object;
    request.tx = tx;
    request.parent = tx.object;
    request.done = true;
    tx.state = idb.ACTIVE;
    var event = idb.fireVersionChange(request.object, 'upgradeneeded', oldVersion,
                                      connection.version);
    if (tx.state === idb.ACTIVE) {
      tx.state = idb.INACTIVE;
      if (event.threw)
        return idb.abort(tx, idb.abortError());
    }
    idb.commitIfIdle(tx);
  },
  versionChange: function(entry, oldVersion, newVersion) {
    if (entry.connection === null || entry.connection.closing)
      return;
    idb.fireVersionChange(entry.connection.object, 'versionchange', oldVersion,
                          newVersion || null);
    if (!entry.connection.closing)
      natives.acknowledge(entry.id);
  },
  lost: function(entry) {
    var connection = entry.connection;
    delete opens[entry.id];
    if (connection === null)
      return;
    connection.closing = true;
    connection.transactions.slice().forEach(function(tx) {
      idb.abort(tx, idb.abortError('The connection was lost'));
    });
    idb.post(function() { idb.fire(connection.object, 'close'); });
  },
};

lib.idbNotice = function(kind, id, oldVersion, newVersion, database) {
  idb.post(function() {
    var entry = opens[id];
    if (entry !== undefined)
      notices[kind](entry, oldVersion, newVersion, database);
  });
};

// -- The upgrade transaction's end

function snapshot(stores) {
  return stores.map(function(store) {
    return {
      store: store,
      name: store.name,
      indexes: store.indexes.map(function(index) { return {index: index, name: index.name}; }),
    };
  });
}

// Spec: IndexedDB#abort-upgrade-transaction
idb.revertUpgrade = function(tx) {
  var connection = tx.connection;
  connection.stores.forEach(lose);
  connection.version = tx.upgrade.oldVersion;
  connection.stores = tx.upgrade.stores.map(function(kept) {
    var store = kept.store;
    store.name = kept.name;
    store.deleted = false;
    store.indexes.forEach(function(index) { index.deleted = true; });
    store.indexes = kept.indexes.map(function(item) {
      item.index.name = item.name;
      item.index.deleted = false;
      return item.index;
    });
    return store;
  });
};

// The store is gone, and its indexes.
function lose(store) {
  store.deleted = true;
  store.indexes.forEach(function(index) { index.deleted = true; });
  store.indexes = [];
}

idb.upgradeEnded = function(tx, aborted) {
  var entry = tx.upgrade.entry;
  var request = entry.request;
  request.tx = null;
  request.parent = null;
  if (aborted) {
    request.result = undefined;
    request.done = false;
    tx.connection.closing = true;
  }
  opened(entry);
};

// -- IDBDatabase

function IDBDatabase() { lib.illegal(); }

function databaseOf(self) { return idb.stateOf(self, DATABASE); }

// Spec: IndexedDB#database-interface
lib.expose('IDBDatabase', IDBDatabase, {
  get name() { return databaseOf(this).name; },
  get version() { return databaseOf(this).version; },
  get objectStoreNames() { return idb.names(databaseOf(this).stores); },
  transaction(storeNames) {
    var connection = databaseOf(this);
    lib.need(arguments, 1, 'IDBDatabase.transaction');
    var names = idb.stringOrList(storeNames, 'IDBDatabase.transaction');
    var mode = arguments[1] === undefined
                   ? 'readonly'
                   : lib.oneOf(arguments[1], idb.modes, 'IDBTransactionMode');
    var durability = lib.dictionary(arguments[2], 'IDBDatabase.transaction').durability;
    durability = durability === undefined
                     ? 'default'
                     : lib.oneOf(durability, idb.durabilities, 'IDBTransactionDurability');
    if (connection.upgrade)
      idb.fail('InvalidStateError', 'An upgrade transaction is running');
    if (connection.closing)
      idb.fail('InvalidStateError', 'The connection is closed');
    var scope = scopeOf(connection, Array.isArray(names) ? names : [names]);
    if (scope.length === 0)
      idb.fail('InvalidAccessError', 'The list of object stores is empty');
    if (mode === 'versionchange')
      throw new TypeError("A transaction cannot be made with the mode 'versionchange'");
    return idb
        .makeTransaction(connection, scope, idb.modes.indexOf(mode),
                         idb.durabilities.indexOf(durability))
        .object;
  },
  // Spec: IndexedDB#closing-connection
  close() {
    var connection = databaseOf(this);
    if (connection.closing)
      return;
    connection.closing = true;
    if (!connection.upgrade)
      delete opens[connection.id];
    natives.close(connection.id);
  },
  createObjectStore(name) {
    var connection = databaseOf(this);
    lib.need(arguments, 1, 'IDBDatabase.createObjectStore');
    name = idl.string(name);
    var options = lib.dictionary(arguments[1], 'IDBDatabase.createObjectStore');
    var auto = !!options.autoIncrement;
    var keyPath = options.keyPath;
    keyPath = keyPath === undefined || keyPath === null
                  ? null
                  : idb.stringOrList(keyPath, 'IDBDatabase.createObjectStore');
    var tx = upgradeOf(connection);
    if (keyPath !== null && !idb.isKeyPath(keyPath))
      idb.fail('SyntaxError', 'The key path is not valid');
    if (idb.named(connection.stores, name))
      idb.fail('ConstraintError', "There is an object store '" + name + "' already");
    if (auto && (keyPath === '' || Array.isArray(keyPath)))
      idb.fail('InvalidAccessError', 'A key generator needs a key path of one identifier or none');
    var store = {
      id: connection.nextId++,
      name: name,
      keyPath: keyPath,
      auto: auto,
      indexes: [],
      deleted: false,
      isNew: true,
    };
    connection.stores.push(store);
    natives.createStore(tx.number, connection.id, store.id, name, keyPath, auto);
    return idb.storeHandle(tx, store);
  },
  deleteObjectStore(name) {
    var connection = databaseOf(this);
    lib.need(arguments, 1, 'IDBDatabase.deleteObjectStore');
    name = idl.string(name);
    var tx = upgradeOf(connection);
    var store = idb.named(connection.stores, name);
    if (!store)
      idb.fail('NotFoundError', "There is no object store '" + name + "'");
    connection.stores.splice(connection.stores.indexOf(store), 1);
    lose(store);
    tx.writes++;
    natives.deleteSchema(tx.number, connection.id, store.id, 0);
  },
},
           lib.EventTarget);
lib.handlers(IDBDatabase.prototype, ['abort', 'close', 'error', 'versionchange']);

function upgradeOf(connection) {
  var tx = connection.upgrade;
  if (!tx)
    idb.fail('InvalidStateError', 'No upgrade transaction is running');
  if (tx.state !== idb.ACTIVE)
    idb.fail('TransactionInactiveError', 'The upgrade transaction is not active');
  return tx;
}

function scopeOf(connection, names) {
  var scope = [];
  names.forEach(function(name) {
    var store = idb.named(connection.stores, name);
    if (!store)
      idb.fail('NotFoundError', "There is no object store '" + name + "'");
    if (scope.indexOf(store) < 0)
      scope.push(store);
  });
  return scope;
}
})(__host);
