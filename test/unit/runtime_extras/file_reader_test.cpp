// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "test/support/script_host.hpp"

namespace offstage::test {

namespace {

std::string read(const std::string& blob, const std::string& call) {
  return script_host::printed_by("var reader = new FileReader(); reader.onload = function () { "
                                 "console.log(reader.result); }; reader."
                                 + call + "; function make() { return " + blob + "; }");
}

} // namespace

TEST_CASE("FileReader gives text, bytes and URLs") {
  CHECK(read("new Blob(['abc'])", "readAsText(make())") == "abc\n");
  CHECK(read("new Blob([new Uint8Array([0x82, 0xA0])])", "readAsText(make(), 'shift_jis')")
        == "\u3042\n");
  CHECK(read("new Blob([new Uint8Array([0xE9])], {type: 'text/plain;charset=latin1'})",
             "readAsText(make())")
        == "\u00E9\n");
  CHECK(read("new Blob([new Uint8Array([0xFE, 0xFF, 0, 0x41])])", "readAsText(make(), 'utf-8')")
        == "A\n");
  CHECK(read("new Blob(['ab'], {type: 'text/x'})", "readAsDataURL(make())")
        == "data:text/x;base64,YWI=\n");
  CHECK(read("new Blob([])", "readAsDataURL(make())") == "data:application/octet-stream;base64,\n");
  CHECK(read("new Blob([new Uint8Array([0x41, 0xE9])])", "readAsBinaryString(make())")
        == "A\u00E9\n");
  CHECK(script_host::printed_by("var r = new FileReader(); r.readAsArrayBuffer(new Blob(['xyz'])); "
                                "r.onload = function (e) { console.log(r.result instanceof "
                                "ArrayBuffer, r.result.byteLength, e.loaded, e.total, e.target === "
                                "r); };")
        == "true 3 3 3 true\n");
}

TEST_CASE("the events of a read come in order and abort ends it") {
  const std::string listen = R"js(
    var reader = new FileReader();
    ['loadstart', 'progress', 'load', 'abort', 'error', 'loadend'].forEach(function (type) {
      reader['on' + type] = function (event) {
        console.log(type, reader.readyState, event instanceof ProgressEvent);
      };
    });
    console.log(reader.readyState, reader.result);
    reader.readAsText(new Blob(['abc']));
  )js";
  CHECK(script_host::printed_by(listen)
        == "0 null\nloadstart 1 true\nprogress 1 true\nload 2 true\nloadend 2 true\n");
  CHECK(script_host::printed_by(listen + "reader.abort(); console.log(reader.result);")
        == "0 null\nabort 2 true\nloadend 2 true\nnull\n");
  CHECK(script_host::printed_by(listen
                                + "try { reader.readAsText(new Blob([])); } catch (e) { "
                                  "console.log(e.name); } try { new FileReader().readAsText('x'); }"
                                  " catch (e) { console.log(e.name); }")
            .find("0 null\nInvalidStateError\nTypeError\n")
        == 0);
}

} // namespace offstage::test
