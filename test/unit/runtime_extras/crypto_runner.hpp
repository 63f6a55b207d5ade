// SPDX-License-Identifier: MIT
#pragma once
// Helpers of the tests of Web Cryptography: script gets hex(), unhex(), utf8() and the fixtures.

#include <string>

#include "test/unit/runtime_extras/extras_runner.hpp"

namespace offstage::test {

class crypto_runner : public extras_runner {
public:
  crypto_runner() {
    REQUIRE(protect(js().context(), 0, load_crypto));
    run(R"js(
      var subtle = crypto.subtle;
      function hex(data) {
        return Array.prototype.map.call(new Uint8Array(data), function (byte) {
          return (byte < 16 ? '0' : '') + byte.toString(16);
        }).join('');
      }
      function unhex(text) {
        var bytes = new Uint8Array(text.length / 2);
        for (var i = 0; i < bytes.length; i++)
          bytes[i] = parseInt(text.substr(2 * i, 2), 16);
        return bytes;
      }
      function utf8(text) {
        return new Uint8Array(text.split('').map(function (c) { return c.charCodeAt(0); }));
      }
      function repeat(byte, count) {
        var bytes = new Uint8Array(count);
        for (var i = 0; i < count; i++) bytes[i] = byte;
        return bytes;
      }
      // Prints the name of each error, or what did not fail.
      function errors(promises) {
        return Promise.all(promises.map(function (promise) {
          return promise.then(function (v) { return 'no error'; }, function (e) { return e.name; });
        })).then(function (names) { print(names.join(' ')); });
      }
    )js");
  }

  void define(const char* name, const char* value) {
    run("var " + std::string{name} + " = '" + value + "';");
  }

private:
  // The attribute is one of the worker's scope, which is not here.
  static void load_crypto(duk_context* ctx) {
    push_host(ctx);
    duk_get_prop_literal(ctx, -1, "platform");
    duk_get_prop_literal(ctx, -1, "extra");
    duk_push_literal(ctx, "crypto");
    duk_call(ctx, 1);
    duk_get_prop_literal(ctx, -1, "crypto");
    duk_put_global_literal(ctx, "crypto");
    duk_pop_3(ctx);
  }
};

} // namespace offstage::test
