// SPDX-License-Identifier: MIT
#include <random>

#include <doctest/doctest.h>

#include "test/support/script_host.hpp"

namespace offstage::test {

namespace {

/// The bytes of a value, as they go to a client.
std::string bytes_of(const std::string& expression) {
  script_host host{"clients.get('c').then(function (c) { c.postMessage(" + expression + "); });"};
  host.serve([](const service_request& request) -> std::optional<service_result> {
    client_descriptor client;
    client.id = "c";
    if (caf::holds_alternative<clients_get>(request))
      return service_result{client_list{{client}}};
    return service_result{call_done{}};
  });
  host.evaluate();
  return caf::get<client_post_message>(host.calls().back().second).message.bytes.to_string();
}

constexpr auto rich_value =
    "{a: [1, , 'x', -0.5], m: new Map([[1, new Set(['q'])]]), d: new Date(5), r: /a/g,"
    "e: new TypeError('t'), b: new Uint8Array([1, 2, 3]), s: 'h\\u00e9 \\ud83d\\ude00 \\ud800',"
    "u: undefined, n: null, t: true, f: new File(['abc'], 'n')}";

} // namespace

TEST_CASE("what is cloned is what was there") {
  CHECK(script_host::printed_by("var v = " + std::string{rich_value}
                                + "; v.self = v; var c = structuredClone(v);"
                                  "console.log(c.self === c, c.a.length, 1 in c.a, c.a[3],"
                                  "c.m.get(1).has('q'), c.d.getTime(), String(c.r),"
                                  "c.e instanceof TypeError, c.e.message, c.b.length, c.s === v.s,"
                                  "'u' in c, c.n, c.t, c.f instanceof File, c.f.name);")
        == "true 4 false -0.5 true 5 /a/g true t 3 true true null true true n\n");
}

TEST_CASE("views of one buffer still share it") {
  CHECK(script_host::printed_by("var b = new ArrayBuffer(8); var c = structuredClone("
                                "[new Uint8Array(b), new Uint16Array(b, 2, 2)]);"
                                "c[0][2] = 7; console.log(c[1][0], c[0].buffer === c[1].buffer);")
        == "7 true\n");
}

TEST_CASE("what cannot be cloned is a DataCloneError, a getter's error comes through") {
  const auto name = [](const std::string& expression) {
    return script_host::printed_by("try { structuredClone(" + expression
                                   + "); } catch (e) { console.log(e.name); }");
  };
  CHECK(name("function () {}") == "DataCloneError\n");
  CHECK(name("Symbol()") == "DataCloneError\n");
  CHECK(name("new WeakMap()") == "DataCloneError\n");
  CHECK(name("new Proxy({}, {})") == "DataCloneError\n");
  CHECK(name("[new Proxy([], {})]") == "DataCloneError\n");
  CHECK(name("new Response()") == "DataCloneError\n");
  CHECK(name("Promise.resolve()") == "DataCloneError\n");
  CHECK(name("{ get a() { throw new RangeError('x'); } }") == "RangeError\n");
}

TEST_CASE("deep values are refused, long lists are not nested") {
  CHECK(script_host::printed_by("var v = []; for (var i = 0; i < 100000; i++) v = [v];"
                                "try { structuredClone(v); } catch (e) { console.log(e.name); }")
        == "DataCloneError\n");
  CHECK(script_host::printed_by("var v = []; v.length = 4000000000; v[5] = 1;"
                                "var c = structuredClone(v); console.log(c.length, c[5]);")
        == "4000000000 1\n");
}

TEST_CASE("damaged bytes never do more than raise messageerror") {
  const auto good = bytes_of(rich_value);
  script_host host{"onmessage = onmessageerror = function (e) { try { structuredClone(e.data); }"
                   "catch (x) { } };"};
  host.evaluate();
  std::mt19937 random{7};
  for (int round = 0; round < 3000; ++round) {
    auto bytes = good;
    for (int flips = 1 + static_cast<int>(random() % 4); flips > 0; --flips)
      bytes[random() % bytes.size()] = static_cast<char>(random());
    if (random() % 4 == 0)
      bytes.resize(random() % bytes.size());
    message_event message;
    message.data.bytes = shared_bytes{bytes};
    const auto result = host.event_of(message);
    REQUIRE(result.status == event_status::completed);
  }
}

} // namespace offstage::test
