// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "test/unit/runtime_extras/extras_runner.hpp"

namespace offstage::test {

namespace {

std::string bytes(const std::string& list) {
  return "new Uint8Array([" + list + "])";
}

} // namespace

TEST_CASE("TextDecoder knows labels and says what it is") {
  extras_runner script;
  CHECK(script.evaluate("(function () { var d = new TextDecoder(' Latin1 ', {fatal: 1, ignoreBOM: "
                        "0}); return [d.encoding, d.fatal, d.ignoreBOM, String(d)].join(); })()")
        == "windows-1252,true,false,[object TextDecoder]");
  CHECK(script.evaluate("new TextDecoder().encoding") == "utf-8");
  CHECK(script.evaluate("TextDecoder.length + TextDecoder.prototype.decode.length") == "0");
  CHECK(script.evaluate("new TextDecoder('utf-7')")
        == "RangeError: 'utf-7' is not a label of an encoding");
  CHECK(script.evaluate("new TextDecoder('iso-2022-kr')").find("RangeError") == 0);
  CHECK(script.evaluate("TextDecoder()").find("TypeError") == 0);
  CHECK(script.evaluate("TextDecoder.prototype.encoding").find("TypeError") == 0);
  CHECK(script.evaluate("TextDecoder.prototype.decode.call({})").find("TypeError") == 0);
}

TEST_CASE("TextDecoder decodes in pieces and keeps its state between them") {
  extras_runner script;
  CHECK(script.evaluate("new TextDecoder('shift_jis').decode(" + bytes("0x82, 0xA0, 0xB1") + ")")
        == "\u3042\uFF71");
  CHECK(script.evaluate("(function () { var d = new TextDecoder('utf-16le'), s = '';"
                        "s += d.decode("
                        + bytes("0xFF, 0xFE, 0x3D")
                        + ", {stream: true});"
                          "s += d.decode("
                        + bytes("0xD8, 0xA9")
                        + ", {stream: true});"
                          "s += d.decode("
                        + bytes("0xDC") + "); return s; })()")
        == "\xF0\x9F\x92\xA9");
  CHECK(script.evaluate("new TextDecoder('big5').decode(new DataView(" + bytes("0, 0xA4, 0x40, 0")
                        + ".buffer, 1, 2))")
        == "\u4E00");
  CHECK(script.evaluate("new TextDecoder().decode()").empty());
  CHECK(script.evaluate("new TextDecoder('utf-8', {fatal: true}).decode(" + bytes("0xFF") + ")")
        == "TypeError: The encoded data was not valid for encoding utf-8");
  CHECK(script.evaluate("new TextDecoder().decode('text')").find("TypeError") == 0);
  CHECK(script.evaluate("new TextDecoder().decode(null)").find("TypeError") == 0);
}

} // namespace offstage::test
