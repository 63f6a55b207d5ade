// SPDX-License-Identifier: MIT
// Response and fetch().
(function(host) {
var lib = host.platform;
var $ = lib.slot;
var of = lib.of;
var RESPONSE = lib.bit.response;
var unusable = lib.unusable;
var listOf = lib.listOf;
var headersOf = lib.lazyHeaders;

function freshResponse() {
  return {
    is: RESPONSE,
    type: 'default',
    urls: null,
    status: 200,
    statusText: '',
    list: [],
    headers: null,
    body: null,
    guard: 'response',
    opaque: false,
  };
}

// As the Fetch specification has it (initialize-a-response).
function initialize(state, init, body, type) {
  if (init !== undefined && init !== null)
    applyResponseInit(state, lib.dictionary(init, 'Response'));
  if (body === null)
    return;
  if (state.status === 101 || state.status === 204 || state.status === 205 || state.status === 304)
    throw new TypeError('A response with status ' + state.status + ' cannot have a body');
  state.body = body;
  if (type !== null && lib.header(state.list, 'content-type') === null)
    state.list.push('content-type', type);
}

function applyResponseInit(state, init) {
  if (init.status !== undefined) {
    var status = Number(init.status) | 0;
    if (status < 200 || status > 599)
      throw new RangeError('The status ' + init.status + ' is outside the range 200 to 599');
    state.status = status;
  }
  if (init.statusText !== undefined) {
    state.statusText = host.byteString(init.statusText);
    if (/[^\t\x20-\x7e\x80-\xff]/.test(state.statusText))
      throw new TypeError('The status text is not valid');
  }
  if (init.headers !== undefined)
    lib.headerList(init.headers, 'response', state.list);
}

// Spec: Fetch#dom-response
function Response(body, init) {
  lib.constructing(new.target, 'Response');
  var state = freshResponse();
  if (body === undefined || body === null) {
    initialize(state, init, null, null);
  } else {
    var extracted = lib.extract(body, false);
    initialize(state, init, extracted[0], extracted[1]);
  }
  this[$] = state;
}
Object.defineProperty(Response, 'length', {value: 0});

function isRedirect(status) {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
}

// Spec: Fetch#response-class
lib.expose('Response', Response, {
  get type() { return of(this, RESPONSE).type; },
  get url() {
    var state = of(this, RESPONSE);
    return state.opaque || !state.urls || !state.urls.length ? ''
                                                             : state.urls[state.urls.length - 1];
  },
  get redirected() {
    var state = of(this, RESPONSE);
    return !state.opaque && state.urls !== null && state.urls.length > 1;
  },
  get status() {
    var state = of(this, RESPONSE);
    return state.opaque ? 0 : state.status;
  },
  get ok() {
    var state = of(this, RESPONSE);
    return !state.opaque && state.status >= 200 && state.status <= 299;
  },
  get statusText() {
    var state = of(this, RESPONSE);
    return state.opaque ? '' : state.statusText;
  },
  get headers() {
    var state = of(this, RESPONSE);
    if (state.opaque)
      return state.noHeaders || (state.noHeaders = lib.headersOf([], 'immutable'));
    return headersOf(state, state.guard);
  },
  clone() {
    var state = of(this, RESPONSE);
    if (unusable(state.body))
      throw new TypeError('The body of the response is already used or locked');
    var copy = freshResponse();
    ['type', 'urls', 'status', 'statusText', 'guard', 'opaque'].forEach(function(
        key) { copy[key] = state[key]; });
    copy.list = listOf(state).slice();
    copy.body = lib.cloneBody(state.body);
    return lib.make(Response.prototype, copy);
  },
});
lib.bodyMixin(Response.prototype, RESPONSE);

var statics = {
  error() {
    var state = freshResponse();
    state.type = 'error';
    state.status = 0;
    state.guard = 'immutable';
    return lib.make(Response.prototype, state);
  },
  redirect(url) {
    lib.need(arguments, 1, 'Response.redirect');
    var href = host.resolveUrl(String(url), lib.base);
    if (href === undefined)
      throw new TypeError("Failed to parse URL from '" + url + "'");
    var status = arguments[1] === undefined ? 302 : Number(arguments[1]) | 0;
    if (!isRedirect(status))
      throw new RangeError('The status ' + status + ' is not a redirect status');
    var state = freshResponse();
    state.status = status;
    state.list.push('location', href);
    state.guard = 'immutable';
    return lib.make(Response.prototype, state);
  },
  json(data) {
    lib.need(arguments, 1, 'Response.json');
    var text = JSON.stringify(data);
    if (text === undefined)
      throw new TypeError('The data is not JSON serializable');
    var state = freshResponse();
    initialize(state, arguments[1], {text: text, used: false}, 'application/json');
    return lib.make(Response.prototype, state);
  },
};
host.copyMembers(Response, statics);

// A response that the native side made.
lib.wrapResponse = function(state) {
  state.is = RESPONSE;
  state.headers = null;
  state.guard = 'immutable';
  state.opaque = state.type === 'opaque' || state.type === 'opaqueredirect';
  return lib.make(Response.prototype, state);
};

// Spec: Fetch#fetch-method
lib.scope_members({
  fetch(input) {
    var given = arguments;
    return lib.promised(function(promise) {
      lib.need(given, 1, 'fetch');
      var request = new lib.Request(input, given[1])[$];
      if (request.signal && request.signal.aborted)
        return lib.reject(promise, request.signal.reason);
      start(promise, request);
    });
  },
});

function start(promise, request) {
  var signal = request.signal;
  var over = false;
  var id = host.fetch(request, function(state, name, message) {
    if (over)
      return;
    over = true;
    if (name !== undefined)
      return lib.reject(promise, lib.failure(name, message));
    if (state.type === 'error')
      return lib.reject(
          promise, new TypeError('Failed to fetch' + (state.reason ? ': ' + state.reason : '')));
    var response = lib.wrapResponse(state);
    if (signal && state.body !== null)
      lib.load('abort').onAbort(signal, function() { abortBody(state.body, signal.reason); });
    lib.resolve(promise, response);
  });
  if (signal)
    lib.load('abort').onAbort(signal, function() {
      if (over)
        return;
      over = true;
      host.abortCall(id);
      lib.reject(promise, signal.reason);
    });
}

function abortBody(body, reason) {
  if (body.stream !== undefined)
    lib.load('streams').error(body.stream, reason);
  else if (body.source !== undefined)
    host.failSource(body.source, 'AbortError', 'The fetch was aborted');
}
})(__host);
