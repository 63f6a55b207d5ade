// SPDX-License-Identifier: MIT
// URL and URLSearchParams on the house's parser. A URL keeps its serialised form; its parts are
// asked for by number.
(function(host) {
var lib = host.platform;
var $ = lib.slot;
var of = lib.of;
var URL_BIT = lib.bit.url;
var PARAMS = lib.bit.params;
var ORIGIN = 0, SEARCH = 8;
var names = [
  'origin', 'protocol', 'username', 'password', 'host', 'hostname', 'port', 'pathname', 'search',
  'hash'
];

// Spec: URL#urlencoded-parsing
function parse(text) {
  var list = [];
  if (text === '')
    return list;
  text.split('&').forEach(function(piece) {
    if (piece === '')
      return;
    var at = piece.indexOf('=');
    list.push(at < 0 ? [host.formDecode(piece), '']
                     : [host.formDecode(piece.slice(0, at)), host.formDecode(piece.slice(at + 1))]);
  });
  return list;
}

function serialize(list) {
  return list
      .map(function(pair) { return host.formEncode(pair[0]) + '=' + host.formEncode(pair[1]); })
      .join('&');
}

// Spec: URL#interface-urlsearchparams
function URLSearchParams() {
  lib.constructing(new.target, 'URLSearchParams');
  var state = {is: PARAMS, list: [], url: null};
  var init = arguments[0];
  if (init !== undefined && lib.isObject(init))
    state.list = fromObject(init);
  else if (init !== undefined)
    state.list = parse(text(init).replace(/^\?/, ''));
  this[$] = state;
}

function fromObject(init) {
  var method = init[Symbol.iterator];
  if (method !== undefined && method !== null)
    return lib.sequence(init, 'URLSearchParams', method).map(function(pair) {
      pair = lib.sequence(pair, 'A pair of URLSearchParams').map(text);
      if (pair.length !== 2)
        throw new TypeError('URLSearchParams: each pair has to have two items');
      return pair;
    });
  var list = [];
  lib.record(init, text, text).forEach(function(pair) { set(list, pair[0], pair[1]); });
  return list;
}

function set(list, name, value) {
  var found = false;
  for (var i = 0; i < list.length; i++) {
    if (list[i][0] !== name)
      continue;
    if (found)
      list.splice(i--, 1);
    else
      list[i][1] = value;
    found = true;
  }
  if (!found)
    list.push([name, value]);
}

// Spec: URL#concept-urlsearchparams-update
function update(state) {
  if (state.url)
    state.url.href = host.setUrlPart(state.url.href, SEARCH, serialize(state.list));
}

function text(value) { return host.scalar(value); }

lib.expose('URLSearchParams', URLSearchParams, {
  get size() { return of(this, PARAMS).list.length; },
  append(name, value) {
    var state = of(this, PARAMS);
    lib.need(arguments, 2, 'URLSearchParams.append');
    state.list.push([text(name), text(value)]);
    update(state);
  },
  'delete'(name) {
    var state = of(this, PARAMS);
    lib.need(arguments, 1, 'URLSearchParams.delete');
    name = text(name);
    var value = arguments[1] === undefined ? undefined : text(arguments[1]);
    state.list = state.list.filter(function(
        pair) { return pair[0] !== name || (value !== undefined && pair[1] !== value); });
    update(state);
  },
  'get'(name) {
    var all = values(this, arguments, name, 'get');
    return all.length ? all[0] : null;
  },
  getAll(name) { return values(this, arguments, name, 'getAll'); },
  has(name) {
    var value = arguments[1] === undefined ? undefined : text(arguments[1]);
    return values(this, arguments, name, 'has')
        .some(function(item) { return value === undefined || item === value; });
  },
  'set'(name, value) {
    var state = of(this, PARAMS);
    lib.need(arguments, 2, 'URLSearchParams.set');
    set(state.list, text(name), text(value));
    update(state);
  },
  sort() {
    var state = of(this, PARAMS);
    state.list =
        state.list.map(function(pair, at) {
                    return [pair, at];
                  })
            .sort(function(
                a, b) { return a[0][0] < b[0][0]   ? -1
                               : a[0][0] > b[0][0] ? 1
                                                   : a[1] - b[1]; })
            .map(function(item) { return item[0]; });
    update(state);
  },
  toString() { return serialize(of(this, PARAMS).list); },
});
lib.iterable('URLSearchParams', URLSearchParams, PARAMS, function(state) { return state.list; });

function values(self, given, name, what) {
  var state = of(self, PARAMS);
  lib.need(given, 1, 'URLSearchParams.' + what);
  name = text(name);
  return state.list.filter(function(pair) { return pair[0] === name; })
      .map(function(pair) { return pair[1]; });
}

function resolve(url, given) {
  return host.resolveUrl(url, given[1]);
}

// Spec: URL#url-class
function URL(url) {
  lib.constructing(new.target, 'URL');
  lib.need(arguments, 1, 'URL');
  var href = resolve(url, arguments);
  if (href === undefined)
    throw new TypeError("Failed to construct 'URL': Invalid URL: " + url);
  this[$] = {is: URL_BIT, href: href, params: null};
}
Object.defineProperty(URL, 'length', {value: 1});

function changed(state) {
  if (state.params)
    state.params[$].list = parse(host.urlPart(state.href, SEARCH).replace(/^\?/, ''));
}

var prototype = {
  get href() { return of(this, URL_BIT).href; },
  set href(value) {
    var state = of(this, URL_BIT);
    var href = host.resolveUrl(value, undefined);
    if (href === undefined)
      throw new TypeError('Invalid URL: ' + value);
    state.href = href;
    changed(state);
  },
  get searchParams() {
    var state = of(this, URL_BIT);
    if (!state.params) {
      state.params = lib.make(URLSearchParams.prototype, {is: PARAMS, list: [], url: state});
      changed(state);
    }
    return state.params;
  },
  toJSON() { return of(this, URL_BIT).href; },
  toString() { return of(this, URL_BIT).href; },
};
names.forEach(function(name, number) {
  Object.defineProperty(prototype, name, {
      get: function () { return host.urlPart(of(this, URL_BIT).href, number); },
      set: number === ORIGIN ? undefined : function (value) {
        var state = of(this, URL_BIT);
        state.href = host.setUrlPart(state.href, number, value);
        if (number === SEARCH)
          changed(state);
      },
      enumerable: true,
      configurable: true,
    });
});
lib.expose('URL', URL, prototype);

var statics = {
  canParse(url) {
    lib.need(arguments, 1, 'URL.canParse');
    return resolve(url, arguments) !== undefined;
  },
  parse(url) {
    lib.need(arguments, 1, 'URL.parse');
    var href = resolve(url, arguments);
    return href === undefined ? null
                              : lib.make(URL.prototype, {is: URL_BIT, href: href, params: null});
  },
};
host.copyMembers(URL, statics);

// Where blob: URLs lead. A dedicated worker may make them, a service worker may not.
var blobs = {};
if (lib.dedicated)
  host.copyMembers(URL, {
    // As the FileAPI specification has it (dfn-createObjectURL).
    createObjectURL(object) {
      lib.need(arguments, 1, 'URL.createObjectURL');
      if (!lib.isA(object, lib.bit.blob))
        throw new TypeError('URL.createObjectURL: the argument is not a Blob');
      var href = 'blob:' + lib.info.origin + '/' + lib.extra('crypto').crypto.randomUUID();
      blobs[href] = object;
      return href;
    },
    revokeObjectURL(url) {
      lib.need(arguments, 1, 'URL.revokeObjectURL');
      var href = host.resolveUrl(url, undefined);
      if (href !== undefined)
        delete blobs[href];
    },
  });

lib.url = {
  parseParams: parse,
  // The blob of an href without fragment; undefined if there is none.
  blobOf: function(href) {
    return Object.prototype.hasOwnProperty.call(blobs, href) ? blobs[href] : undefined;
  },
};
})(__host);
