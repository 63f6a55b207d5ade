// SPDX-License-Identifier: MIT
// Bodies of requests and responses. A body is {text | bytes | source | stream, used}: text and
// bytes are in the heap, a source is a native stream that script has not touched, a stream is a
// ReadableStream that script may have seen.
(function(host) {
var lib = host.platform;
var $ = lib.slot;
var of = lib.of;

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

// Reads all of a body; `done` gets a string or bytes.
function readAll(body, done, failed) {
  if (body === null)
    return done('');
  // Only a stream can be errored while it is read.
  if (body.abortable && body.stream === undefined)
    lib.load('streams').adopt(body);
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

lib.readBody = readAll;

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
        var type = contentType(state);
        return lib.load('blob').make(asBytes(data),
                                     type === null ? '' : lib.extra('mime').ofHeader(type));
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
  host.copyMembers(prototype, members);
}

// Spec: Fetch#concept-body-clone
function cloneBody(body) {
  if (body === null)
    return null;
  if (body.abortable && body.stream === undefined)
    lib.load('streams').adopt(body);
  if (body.stream !== undefined) {
    body.origin = body.origin || body.stream;
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
lib.bodyMixin = bodyMixin;
lib.cloneBody = cloneBody;
lib.listOf = listOf;

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
})(__host);
