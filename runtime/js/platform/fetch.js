// SPDX-License-Identifier: MIT
// Request, Response and fetch(). A body is {text | bytes | source | stream, used}: text and bytes
// are in the heap, a source is a native stream that script has not touched, a stream is a
// ReadableStream that script may have seen.
(function(host) {
var lib = host.platform;
var $ = lib.slot;
var G = lib.global;
var of = lib.of;
var REQUEST = lib.bit.request;
var RESPONSE = lib.bit.response;

// Whether nobody may read the body any more.
function unusable(body) {
  if (body === null)
    return false;
  return body.used || (body.stream !== undefined && lib.load('streams').unusable(body.stream));
}
lib.unusable = unusable;

// Whether bytes are missing that sending the body again would need.
lib.spoiled = function(body) {
  if (body === null || body === undefined)
    return false;
  return body.used || (body.stream !== undefined && lib.load('streams').disturbed(body.stream));
};

function used(body) {
  return body !== null &&
         (body.used || (body.stream !== undefined && lib.load('streams').disturbed(body.stream)));
}

// (Fetch: concept-bodyinit-extract.) Gives [body, content type or null].
function extract(value, keepalive) {
  if (typeof value === 'string')
    return [{text: value, used: false}, 'text/plain;charset=UTF-8'];
  var state = lib.isObject(value) ? value[$] : undefined;
  if (state !== undefined) {
    if (state.is & lib.bit.stream) {
      if (keepalive)
        throw new TypeError('A keepalive request cannot have a stream as its body');
      if (lib.load('streams').unusable(value))
        throw new TypeError('The stream is already used or locked');
      return [{stream: value, used: false}, null];
    }
    if (state.is & lib.bit.blob)
      return [{bytes: state.bytes, used: false}, state.type || null];
    if (state.is & lib.bit.params)
      return [
        {text: String(value), used: false}, 'application/x-www-form-urlencoded;charset=UTF-8'
      ];
    if (state.is & lib.bit.formData)
      return lib.load('form_data').extract(state);
  }
  var bytes = host.copyBytes(value);
  if (bytes !== undefined)
    return [{bytes: bytes, used: false}, null];
  return [{text: String(value), used: false}, 'text/plain;charset=UTF-8'];
}
lib.extract = extract;

function isNullish(value) { return value === undefined || value === null; }

// Reads all of a body; `done` gets a string or bytes.
function readAll(body, done, failed) {
  if (body === null)
    return done('');
  if (body.stream !== undefined)
    return lib.load('streams').readAll(body.stream, done, failed);
  body.used = true;
  if (body.text !== undefined)
    return done(body.text);
  if (body.bytes !== undefined)
    return done(body.bytes);
  host.readAll(body.source, function(bytes, name, message) {
    if (name === undefined)
      done(bytes);
    else
      failed(lib.failure(name, message));
  });
}

function bodyOf(state) { return state.opaque ? null : state.body; }

// Spec: Fetch#concept-body-consume-body
function consume(object, bit, convert) {
  return lib.promised(function(promise) {
    var state = of(object, bit);
    var body = bodyOf(state);
    if (unusable(body))
      throw new TypeError('The body is already used or locked');
    readAll(body,
            function(data) {
              try {
                lib.resolve(promise, convert(data, state));
              } catch (error) {
                lib.reject(promise, error);
              }
            },
            function(error) { lib.reject(promise, error); });
  });
}

function asText(data) {
  return typeof data === 'string' ? host.scalar(data, true) : host.decodeUtf8(data);
}

function asBytes(data) {
  return typeof data === 'string' ? host.encodeUtf8(data) : host.copyBytes(data);
}
lib.asText = asText;
lib.asBytes = asBytes;

function contentType(state) { return lib.header(listOf(state), 'content-type'); }

function listOf(state) { return state.headers ? state.headers[$].list : state.list; }

// Spec: Fetch#body-mixin
function bodyMixin(prototype, bit) {
  var members = {
    get body() {
      var body = bodyOf(of(this, bit));
      if (body === null)
        return null;
      if (body.stream === undefined)
        lib.load('streams').adopt(body);
      return body.stream;
    },
    get bodyUsed() { return used(bodyOf(of(this, bit))); },
    arrayBuffer() { return consume(this, bit, function(data) { return asBytes(data).buffer; }); },
    blob() {
      return consume(this, bit, function(data, state) {
        return lib.load('blob').make(asBytes(data), lib.load('blob').mimeType(contentType(state)));
      });
    },
    bytes() { return consume(this, bit, asBytes); },
    formData() {
      return consume(this, bit, function(data, state) {
        return lib.load('form_data').parse(asBytes(data), contentType(state));
      });
    },
    json() { return consume(this, bit, function(data) { return JSON.parse(asText(data)); }); },
    text() { return consume(this, bit, asText); },
  };
  Object.keys(members).forEach(function(key) {
    Object.defineProperty(prototype, key, Object.getOwnPropertyDescriptor(members, key));
  });
}

// Spec: Fetch#concept-body-clone
function cloneBody(body) {
  if (body === null)
    return null;
  if (body.stream !== undefined) {
    var branches = lib.load('streams').tee(body.stream);
    body.stream = branches[0];
    return {stream: branches[1], used: false};
  }
  if (body.source === undefined)
    return {text: body.text, bytes: body.bytes, used: false};
  var sources = host.tee(body.source);
  body.source = sources[0];
  return {source: sources[1], used: false};
}

// Spec: Fetch#concept-method
function methodOf(value) {
  value = host.headerValue(value);
  if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(value))
    throw new TypeError("'" + value + "' is not a valid HTTP method");
  var upper = value.toUpperCase();
  if (upper === 'CONNECT' || upper === 'TRACE' || upper === 'TRACK')
    throw new TypeError("'" + value + "' is a forbidden HTTP method");
  return /^(DELETE|GET|HEAD|OPTIONS|POST|PUT)$/.test(upper) ? upper : value;
}

function parseUrl(value) {
  var href = host.resolveUrl(String(value), lib.base);
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
  };
}

function copyRequest(from) {
  var copy = freshRequest(from.url);
  copy.method = from.method;
  copy.list = listOf(from).slice();
  ['mode', 'credentials', 'cache', 'redirect', 'referrer', 'referrerPolicy', 'integrity',
   'keepalive', 'destination', 'reload']
      .forEach(function(key) { copy[key] = from[key]; });
  return copy;
}

// Spec: Fetch#dom-request
function Request(input) {
  lib.constructing(new.target, 'Request');
  lib.need(arguments, 1, 'Request');
  var init = lib.dictionary(arguments[1], 'Request');
  var from = lib.isA(input, REQUEST) ? input[$] : null;
  var state = from ? copyRequest(from) : freshRequest(parseUrl(input));
  state.destination = '';
  applyInit(state, init, from);
  var signal = init.signal;
  if (signal === undefined && from)
    signal = from.signal || (from.aborted ? lib.signalOf(from) : null);
  if (signal !== undefined && signal !== null && !lib.isA(signal, lib.bit.signal))
    throw new TypeError('Request: signal is not an AbortSignal');
  state.signal = signal ? lib.load('abort').dependent([signal]) : null;
  applyHeaders(state, init);
  applyBody(state, init, from);
  this[$] = state;
}

function applyInit(state, init, from) {
  if (init.window !== undefined && init.window !== null)
    throw new TypeError('Request: window can only be null');
  var any = false;
  for (var key in init)
    if (init[key] !== undefined)
      any = true;
  if (any && state.mode === 'navigate')
    state.mode = 'same-origin';
  if (any) {
    state.reload = false;
    state.referrer = 'about:client';
    state.referrerPolicy = '';
  }
  applyModes(state, init, from);
  if (init.referrer !== undefined)
    state.referrer = referrerOf(String(init.referrer));
  if (init.integrity !== undefined)
    state.integrity = String(init.integrity);
  if (init.keepalive !== undefined)
    state.keepalive = !!init.keepalive;
  if (init.method !== undefined)
    state.method = methodOf(init.method);
}

var policies = [
  '', 'no-referrer', 'no-referrer-when-downgrade', 'same-origin', 'origin', 'strict-origin',
  'origin-when-cross-origin', 'strict-origin-when-cross-origin', 'unsafe-url'
];

function applyModes(state, init) {
  if (init.mode !== undefined) {
    state.mode =
        lib.oneOf(init.mode, ['navigate', 'same-origin', 'no-cors', 'cors'], 'RequestMode');
    if (state.mode === 'navigate')
      throw new TypeError('A request with mode navigate cannot be made by a script');
  }
  if (init.credentials !== undefined)
    state.credentials =
        lib.oneOf(init.credentials, ['omit', 'same-origin', 'include'], 'RequestCredentials');
  if (init.cache !== undefined)
    state.cache = lib.oneOf(
        init.cache, ['default', 'no-store', 'reload', 'no-cache', 'force-cache', 'only-if-cached'],
        'RequestCache');
  if (state.cache === 'only-if-cached' && state.mode !== 'same-origin')
    throw new TypeError("Cache mode 'only-if-cached' needs mode 'same-origin'");
  if (init.redirect !== undefined)
    state.redirect = lib.oneOf(init.redirect, ['follow', 'error', 'manual'], 'RequestRedirect');
  if (init.referrerPolicy !== undefined)
    state.referrerPolicy = lib.oneOf(init.referrerPolicy, policies, 'ReferrerPolicy');
  if (init.priority !== undefined)
    lib.oneOf(init.priority, ['high', 'low', 'auto'], 'RequestPriority');
  if (init.duplex !== undefined)
    lib.oneOf(init.duplex, ['half'], 'RequestDuplex');
}

function referrerOf(value) {
  if (value === '')
    return '';
  var href = host.resolveUrl(value, lib.base);
  if (href === undefined)
    throw new TypeError("Failed to parse the referrer '" + value + "'");
  return href === 'about:client' || host.originOf(href) !== host.originOf(lib.base) ? 'about:client'
                                                                                    : href;
}

function applyHeaders(state, init) {
  var guard = state.mode === 'no-cors' ? 'request-no-cors' : 'request';
  if (guard === 'request-no-cors' && !/^(GET|HEAD|POST)$/.test(state.method))
    throw new TypeError("'" + state.method + "' is not allowed in mode no-cors");
  if (init.headers !== undefined)
    state.list = lib.headerList(init.headers, guard);
  else if (guard === 'request-no-cors')
    state.list = lib.headerList(lib.headersOf(state.list, 'none'), guard);
  state.guard = guard;
}

function applyBody(state, init, from) {
  var inherited = from ? from.body : null;
  if ((!isNullish(init.body) || inherited !== null) &&
      (state.method === 'GET' || state.method === 'HEAD'))
    throw new TypeError('Request with GET or HEAD method cannot have a body');
  if (!isNullish(init.body)) {
    var extracted = extract(init.body, state.keepalive);
    state.body = extracted[0];
    if (extracted[1] !== null && lib.header(state.list, 'content-type') === null)
      state.list.push('content-type', extracted[1]);
    if (state.body.stream !== undefined && init.duplex === undefined)
      throw new TypeError("A stream as body needs duplex: 'half'");
    return;
  }
  if (inherited === null)
    return;
  if (unusable(inherited))
    throw new TypeError('The body of the request is already used or locked');
  state.body = moveBody(inherited);
}

// The old owner keeps a body that counts as used.
function moveBody(body) {
  if (body.stream !== undefined)
    return {stream: lib.load('streams').proxy(body.stream), used: false};
  body.used = true;
  var moved = {text: body.text, bytes: body.bytes, source: body.source, used: false};
  body.source = undefined;
  return moved;
}
lib.moveBody = moveBody;

lib.signalOf = function(state) {
  if (!state.signal) {
    state.signal = lib.load('abort').makeSignal();
    if (state.aborted)
      lib.load('abort').signalAbort(state.signal,
                                    new lib.DOMException('The request was aborted', 'AbortError'));
  }
  return state.signal;
};

function headersOf(state, guard) {
  return state.headers || (state.headers = lib.headersOf(state.list, guard));
}

// Spec: Fetch#request-class
lib.expose('Request', Request, {
  get method() { return of(this, REQUEST).method; },
  get url() { return of(this, REQUEST).url; },
  get headers() {
    var state = of(this, REQUEST);
    return headersOf(state, state.guard);
  },
  get destination() { return of(this, REQUEST).destination; },
  get referrer() {
    var referrer = of(this, REQUEST).referrer;
    return referrer === '' ? '' : referrer;
  },
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
    copy.body = cloneBody(state.body);
    copy.signal = lib.load('abort').dependent([lib.signalOf(state)]);
    return lib.make(Request.prototype, copy);
  },
});
bodyMixin(Request.prototype, REQUEST);

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
    var extracted = extract(body, false);
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
    copy.body = cloneBody(state.body);
    return lib.make(Response.prototype, copy);
  },
});
bodyMixin(Response.prototype, RESPONSE);

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
Object.keys(statics).forEach(function(key) {
  Object.defineProperty(
      Response, key, {value: statics[key], writable: true, enumerable: true, configurable: true});
});

// A response that the native side made.
lib.wrapResponse = function(state) {
  state.is = RESPONSE;
  state.headers = null;
  state.guard = 'immutable';
  state.opaque = state.type === 'opaque' || state.type === 'opaqueredirect';
  return lib.make(Response.prototype, state);
};

// Spec: Fetch#fetch-method
lib.global_members({
  fetch(input) {
    var given = arguments;
    return lib.promised(function(promise) {
      lib.need(given, 1, 'fetch');
      var request = new Request(input, given[1])[$];
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
