// SPDX-License-Identifier: MIT
// navigator.locks, as the Web Locks specification has it.
// Deviation: a lock holds within one worker; other workers of the origin have locks of their own.
(function(host) {
var lib = host.platform;
var $ = lib.slot;
var support = lib.load('stream_support');
var postTask = lib.extra('messaging').postTask;
var OTHER = lib.bit.other;
var LOCK = {};
var MANAGER = {};
var MODES = ['shared', 'exclusive'];

// Requests that wait, and locks that are held, in the order they came.
var queue = [];
var held = [];

function without(list, item) {
  return list.filter(function(other) { return other !== item; });
}

function Lock() { lib.illegal(); }

lib.expose('Lock', Lock, {
  get name() { return support.stateOf(this, LOCK).name; },
  get mode() { return support.stateOf(this, LOCK).mode; },
});

// A LockOptions dictionary, read in the order of Web IDL.
function readOptions(given) {
  given = lib.dictionary(given, 'LockOptions');
  var options = {ifAvailable: !!given.ifAvailable, mode: 'exclusive', steal: false};
  var mode = given.mode;
  if (mode !== undefined)
    options.mode = lib.oneOf(lib.string(mode), MODES, 'LockMode');
  options.signal = given.signal;
  if (options.signal !== undefined && !lib.isA(options.signal, lib.bit.signal))
    throw new TypeError('LockManager.request: signal is not an AbortSignal');
  options.steal = !!given.steal;
  return options;
}

function refuse(message) { lib.throwDom('NotSupportedError', message); }

function check(name, options) {
  if (name.charAt(0) === '-')
    refuse('The name of a lock must not begin with a hyphen');
  if (options.steal && options.ifAvailable)
    refuse('steal and ifAvailable exclude each other');
  if (options.steal && options.mode !== 'exclusive')
    refuse('Only an exclusive lock can be stolen');
  if (options.signal !== undefined && (options.steal || options.ifAvailable))
    refuse('A request with a signal can neither steal nor be conditional');
  if (options.signal !== undefined && options.signal[$].aborted)
    throw options.signal[$].reason;
}

// Whether a request that is first for its name would be granted.
function isFree(request) {
  return held.every(function(lock) {
    return lock.name !== request.name || (lock.mode === 'shared' && request.mode === 'shared');
  });
}

function isFirst(request) {
  for (var i = 0; queue[i] !== request && i < queue.length; i++)
    if (queue[i].name === request.name)
      return false;
  return true;
}

function processQueue() {
  queue.slice().forEach(function(request) {
    if (isFirst(request) && isFree(request))
      grant(request);
  });
}

function grant(request) {
  queue = without(queue, request);
  var lock = {
    is: OTHER,
    kind: LOCK,
    name: request.name,
    mode: request.mode,
    released: request.promise,
    stolen: false
  };
  held.push(lock);
  postTask(function() {
    if (request.onAbort !== null)
      lib.load('abort').offAbort(request.signal, request.onAbort);
    if (!lock.stolen && request.signal !== undefined && request.signal[$].aborted)
      return release(lock);
    use(lock, request.callback);
  });
}

function use(lock, callback) {
  var waiting = call(callback, lib.make(Lock.prototype, lock));
  function settled() {
    release(lock);
    lib.resolve(lock.released, waiting);
  }
  host.performThen(waiting, settled, settled);
}

function call(callback, argument) {
  var promise = lib.newPromise();
  try {
    lib.resolve(promise, callback(argument));
  } catch (error) {
    lib.reject(promise, error);
  }
  return promise;
}

function release(lock) {
  held = without(held, lock);
  processQueue();
}

function steal(name) {
  held.filter(function(lock) { return lock.name === name; }).forEach(function(lock) {
    lock.stolen = true;
    held = without(held, lock);
    lib.reject(lock.released, new lib.DOMException('The lock was stolen', 'AbortError'));
  });
}

function watch(request) {
  request.onAbort = function() {
    if (queue.indexOf(request) < 0)
      return;
    queue = without(queue, request);
    lib.reject(request.promise, request.signal[$].reason);
    processQueue();
  };
  lib.load('abort').onAbort(request.signal, request.onAbort);
}

function enqueue(request, options) {
  if (options.steal) {
    steal(request.name);
    queue.unshift(request);
  } else if (options.ifAvailable && !(isFirst(request) && isFree(request))) {
    return postTask(function() { lib.resolve(request.promise, call(request.callback, null)); });
  } else {
    queue.push(request);
  }
  processQueue();
}

function start(name, options, callback) {
  check(name, options);
  var request = {
    name: name,
    mode: options.mode,
    callback: function(lock) { return lib.apply(callback, undefined, [lock]); },
    promise: lib.newPromise(),
    signal: options.signal,
    onAbort: null,
  };
  if (request.signal !== undefined)
    watch(request);
  enqueue(request, options);
  return request.promise;
}

function describe(entry) {
  return {name: entry.name, mode: entry.mode, clientId: String(lib.info.worker)};
}

function LockManager() { lib.illegal(); }

lib.expose('LockManager', LockManager, {
  request(name, callback) {
    try {
      support.stateOf(this, MANAGER);
      lib.need(arguments, 2, 'LockManager.request');
      name = lib.string(name);
      var options = readOptions(arguments.length > 2 ? arguments[1] : undefined);
      callback = arguments.length > 2 ? arguments[2] : callback;
      if (typeof callback !== 'function')
        throw new TypeError('LockManager.request: the callback is not a function');
      return start(name, options, callback);
    } catch (error) {
      return lib.rejected(error);
    }
  },
  query() {
    try {
      support.stateOf(this, MANAGER);
    } catch (error) {
      return lib.rejected(error);
    }
    return lib.resolved({pending: queue.map(describe), held: held.map(describe)});
  },
});

lib.locks = lib.make(LockManager.prototype, {is: OTHER, kind: MANAGER});
})(__host);
