// SPDX-License-Identifier: MIT
// IDBRequest, IDBOpenDBRequest and IDBTransaction: what a transaction asks of storage and in which
// order its answers become events. A transaction's requests wait in `requests` from `head` on;
// `pending` has those that storage has not answered, by the number of their operation.
(function(host) {
var lib = host.platform;
var $ = lib.slot;
var idb = lib.idb;
var natives = idb.natives;
var idl = lib.extra('idl');
var TARGET = lib.bit.target;
var REQUEST = idb.REQUEST, TRANSACTION = idb.TRANSACTION;
var ACTIVE = idb.ACTIVE, INACTIVE = idb.INACTIVE, COMMITTING = idb.COMMITTING,
    FINISHED = idb.FINISHED;
var COMMIT = 1, ABORT = 2;
var modes = ['readonly', 'readwrite', 'versionchange'];
var durabilities = ['default', 'strict', 'relaxed'];
idb.modes = modes;
idb.durabilities = durabilities;

// -- Requests

function requestOf(self) { return idb.stateOf(self, REQUEST); }

function pendingError() {
  idb.fail('InvalidStateError', 'The request has not finished');
}

function IDBRequest() { lib.illegal(); }

// Spec: IndexedDB#request-api
lib.expose('IDBRequest', IDBRequest, {
  get result() {
    var state = requestOf(this);
    return state.done ? state.result : pendingError();
  },
  get error() {
    var state = requestOf(this);
    return state.done ? state.error : pendingError();
  },
  get source() { return requestOf(this).source; },
  get transaction() {
    var tx = requestOf(this).tx;
    return tx ? tx.object : null;
  },
  get readyState() { return requestOf(this).done ? 'done' : 'pending'; },
},
           lib.EventTarget);
lib.handlers(IDBRequest.prototype, ['success', 'error']);

function IDBOpenDBRequest() { lib.illegal(); }

lib.expose('IDBOpenDBRequest', IDBOpenDBRequest, {}, IDBRequest);
lib.handlers(IDBOpenDBRequest.prototype, ['blocked', 'upgradeneeded']);

function makeRequest(prototype, source, tx) {
  var state = {
    is: TARGET,
    kind: REQUEST,
    listeners: [],
    handlers: null,
    parent: tx ? tx.object : null,
    object: null,
    done: false,
    result: undefined,
    error: null,
    source: source,
    tx: tx,
    ready: false,
    failure: undefined,
    answer: undefined,
    at: 0,
    as: idb.AS_NOTHING,
    store: 0,
    finish: undefined,
    page: undefined,
  };
  state.object = lib.make(prototype, state);
  return state;
}

idb.makeOpenRequest = function() { return makeRequest(IDBOpenDBRequest.prototype, null, null); };

var lastOperation = 0;
// The number that the next operation is to be added with.
idb.nextOperation = function() { return ++lastOperation; };

// A request for the operation that was just added with idb.nextOperation.
idb.request = function(tx, source, as) {
  var request = makeRequest(IDBRequest.prototype, source, tx);
  request.as = as;
  idb.wait(tx, request);
  return request;
};

// The request waits for the answer of the operation that was just added.
idb.wait = function(tx, request) {
  idb.enqueue(tx, request);
  tx.pending[lastOperation] = request;
};

// The request has its place in the order of answers.
idb.enqueue = function(tx, request) {
  request.ready = request.done = false;
  tx.requests.push(request);
};

// What has a place in the order of requests but is none: `finish` runs when it is its turn.
idb.step = function(tx, finish) {
  var request = {object: null, tx: tx, ready: false, failure: undefined, finish: finish};
  idb.wait(tx, request);
  return request;
};

// -- Transactions

var live = {};
var created = [];

function IDBTransaction() { lib.illegal(); }

function txOf(self) { return idb.stateOf(self, TRANSACTION); }

// Spec: IndexedDB#transaction
lib.expose('IDBTransaction', IDBTransaction, {
  get objectStoreNames() {
    var tx = txOf(this);
    return idb.names(tx.mode === idb.VERSION_CHANGE ? tx.connection.stores : tx.scope);
  },
  get mode() { return modes[txOf(this).mode]; },
  get durability() { return durabilities[txOf(this).durability]; },
  get db() { return txOf(this).connection.object; },
  get error() { return txOf(this).error; },
  objectStore(name) {
    var tx = txOf(this);
    lib.need(arguments, 1, 'IDBTransaction.objectStore');
    name = idl.string(name);
    if (tx.state === FINISHED)
      idb.fail('InvalidStateError', 'The transaction has finished');
    var store = idb.named(tx.mode === idb.VERSION_CHANGE ? tx.connection.stores : tx.scope, name);
    if (!store)
      idb.fail('NotFoundError', "There is no object store '" + name + "' in the transaction");
    return idb.storeHandle(tx, store);
  },
  commit() {
    var tx = txOf(this);
    if (tx.state !== ACTIVE)
      idb.fail('InvalidStateError', 'The transaction is not active');
    commit(tx);
  },
  abort() {
    var tx = txOf(this);
    if (tx.state >= COMMITTING)
      idb.fail('InvalidStateError', 'The transaction is committing or has finished');
    abort(tx, null);
  },
},
           lib.EventTarget);
lib.handlers(IDBTransaction.prototype, ['abort', 'complete', 'error']);

idb.named = function(items, name) {
  for (var i = 0; i < items.length; i++)
    if (items[i].name === name)
      return items[i];
  return undefined;
};

idb.makeTransaction = function(connection, scope, mode, durability) {
  var tx = {
    is: TARGET,
    kind: TRANSACTION,
    listeners: [],
    handlers: null,
    parent: connection.object,
    object: null,
    connection: connection,
    scope: scope,
    mode: mode,
    durability: durability,
    state: mode === idb.VERSION_CHANGE ? INACTIVE : ACTIVE,
    error: null,
    number: natives.begin(connection.id, mode, durability,
                          scope.map(function(store) { return store.id; })),
    requests: [],
    head: 0,
    pending: {},
    queued: false,
    handles: {},
    writes: 0,
    commitSent: false,
    upgrade: null,
  };
  tx.object = lib.make(IDBTransaction.prototype, tx);
  live[tx.number] = tx;
  connection.transactions.push(tx);
  if (tx.state === ACTIVE) {
    created.push(tx);
    natives.wantCleanup();
  }
  return tx;
};

// (HTML: perform-a-microtask-checkpoint.) Transactions that a task made are inactive after it.
lib.idbCleanup = function() {
  var transactions = created;
  created = [];
  transactions.forEach(function(tx) {
    if (tx.state === ACTIVE) {
      tx.state = INACTIVE;
      commitIfIdle(tx);
    }
  });
};

function isIdle(tx) { return tx.head >= tx.requests.length; }

function commitIfIdle(tx) {
  if (!isIdle(tx))
    return;
  if (tx.state === COMMITTING)
    sendCommit(tx);
  else if (tx.state === INACTIVE)
    commit(tx);
}
idb.commitIfIdle = commitIfIdle;

// Spec: IndexedDB#commit-transaction
function commit(tx) {
  tx.state = COMMITTING;
  if (isIdle(tx))
    sendCommit(tx);
}

function sendCommit(tx) {
  if (tx.commitSent)
    return;
  tx.commitSent = true;
  natives.finish(tx.number, COMMIT);
}

function ended(tx) {
  tx.state = FINISHED;
  delete live[tx.number];
  var all = tx.connection.transactions;
  all.splice(all.indexOf(tx), 1);
}

function committed(tx) {
  if (tx.state === FINISHED)
    return;
  ended(tx);
  if (tx.upgrade)
    tx.connection.upgrade = null;
  idb.fire(tx.object, 'complete');
  if (tx.upgrade)
    idb.upgradeEnded(tx, false);
}

// Spec: IndexedDB#abort-transaction
function abort(tx, error) {
  if (tx.state === FINISHED)
    return;
  if (tx.upgrade)
    idb.revertUpgrade(tx);
  ended(tx);
  tx.error = error;
  var requests = tx.requests.slice(tx.head);
  tx.requests = [];
  tx.head = 0;
  tx.pending = {};
  natives.finish(tx.number, ABORT);
  requests.forEach(function(request) {
    if (request.object !== null)
      idb.post(function() { failAborted(request); });
  });
  idb.post(function() {
    if (tx.upgrade)
      tx.connection.upgrade = null;
    idb.fire(tx.object, 'abort', {bubbles: true});
    if (tx.upgrade)
      idb.upgradeEnded(tx, true);
  });
}
idb.abort = abort;

function failAborted(request) {
  request.done = true;
  request.result = undefined;
  request.answer = request.finish = undefined;
  request.error = idb.error('AbortError', 'The transaction was aborted');
  idb.fire(request.object, 'error', {bubbles: true, cancelable: true});
}

idb.abortError = function(
    message) { return idb.error('AbortError', message || 'An event handler threw an exception'); };

// -- Answers

// The answers of storage to the operations with these numbers. `failures` has [name, message] by
// place; `name` and `message` are there when the whole submit failed, and `isEnd` is true when it
// was to commit.
lib.idbAnswered = function(number, operations, failures, name, message, isEnd, answer) {
  var tx = live[number];
  if (tx === undefined)
    return;
  for (var i = 0; i < operations.length; i++) {
    var request = tx.pending[operations[i]];
    if (request === undefined) {
      if (failures && failures[i])
        abortLater(tx, failures[i]);
      continue;
    }
    if (request.page !== undefined &&
        request.page(request, answer, i, failures && failures[i], operations[i]))
      continue;
    delete tx.pending[operations[i]];
    if (failures && failures[i])
      request.failure = failures[i];
    request.answer = answer;
    request.at = i;
    request.ready = true;
  }
  if (name !== undefined)
    abortLater(tx, [name, message]);
  else if (isEnd)
    idb.post(function() { committed(tx); });
  queue(tx);
};

function abortLater(tx, failure) {
  idb.post(function() { abort(tx, idb.error(failure[0], failure[1])); });
}

function queue(tx) {
  if (tx.queued || isIdle(tx) || !tx.requests[tx.head].ready)
    return;
  tx.queued = true;
  idb.post(tx);
}
idb.queue = queue;

// Spec: IndexedDB#async-execute-request
idb.deliverNext = function(tx) {
  tx.queued = false;
  if (isIdle(tx) || !tx.requests[tx.head].ready)
    return;
  var request = tx.requests[tx.head];
  if (request.failure !== undefined && tx.state === COMMITTING)
    return abort(tx, idb.error(request.failure[0], request.failure[1]));
  tx.requests[tx.head++] = undefined;
  if (tx.head === tx.requests.length) {
    tx.requests = [];
    tx.head = 0;
  }
  if (request.object === null)
    finishStep(tx, request);
  else
    settle(tx, request);
  queue(tx);
};

function finishStep(tx, step) {
  if (step.failure !== undefined)
    return abort(tx, idb.error(step.failure[0], step.failure[1]));
  step.finish(step);
  commitIfIdle(tx);
}

function settle(tx, request) {
  request.done = true;
  var failure = request.failure;
  if (failure === undefined) {
    try {
      request.result = request.finish !== undefined
                           ? request.finish(request)
                           : natives.result(request.answer, request.at, request.as,
                                            tx.connection.id, request.store);
    } catch (error) {
      failure = [error.name === 'DataCloneError' ? 'UnknownError' : String(error.name),
                 String(error.message)];
    }
  }
  request.answer = undefined;
  request.failure = undefined;
  if (failure === undefined) {
    request.error = null;
    fireSuccess(tx, request);
  } else {
    request.result = undefined;
    request.error = idb.error(failure[0], failure[1]);
    fireError(tx, request);
  }
}

function someoneListens(tx, request, type) {
  return idb.listens(request, type) || idb.listens(tx, type) || idb.listens(tx.connection, type);
}

// Spec: IndexedDB#fire-success-event
function fireSuccess(tx, request) {
  var threw = false;
  if (tx.state === INACTIVE)
    tx.state = ACTIVE;
  if (someoneListens(tx, request, 'success'))
    threw = idb.fire(request.object, 'success').threw;
  afterEvent(tx, threw ? idb.abortError() : null);
}

// Spec: IndexedDB#fire-error-event
function fireError(tx, request) {
  if (tx.state === INACTIVE)
    tx.state = ACTIVE;
  var event = idb.fire(request.object, 'error', {bubbles: true, cancelable: true});
  afterEvent(tx, event.threw ? idb.abortError() : event.canceled ? null : request.error);
}

function afterEvent(tx, error) {
  if (tx.state === ACTIVE) {
    tx.state = INACTIVE;
    if (error !== null)
      return abort(tx, error);
  }
  commitIfIdle(tx);
}
})(__host);
