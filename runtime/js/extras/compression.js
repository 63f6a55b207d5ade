// SPDX-License-Identifier: MIT
// CompressionStream and DecompressionStream: a TransformStream around a native codec.
(function (host, natives) {
  var lib = host.platform;
  var $ = lib.slot;
  var idl = lib.extra('idl');
  var FORMATS = ['deflate', 'deflate-raw', 'gzip'];
  var transforms = lib.load('transforms');

  function drain(codec, enqueue) {
    for (var piece = natives.drain(codec); piece !== undefined; piece = natives.drain(codec))
      enqueue(piece);
  }

  function makeInner(format, compresses) {
    var codec = natives.make(format, compresses);
    return transforms.create({
      transform: function (enqueue, chunk) {
        if (!idl.isBufferSource(chunk))
          throw new TypeError('A chunk is not an ArrayBuffer or a view of one');
        natives.feed(codec, chunk);
        drain(codec, enqueue);
      },
      flush: function (enqueue) {
        natives.feed(codec, undefined);
        drain(codec, enqueue);
      },
    });
  }

  // Both interfaces differ in the direction only.
  function makeInterface(name, compresses) {
    var kind = {};
    var constructor = function (format) {
      lib.constructing(new.target, name);
      lib.need(arguments, 1, name);
      format = lib.oneOf(idl.string(format), FORMATS, 'CompressionFormat');
      this[$] = {is: lib.bit.other, kind: kind, inner: makeInner(format, compresses)};
    };
    host.rename(constructor, name);
    return idl.make(name, constructor, {
      get readable() { return idl.stateOf(this, kind).inner.readable; },
      get writable() { return idl.stateOf(this, kind).inner.writable; },
    });
  }

  return {
    CompressionStream: makeInterface('CompressionStream', true),
    DecompressionStream: makeInterface('DecompressionStream', false),
  };
});
