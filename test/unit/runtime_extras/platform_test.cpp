// SPDX-License-Identifier: MIT
// The extras inside of the whole platform.
#include <doctest/doctest.h>

#include "test/support/script_host.hpp"

namespace offstage::test {

TEST_CASE("the extras take the place of the platform's smaller interfaces") {
  CHECK(script_host::printed_by(R"js(
    var how = {name: 'AES-GCM', iv: crypto.getRandomValues(new Uint8Array(12))};
    crypto.subtle.generateKey({name: 'AES-GCM', length: 256}, false, ['encrypt', 'decrypt'])
      .then(function (key) {
        return crypto.subtle.encrypt(how, key, new TextEncoder().encode('offstage'))
          .then(function (sealed) { return crypto.subtle.decrypt(how, key, sealed); })
          .then(function (data) {
            console.log(new TextDecoder().decode(data));
            console.log(crypto instanceof Crypto, key instanceof CryptoKey,
                        crypto.subtle instanceof SubtleCrypto);
          });
      });
  )js") == "offstage\ntrue true true\n");
}

TEST_CASE("TextDecoderStream decodes every encoding in pieces") {
  CHECK(script_host::printed_by(R"js(
    var stream = new TextDecoderStream('shift_jis'), writer = stream.writable.getWriter();
    writer.write(new Uint8Array([0x82]));
    writer.write(new Uint8Array([0xA0, 0x41]));
    writer.close();
    var text = '', reader = stream.readable.getReader();
    reader.read().then(function readOn(step) {
      if (step.done)
        return console.log(text, stream.encoding, stream.fatal);
      text += step.value;
      return reader.read().then(readOn);
    });
  )js") == "\u3042A shift_jis false\n");
}

} // namespace offstage::test
