// SPDX-License-Identifier: MIT
// FormData, and bodies of the two form types.
(function(host) {
var lib = host.platform;
var $ = lib.slot;
var of = lib.of;
var FORM = lib.bit.formData;

// As the XHR specification has it (interface-formdata).
function FormData() {
  lib.constructing(new.target, 'FormData');
  if (arguments[0] !== undefined)
    throw new TypeError('FormData: there are no forms in a worker');
  this[$] = {is: FORM, list: []};
}

function entry(given, what) {
  lib.need(given, 2, 'FormData.' + what);
  var name = host.scalar(given[0]);
  var value = given[1];
  if (!lib.isA(value, lib.bit.blob)) {
    if (given.length > 2)
      throw new TypeError('FormData.' + what + ': the value is not a Blob');
    return [name, host.scalar(value)];
  }
  var fileName = given[2] === undefined ? undefined : host.scalar(given[2]);
  var state = value[$];
  if (state.name === undefined || fileName !== undefined)
    value = lib.load('blob').makeFile(
        state.bytes, state.type, fileName === undefined ? 'blob' : fileName,
        state.lastModified === undefined ? Date.now() : state.lastModified);
  return [name, value];
}

function named(self, given, what) {
  var state = of(self, FORM);
  lib.need(given, 1, 'FormData.' + what);
  var name = host.scalar(given[0]);
  return state.list.filter(function(item) { return item[0] === name; });
}

lib.expose('FormData', FormData, {
  append(name, value) { of(this, FORM).list.push(entry(arguments, 'append')); },
  'delete'(name) {
    var gone = named(this, arguments, 'delete');
    var state = of(this, FORM);
    state.list = state.list.filter(function(item) { return gone.indexOf(item) < 0; });
  },
  'get'(name) {
    var found = named(this, arguments, 'get');
    return found.length ? found[0][1] : null;
  },
  getAll(name) { return named(this, arguments, 'getAll').map(function(item) { return item[1]; }); },
  has(name) { return named(this, arguments, 'has').length > 0; },
  'set'(name, value) {
    var state = of(this, FORM);
    var item = entry(arguments, 'set');
    var at = -1;
    state.list = state.list.filter(function(other, i) {
      if (other[0] !== item[0])
        return true;
      at = at < 0 ? i : at;
      return at === i;
    });
    if (at < 0)
      state.list.push(item);
    else
      state.list[at] = item;
  },
});
lib.iterable('FormData', FormData, FORM, function(state) { return state.list; });

// As the HTML specification has it (multipart-form-data).
function extract(state) {
  var written = lib.extra('multipart').write(state.list);
  return [{bytes: written[0], used: false}, written[1]];
}

function fail() { throw new TypeError('The body is not a form'); }

function formOf(entries) {
  var form = new FormData();
  form[$].list = entries || fail();
  return form;
}

lib.form_data = {
  extract: extract,
  // As the Fetch specification has it (dom-body-formdata).
  parse: function(bytes, header) {
    var type = lib.extra('mime').extract(header);
    if (type !== null && type.essence === 'multipart/form-data')
      return formOf(lib.extra('multipart').read(bytes, lib.extra('mime').serialize(type)));
    if (type === null || type.essence !== 'application/x-www-form-urlencoded')
      fail();
    return formOf(lib.load('url').parseParams(host.decodeUtf8(bytes, true)));
  },
};
})(__host);
