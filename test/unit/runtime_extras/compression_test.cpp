// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "test/support/script_host.hpp"

namespace offstage::test {

namespace {

constexpr const char* helpers = R"js(
  function bytes(hex) {
    var out = new Uint8Array(hex.length / 2);
    for (var i = 0; i < out.length; i++) out[i] = parseInt(hex.substr(2 * i, 2), 16);
    return out;
  }
  // Writes the chunks and reads everything: a promise of the bytes.
  function through(stream, chunks) {
    var writer = stream.writable.getWriter(), reader = stream.readable.getReader(), parts = [];
    chunks.forEach(function (chunk) { writer.write(chunk).catch(function () {}); });
    var closed = writer.close();
    closed.catch(function () {});
    function readOn(step) {
      if (!step.done) {
        parts.push(step.value);
        return reader.read().then(readOn);
      }
      return closed.then(function () {
        var size = parts.reduce(function (sum, part) { return sum + part.length; }, 0);
        var all = new Uint8Array(size), at = 0;
        parts.forEach(function (part) { all.set(part, at); at += part.length; });
        return all;
      });
    }
    return reader.read().then(readOn);
  }
  function text(bytes) { return new TextDecoder().decode(bytes); }
  function show(promise) {
    promise.then(function (value) { console.log(value); },
                 function (error) { console.log(error.name); });
  }
)js";

std::string printed(const std::string& script) {
  return script_host::printed_by(helpers + script);
}

} // namespace

TEST_CASE("what others compressed is decompressed in every format") {
  CHECK(printed("show(through(new DecompressionStream('gzip'), "
                "[bytes('1f8b0800000000000003cb4f4b2b2e494c4f0500929c7c5e08000000')]).then(text));")
        == "offstage\n");
  CHECK(printed("show(through(new DecompressionStream('deflate'), "
                "[bytes('789ccb4f4b2b2e494c4f05000f130350')]).then(text));")
        == "offstage\n");
  CHECK(
      printed("show(through(new DecompressionStream('deflate-raw'), [bytes('cb4f4b2b2e494c4f0500')"
              "]).then(text));")
      == "offstage\n");
}

TEST_CASE("what is compressed comes back, in pieces of any size") {
  for (const auto* format : {"gzip", "deflate", "deflate-raw"}) {
    CAPTURE(format);
    CHECK(printed("var format = '" + std::string{format} + "';" + R"js(
      var source = new Uint8Array(300000);
      for (var i = 0; i < source.length; i++) source[i] = i * i >> 7;
      var chunks = [source.subarray(0, 1), new DataView(source.buffer, 1, 9),
                    source.buffer.slice(10)];
      show(through(new CompressionStream(format), chunks).then(function (packed) {
        var pieces = [];
        for (var at = 0; at < packed.length; at += 1000) pieces.push(packed.slice(at, at + 1000));
        return through(new DecompressionStream(format), pieces).then(function (back) {
          for (var i = 0; i < source.length; i++)
            if (back[i] !== source[i]) return 'differs at ' + i;
          return back.length === source.length && packed.length < source.length;
        });
      }));
    )js") == "true\n");
  }
}

TEST_CASE("data that is cut, damaged or followed by more is a TypeError") {
  CHECK(printed("show(through(new DecompressionStream('deflate-raw'), [bytes('cb4f4b2b2e49')]));")
        == "TypeError\n");
  CHECK(printed("show(through(new DecompressionStream('deflate-raw'), []));") == "TypeError\n");
  CHECK(printed("show(through(new DecompressionStream('gzip'), [bytes('00112233')]));")
        == "TypeError\n");
  CHECK(printed("show(through(new DecompressionStream('deflate-raw'), "
                "[bytes('cb4f4b2b2e494c4f050000')]));")
        == "TypeError\n");
  CHECK(printed("show(through(new DecompressionStream('deflate-raw'), [bytes('cb4f4b2b2e494c4f0500'"
                "), bytes('00')]));")
        == "TypeError\n");
}

TEST_CASE("compression streams check their arguments and chunks") {
  CHECK(printed("['br', undefined].forEach(function (f) { try { new CompressionStream(f); } catch "
                "(e) { console.log(e.name); } });"
                "try { CompressionStream('gzip'); } catch (e) { console.log(e.name); }"
                "show(through(new CompressionStream('gzip'), ['text']));"
                "console.log(String(new CompressionStream('gzip')), CompressionStream.length);")
        == "TypeError\nTypeError\nTypeError\n[object CompressionStream] 1\nTypeError\n");
}

} // namespace offstage::test
