// SPDX-License-Identifier: MIT
// TextDecoder of every encoding.
(function (host, natives) {
  var lib = host.platform;
  var $ = lib.slot;
  var idl = lib.extra('idl');
  var KIND = {};

  function of(object) {
    return idl.stateOf(object, KIND);
  }

  // Spec: Encoding#dom-textdecoder
  function TextDecoder() {
    lib.constructing(new.target, 'TextDecoder');
    var label = arguments[0] === undefined ? 'utf-8' : idl.string(arguments[0]);
    var options = lib.dictionary(arguments[1], 'TextDecoder');
    var fatal = !!options.fatal;
    var ignoreBOM = !!options.ignoreBOM;
    var name = natives.encodingName(label);
    if (name === undefined)
      throw new RangeError("'" + label + "' is not a label of an encoding");
    this[$] = {
      is: lib.bit.other, kind: KIND, encoding: name, fatal: fatal, ignoreBOM: ignoreBOM,
      decoder: null,
    };
  }

  function decode(state, bytes, more) {
    if (state.decoder === null)
      state.decoder = natives.makeDecoder(state.encoding, state.fatal, state.ignoreBOM);
    return natives.decode(state.decoder, bytes, more);
  }

  // Spec: Encoding#interface-textdecoder
  idl.make('TextDecoder', TextDecoder, {
    get encoding() { return of(this).encoding; },
    get fatal() { return of(this).fatal; },
    get ignoreBOM() { return of(this).ignoreBOM; },
    decode() {
      var state = of(this);
      var bytes = arguments[0];
      var options = lib.dictionary(arguments[1], 'TextDecoder.decode');
      if (bytes !== undefined && !idl.isBufferSource(bytes))
        throw new TypeError('TextDecoder.decode: the input is not an ArrayBuffer or a view');
      return decode(state, bytes, !!options.stream);
    },
  });

  // A label may mean the replacement encoding, which has no TextDecoder.
  function decoderFor(label) {
    try {
      return natives.makeDecoder(label, false, false);
    } catch (error) {
      return natives.makeDecoder('utf-8', false, false);
    }
  }

  // Spec: Encoding#specification-hooks
  function markOf(bytes) {
    if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
      return 'utf-8';
    if (bytes[0] === 0xfe && bytes[1] === 0xff)
      return 'utf-16be';
    return bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : undefined;
  }

  return {
    TextDecoder: TextDecoder, encodingName: natives.encodingName,
    // All of the bytes at once, by a label that may be unknown or missing; a byte order mark wins.
    decodeAs: function (bytes, label) {
      return natives.decode(decoderFor(markOf(bytes) || label || 'utf-8'), bytes, false);
    },
  };
});
