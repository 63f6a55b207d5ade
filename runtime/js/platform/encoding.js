// SPDX-License-Identifier: MIT
// TextEncoder. Decoding is a matter of many tables: runtime/js/extras/text.js.
(function(host) {
var lib = host.platform;
var $ = lib.slot;
var of = lib.of;
var OTHER = lib.bit.other;

// Spec: Encoding#interface-textencoder
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
    return host.encodeUtf8(arguments[0] === undefined ? '' : arguments[0]);
  },
  encodeInto(source, destination) {
    encoder(this);
    lib.need(arguments, 2, 'TextEncoder.encodeInto');
    source = host.scalar(source);
    if (!(destination instanceof Uint8Array))
      throw new TypeError('TextEncoder.encodeInto: the destination is not a Uint8Array');
    return host.encodeInto(source, destination);
  },
});
lib.encoding = {};
})(__host);
