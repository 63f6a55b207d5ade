// SPDX-License-Identifier: MIT
// XMLHttpRequest for dedicated workers, on top of fetch(). Deviation: there are no synchronous
// requests, for nothing here may wait.
(function (host) {
  var lib = host.platform;
  var $ = lib.slot;
  var idl = lib.extra('idl');
  var files = lib.extra('file_reader');
  lib.load('abort');
  var REQUEST = {};
  var UPLOAD = {};
  var TYPES = ['', 'arraybuffer', 'blob', 'document', 'json', 'text'];
  var UNSENT = 0;
  var OPENED = 1;
  var HEADERS_RECEIVED = 2;
  var LOADING = 3;
  var DONE = 4;
  var PROGRESS_PAUSE = 50; // milliseconds, as the specification has it
  var fetch = lib.scopePrototype.fetch;
  var setTimer = lib.scopePrototype.setTimeout;
  var clearTimer = lib.scopePrototype.clearTimeout;
  var events = ['loadstart', 'progress', 'abort', 'error', 'load', 'timeout', 'loadend'];

  function target(kind, more) {
    more.is = lib.bit.target;
    more.kind = kind;
    more.listeners = [];
    more.handlers = null;
    return more;
  }

  function of(object, kind) {
    var state = lib.of(object, lib.bit.target);
    if (state.kind !== kind)
      throw new TypeError('Illegal invocation');
    return state;
  }

  var EventTarget = idl.makeAbstract('XMLHttpRequestEventTarget', {}, lib.EventTarget);
  lib.handlers(EventTarget.prototype, events);
  var Upload = idl.makeAbstract('XMLHttpRequestUpload', {}, EventTarget);

  function fire(object, type, loaded, total) {
    var event = new files.ProgressEvent(type, {
      lengthComputable: total > 0, loaded: loaded, total: total,
    });
    event[$].trusted = true;
    lib.dispatch(object, event);
  }

  function setState(state, value) {
    state.ready = value;
    lib.fire(state.object, 'readystatechange');
  }

  // As the XHR specification has it (the-open()-method).
  function reset(state) {
    state.run++;
    if (state.controller !== null)
      lib.load('abort').signalAbort(state.controller);
    clearTimer(state.timer);
    state.controller = state.response = state.cached = null;
    state.failed = state.sent = false;
    state.bytes = [];
    state.size = 0;
  }

  function open(state, method, url) {
    var href = host.resolveUrl(url, lib.base);
    if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(method))
      lib.throwDom('SyntaxError', 'The method is not valid');
    if (/^(connect|trace|track)$/i.test(method))
      lib.throwDom('SecurityError', 'The method is forbidden');
    if (href === undefined)
      lib.throwDom('SyntaxError', 'The URL is not valid');
    reset(state);
    state.method = method;
    state.url = href;
    state.headers = new lib.global.Headers();
    if (state.ready !== OPENED)
      setState(state, OPENED);
  }

  function checkOpened(state) {
    if (state.ready !== OPENED || state.sent)
      lib.throwDom('InvalidStateError', 'The request is not open or was sent');
  }

  // The end of a request that has no response: event is error, abort or timeout.
  function fail(state, event) {
    reset(state);
    state.failed = true;
    state.ready = DONE;
    lib.fire(state.object, 'readystatechange');
    if (!state.uploaded) {
      state.uploaded = true;
      if (state.hearsUpload) {
        fire(state.upload, event, 0, 0);
        fire(state.upload, 'loadend', 0, 0);
      }
    }
    fire(state.object, event, 0, 0);
    fire(state.object, 'loadend', 0, 0);
  }

  function isBodyless(method) {
    return method === 'GET' || method === 'HEAD';
  }

  // As the XHR specification has it (the-send()-method).
  function send(state, body) {
    checkOpened(state);
    var headers = state.headers;
    var init = {
      method: state.method, credentials: state.withCredentials ? 'include' : 'same-origin',
    };
    var request = new lib.Request(state.url, init);
    if (body !== undefined && body !== null && !isBodyless(request[$].method))
      init.body = body;
    init.headers = headers;
    state.controller = lib.load('abort').makeSignal();
    init.signal = state.controller;
    request = new lib.Request(state.url, init);
    keepCharset(request[$], typeof body === 'string' && headers.has('content-type'));
    state.sent = true;
    state.uploaded = request[$].body === null;
    state.hearsUpload = state.upload[$].listeners.length > 0;
    var run = state.run;
    var started = Date.now();
    fire(state.object, 'loadstart', 0, 0);
    if (!state.uploaded && state.hearsUpload)
      fire(state.upload, 'loadstart', 0, 0);
    if (state.run !== run || !state.sent)
      return;
    state.started = started;
    armTimeout(state);
    lib.react(fetch(request), function (response) {
      if (state.run === run)
        receive(state, run, response);
    }, function () {
      if (state.run === run)
        fail(state, 'error');
    });
  }

  // Text is sent as UTF-8, whatever charset the author named.
  function keepCharset(request, isText) {
    var mime = lib.extra('mime');
    var type = isText ? mime.parse(lib.header(lib.listOf(request), 'content-type')) : null;
    var charset = type === null ? undefined : mime.parameterOf(type, 'charset');
    if (charset === undefined || charset.toLowerCase() === 'utf-8')
      return;
    type.parameters.forEach(function (pair) {
      if (pair[0] === 'charset')
        pair[1] = 'UTF-8';
    });
    lib.setHeader(lib.listOf(request), 'content-type', mime.serialize(type));
  }

  function armTimeout(state) {
    clearTimer(state.timer);
    if (!state.sent || state.timeout === 0)
      return;
    var run = state.run;
    state.timer = setTimer(function () {
      if (state.run === run && state.sent)
        fail(state, 'timeout');
    }, Math.max(state.started + state.timeout - Date.now(), 0));
  }

  function receive(state, run, response) {
    if (!state.uploaded) {
      state.uploaded = true;
      if (state.hearsUpload)
        ['progress', 'load', 'loadend'].forEach(function (type) {
          fire(state.upload, type, 0, 0);
        });
    }
    state.response = response;
    setState(state, HEADERS_RECEIVED);
    if (state.run !== run)
      return;
    var body = response.body;
    if (body === null)
      return finish(state);
    var last = 0;
    lib.load('streams').readChunks(body, function (chunk) {
      if (state.run !== run)
        return;
      state.bytes.push(chunk);
      state.size += chunk.length;
      var now = Date.now();
      if (now - last < PROGRESS_PAUSE)
        return;
      last = now;
      setState(state, LOADING);
      if (state.run === run)
        fire(state.object, 'progress', state.size, lengthOf(state));
    }, function () {
      if (state.run === run)
        finish(state);
    }, function () {
      if (state.run === run)
        fail(state, 'error');
    });
  }

  function lengthOf(state) {
    var length = Number(state.response.headers.get('content-length'));
    return length > 0 && isFinite(length) ? length : 0;
  }

  function finish(state) {
    var size = state.size;
    var total = lengthOf(state);
    clearTimer(state.timer);
    fire(state.object, 'progress', size, total);
    state.controller = null;
    state.sent = false;
    setState(state, DONE);
    fire(state.object, 'load', size, total);
    fire(state.object, 'loadend', size, total);
  }

  function allBytes(state) {
    if (state.bytes.length !== 1) {
      var all = new Uint8Array(state.size);
      state.bytes.reduce(function (at, part) {
        all.set(part, at);
        return at + part.length;
      }, 0);
      state.bytes = [all];
    }
    return state.bytes[0];
  }

  function finalType(state) {
    var mime = lib.extra('mime');
    return state.override || mime.extract(state.response.headers.get('content-type'))
      || mime.parse('text/xml');
  }

  function textOf(state) {
    if (state.response === null)
      return '';
    var mime = lib.extra('mime');
    var charset = mime.parameterOf(finalType(state), 'charset');
    return lib.extra('text').decodeAs(allBytes(state), charset);
  }

  function jsonOf(state) {
    try {
      return JSON.parse(host.decodeUtf8(allBytes(state)));
    } catch (error) {
      return null;
    }
  }

  function objectOf(state) {
    switch (state.type) {
    case 'arraybuffer':
      return host.copyBytes(allBytes(state)).buffer;
    case 'blob':
      return lib.load('blob').make(allBytes(state), lib.extra('mime').serialize(finalType(state)));
    case 'json':
      return jsonOf(state);
    default:
      return null;
    }
  }

  function hasNoResponse(state) {
    return state.response === null || state.failed;
  }

  function XMLHttpRequest() {
    lib.constructing(new.target, 'XMLHttpRequest');
    var upload = lib.make(Upload.prototype, target(UPLOAD, {}));
    this[$] = target(REQUEST, {
      object: this, upload: upload, ready: UNSENT, method: 'GET', url: '', headers: null, type: '',
      timeout: 0, timer: 0, withCredentials: false, override: null, response: null, cached: null,
      failed: false, sent: false, uploaded: true, hearsUpload: false, bytes: [], size: 0, run: 0,
      controller: null, started: 0,
    });
  }

  idl.make('XMLHttpRequest', XMLHttpRequest, {
    open(method, url) {
      var state = of(this, REQUEST);
      lib.need(arguments, 2, 'open');
      method = host.byteString(method);
      url = idl.usvString(url);
      if (arguments.length > 2 && !arguments[2])
        lib.throwDom('InvalidAccessError', 'There are no synchronous requests');
      open(state, method, url);
    },
    setRequestHeader(name, value) {
      var state = of(this, REQUEST);
      lib.need(arguments, 2, 'setRequestHeader');
      name = host.byteString(name);
      value = host.byteString(value);
      checkOpened(state);
      try {
        state.headers.append(name, value);
      } catch (error) {
        lib.throwDom('SyntaxError', 'The name or the value of the header is not valid');
      }
    },
    send() {
      send(of(this, REQUEST), arguments[0]);
    },
    abort() {
      var state = of(this, REQUEST);
      var runs = (state.ready === OPENED && state.sent) || state.ready === HEADERS_RECEIVED
        || state.ready === LOADING;
      if (runs)
        fail(state, 'abort');
      else
        reset(state);
      if (state.ready === DONE)
        state.ready = UNSENT;
    },
    getResponseHeader(name) {
      var state = of(this, REQUEST);
      lib.need(arguments, 1, 'getResponseHeader');
      name = host.byteString(name);
      if (hasNoResponse(state) || !/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name))
        return null;
      return state.response.headers.get(name);
    },
    getAllResponseHeaders() {
      var state = of(this, REQUEST);
      var text = '';
      if (!hasNoResponse(state))
        state.response.headers.forEach(function (value, name) {
          text += name + ': ' + value + '\r\n';
        });
      return text;
    },
    overrideMimeType(type) {
      var state = of(this, REQUEST);
      lib.need(arguments, 1, 'overrideMimeType');
      type = idl.string(type);
      if (state.ready === LOADING || state.ready === DONE)
        lib.throwDom('InvalidStateError', 'The response is there already');
      var mime = lib.extra('mime');
      state.override = mime.parse(type) || mime.parse('application/octet-stream');
    },
    get readyState() { return of(this, REQUEST).ready; },
    get timeout() { return of(this, REQUEST).timeout; },
    set timeout(value) {
      var state = of(this, REQUEST);
      state.timeout = value >>> 0;
      armTimeout(state);
    },
    get withCredentials() { return of(this, REQUEST).withCredentials; },
    set withCredentials(value) {
      var state = of(this, REQUEST);
      if ((state.ready !== UNSENT && state.ready !== OPENED) || state.sent)
        lib.throwDom('InvalidStateError', 'The request was sent');
      state.withCredentials = !!value;
    },
    get upload() { return of(this, REQUEST).upload; },
    get responseURL() {
      var state = of(this, REQUEST);
      return hasNoResponse(state) ? '' : state.response.url.replace(/#.*$/, '');
    },
    get status() {
      var state = of(this, REQUEST);
      return hasNoResponse(state) ? 0 : state.response.status;
    },
    get statusText() {
      var state = of(this, REQUEST);
      return hasNoResponse(state) ? '' : state.response.statusText;
    },
    get responseType() { return of(this, REQUEST).type; },
    set responseType(value) {
      var state = of(this, REQUEST);
      value = idl.string(value);
      // A page has documents; names that are no value of an enumeration are ignored.
      if (TYPES.indexOf(value) < 0 || value === 'document')
        return;
      if (state.ready === LOADING || state.ready === DONE)
        lib.throwDom('InvalidStateError', 'The response is there already');
      state.type = value;
    },
    get response() {
      var state = of(this, REQUEST);
      if (state.type === '' || state.type === 'text')
        return state.ready < LOADING || state.failed ? '' : textOf(state);
      if (state.ready !== DONE || state.failed)
        return null;
      if (state.cached === null)
        state.cached = {value: objectOf(state)};
      return state.cached.value;
    },
    get responseText() {
      var state = of(this, REQUEST);
      if (state.type !== '' && state.type !== 'text')
        lib.throwDom('InvalidStateError', 'The type of the response is ' + state.type);
      return state.ready < LOADING || state.failed ? '' : textOf(state);
    },
  }, EventTarget);
  lib.constants([XMLHttpRequest, XMLHttpRequest.prototype], {
    UNSENT: UNSENT, OPENED: OPENED, HEADERS_RECEIVED: HEADERS_RECEIVED, LOADING: LOADING,
    DONE: DONE,
  });
  lib.handlers(XMLHttpRequest.prototype, ['readystatechange']);

  return {
    XMLHttpRequest: XMLHttpRequest, XMLHttpRequestEventTarget: EventTarget,
    XMLHttpRequestUpload: Upload,
  };
});
