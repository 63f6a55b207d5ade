// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "test/support/script_host.hpp"

namespace offstage::test {

TEST_CASE("a form goes into a body and comes back") {
  CHECK(script_host::printed_by(R"js(
    var form = new FormData();
    form.append('a "quoted"', 'line\nline');
    form.append('file', new File(['abc'], 'na\u00EFve.txt', {type: 'text/x'}));
    form.append('blob', new Blob([new Uint8Array([0, 13, 10])]));
    var response = new Response(form);
    console.log(/^multipart\/form-data; boundary=----offstage[\w-]{24}$/
                .test(response.headers.get('content-type')));
    response.formData().then(function (back) {
      back.forEach(function (value, name) {
        console.log(name, typeof value === 'string' ? JSON.stringify(value)
          : [value instanceof File, value.name, value.type, value.size].join());
      });
      return back.get('file').text();
    }).then(function (text) { console.log(text); });
  )js")
        == "true\na \"quoted\" \"line\\r\\nline\"\nfile true,na\u00EFve.txt,text/x,3\n"
           "blob true,blob,application/octet-stream,3\nabc\n");
}

TEST_CASE("formData reads both types and refuses everything else with a TypeError") {
  CHECK(script_host::printed_by(R"js(
    function read(body, type) {
      new Response(body, {headers: {'content-type': type}}).formData().then(function (form) {
        console.log(Array.from(form).map(function (e) { return e.join('='); }).join('&'));
      }, function (error) { console.log(error.name); });
    }
    read('a=1&b=%C3%A9+c', 'application/x-www-form-urlencoded; charset=utf-8');
    read('--x\r\nContent-Disposition: form-data; name=k\r\n\r\nv\r\n--x--',
         'multipart/form-data; boundary="x"');
    read('--x\r\n', 'multipart/form-data; boundary=x');
    read('--x--', 'multipart/form-data');
    read('a=1', 'text/plain');
  )js") == "a=1&b=\u00E9 c\nk=v\nTypeError\nTypeError\nTypeError\n");
}

} // namespace offstage::test
