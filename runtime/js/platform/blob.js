// SPDX-License-Identifier: MIT
// Blob and File. The bytes are a Uint8Array that script never sees.
(function(host) {
var lib = host.platform;
var $ = lib.slot;
var of = lib.of;
var BLOB = lib.bit.blob;

function normalType(type) {
  return /[^\x20-\x7e]/.test(type) ? '' : type.toLowerCase();
}

// The members of BlobPropertyBag in the order of Web IDL; those of File follow.
function bagOf(options, what) {
  options = lib.dictionary(options, what);
  var bag = {native: false, type: ''};
  var endings = options.endings;
  if (endings !== undefined)
    bag.native = lib.oneOf(endings, ['transparent', 'native'], 'EndingType') === 'native';
  var type = options.type;
  if (type !== undefined)
    bag.type = normalType(lib.string(type));
  return bag;
}

// The parts as Web IDL converts them: blobs and copies of bytes, strings otherwise.
function partsOf(value, what) {
  if (value === undefined)
    return [];
  if (!lib.isObject(value))
    throw new TypeError(what + ': the parts are not a sequence');
  return lib.sequence(value, what).map(function(part) {
    if (lib.isA(part, BLOB))
      return part[$].bytes;
    var bytes = lib.isObject(part) ? host.copyBytes(part) : undefined;
    return bytes === undefined ? host.scalar(part) : bytes;
  });
}

// As the FileAPI specification has it (process-blob-parts).
function join(parts, native) {
  var pieces = parts.map(function(part) {
    if (typeof part !== 'string')
      return part;
    return host.encodeUtf8(native ? part.replace(/\r\n?|\n/g, '\n') : part);
  });
  if (pieces.length === 1)
    return pieces[0];
  var size = pieces.reduce(function(sum, piece) { return sum + piece.length; }, 0);
  var bytes = new Uint8Array(size);
  var at = 0;
  pieces.forEach(function(piece) {
    bytes.set(piece, at);
    at += piece.length;
  });
  return bytes;
}

// As the FileAPI specification has it (blob-section).
function Blob() {
  lib.constructing(new.target, 'Blob');
  var parts = partsOf(arguments[0], 'Blob');
  var bag = bagOf(arguments[1], 'Blob');
  this[$] = {is: BLOB, bytes: join(parts, bag.native), type: bag.type};
}

function make(bytes, type) {
  return lib.make(Blob.prototype, {is: BLOB, bytes: bytes, type: type});
}

function read(self, convert) {
  return lib.promised(function(promise) { lib.resolve(promise, convert(of(self, BLOB).bytes)); });
}

// [Clamp] long long: halves go to the even neighbour.
function clamped(value) {
  value = Number(value);
  if (!(Math.abs(value) < 9007199254740991))
    return value > 0 ? 9007199254740991 : value < 0 ? -9007199254740991 : 0;
  var low = Math.floor(value);
  var rest = value - low;
  return rest < 0.5 || (rest === 0.5 && low % 2 === 0) ? low : low + 1;
}

function position(value, size, otherwise) {
  if (value === undefined)
    return otherwise;
  return value < 0 ? Math.max(size + value, 0) : Math.min(value, size);
}

lib.expose('Blob', Blob, {
  get size() { return of(this, BLOB).bytes.length; },
  get type() { return of(this, BLOB).type; },
  slice() {
    var state = of(this, BLOB);
    var size = state.bytes.length;
    var start = arguments[0] === undefined ? undefined : clamped(arguments[0]);
    var end = arguments[1] === undefined ? undefined : clamped(arguments[1]);
    var type = arguments[2] === undefined ? '' : normalType(lib.string(arguments[2]));
    start = position(start, size, 0);
    end = position(end, size, size);
    return make(state.bytes.subarray(start, Math.max(start, end)), type);
  },
  stream() {
    var body = {bytes: of(this, BLOB).bytes, used: false};
    return lib.load('streams').adopt(body);
  },
  text() { return read(this, function(bytes) { return host.decodeUtf8(bytes); }); },
  arrayBuffer() { return read(this, function(bytes) { return host.copyBytes(bytes).buffer; }); },
  bytes() { return read(this, function(bytes) { return host.copyBytes(bytes); }); },
});

// A long long; what is beyond 2^53 is not exact in any way.
function integer(value) {
  value = Number(value);
  return isFinite(value) ? Math.trunc(value) + 0 : 0;
}

// As the FileAPI specification has it (file-section).
function File(parts, name) {
  lib.constructing(new.target, 'File');
  lib.need(arguments, 2, 'File');
  if (!lib.isObject(parts))
    throw new TypeError('File: the parts are not a sequence');
  parts = partsOf(parts, 'File');
  name = host.scalar(name);
  var options = lib.dictionary(arguments[2], 'File');
  var bag = bagOf(options, 'File');
  var modified = options.lastModified;
  this[$] = {
    is: BLOB,
    bytes: join(parts, bag.native),
    type: bag.type,
    name: name,
    lastModified: modified === undefined ? Date.now() : integer(modified),
  };
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

// As the FileAPI specification has it (filelist-section). A page makes them, a worker cannot.
function list(self) { return of(self, 0); }

lib.expose('FileList', function FileList() { lib.illegal(); }, {
  get length() { return list(this).files.length; },
  item(index) {
    var state = list(this);
    lib.need(arguments, 1, 'FileList.item');
    return state.files[index >>> 0] || null;
  },
});

lib.blob = {
  make: make,
  sizeOf: function(blob) { return blob[$].bytes.length; },
  makeFile: function(bytes, type, name, lastModified) {
    return lib.make(File.prototype,
                    {is: BLOB, bytes: bytes, type: type, name: name, lastModified: lastModified});
  },
};
})(__host);
