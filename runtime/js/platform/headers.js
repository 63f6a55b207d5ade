// SPDX-License-Identifier: MIT
// Headers. A list is a flat array: lower-case name, value, name, value. Names and values are byte
// strings.
(function(host) {
var lib = host.platform;
var $ = lib.slot;
var of = lib.of;
var HEADERS = lib.bit.headers;

// Spec: Fetch#headers-class
function Headers() {
  lib.constructing(new.target, 'Headers');
  this[$] = {is: HEADERS, list: [], guard: 'none'};
  if (arguments[0] !== undefined)
    fill(this[$], arguments[0]);
}

var forbidden = {};
('accept-charset accept-encoding access-control-request-headers access-control-request-method ' +
 'access-control-request-private-network connection content-length cookie cookie2 date dnt ' +
 'expect host keep-alive origin referer set-cookie te trailer transfer-encoding upgrade via')
    .split(' ')
    .forEach(function(name) { forbidden[name] = true; });
var overrides = {'x-http-method': true, 'x-http-method-override': true, 'x-method-override': true};

// As the Fetch specification has it (forbidden-request-header).
function isForbidden(name, value) {
  if (forbidden[name] === true || name.slice(0, 6) === 'proxy-' || name.slice(0, 4) === 'sec-')
    return true;
  return overrides[name] === true && /(^|,)[ \t]*(connect|trace|track)[ \t]*(,|$)/i.test(value);
}

// Names of the no-CORS safelist and the privileged one.
var deletable = {
  'accept': true,
  'accept-language': true,
  'content-language': true,
  'content-type': true,
  'range': true,
};

// As the Fetch specification has it (no-cors-safelisted-request-header-name).
function isSafelisted(name, value) {
  if (value.length > 128)
    return false;
  if (name === 'accept')
    return !/[\x00-\x08\x0a-\x1f"():<>?@[\\\]{}\x7f]/.test(value);
  if (name === 'accept-language' || name === 'content-language')
    return /^[0-9A-Za-z *,\-.;=]*$/.test(value);
  return name === 'content-type' && !/[\x00-\x08\x0a-\x1f"():<>?@[\\\]{}\x7f]/.test(value) &&
         /^[ \t]*(application\/x-www-form-urlencoded|multipart\/form-data|text\/plain)[ \t]*(;|$)/i
             .test(value);
}

// Whether the guard lets a change through; throws for an immutable list.
function permits(state, name, value) {
  switch (state.guard) {
  case 'none':
    return true;
  case 'immutable':
    throw new TypeError('Headers are immutable');
  case 'request':
    return !isForbidden(name, value);
  case 'response':
    return name !== 'set-cookie' && name !== 'set-cookie2';
  default:
    return !isForbidden(name, value);
  }
}

function append(state, name, value) {
  name = host.headerName(name);
  value = host.headerValue(value);
  if (!permits(state, name, value))
    return;
  if (state.guard !== 'request-no-cors') {
    state.list.push(name, value);
    return;
  }
  var old = get(state.list, name);
  if (!isSafelisted(name, old === null ? value : old + ', ' + value))
    return;
  state.list.push(name, value);
  remove(state.list, 'range');
}

function get(list, name) {
  var value = null;
  for (var i = 0; i < list.length; i += 2)
    if (list[i] === name)
      value = value === null ? list[i + 1] : value + ', ' + list[i + 1];
  return value;
}

function remove(list, name) {
  var kept = 0;
  for (var i = 0; i < list.length; i += 2) {
    if (list[i] === name)
      continue;
    list[kept++] = list[i];
    list[kept++] = list[i + 1];
  }
  list.length = kept;
}

function set(list, name, value) {
  for (var i = 0; i < list.length; i += 2) {
    if (list[i] !== name)
      continue;
    list[i + 1] = value;
    var tail = list.splice(i + 2);
    remove(tail, name);
    for (var j = 0; j < tail.length; j++)
      list.push(tail[j]);
    return;
  }
  list.push(name, value);
}

// Spec: Fetch#concept-headers-fill
function fill(state, init) {
  if (!lib.isObject(init))
    throw new TypeError('Headers: the init value is not an object');
  var method = init[Symbol.iterator];
  if (method === Headers.prototype.entries && lib.isA(init, HEADERS))
    return fillFrom(state, init[$].list);
  if (method !== undefined && method !== null)
    return fillPairs(state, lib.sequence(init, 'Headers init', method));
  var pairs = lib.record(init, host.byteString, host.byteString);
  for (var i = 0; i < pairs.length; i++)
    append(state, pairs[i][0], pairs[i][1]);
}

function byteString(value) { return host.byteString(value); }

function fillPairs(state, pairs) {
  pairs
      .map(function(pair) {
        pair = lib.sequence(pair, 'A header').map(byteString);
        if (pair.length !== 2)
          throw new TypeError('A header is not a pair of name and value');
        return pair;
      })
      .forEach(function(pair) { append(state, pair[0], pair[1]); });
}

function fillFrom(state, list) {
  for (var i = 0; i < list.length; i += 2)
    append(state, list[i], list[i + 1]);
}

// Spec: Fetch#concept-header-list-sort-and-combine
function sorted(state) {
  var list = state.list;
  var names = [];
  var i;
  for (i = 0; i < list.length; i += 2)
    if (names.indexOf(list[i]) < 0)
      names.push(list[i]);
  names.sort();
  var out = [];
  names.forEach(function(name) {
    if (name !== 'set-cookie')
      return out.push([name, get(list, name)]);
    for (i = 0; i < list.length; i += 2)
      if (list[i] === name)
        out.push([name, list[i + 1]]);
  });
  return out;
}

lib.expose('Headers', Headers, {
  append(name, value) {
    var state = of(this, HEADERS);
    lib.need(arguments, 2, 'Headers.append');
    append(state, name, value);
  },
  'delete'(name) {
    var state = of(this, HEADERS);
    lib.need(arguments, 1, 'Headers.delete');
    name = host.headerName(name);
    if (permits(state, name, '') && (state.guard !== 'request-no-cors' || deletable[name] === true))
      remove(state.list, name);
  },
  'get'(name) {
    var state = of(this, HEADERS);
    lib.need(arguments, 1, 'Headers.get');
    return get(state.list, host.headerName(name));
  },
  getSetCookie() {
    return sorted(of(this, HEADERS))
        .filter(function(pair) { return pair[0] === 'set-cookie'; })
        .map(function(pair) { return pair[1]; });
  },
  has(name) {
    var state = of(this, HEADERS);
    lib.need(arguments, 1, 'Headers.has');
    return get(state.list, host.headerName(name)) !== null;
  },
  'set'(name, value) {
    var state = of(this, HEADERS);
    lib.need(arguments, 2, 'Headers.set');
    name = host.headerName(name);
    value = host.headerValue(value);
    if (permits(state, name, value) &&
        (state.guard !== 'request-no-cors' || isSafelisted(name, value)))
      set(state.list, name, value);
  },
});

// (WebIDL: idl-iterable.) `pairs` gives the entries of an instance's state as they are at the
// moment.
lib.iterable = function(name, constructor, bit, pairs) {
  var prototype = constructor.prototype;
  var shared = {
    next() {
      var state = of(this, lib.bit.iterator);
      if (state.of !== name)
        throw new TypeError('Illegal invocation');
      var list = pairs(state.target);
      if (state.at >= list.length)
        return {value: undefined, done: true};
      var pair = list[state.at++];
      return {value: state.kind === 2 ? [pair[0], pair[1]] : pair[state.kind], done: false};
    },
  };
  Object.setPrototypeOf(shared, lib.iteratorPrototype());
  Object.defineProperty(shared, Symbol.toStringTag,
                        {value: name + ' Iterator', configurable: true});
  var maker = function(self, kind) {
    return lib.make(shared,
                    {is: lib.bit.iterator, of: name, target: of(self, bit), at: 0, kind: kind});
  };
  var members = {
    entries() { return maker(this, 2); },
    keys() { return maker(this, 0); },
    values() { return maker(this, 1); },
    forEach(callback) {
      var state = of(this, bit);
      lib.need(arguments, 1, name + '.forEach');
      if (typeof callback !== 'function')
        throw new TypeError(name + '.forEach: the callback is not a function');
      for (var i = 0, list = pairs(state); i < list.length; list = pairs(state), i++)
        if (i < list.length)
          lib.apply(callback, arguments[1], [list[i][1], list[i][0], this]);
    },
  };
  host.copyMembers(prototype, members);
  lib.hide(prototype, Symbol.iterator, prototype.entries);
};

lib.iteratorPrototype = function() {
  if (typeof Array.prototype[Symbol.iterator] === 'function')
    return Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));
  var prototype = {};
  lib.hide(prototype, Symbol.iterator, function() { return this; });
  return prototype;
};

lib.iterable('Headers', Headers, HEADERS, sorted);

lib.headersOf = function(
    list, guard) { return lib.make(Headers.prototype, {is: HEADERS, list: list, guard: guard}); };
// Fills a new list as `new Headers(init)` under a guard would.
lib.headerList = function(init, guard, list) {
  var state = {is: HEADERS, list: list || [], guard: guard};
  if (init !== undefined)
    fill(state, init);
  return state.list;
};
lib.header = get;
lib.setHeader = set;
})(__host);
