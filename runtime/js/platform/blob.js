// SPDX-License-Identifier: MIT
// Blob and File. The bytes are a Uint8Array that script never sees.
(function(host) {
var lib = host.platform;
var $ = lib.slot;
var of = lib.of;
var BLOB = lib.bit.blob;

function normalType(type) {
  type = type === undefined ? '' : String(type);
  return /[^\x20-\x7e]/.test(type) ? '' : type.toLowerCase();
}

// As the FileAPI specification has it (process-blob-parts).
function join(parts, native) {
  var pieces = parts.map(function(part) {
    if (lib.isA(part, BLOB))
      return part[$].bytes;
    var bytes = lib.isObject(part) ? host.copyBytes(part) : undefined;
    if (bytes !== undefined)
      return bytes;
    part = String(part);
    return host.encodeUtf8(native ? part.replace(/\r\n?|\n/g, '\n') : part);
  });
  var size = pieces.reduce(function(sum, piece) { return sum + piece.length; }, 0);
  var bytes = new Uint8Array(size);
  var at = 0;
  pieces.forEach(function(piece) {
    bytes.set(piece, at);
    at += piece.length;
  });
  return bytes;
}

function stateOf(parts, options, what) {
  options = lib.dictionary(options, what);
  if (parts !== undefined && !lib.isObject(parts))
    throw new TypeError(what + ': the parts are not a sequence');
  if (options.endings !== undefined)
    lib.oneOf(options.endings, ['transparent', 'native'], 'EndingType');
  return {
    is: BLOB,
    bytes: parts === undefined ? new Uint8Array(0)
                               : join(lib.sequence(parts, what), options.endings === 'native'),
    type: normalType(options.type),
  };
}

// As the FileAPI specification has it (blob-section).
function Blob() {
  lib.constructing(new.target, 'Blob');
  this[$] = stateOf(arguments[0], arguments[1], 'Blob');
}

function make(bytes, type) {
  return lib.make(Blob.prototype, {is: BLOB, bytes: bytes, type: type});
}

function read(self, convert) {
  return lib.promised(function(promise) { lib.resolve(promise, convert(of(self, BLOB).bytes)); });
}

function clamp(value, size, otherwise) {
  if (value === undefined)
    return otherwise;
  value = Math.trunc(Number(value)) || 0;
  return value < 0 ? Math.max(size + value, 0) : Math.min(value, size);
}

lib.expose('Blob', Blob, {
  get size() { return of(this, BLOB).bytes.length; },
  get type() { return of(this, BLOB).type; },
  slice() {
    var state = of(this, BLOB);
    var size = state.bytes.length;
    var start = clamp(arguments[0], size, 0);
    var end = clamp(arguments[1], size, size);
    return make(state.bytes.subarray(start, Math.max(start, end)), normalType(arguments[2]));
  },
  stream() {
    var body = {bytes: of(this, BLOB).bytes, used: false};
    return lib.load('streams').adopt(body);
  },
  text() { return read(this, function(bytes) { return host.decodeUtf8(bytes); }); },
  arrayBuffer() { return read(this, function(bytes) { return host.copyBytes(bytes).buffer; }); },
  bytes() { return read(this, function(bytes) { return host.copyBytes(bytes); }); },
});

// As the FileAPI specification has it (file-section).
function File(parts, name) {
  lib.constructing(new.target, 'File');
  lib.need(arguments, 2, 'File');
  var options = lib.dictionary(arguments[2], 'File');
  var state = stateOf(parts, options, 'File');
  state.name = host.scalar(String(name));
  state.lastModified = options.lastModified === undefined
                           ? Date.now()
                           : Math.trunc(Number(options.lastModified)) || 0;
  this[$] = state;
}

function file(self) {
  var state = of(self, BLOB);
  if (state.name === undefined)
    throw new TypeError('Illegal invocation');
  return state;
}

lib.expose('File', File, {
  get name() { return file(this).name; },
  get lastModified() { return file(this).lastModified; },
  get webkitRelativePath() { return file(this) && ''; },
},
           Blob);

lib.blob = {
  make: make,
  sizeOf: function(blob) { return blob[$].bytes.length; },
  makeFile: function(bytes, type, name, lastModified) {
    return lib.make(File.prototype,
                    {is: BLOB, bytes: bytes, type: type, name: name, lastModified: lastModified});
  },
  mimeType: function(value) { return value === null ? '' : normalType(value); },
};
})(__host);
