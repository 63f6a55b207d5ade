// SPDX-License-Identifier: MIT
// TextEncoder and TextDecoder. (Encoding)
(function(host) {
var lib = host.platform;
var $ = lib.slot;
var of = lib.of;
var OTHER = lib.bit.other;

function TextEncoder() {
  lib.constructing(new.target, 'TextEncoder');
  this[$] = {is: OTHER, encoder: true};
}

function encoder(self) {
  if (!of(self, OTHER).encoder)
    throw new TypeError('Illegal invocation');
}

lib.expose('TextEncoder', TextEncoder, {
  get encoding() {
    encoder(this);
    return 'utf-8';
  },
  encode() {
    encoder(this);
    return host.encodeUtf8(arguments[0] === undefined ? '' : String(arguments[0]));
  },
  encodeInto(source, destination) {
    encoder(this);
    lib.need(arguments, 2, 'TextEncoder.encodeInto');
    if (!(destination instanceof Uint8Array))
      throw new TypeError('TextEncoder.encodeInto: the destination is not a Uint8Array');
    return into(host.scalar(String(source)), destination);
  },
});

function into(source, destination) {
  var bytes = host.encodeUtf8(source);
  var end = Math.min(bytes.length, destination.length);
  // No character is written in part.
  while (end > 0 && end < bytes.length && (bytes[end] & 0xC0) === 0x80)
    end--;
  destination.set(bytes.subarray(0, end));
  return {
    read: host.decodeUtf8Part(bytes.subarray(0, end), false, true, true).text.length,
    written: end
  };
}

function TextDecoder() {
  lib.constructing(new.target, 'TextDecoder');
  var label = arguments[0] === undefined ? 'utf-8' : String(arguments[0]);
  var options = lib.dictionary(arguments[1], 'TextDecoder');
  var name = host.encodingName(label);
  if (name === undefined)
    throw new RangeError("TextDecoder: the label '" + label + "' is unknown");
  this[$] = {
    is: OTHER,
    decoder: name,
    fatal: !!options.fatal,
    ignoreBOM: !!options.ignoreBOM,
    rest: null,
    begun: false
  };
}

function decoder(self) {
  var state = of(self, OTHER);
  if (!state.decoder)
    throw new TypeError('Illegal invocation');
  return state;
}

lib.expose('TextDecoder', TextDecoder, {
  get encoding() { return decoder(this).decoder; },
  get fatal() { return decoder(this).fatal; },
  get ignoreBOM() { return decoder(this).ignoreBOM; },
  decode() {
    var state = decoder(this);
    var input = arguments[0];
    var stream = !!lib.dictionary(arguments[1], 'TextDecoder.decode').stream;
    var bytes = input === undefined ? new Uint8Array(0) : host.copyBytes(input);
    if (bytes === undefined)
      throw new TypeError('TextDecoder.decode: the input holds no bytes');
    return decode(state, bytes, stream);
  },
});

function append(rest, bytes) {
  if (rest === null || rest.length === 0)
    return bytes;
  var all = new Uint8Array(rest.length + bytes.length);
  all.set(rest);
  all.set(bytes, rest.length);
  return all;
}

function decode(state, bytes, stream) {
  bytes = append(state.rest, bytes);
  state.rest = null;
  var result;
  if (state.decoder === 'utf-8') {
    result = host.decodeUtf8Part(bytes, state.fatal, state.ignoreBOM || state.begun, !stream);
  } else {
    if (stream) {
      state.rest = bytes;
      return '';
    }
    result = host.decodeLegacy(bytes, state.decoder, state.fatal, state.ignoreBOM);
  }
  if (result === undefined) {
    state.begun = false;
    throw new TypeError('TextDecoder.decode: the bytes are not valid ' + state.decoder);
  }
  state.rest = stream ? bytes.slice(bytes.length - result.rest) : null;
  state.begun = stream && (state.begun || bytes.length > result.rest);
  return result.text;
}

lib.encoding = {};
})(__host);
