// SPDX-License-Identifier: MIT
// TextEncoderStream and TextDecoderStream.
(function(host) {
var lib = host.platform;
var support = lib.stream_support;

// A stream class made of a transform; its attributes come from `coder`.
function codingStream(constructor, makeCoder, attributes) {
  var name = constructor.make.name;
  var kind = {};
  constructor.init = function(self, target, given) {
    lib.constructing(target, name);
    var coder = makeCoder(given);
    self[lib.slot] =
        {is: lib.bit.other, kind: kind, coder: coder, inner: lib.transforms.create(coder)};
  };
  var prototype = {
    get readable() { return support.stateOf(this, kind).inner.readable; },
    get writable() { return support.stateOf(this, kind).inner.writable; },
  };
  attributes.forEach(function(attribute) {
    Object.defineProperty(prototype, attribute, {
      get: function() { return support.stateOf(this, kind).coder.attributes[attribute]; },
      enumerable: true,
      configurable: true,
    });
  });
  lib.expose(name, constructor.make, prototype);
}
var encoding = {
  make: function TextEncoderStream() { encoding.init(this, new.target, arguments); },
};
var decoding = {
  make: function TextDecoderStream() { decoding.init(this, new.target, arguments); },
};

// A pair of surrogates may be split between two chunks.
codingStream(encoding, function() {
  var pending = '';
  return {
    attributes: {encoding: 'utf-8'},
    transform: function(enqueue, chunk) {
      var text = pending + lib.string(chunk);
      var last = text.charCodeAt(text.length - 1);
      var split = last >= 0xD800 && last <= 0xDBFF;
      pending = split ? text.slice(-1) : '';
      text = split ? text.slice(0, -1) : text;
      if (text)
        enqueue(host.encodeUtf8(text));
    },
    flush: function(enqueue) {
      if (pending)
        enqueue(host.encodeUtf8(pending));
    },
  };
}, ['encoding']);

codingStream(decoding, function(given) {
  var decoder = new lib.global.TextDecoder(given[0], given[1]);
  var decode = decoder.decode;
  return {
    attributes: decoder,
    transform: function(enqueue, chunk) {
      // The method itself takes undefined for no bytes.
      if (chunk === undefined)
        throw new TypeError('A chunk is not an ArrayBuffer or a view of one');
      var text = lib.apply(decode, decoder, [chunk, {stream: true}]);
      if (text)
        enqueue(text);
    },
    flush: function(enqueue) {
      var text = lib.apply(decode, decoder, []);
      if (text)
        enqueue(text);
    },
  };
}, ['encoding', 'fatal', 'ignoreBOM']);
})(__host);
