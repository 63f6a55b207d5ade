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

  return {
    TextDecoder: TextDecoder, encodingName: natives.encodingName,
    // All of the bytes at once; a byte order mark wins over the name.
    // Spec: Encoding#specification-hooks
    decode: function (bytes, name) {
      if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
        name = 'utf-8';
      else if (bytes[0] === 0xfe && bytes[1] === 0xff)
        name = 'utf-16be';
      else if (bytes[0] === 0xff && bytes[1] === 0xfe)
        name = 'utf-16le';
      return natives.decode(natives.makeDecoder(name, false, false), bytes, false);
    },
  };
});
