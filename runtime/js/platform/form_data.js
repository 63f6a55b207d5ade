// SPDX-License-Identifier: MIT
// FormData, and bodies of the two form types.
(function (host) {
  var lib = host.platform;
  var $ = lib.slot;
  var of = lib.of;
  var FORM = lib.bit.formData;

  // Spec: XHR#interface-formdata
  function FormData() {
    lib.constructing(new.target, 'FormData');
    if (arguments[0] !== undefined)
      throw new TypeError('FormData: there are no forms in a worker');
    this[$] = {is: FORM, list: []};
  }

  function entry(given, what) {
    lib.need(given, 2, 'FormData.' + what);
    var value = given[1];
    if (!lib.isA(value, lib.bit.blob)) {
      if (given.length > 2)
        throw new TypeError('FormData.' + what + ': the value is not a Blob');
      return [host.scalar(String(given[0])), host.scalar(String(value))];
    }
    var state = value[$];
    if (state.name === undefined || given[2] !== undefined)
      value = lib.load('blob').makeFile(state.bytes, state.type,
        given[2] === undefined ? state.name || 'blob' : host.scalar(String(given[2])), state.lastModified || Date.now());
    return [host.scalar(String(given[0])), value];
  }

  function named(self, given, what) {
    var state = of(self, FORM);
    lib.need(given, 1, 'FormData.' + what);
    var name = host.scalar(String(given[0]));
    return state.list.filter(function (item) { return item[0] === name; });
  }

  lib.expose('FormData', FormData, {
    append(name, value) { of(this, FORM).list.push(entry(arguments, 'append')); },
    'delete'(name) {
      var gone = named(this, arguments, 'delete');
      var state = of(this, FORM);
      state.list = state.list.filter(function (item) { return gone.indexOf(item) < 0; });
    },
    'get'(name) {
      var found = named(this, arguments, 'get');
      return found.length ? found[0][1] : null;
    },
    getAll(name) { return named(this, arguments, 'getAll').map(function (item) { return item[1]; }); },
    has(name) { return named(this, arguments, 'has').length > 0; },
    'set'(name, value) {
      var state = of(this, FORM);
      var item = entry(arguments, 'set');
      var at = -1;
      state.list = state.list.filter(function (other, i) {
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
  lib.iterable('FormData', FormData, FORM, function (state) { return state.list; });

  function escapeName(name) {
    return name.replace(/\r\n?|\n/g, '%0D%0A').replace(/"/g, '%22');
  }

  // Spec: HTML#multipart-form-data
  function extract(state) {
    var boundary = '----offstage' + host.randomUUID().replace(/-/g, '');
    var parts = [];
    state.list.forEach(function (item) {
      var head = '--' + boundary + '\r\nContent-Disposition: form-data; name="' + escapeName(item[0]) + '"';
      if (typeof item[1] === 'string') {
        parts.push(head + '\r\n\r\n' + item[1].replace(/\r\n?|\n/g, '\r\n') + '\r\n');
      } else {
        var file = item[1][$];
        parts.push(head + '; filename="' + escapeName(file.name.replace(/\r\n?|\n/g, '\r\n')) + '"\r\nContent-Type: '
          + (file.type || 'application/octet-stream') + '\r\n\r\n', item[1], '\r\n');
      }
    });
    parts.push('--' + boundary + '--\r\n');
    var Blob = lib.load('blob') && lib.global.Blob;
    return [{bytes: new Blob(parts)[$].bytes, used: false}, 'multipart/form-data; boundary=' + boundary];
  }

  function fail() {
    throw new TypeError('The body is not a form');
  }

  // Byte strings make the boundaries easy to find; the parts are decoded one by one.
  function parseMultipart(bytes, type) {
    var match = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(type);
    if (!match)
      fail();
    var text = host.latin1(bytes);
    var mark = '--' + (match[1] || match[2]);
    var form = new FormData();
    var at = text.indexOf(mark);
    if (at < 0)
      fail();
    for (;;) {
      at += mark.length;
      if (text.slice(at, at + 2) === '--')
        return form;
      if (text.slice(at, at + 2) !== '\r\n')
        fail();
      var end = text.indexOf('\r\n' + mark, at);
      var body = text.indexOf('\r\n\r\n', at);
      if (end < 0 || body < 0 || body > end)
        fail();
      addPart(form, host.decodeUtf8(bytes.subarray(at + 2, body)), bytes.subarray(body + 4, end));
      at = end + 2;
    }
  }

  function unescape(name) {
    return name.replace(/%0D%0A/g, '\r\n').replace(/%22/g, '"');
  }

  function addPart(form, head, bytes) {
    var disposition = /^content-disposition:\s*form-data\s*;(.*)$/im.exec(head);
    var name = disposition && /(?:^|[;\s])name="([^"]*)"/.exec(disposition[1]);
    if (!name)
      fail();
    var file = /filename="([^"]*)"/.exec(disposition[1]);
    if (!file)
      return form[$].list.push([unescape(name[1]), host.decodeUtf8(bytes)]);
    var type = /^content-type:\s*(.*?)\s*$/im.exec(head);
    form[$].list.push([unescape(name[1]), lib.load('blob').makeFile(host.copyBytes(bytes),
      type ? type[1].toLowerCase() : 'text/plain', unescape(file[1]), Date.now())]);
  }

  lib.form_data = {
    extract: extract,
    // Spec: Fetch#dom-body-formdata
    parse: function (bytes, type) {
      if (type !== null && /^\s*multipart\/form-data\s*(;|$)/i.test(type))
        return parseMultipart(bytes, type);
      if (type === null || !/^\s*application\/x-www-form-urlencoded\s*(;|$)/i.test(type))
        fail();
      var form = new FormData();
      form[$].list = lib.load('url').parseParams(host.decodeUtf8(bytes));
      return form;
    },
  };
})(__host);
