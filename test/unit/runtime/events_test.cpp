// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "test/support/script_host.hpp"

namespace offstage::test {

namespace {

fetch_outcome answer_of(const std::string& handler, fetch_request request = {}) {
  script_host host{"addEventListener('fetch', function (event) { " + handler + " });"};
  host.evaluate();
  if (request.url.empty())
    request.url = "https://a.example/app/page";
  return host.fetch(std::move(request));
}

fetch_request request_with(request_mode mode, redirect_mode redirect = redirect_mode::follow) {
  fetch_request request;
  request.url = "https://a.example/app/page";
  request.mode = mode;
  request.redirect = redirect;
  return request;
}

/// What happens when a fetched response of a type answers a request.
std::string relayed(response_type type, fetch_request request, size_t urls = 1) {
  script_host host{"addEventListener('fetch', function (e) { e.respondWith(fetch('/other')); });"};
  auto response = text_response("https://a.example/other", "x");
  response.type = type;
  for (size_t i = 1; i < urls; ++i)
    response.url_list.push_back("https://a.example/again");
  host.serve_url("https://a.example/other", response);
  host.evaluate();
  const auto outcome = host.fetch(std::move(request));
  return outcome.kind == fetch_outcome_kind::respond ? "responds" : outcome.reason;
}

/// Runs an install event with this handler body; the console's text.
std::string installing(const std::string& handler) {
  script_host host{"addEventListener('install', function (event) { " + handler + " });"};
  host.evaluate();
  const auto result = host.event_of(install_event{});
  return host.console_text() + to_string(result.status);
}

} // namespace

TEST_CASE("the first evaluation tells which events the script handles") {
  script_host host{"addEventListener('fetch', function () {}); self.oninstall = function () {};"};
  const auto result = host.evaluate();
  CHECK(result.status == event_status::completed);
  CHECK(result.evaluation.evaluated);
  CHECK(result.evaluation.event_types == std::vector<std::string>{"fetch", "install"});
}

TEST_CASE("a script that throws says where") {
  script_host host{"var a = 1;\n\nundefinedFunction();"};
  const auto result = host.evaluate();
  CHECK(result.status == event_status::rejected);
  CHECK(result.cause == event_cause::script_threw);
  CHECK(result.evaluation.error.name == "ReferenceError");
  CHECK(result.evaluation.error.file == "https://a.example/app/sw.js");
  CHECK(result.evaluation.error.line == 3);
}

TEST_CASE("a script that does not parse says where") {
  script_host host{"var a = 1;\nvar = 2;"};
  const auto result = host.evaluate();
  CHECK(result.evaluation.error.name == "SyntaxError");
  CHECK(result.evaluation.error.line == 2);
}

TEST_CASE("respondWith answers the fetch") {
  script_host host{
      "addEventListener('fetch', function (event) { event.respondWith(new Response('hello')); });"};
  host.evaluate();
  const auto id = host.dispatch(fetch_event{request_with(request_mode::navigate)});
  const auto& record = host.event(id);
  REQUIRE(record.outcome);
  CHECK(record.outcome->kind == fetch_outcome_kind::respond);
  CHECK(record.outcome->response.status == 200);
  CHECK(host.text_of(*record.outcome) == "hello");
  CHECK(record.outcome->response.headers.get("content-type") == "text/plain;charset=UTF-8");
  CHECK(record.order == "erf");
  CHECK(record.result->status == event_status::completed);
  CHECK(host.errors().empty());
}

TEST_CASE("a fetch that nobody answers falls back to the network") {
  CHECK(answer_of("").kind == fetch_outcome_kind::fall_back);
  CHECK(answer_of("event.preventDefault()").kind == fetch_outcome_kind::network_error);
  CHECK(answer_of("throw new Error('x')").kind == fetch_outcome_kind::fall_back);
}

TEST_CASE("what is no usable response is a network error with its reason") {
  const auto reason = [](const std::string& handler) { return answer_of(handler).reason; };
  CHECK(reason("event.respondWith(42)").find("not a Response") != std::string::npos);
  CHECK(reason("event.respondWith(Promise.reject(new Error('down')))").find("down")
        != std::string::npos);
  CHECK(reason("event.respondWith(Response.error())").find("network error") != std::string::npos);
  CHECK(reason("var r = new Response('x'); r.text(); event.respondWith(r)").find("used")
        != std::string::npos);
  CHECK(reason("var r = new Response('x'); r.body.getReader(); event.respondWith(r)").find("locked")
        != std::string::npos);
}

TEST_CASE("responses only answer requests of a mode that allows their type") {
  CHECK(relayed(response_type::basic, request_with(request_mode::navigate)) == "responds");
  CHECK(relayed(response_type::opaque, request_with(request_mode::no_cors)) == "responds");
  CHECK(relayed(response_type::opaque, request_with(request_mode::cors)) != "responds");
  CHECK(relayed(response_type::cors, request_with(request_mode::same_origin)) != "responds");
  CHECK(relayed(response_type::cors, request_with(request_mode::cors)) == "responds");
  CHECK(relayed(response_type::opaque_redirect, request_with(request_mode::navigate))
        != "responds");
  CHECK(relayed(response_type::opaque_redirect,
                request_with(request_mode::navigate, redirect_mode::manual))
        == "responds");
  CHECK(
      relayed(response_type::basic, request_with(request_mode::navigate, redirect_mode::manual), 2)
      != "responds");
  CHECK(relayed(response_type::basic, request_with(request_mode::cors), 2) == "responds");
}

TEST_CASE("respondWith works once and only while the event is dispatched") {
  CHECK(answer_of("event.respondWith(new Response('a'));"
                  "try { event.respondWith(new Response('b')); }"
                  "catch (e) { if (e.name !== 'InvalidStateError') throw e; }")
            .kind
        == fetch_outcome_kind::respond);
  script_host host{
      "addEventListener('fetch', function (event) { setTimeout(function () {"
      "try { event.respondWith(new Response('b')); } catch (e) { console.log(e.name); }"
      "}); });"};
  host.evaluate();
  CHECK(host.fetch("https://a.example/app/p").kind == fetch_outcome_kind::fall_back);
  CHECK(host.console_text() == "InvalidStateError\n");
}

TEST_CASE("respondWith stops the listeners behind it") {
  script_host host{
      "addEventListener('fetch', function (e) { e.respondWith(new Response('first')); });"
      "addEventListener('fetch', function (e) { console.log('second'); });"};
  host.evaluate();
  CHECK(host.text_of(host.fetch("https://a.example/app/p")) == "first");
  CHECK(host.console_text().empty());
}

TEST_CASE("a used request body cannot go to the network") {
  auto request = request_with(request_mode::same_origin);
  request.method = "POST";
  request.content = body::of(shared_bytes{std::string{"data"}});
  CHECK(answer_of("event.request.text()", request).kind == fetch_outcome_kind::network_error);
  CHECK(answer_of("event.request.clone().text()", request).kind == fetch_outcome_kind::fall_back);
}

TEST_CASE("event.handled tells what became of the fetch") {
  script_host host{"addEventListener('fetch', function (e) {"
                   "e.handled.then(function (v) { console.log('handled', v); },"
                   "  function (x) { console.log('failed', x instanceof TypeError); });"
                   "if (e.request.url.indexOf('bad') > 0) e.respondWith(1); });"};
  host.evaluate();
  host.fetch("https://a.example/app/good");
  host.fetch("https://a.example/app/bad");
  CHECK(host.console_text() == "handled undefined\nfailed true\n");
}

TEST_CASE("the request's signal is aborted when the client goes away") {
  script_host host{
      "addEventListener('fetch', function (e) {"
      "e.request.signal.addEventListener('abort', function () { console.log('gone'); });"
      "e.respondWith(new Promise(function () {})); });"};
  host.evaluate();
  const auto id = host.dispatch(fetch_event{request_with(request_mode::cors)});
  host.js().abort(id);
  CHECK(host.console_text() == "gone\n");
}

TEST_CASE("microtasks run after each listener") {
  script_host host{"addEventListener('install', function () { Promise.resolve().then(function () {"
                   "  console.log('micro'); }); console.log('one'); });"
                   "addEventListener('install', function () { console.log('two'); });"};
  host.evaluate();
  host.event_of(install_event{});
  CHECK(host.console_text() == "one\nmicro\ntwo\n");
}

TEST_CASE("waitUntil is allowed in a microtask at the end of the handler") {
  CHECK(installing("Promise.resolve().then(function () { event.waitUntil(Promise.resolve());"
                   "console.log('ok'); });")
        == "ok\ncompleted");
}

TEST_CASE("waitUntil throws in a task when nothing extends the event") {
  script_host host{"addEventListener('install', function (event) { setTimeout(function () {"
                   "try { event.waitUntil(1); } catch (e) { console.log(e.name); } }); });"};
  host.evaluate();
  host.dispatch(install_event{});
  CHECK(host.console_text() == "InvalidStateError\n");
}

TEST_CASE("waitUntil works in a task while an extension is unsettled") {
  CHECK(installing("var done; event.waitUntil(new Promise(function (r) { done = r; }));"
                   "setTimeout(function () { event.waitUntil(new Promise(function (r) {"
                   "  setTimeout(function () { console.log('late'); r(); }, 5); })); done(); });")
        == "late\ncompleted");
}

TEST_CASE("waitUntil works in the reaction of the last extension, not a microtask later") {
  CHECK(installing("var p = new Promise(function (r) { setTimeout(r, 1); }); event.waitUntil(p);"
                   "p.then(function () { event.waitUntil(0); console.log('ok'); });")
        == "ok\ncompleted");
  CHECK(installing("var p = new Promise(function (r) { setTimeout(r, 1); }); event.waitUntil(p);"
                   "p.then(function () {}).then(function () {}).then(function () {"
                   "try { event.waitUntil(0); } catch (e) { console.log(e.name); } });")
            .find("InvalidStateError")
        == 0);
}

TEST_CASE("respondWith extends the event as waitUntil does") {
  script_host host{"addEventListener('fetch', function (event) {"
                   "event.respondWith(new Promise(function (r) { setTimeout(function () {"
                   "  event.waitUntil(new Promise(function (d) { setTimeout(d, 50); }));"
                   "  r(new Response('late')); }, 10); })); });"};
  host.evaluate();
  const auto id = host.dispatch(fetch_event{request_with(request_mode::cors)});
  CHECK(host.event(id).order == "erf");
  CHECK(host.text_of(*host.event(id).outcome) == "late");
}

TEST_CASE("an event made by a script cannot be extended") {
  CHECK(script_host::printed_by("try { new ExtendableEvent('x').waitUntil(1); }"
                                "catch (e) { console.log(e.name); }")
        == "InvalidStateError\n");
}

TEST_CASE("a rejected extension rejects the event, a throwing handler does not") {
  script_host host{"addEventListener('install', function (e) {"
                   "e.waitUntil(Promise.reject(new TypeError('no cache'))); });"};
  host.evaluate();
  const auto result = host.event_of(install_event{});
  CHECK(result.status == event_status::rejected);
  CHECK(result.cause == event_cause::promise_rejected);
  CHECK(result.error.name == "TypeError");
  CHECK(result.error.message == "no cache");

  script_host thrower{"addEventListener('install', function (e) { throw new Error('oops'); });"};
  thrower.evaluate();
  CHECK(thrower.event_of(install_event{}).status == event_status::completed);
  REQUIRE(thrower.errors().size() == 1);
  CHECK(thrower.errors()[0].message == "oops");
  CHECK(thrower.errors()[0].line == 1);
}

TEST_CASE("messages, pushes and syncs reach their handlers") {
  script_host sender{"addEventListener('install', function () {"
                     "clients.get('c').then(function (c) { c.postMessage({n: [1, 'x']}); }); });"};
  sender.serve([](const service_request& request) -> std::optional<service_result> {
    client_descriptor client;
    client.id = "c";
    if (caf::holds_alternative<clients_get>(request))
      return service_result{client_list{{client}}};
    return service_result{call_done{}};
  });
  sender.evaluate();
  sender.event_of(install_event{});
  REQUIRE(sender.calls().size() == 2);
  const auto sent = caf::get<client_post_message>(sender.calls()[1].second).message;

  script_host host{
      "onmessage = function (e) { console.log(JSON.stringify(e.data), e.source.id, e.origin,"
      "  e instanceof ExtendableMessageEvent); };"
      "onpush = function (e) { console.log(e.data ? e.data.json().a : e.data); };"
      "onsync = function (e) { console.log(e.tag, e.lastChance); };"};
  host.evaluate();
  message_event message;
  message.data = sent;
  message.origin = "https://a.example";
  message.source.id = "c";
  CHECK(host.event_of(message).status == event_status::completed);
  host.event_of(push_event{true, shared_bytes{std::string{"{\"a\":5}"}}});
  host.event_of(push_event{});
  host.event_of(sync_event{"outbox", true});
  CHECK(host.console_text()
        == "{\"n\":[1,\"x\"]} c https://a.example true\n5\nnull\noutbox true\n");
}

TEST_CASE("a message that is not a clone is a messageerror") {
  script_host host{"onmessage = function () { console.log('message'); };"
                   "onmessageerror = function (e) { console.log('error', e.data); };"};
  host.evaluate();
  message_event message;
  message.data.bytes = shared_bytes{std::string{"\x01x\x07\xFF"}};
  host.event_of(message);
  CHECK(host.console_text() == "error null\n");
}

} // namespace offstage::test
