// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "protocol/url.hpp"

using namespace offstage;

namespace {

struct parse_case {
  const char* input;
  const char* base;
  const char* expected; ///< Null: the input does not parse.
};

constexpr parse_case cases[] = {
    {"http://example.com", nullptr, "http://example.com/"},
    {"HTTP://EXAMPLE.com:80/../a/./b/%2e%2E/c?x=y#z", nullptr, "http://example.com/a/c?x=y#z"},
    {"/a/b?c#d", "http://h/x/y", "http://h/a/b?c#d"},
    {"../up", "http://h/a/b/c/d", "http://h/a/b/up"},
    {"?q", "http://h/a/b?old#f", "http://h/a/b?q"},
    {"#f", "http://h/a/b?old#g", "http://h/a/b?old#f"},
    {"//other/p", "https://h/a", "https://other/p"},
    {"\\\\x\\y", "http://h/a", "http://x/y"},
    {"http:foo", "http://h/a/b", "http://h/a/foo"},
    {"http:foo", "https://h/a/b", "http://foo/"},
    {"http://user:pa ss@h:8080/p", nullptr, "http://user:pa%20ss@h:8080/p"},
    {"http://a@b@c/", nullptr, "http://a%40b@c/"},
    {"http://[::1]:3000/", nullptr, "http://[::1]:3000/"},
    {"http://[2001:db8:0:0:1:0:0:1]/", nullptr, "http://[2001:db8::1:0:0:1]/"},
    {"http://[1:2:3:4:5:6:7:8:9]", nullptr, nullptr},
    {"http://[::ffff:1.2.3.4]", nullptr, "http://[::ffff:102:304]/"},
    {"http://192.168.0.257", nullptr, nullptr},
    {"http://0x7f.1", nullptr, "http://127.0.0.1/"},
    {"http://1.2.3.4.5", nullptr, nullptr},
    {"http://256", nullptr, "http://0.0.1.0/"},
    {"http://4294967296", nullptr, nullptr},
    {"http://h:65536", nullptr, nullptr},
    {"http://h:", nullptr, "http://h/"},
    {"http://h:0x1", nullptr, nullptr},
    {"http://", nullptr, nullptr},
    {"http:///x", nullptr, "http://x/"},
    {"http:", nullptr, nullptr},
    {"mailto:a@b c", nullptr, "mailto:a@b c"},
    {"data:text/plain,hi there#x y", nullptr, "data:text/plain,hi there#x%20y"},
    {"javascript:alert(1)", nullptr, "javascript:alert(1)"},
    {"file:///C|/x", nullptr, "file:///C:/x"},
    {"file://host/p", nullptr, "file://host/p"},
    {"file:c:/x", nullptr, "file:///c:/x"},
    {"..", "file:///C:/a/b", "file:///C:/"},
    {"/", "file:///C:/a/b", "file:///C:/"},
    {"//localhost/x", "file:///a", "file:///x"},
    {"http://ex%41mple.com/", nullptr, "http://example.com/"},
    {"http://ex ample.com/", nullptr, nullptr},
    {"http://ex%00ample/", nullptr, nullptr},
    {"http://m\xc3\xbcnchen.de/\xc3\xbc?\xc3\xbc#\xc3\xbc", nullptr,
     "http://xn--mnchen-3ya.de/%C3%BC?%C3%BC#%C3%BC"},
    {"http://xn--mnchen-3ya.de", nullptr, "http://xn--mnchen-3ya.de/"},
    {"http://\xe2\x98\x83.net/", nullptr, "http://xn--n3h.net/"},
    {"http://fa\xc3\x9f.de", nullptr, "http://xn--fa-hia.de/"},
    {"http://a<b", nullptr, nullptr},
    {"  http://h/ x \n", nullptr, "http://h/%20x"},
    {"ht\ntp://h/a\tb", nullptr, "http://h/ab"},
    {"foo://h/a b", nullptr, "foo://h/a%20b"},
    {"foo://h\\x", nullptr, nullptr},
    {"foo:/a/../..", nullptr, "foo:/"},
    {"foo:///x/../y", nullptr, "foo:///y"},
    {"foo:a b#c", nullptr, "foo:a b#c"},
    {"x", "foo:opaque", nullptr},
    {"#x", "foo:opaque", "foo:opaque#x"},
    {"http://h/?a'b\"c<d>e f", nullptr, "http://h/?a%27b%22c%3Cd%3Ee%20f"},
    {"foo://h/?a'b\"c", nullptr, "foo://h/?a'b%22c"},
    {"http://h/{}|^`\"<>", nullptr, "http://h/%7B%7D|%5E%60%22%3C%3E"},
    {"http://h/%zz%", nullptr, "http://h/%zz%"},
    {"web+demo:/.//not-a-host/", nullptr, "web+demo:/.//not-a-host/"},
    {"blob:https://h:8443/uuid", nullptr, "blob:https://h:8443/uuid"},
    {"http://h/a/..", nullptr, "http://h/"},
    {"http://h/a/..?x", nullptr, "http://h/?x"},
    {"http://h//a//b", nullptr, "http://h//a//b"},
    {"http://h/a;b=c", nullptr, "http://h/a;b=c"},
    {"https://h:443/", nullptr, "https://h/"},
    {"wss://h:443/", nullptr, "wss://h/"},
    {"http://a.b.c./x", nullptr, "http://a.b.c./x"},
    {"http://1.2.3.08", nullptr, nullptr},
    {"http://09", nullptr, nullptr},
    {"http://foo.0x", nullptr, nullptr},
    {"http://foo.1", nullptr, nullptr},
    {"http://%30%78%63%30%2e%30%32%35%30.01", nullptr, "http://192.168.0.1/"},
    {"//", "http://h/x", nullptr},
    {"////a", "http://h/x", "http://a/"},
    {"http://u:@h/", nullptr, "http://u@h/"},
    {"http://:@h/", nullptr, "http://h/"},
    {"http://@h/", nullptr, "http://h/"},
    {"http://h?x", nullptr, "http://h/?x"},
    {"http://h#x", nullptr, "http://h/#x"},
    {"http://\xef\xbd\x81.com", nullptr, "http://a.com/"},
    {"http://a\xc2\xad"
     "b.com",
     nullptr, "http://ab.com/"},
    {"http://\xc2\xad/", nullptr, nullptr},
    {"file:", nullptr, "file:///"},
    {"file:?q", nullptr, "file:///?q"},
    {"file:///a/b|c", nullptr, "file:///a/b|c"},
    {"/c:/d", "file:///x:/y", "file:///c:/d"},
    {"c|", "file:///x", "file:///c:"},
    {"", " http://h/a?b#c", "http://h/a?b"},
    {"", "foo:bar", nullptr},
    {"a:b", "http://h/", "a:b"},
    {":x", "http://h/", "http://h/:x"},
    {"1:x", "http://h/", "http://h/1:x"},
};

url parsed(const char* text) {
  auto result = url::parse(text);
  REQUIRE(result);
  return *result;
}

} // namespace

TEST_CASE("URLs parse and serialise as the URL Standard says") {
  for (const auto& [input, base, expected] : cases) {
    CAPTURE(input);
    const auto base_url = base ? url::parse(base) : std::nullopt;
    const auto result = url::parse(input, base_url ? &*base_url : nullptr);
    CHECK(result.has_value() == (expected != nullptr));
    if (result && expected)
      CHECK(result->href() == expected);
  }
}

TEST_CASE("what a URL serialises to parses to the same record") {
  for (const auto& [input, base, expected] : cases) {
    CAPTURE(input);
    if (expected)
      CHECK(parsed(expected).href() == expected);
  }
}

TEST_CASE("setters change their part and leave the rest") {
  auto u = parsed("http://user:pw@host:81/p?q#f");
  u.set_protocol("https");
  u.set_host("other:443");
  u.set_pathname("/a/../b c");
  u.set_search("x=\"y\"");
  u.set_hash("#top");
  u.set_username("me");
  u.set_password("");
  CHECK(u.href() == "https://me@other/b%20c?x=%22y%22#top");
  u.set_port("8080x");
  CHECK(u.port() == 8080);
  u.set_port("");
  u.set_search("");
  u.set_hash("");
  u.set_username("");
  CHECK(u.href() == "https://other/b%20c");
}

TEST_CASE("a setter with a value that does not parse changes nothing") {
  auto u = parsed("https://host:81/p");
  const auto before = u;
  u.set_host("a b");
  u.set_hostname("x:1");
  u.set_port("99999");
  u.set_protocol("mailto");
  CHECK(u == before);
  auto opaque = parsed("mailto:someone");
  opaque.set_host("h");
  opaque.set_pathname("x");
  opaque.set_port("1");
  CHECK(opaque.href() == "mailto:someone");
}

TEST_CASE("origins compare as the platform compares them") {
  CHECK(parsed("https://h:443/x").origin() == "https://h");
  CHECK(parsed("http://h:8080").origin() == "http://h:8080");
  CHECK(parsed("data:,x").origin() == "null");
  CHECK(parsed("blob:https://h/uuid").origin() == "https://h");
  CHECK(parsed("http://127.0.0.1:1").is_potentially_trustworthy());
  CHECK(parsed("http://notes.localhost").is_potentially_trustworthy());
  CHECK_FALSE(parsed("http://example.com").is_potentially_trustworthy());
}

TEST_CASE("random bytes parse or fail, and what parses is stable") {
  uint64_t state = 0x9e3779b97f4a7c15;
  const std::string_view alphabet = "htp:/@[]?#%\\.0x1 a\xc3\xa9|~\n";
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (int i = 0; i < 14; ++i) {
      state = state * 6364136223846793005ULL + 1442695040888963407ULL;
      text += alphabet[(state >> 33) % alphabet.size()];
    }
    CAPTURE(text);
    const auto base = parsed("http://h/a/b?q");
    if (const auto result = url::parse(text, &base)) {
      const auto again = url::parse(result->href());
      REQUIRE(again);
      CHECK(again->href() == result->href());
    }
  }
}
