// SPDX-License-Identifier: MIT
// CacheStorage and Cache. Storage belongs to the parent; here are the checks and the objects.
(function(host) {
var lib = host.platform;
var $ = lib.slot;
var G = lib.global;
var of = lib.of;
var CACHE = lib.bit.cache;
var SINGLETON = lib.bit.singleton;
var fetch = G.fetch;

function CacheStorage() { lib.illegal(); }
function Cache() { lib.illegal(); }

function flags(options, what) {
  options = lib.dictionary(options, what);
  return (options.ignoreSearch ? 1 : 0) | (options.ignoreMethod ? 2 : 0) |
         (options.ignoreVary ? 4 : 0);
}

// A request to search with; undefined when nothing can match it. Only its head travels.
function query(input, bits) {
  var state = lib.requestOf(input);
  if (state.method !== 'GET' && !(bits & 2))
    return undefined;
  return headOf(state);
}

function headOf(state) {
  var head = {};
  for (var key in state)
    head[key] = state[key];
  head.body = null;
  return head;
}

function storage(self) {
  var state = of(self, SINGLETON);
  if (state.name !== 'caches')
    throw new TypeError('Illegal invocation');
  return state;
}

// Spec: ServiceWorker#cachestorage-interface
lib.expose('CacheStorage', CacheStorage, {
  match(request) {
    var given = arguments;
    var self = this;
    return lib.promised(function(promise) {
      storage(self);
      lib.need(given, 1, 'CacheStorage.match');
      var options = lib.dictionary(given[1], 'CacheStorage.match');
      var name = options.cacheName === undefined ? undefined : String(options.cacheName);
      var bits = flags(options);
      var wanted = query(request, bits);
      if (wanted === undefined)
        return lib.resolve(promise, undefined);
      host.cacheStorageMatch(wanted, bits, name, lib.answer(promise, firstResponse));
    });
  },
  has(name) { return named(this, arguments, name, 'has', host.cacheHas, found); },
  open(name) {
    return named(
        this, arguments, name, 'open', host.cacheOpen,
        function(result) { return lib.make(Cache.prototype, {is: CACHE, id: result.cache}); });
  },
  'delete'(name) { return named(this, arguments, name, 'delete', host.cacheDrop, found); },
  keys() {
    var self = this;
    return lib.promised(function(promise) {
      storage(self);
      host.cacheNames(lib.answer(promise, function(result) { return result.names; }));
    });
  },
});

function named(self, given, name, what, call, convert) {
  return lib.promised(function(promise) {
    storage(self);
    lib.need(given, 1, 'CacheStorage.' + what);
    call(String(name), lib.answer(promise, convert));
  });
}

function found(result) { return result.found; }

function firstResponse(result) {
  return result.responses.length ? lib.wrapResponse(result.responses[0]) : undefined;
}

function search(self, given, first, wantResponses, convert, empty) {
  return lib.promised(function(promise) {
    var state = of(self, CACHE);
    var bits = flags(given[1]);
    var wanted = given[0] === undefined ? null : query(given[0], bits);
    if (wanted === undefined)
      return lib.resolve(promise, empty);
    host.cacheQuery(state.id, wanted, bits, first, wantResponses, lib.answer(promise, convert));
  });
}

function checkPair(request, response) {
  if (!host.isHttp(request.url))
    throw new TypeError('Cache: the scheme of ' + request.url + ' is not supported');
  if (request.method !== 'GET')
    throw new TypeError("Cache: the method '" + request.method + "' is not supported");
  if (response)
    checkResponse(response);
}

function listOf(state) { return state.headers ? state.headers[$].list : state.list; }

function varyOf(response) {
  var value = lib.header(listOf(response), 'vary');
  return value === null
             ? []
             : value.toLowerCase().split(',').map(function(field) { return field.trim(); });
}

function checkResponse(response) {
  if (response.status === 206)
    throw new TypeError('Cache: a partial response (206) cannot be stored');
  if (!response.opaque && varyOf(response).indexOf('*') >= 0)
    throw new TypeError("Cache: a response with 'Vary: *' cannot be stored");
  if (lib.unusable(response.body))
    throw new TypeError('Cache: the body of the response is already used or locked');
}

function nothing() { return undefined; }

// Spec: ServiceWorker#cache-interface
lib.expose('Cache', Cache, {
  match(request) {
    var given = arguments;
    if (!given.length)
      return lib.rejected(new TypeError('Cache.match: 1 argument required, but only 0 present'));
    return search(this, [request === undefined ? 'undefined' : request, given[1]], true, true,
                  firstResponse, undefined);
  },
  matchAll() {
    return search(
        this, arguments, false, true,
        function(result) { return Object.freeze(result.responses.map(lib.wrapResponse)); },
        Object.freeze([]));
  },
  add(request) {
    var self = this;
    var given = arguments;
    return lib.promised(function(promise) {
      var state = of(self, CACHE);
      lib.need(given, 1, 'Cache.add');
      addAll(state, [request], promise);
    });
  },
  addAll(requests) {
    var self = this;
    var given = arguments;
    return lib.promised(function(promise) {
      var state = of(self, CACHE);
      lib.need(given, 1, 'Cache.addAll');
      addAll(state, lib.sequence(requests, 'Cache.addAll'), promise);
    });
  },
  put(request, response) {
    var self = this;
    var given = arguments;
    return lib.promised(function(promise) {
      var state = of(self, CACHE);
      lib.need(given, 2, 'Cache.put');
      var wanted = lib.requestOf(request);
      if (!lib.isA(response, lib.bit.response))
        throw new TypeError('Cache.put: the second argument is not a Response');
      checkPair(wanted, response[$]);
      host.cachePut(state.id, [headOf(wanted), response[$]], lib.answer(promise, nothing));
    });
  },
  'delete'(request) {
    var self = this;
    var given = arguments;
    return lib.promised(function(promise) {
      var state = of(self, CACHE);
      lib.need(given, 1, 'Cache.delete');
      var bits = flags(given[1]);
      var wanted = query(request, bits);
      if (wanted === undefined)
        return lib.resolve(promise, false);
      host.cacheRemove(state.id, wanted, bits, lib.answer(promise, found));
    });
  },
  keys() {
    return search(this, arguments, false, false, function(result) {
      return Object.freeze(
          result.requests.map(function(state) { return lib.wrapRequest(state, 'immutable'); }));
    }, Object.freeze([]));
  },
});

// As the ServiceWorker specification has it (dom-cache-addall).
function addAll(state, inputs, promise) {
  var requests = inputs.map(function(input) {
    if (lib.isA(input, lib.bit.request))
      checkPair(input[$], null);
    var request = new G.Request(input);
    checkPair(request[$], null);
    return request;
  });
  var responses = [];
  var left = requests.length;
  var over = false;
  function fail(error) {
    if (!over)
      lib.reject(promise, error);
    over = true;
  }
  if (left === 0)
    return lib.resolve(promise, undefined);
  requests.forEach(function(request, at) {
    lib.react(fetch(request), function(response) {
      if (over)
        return;
      responses[at] = response[$];
      try {
        checkAdded(response[$], request[$]);
        if (--left === 0)
          store(state, requests, responses, promise);
      } catch (error) {
        fail(error);
      }
    }, fail);
  });
}

function checkAdded(response, request) {
  if (response.opaque || response.status < 200 || response.status > 299)
    throw new TypeError('Cache.addAll: ' + request.url + ' was answered with status ' +
                        response.status);
  checkResponse(response);
}

function sameVary(a, b, response) {
  return varyOf(response).every(function(
      field) { return lib.header(listOf(a), field) === lib.header(listOf(b), field); });
}

function store(state, requests, responses, promise) {
  var entries = [];
  requests.forEach(function(request, at) {
    var mine = request[$];
    for (var i = 0; i < at; i++)
      if (host.withoutFragment(requests[i][$].url) === host.withoutFragment(mine.url) &&
          sameVary(requests[i][$], mine, responses[i]))
        lib.throwDom('InvalidStateError', 'Cache.addAll: ' + mine.url + ' is there twice');
    entries.push(headOf(mine), responses[at]);
  });
  host.cachePut(state.id, entries, lib.answer(promise, nothing));
}

var caches = lib.make(CacheStorage.prototype, {is: SINGLETON, name: 'caches'});
lib.scope_members({
  get caches() { return of(this, lib.bit.global) && caches; },
});
lib.caches = {};
})(__host);
