// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "config/limits.hpp"
#include "test/support/script_host.hpp"

namespace offstage::test {

namespace {

/// A worker that answers every fetch with the promise that `expression` is.
script_host& evaluated(script_host& host) {
  host.evaluate();
  return host;
}

std::string answering(const std::string& expression) {
  return "addEventListener('fetch', function (event) { event.respondWith(" + expression + "); });";
}

constexpr auto other = "https://a.example/other";

fetch_response streamed(script_host& host, std::vector<std::string> chunks, bool fails = false) {
  auto response = text_response(other, "");
  response.content = host.stream(std::move(chunks), fails);
  return response;
}

} // namespace

TEST_CASE("a fetched body that script does not touch passes by") {
  script_host host{answering("fetch('/other')")};
  const auto response = streamed(host, {"one", "two"});
  host.serve_url(other, response);
  const auto outcome = evaluated(host).fetch("https://a.example/app/p");
  CHECK(outcome.response.content.kind == body_kind::parent_stream);
  CHECK(outcome.response.content.stream == response.content.stream);
  CHECK(outcome.response.type == response_type::basic);
  CHECK(host.text_of(outcome) == "onetwo");
}

TEST_CASE("script reads a fetched body") {
  script_host host{answering("fetch('/other').then(function (r) { return r.text(); })"
                             ".then(function (t) { return new Response(t.toUpperCase()); })")};
  host.serve_url(other, streamed(host, {"on", "e"}));
  CHECK(host.text_of(evaluated(host).fetch("https://a.example/app/p")) == "ONE");
}

TEST_CASE("a clone and the response both give all bytes") {
  script_host host{
      answering("fetch('/other').then(function (r) { var c = r.clone();"
                "return c.text().then(function (t) { console.log(t); return r; }); })")};
  host.serve_url(other, streamed(host, {"ab", "cd", "ef"}));
  CHECK(host.text_of(evaluated(host).fetch("https://a.example/app/p")) == "abcdef");
  CHECK(host.console_text() == "abcdef\n");
}

TEST_CASE("responses that are dropped let their streams go") {
  script_host host{answering("fetch('/other').then(function () { return new Response('mine'); })")};
  host.serve([&](const service_request&) -> std::optional<service_result> {
    return service_result{streamed(host, {"never read"})};
  });
  evaluated(host);
  for (size_t i = 0; i < 4 * limits::unread_streams_max; ++i)
    REQUIRE(host.text_of(host.fetch("https://a.example/app/p")) == "mine");
  CHECK(host.open_streams() <= limits::unread_streams_max);
}

TEST_CASE("a body that breaks rejects its reader and ends its stream with an error") {
  script_host reader{answering("fetch('/other').then(function (r) { return r.text(); })")};
  reader.serve_url(other, streamed(reader, {"half"}, true));
  const auto outcome = evaluated(reader).fetch("https://a.example/app/p");
  CHECK(outcome.kind == fetch_outcome_kind::network_error);
  CHECK(outcome.reason.find("broke") != std::string::npos);

  script_host piper{
      answering("fetch('/other').then(function (r) { return new Response(r.body); })")};
  piper.serve_url(other, streamed(piper, {"half"}, true));
  CHECK(piper.text_of(evaluated(piper).fetch("https://a.example/app/p")).find("error")
        != std::string::npos);
}

TEST_CASE("long bodies are streams of the child") {
  script_host host{answering("new Response(new Array(100001).join('x'))")};
  const auto outcome = evaluated(host).fetch("https://a.example/app/p");
  CHECK(outcome.response.content.kind == body_kind::child_stream);
  CHECK(outcome.response.content.length == 100000);
  CHECK(host.text_of(outcome) == std::string(100000, 'x'));
}

TEST_CASE("a stream of script feeds the answer as it is pulled") {
  script_host host{answering("new Response(new ReadableStream({"
                             "start: function (c) { this.n = 0; },"
                             "pull: function (c) { if (++this.n > 3) return c.close();"
                             "  c.enqueue(new TextEncoder().encode('part ' + this.n + ';')); },"
                             "cancel: function () { console.log('cancelled'); } }))")};
  const auto outcome = evaluated(host).fetch("https://a.example/app/p");
  CHECK(outcome.response.content.kind == body_kind::child_stream);
  CHECK(host.text_of(outcome) == "part 1;part 2;part 3;");
  const auto second = host.fetch("https://a.example/app/p");
  host.js().cancel_stream(second.response.content.stream);
  host.run();
  CHECK(host.console_text() == "cancelled\n");
}

TEST_CASE("a chunk that is not bytes is an error of the body") {
  script_host host{answering("new Response(new ReadableStream({ start: function (c) {"
                             "c.enqueue('text'); c.close(); } }))")};
  CHECK(host.text_of(evaluated(host).fetch("https://a.example/app/p")).find("error") == 0);
}

TEST_CASE("fetch rejects with TypeError on a network error") {
  script_host host{answering("fetch('/nowhere').catch(function (e) {"
                             "return new Response(String(e instanceof TypeError)); })")};
  CHECK(host.text_of(evaluated(host).fetch("https://a.example/app/p")) == "true");
}

TEST_CASE("an aborted fetch rejects and tells the parent") {
  script_host host{"var c = new AbortController();"
                   "fetch('/x', {signal: c.signal}).catch(function (e) { console.log(e.name); });"
                   "c.abort();"};
  host.evaluate();
  CHECK(host.console_text() == "AbortError\n");
  CHECK(host.aborted_calls().size() == 1);
}

TEST_CASE("what script asks of the network arrives in the request") {
  script_host host{"fetch(new Request('/x#f', {method: 'PUT', body: 'data', credentials: 'omit',"
                   "  headers: {'X-A': '1', Cookie: 'no'}, redirect: 'manual'}));"};
  host.evaluate();
  REQUIRE(host.calls().size() == 1);
  const auto& request = caf::get<network_fetch>(host.calls()[0].second).request;
  CHECK(request.method == "PUT");
  CHECK(request.url == "https://a.example/x#f");
  CHECK(request.mode == request_mode::cors);
  CHECK(request.credentials == credentials_mode::omit);
  CHECK(request.redirect == redirect_mode::manual);
  CHECK(request.headers.get("x-a") == "1");
  CHECK_FALSE(request.headers.has("cookie"));
  CHECK(request.content.bytes.view() == "data");
}

TEST_CASE("an opaque response hides what it carries and can be passed on") {
  script_host host{"addEventListener('fetch', function (event) { event.respondWith(fetch('/other')"
                   ".then(function (r) { console.log(r.status, r.url, r.ok, r.body, r.type,"
                   "  Array.from(r.headers).length); return r; })); });"};
  auto response = text_response(other, "secret");
  response.type = response_type::opaque;
  host.serve_url(other, response);
  fetch_request request;
  request.url = "https://a.example/app/p";
  const auto outcome = evaluated(host).fetch(request);
  CHECK(host.console_text() == "0  false null opaque 0\n");
  CHECK(outcome.response.status == 200);
  CHECK(host.text_of(outcome) == "secret");
}

} // namespace offstage::test
