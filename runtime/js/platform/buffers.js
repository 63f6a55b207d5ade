// SPDX-License-Identifier: MIT
// ArrayBuffers and their views, whatever script has done to their prototypes.
(function(host) {
var lib = host.platform;
var G = lib.global;
var apply = lib.apply;
var isView = ArrayBuffer.isView;
var BufferConstructor = ArrayBuffer;
var BytesConstructor = Uint8Array;
var DataViewConstructor = DataView;

function getter(prototype, name) {
  return Object.getOwnPropertyDescriptor(prototype, name).get;
}

var typedPrototype = Object.getPrototypeOf(Uint8Array.prototype);
var tagOf = getter(typedPrototype, Symbol.toStringTag);
var typed = {
  buffer: getter(typedPrototype, 'buffer'),
  offset: getter(typedPrototype, 'byteOffset'),
  size: getter(typedPrototype, 'byteLength'),
};
var data = {
  buffer: getter(DataView.prototype, 'buffer'),
  offset: getter(DataView.prototype, 'byteOffset'),
  size: getter(DataView.prototype, 'byteLength'),
};
var bufferSize = getter(ArrayBuffer.prototype, 'byteLength');
var set = typedPrototype.set;

var constructors = Object.create(null);
[
  'Int8Array', 'Uint8Array', 'Uint8ClampedArray', 'Int16Array', 'Uint16Array', 'Int32Array',
  'Uint32Array', 'Float16Array', 'Float32Array', 'Float64Array', 'BigInt64Array', 'BigUint64Array'
].forEach(function(name) { constructors[name] = G[name]; });

function bytes(buffer, offset, size) { return new BytesConstructor(buffer, offset, size); }

lib.buffers = {
  Bytes: BytesConstructor,
  isView: function(value) { return isView(value); },
  isBytes: function(value) { return isView(value) && apply(tagOf, value, []) === 'Uint8Array'; },
  join: function(parts, size) {
    var all = new BytesConstructor(size);
    for (var at = 0, i = 0; i < parts.length; i++) {
      apply(set, all, [parts[i], at]);
      at += parts[i].length;
    }
    return all;
  },
  // What a view shows.
  describe: function(view) {
    var tag = apply(tagOf, view, []);
    var of = tag === undefined ? data : typed;
    var constructor = tag === undefined ? DataViewConstructor : constructors[tag];
    return {
      buffer: apply(of.buffer, view, []),
      offset: apply(of.offset, view, []),
      size: apply(of.size, view, []),
      constructor: constructor,
      elementSize: tag === undefined ? 1 : constructor.BYTES_PER_ELEMENT,
    };
  },
  sizeOf: function(buffer) { return apply(bufferSize, buffer, []); },
  bytes: bytes,
  transfer: function(buffer) { return host.transferBuffer(buffer); },
  isDetached: function(buffer) { return host.isDetached(buffer); },
  allocate: function(size) { return new BufferConstructor(size); },
  copy: function(to, toOffset, from, fromOffset, size) {
    apply(set, bytes(to, toOffset, size), [bytes(from, fromOffset, size)]);
  },
  clone: function(buffer, offset, size) {
    var cloned = new BufferConstructor(size);
    apply(set, bytes(cloned, 0, size), [bytes(buffer, offset, size)]);
    return cloned;
  },
};
})(__host);
