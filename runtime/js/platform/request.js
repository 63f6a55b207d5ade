// SPDX-License-Identifier: MIT
// Request.
(function(host) {
var lib = host.platform;
var $ = lib.slot;
var of = lib.of;
var REQUEST = lib.bit.request;
var unusable = lib.unusable;
var listOf = lib.listOf;

function isNullish(value) { return value === undefined || value === null; }

// Spec: Fetch#concept-method
function methodOf(value) {
  if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(value))
    throw new TypeError("'" + value + "' is not a valid HTTP method");
  var upper = value.toUpperCase();
  if (upper === 'CONNECT' || upper === 'TRACE' || upper === 'TRACK')
    throw new TypeError("'" + value + "' is a forbidden HTTP method");
  return /^(DELETE|GET|HEAD|OPTIONS|POST|PUT)$/.test(upper) ? upper : value;
}

function parseUrl(value) {
  value = host.scalar(value);
  var href = host.resolveUrl(value, lib.base);
  if (href === undefined)
    throw new TypeError("Failed to parse URL from '" + value + "'");
  if (host.hasCredentials(href))
    throw new TypeError('Request cannot be made from a URL that includes credentials: ' + href);
  return href;
}

function freshRequest(url) {
  return {
    is: REQUEST,
    method: 'GET',
    url: url,
    list: [],
    headers: null,
    body: null,
    destination: '',
    mode: 'cors',
    credentials: 'same-origin',
    cache: 'default',
    redirect: 'follow',
    referrer: 'about:client',
    referrerPolicy: '',
    integrity: '',
    keepalive: false,
    reload: false,
    signal: null,
    aborted: false,
    duplex: 'half',
    blob: undefined,
  };
}

// The blob is the one that the URL means now, also if it is revoked before the fetch.
function requestTo(url) {
  var state = freshRequest(url);
  if (url.slice(0, 5) === 'blob:')
    state.blob = lib.load('url').blobOf(host.withoutFragment(url));
  return state;
}

function copyRequest(from) {
  var copy = freshRequest(from.url);
  copy.method = from.method;
  copy.list = listOf(from).slice();
  ['mode', 'credentials', 'cache', 'redirect', 'referrer', 'referrerPolicy', 'integrity',
   'keepalive', 'destination', 'reload', 'blob']
      .forEach(function(key) { copy[key] = from[key]; });
  return copy;
}

// Spec: Fetch#dom-request
function Request(input) {
  lib.constructing(new.target, 'Request');
  lib.need(arguments, 1, 'Request');
  var from = lib.isA(input, REQUEST) ? input[$] : null;
  if (!from)
    input = host.scalar(input);
  var init = arguments[1] === undefined || arguments[1] === null ? none : read(arguments[1]);
  var state = from ? copyRequest(from) : requestTo(parseUrl(input));
  state.destination = '';
  if (init !== none)
    applyInit(state, init);
  var signal = init.signal;
  if (signal === undefined && from)
    signal = from.signal || (from.aborted ? lib.signalOf(from) : null);
  state.signal = signal ? lib.load('abort').dependent([signal]) : null;
  applyHeaders(state, init);
  applyBody(state, init, from);
  this[$] = state;
}

// The members of RequestInit in the order of Web IDL, each with its conversion.
function same(value) { return value; }

function choice(allowed, what) {
  return function(value) { return lib.oneOf(value, allowed, what); };
}

var members = {
  body: same,
  cache: choice(
      ['default', 'no-store', 'reload', 'no-cache', 'force-cache', 'only-if-cached'],
      'RequestCache'),
  credentials: choice(['omit', 'same-origin', 'include'], 'RequestCredentials'),
  duplex: choice(['half'], 'RequestDuplex'),
  headers: same,
  integrity: lib.string,
  keepalive: Boolean,
  method: function(value) { return host.byteString(value); },
  mode: choice(['navigate', 'same-origin', 'no-cors', 'cors'], 'RequestMode'),
  priority: choice(['high', 'low', 'auto'], 'RequestPriority'),
  redirect: choice(['follow', 'error', 'manual'], 'RequestRedirect'),
  referrer: function(value) { return host.scalar(value); },
  referrerPolicy: choice(policies(), 'ReferrerPolicy'),
  signal: function(value) {
    if (value !== null && !lib.isA(value, lib.bit.signal))
      throw new TypeError('Request: signal is not an AbortSignal');
    return value;
  },
  window: same,
};
var names = Object.keys(members);
var none = Object.create(null);

// A dictionary of which no member is present counts as none.
function read(object) {
  object = lib.dictionary(object, 'Request');
  var init = none;
  for (var i = 0; i < names.length; i++) {
    var value = object[names[i]];
    if (value === undefined)
      continue;
    if (init === none)
      init = Object.create(null);
    init[names[i]] = members[names[i]](value);
  }
  return init;
}

function applyInit(state, init) {
  if (init.window !== undefined && init.window !== null)
    throw new TypeError('Request: window can only be null');
  if (state.mode === 'navigate')
    state.mode = 'same-origin';
  state.reload = false;
  state.referrer = 'about:client';
  state.referrerPolicy = '';
  if (init.referrer !== undefined)
    state.referrer = referrerOf(init.referrer);
  ['referrerPolicy', 'mode', 'credentials', 'cache', 'redirect', 'integrity',
   'keepalive'].forEach(function(name) {
    if (init[name] !== undefined)
      state[name] = init[name];
  });
  if (state.mode === 'navigate')
    throw new TypeError('A request with mode navigate cannot be made by a script');
  if (state.cache === 'only-if-cached' && state.mode !== 'same-origin')
    throw new TypeError("Cache mode 'only-if-cached' needs mode 'same-origin'");
  if (init.method !== undefined)
    state.method = methodOf(init.method);
}

function policies() {
  return [
    '', 'no-referrer', 'no-referrer-when-downgrade', 'same-origin', 'origin', 'strict-origin',
    'origin-when-cross-origin', 'strict-origin-when-cross-origin', 'unsafe-url'
  ];
}

function referrerOf(value) {
  if (value === '')
    return '';
  var href = host.resolveUrl(value, lib.base);
  if (href === undefined)
    throw new TypeError("Failed to parse the referrer '" + value + "'");
  if (/^about:client($|[?#])/.test(href) || host.originOf(href) !== host.originOf(lib.base))
    return 'about:client';
  return href;
}

function applyHeaders(state, init) {
  var guard = state.mode === 'no-cors' ? 'request-no-cors' : 'request';
  if (guard === 'request-no-cors' && !/^(GET|HEAD|POST)$/.test(state.method))
    throw new TypeError("'" + state.method + "' is not allowed in mode no-cors");
  if (init.headers !== undefined)
    state.list = lib.headerList(init.headers, guard);
  else if (init !== none && state.list.length)
    state.list = lib.headerList(lib.headersOf(state.list, 'none'), guard);
  state.guard = guard;
}

function applyBody(state, init, from) {
  var inherited = from ? from.body : null;
  if ((!isNullish(init.body) || inherited !== null) &&
      (state.method === 'GET' || state.method === 'HEAD'))
    throw new TypeError('Request with GET or HEAD method cannot have a body');
  if (!isNullish(init.body)) {
    var extracted = lib.extract(init.body, state.keepalive);
    state.body = extracted[0];
    if (extracted[1] !== null && lib.header(state.list, 'content-type') === null)
      state.list.push('content-type', extracted[1]);
    if (state.body.stream !== undefined)
      checkStream(state, init.duplex !== undefined);
    return;
  }
  if (inherited === null)
    return;
  if (inherited.stream !== undefined)
    checkStream(state, true);
  if (unusable(inherited))
    throw new TypeError('The body of the request is already used or locked');
  state.body = lib.moveBody(inherited);
}

function checkStream(state, isHalf) {
  if (!isHalf)
    throw new TypeError("A stream as body needs duplex: 'half'");
  if (state.mode !== 'same-origin' && state.mode !== 'cors')
    throw new TypeError('A request with a stream as its body needs mode same-origin or cors');
}

lib.signalOf = function(state) {
  if (!state.signal) {
    state.signal = lib.load('abort').makeSignal();
    if (state.aborted)
      lib.load('abort').signalAbort(state.signal,
                                    new lib.DOMException('The request was aborted', 'AbortError'));
  }
  return state.signal;
};

lib.lazyHeaders = headersOf;
function headersOf(state, guard) {
  return state.headers || (state.headers = lib.headersOf(state.list, guard));
}

// Spec: Fetch#request-class
lib.Request = lib.expose('Request', Request, {
  get method() { return of(this, REQUEST).method; },
  get url() { return of(this, REQUEST).url; },
  get headers() {
    var state = of(this, REQUEST);
    return headersOf(state, state.guard);
  },
  get destination() { return of(this, REQUEST).destination; },
  get referrer() { return of(this, REQUEST).referrer; },
  get referrerPolicy() { return of(this, REQUEST).referrerPolicy; },
  get mode() { return of(this, REQUEST).mode; },
  get credentials() { return of(this, REQUEST).credentials; },
  get cache() { return of(this, REQUEST).cache; },
  get redirect() { return of(this, REQUEST).redirect; },
  get integrity() { return of(this, REQUEST).integrity; },
  get keepalive() { return of(this, REQUEST).keepalive; },
  get isReloadNavigation() {
    return of(this, REQUEST).reload && of(this, REQUEST).mode === 'navigate';
  },
  get isHistoryNavigation() {
    of(this, REQUEST);
    return false;
  },
  get signal() { return lib.signalOf(of(this, REQUEST)); },
  get duplex() { return of(this, REQUEST).duplex; },
  clone() {
    var state = of(this, REQUEST);
    if (unusable(state.body))
      throw new TypeError('The body of the request is already used or locked');
    var copy = copyRequest(state);
    copy.guard = state.guard;
    copy.body = lib.cloneBody(state.body);
    copy.signal = lib.load('abort').dependent([lib.signalOf(state)]);
    return lib.make(Request.prototype, copy);
  },
});
lib.bodyMixin(Request.prototype, REQUEST);

// A request that the native side made.
lib.wrapRequest = function(state, guard) {
  state.is = REQUEST;
  state.guard = guard;
  state.headers = state.signal = null;
  state.aborted = !!state.aborted;
  state.duplex = 'half';
  return lib.make(Request.prototype, state);
};
lib.requestOf = function(
    input) { return lib.isA(input, REQUEST) ? input[$] : new Request(input)[$]; };
})(__host);
