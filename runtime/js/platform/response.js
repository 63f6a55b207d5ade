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

// An unsigned short.
function short(value) {
  value = Math.trunc(Number(value)) % 65536;
  return value < 0 ? value + 65536 : value || 0;
}

// The members of ResponseInit are converted in their order before any of them is looked at.
function applyResponseInit(state, init) {
  var headers = init.headers;
  var status = init.status;
  if (status !== undefined)
    status = short(status);
  var text = init.statusText;
  if (text !== undefined)
    text = host.byteString(text);
  if (status !== undefined) {
    if (status < 200 || status > 599)
      throw new RangeError('The status ' + status + ' is outside the range 200 to 599');
    state.status = status;
  }
  if (text !== undefined) {
    if (/[^\t\x20-\x7e\x80-\xff]/.test(text))
      throw new TypeError('The status text is not valid');
    state.statusText = text;
  }
  if (headers !== undefined)
    lib.headerList(headers, 'response', state.list);
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
    return state.type === 'opaque' || !state.urls || !state.urls.length
               ? ''
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
    url = host.scalar(url);
    var status = arguments[1] === undefined ? 302 : short(arguments[1]);
    var href = host.resolveUrl(url, lib.base);
    if (href === undefined)
      throw new TypeError("Failed to parse URL from '" + url + "'");
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
      if (!request.signal || !request.signal[$].aborted)
        return start(promise, request);
      cancelUpload(request, request.signal[$].reason);
      lib.reject(promise, request.signal[$].reason);
    });
  },
});

// Spec: Fetch#concept-scheme-fetch
function send(request, done) {
  if (/^https?:/.test(request.url))
    return host.fetch(request, done);
  lib.extra('local_fetch').start(request, done);
  return undefined;
}

function start(promise, request) {
  var signal = request.signal;
  var over = false;
  var id = send(request, function(state, name, message) {
    if (over)
      return;
    if (name !== undefined)
      state = {type: 'error', reason: message};
    if (request.integrity === '' || state.type === 'error')
      return finish(state);
    lib.extra('local_fetch').verify(state, request.integrity, finish);
  });

  function finish(state) {
    if (over)
      return;
    over = true;
    if (state.type === 'error')
      return lib.reject(
          promise, new TypeError('Failed to fetch' + (state.reason ? ': ' + state.reason : '')));
    var response = lib.wrapResponse(state);
    if (signal && state.body !== null) {
      state.body.abortable = true;
      lib.load('abort').onAbort(signal, function() { abortBody(state.body, signal[$].reason); });
    }
    lib.resolve(promise, response);
  }

  if (signal)
    lib.load('abort').onAbort(signal, function() {
      cancelUpload(request, signal[$].reason);
      if (over)
        return;
      over = true;
      if (id !== undefined)
        host.abortCall(id);
      lib.reject(promise, signal[$].reason);
    });
}

// Spec: Fetch#abort-fetch
function cancelUpload(request, reason) {
  if (request.body !== null && request.body.stream !== undefined)
    lib.load('streams').abandon(request.body.stream, reason);
}

function abortBody(body, reason) {
  if (body.stream === undefined)
    lib.load('streams').adopt(body);
  lib.load('streams').error(body.origin || body.stream, reason);
  if (body.adopted !== undefined)
    host.cancelSource(body.adopted);
}
})(__host);
