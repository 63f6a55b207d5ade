// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "test/support/script_host.hpp"

namespace offstage::test {

TEST_CASE("names declared beside a pattern stay local") {
  CHECK(script_host::printed_by("(function () { const {a: k} = {a: 1}, r = 2, z = k + r;"
                                "console.log(z, typeof self.r, typeof self.z); })();")
        == "3 undefined undefined\n");
}

TEST_CASE("classes of script extend those of the platform") {
  CHECK(script_host::printed_by(
            "class Mine extends Event { constructor(x) { super('mine'); this.x = x; } }"
            "const target = new (class extends EventTarget {})();"
            "target.addEventListener('mine', (e) => console.log(e.x, e instanceof Mine, e.type));"
            "target.dispatchEvent(new Mine(5));"
            "class Loud extends Response { get shout() { return 'S'; } }"
            "const r = new Loud('abc'); r.text().then((t) => console.log(t, r.shout));")
        == "5 true mine\nabc S\n");
}

TEST_CASE("console lines carry the caller's place and formatting") {
  script_host host{"console.log('%s is %d', 'x', 4.5, {a: [1, 'b']});\n\nconsole.warn('two');"};
  host.evaluate();
  REQUIRE(host.lines().size() == 2);
  CHECK(host.lines()[0].text == "x is 4 { a: [ 1, 'b' ] }");
  CHECK(host.lines()[0].file == "https://a.example/app/sw.js");
  CHECK(host.lines()[0].line == 1);
  CHECK(host.lines()[1].level == console_level::warn);
  CHECK(host.lines()[1].line == 3);
}

TEST_CASE("console tells a BigInt from a number") {
  CHECK(script_host::printed_by("console.log(2n, [-3n], Object(4n), new BigInt64Array([5n]));")
        == "2n [ -3n ] [BigInt: 4n] BigInt64Array(1) [ 5n ]\n");
}

TEST_CASE("importScripts runs scripts in order and fetches each once") {
  script_host host{"importScripts('a.js', '/b.js'); importScripts('a.js'); console.log(a, b);"};
  host.serve_script("https://a.example/app/a.js", "var a = typeof a === 'number' ? a + 1 : 1;");
  host.serve_script("https://a.example/b.js", "var b = a + 10;");
  host.evaluate();
  CHECK(host.console_text() == "2 11\n");
  CHECK(host.imported()
        == std::vector<std::string>{"https://a.example/app/a.js", "https://a.example/b.js"});
}

TEST_CASE("importScripts throws NetworkError and what the script throws") {
  script_host host{"try { importScripts('gone.js'); } catch (e) { console.log(e.name); }"
                   "try { importScripts('bad.js'); } catch (e) { console.log(e.message); }"
                   "try { importScripts('http://['); } catch (e) { console.log(e.name); }"};
  host.serve_script("https://a.example/app/bad.js", "throw new Error('mine');");
  host.evaluate();
  CHECK(host.console_text() == "NetworkError\nmine\nSyntaxError\n");
}

TEST_CASE("an installed worker imports only what it had imported") {
  script_host host{"importScripts('a.js'); try { importScripts('b.js'); }"
                   "catch (e) { console.log(e.name); }"};
  host.constructor().installed = true;
  host.constructor().imports.push_back(
      {"https://a.example/app/a.js", shared_bytes{std::string{"console.log('stored');"}}});
  host.serve_script("https://a.example/app/b.js", "");
  host.evaluate();
  CHECK(host.console_text() == "stored\nNetworkError\n");
  CHECK(host.imported().empty());
}

TEST_CASE("uncaught errors and rejections reach the host with their place") {
  script_host host{"setTimeout(function () {\n  throw new RangeError('late');\n});\n"
                   "Promise.reject(new TypeError('nobody'));"};
  host.evaluate();
  REQUIRE(host.errors().size() == 2);
  CHECK(host.errors()[0].name == "TypeError");
  CHECK(host.errors()[1].name == "RangeError");
  CHECK(host.errors()[1].line == 2);
}

TEST_CASE("error handlers may take care of errors") {
  script_host host{
      "onerror = function (message, file, line) { console.log(message, line); return true; };"
      "onunhandledrejection = function (e) { console.log(e.reason); e.preventDefault(); };"
      "setTimeout(function () { throw new Error('boom'); }); Promise.reject('why');"};
  host.evaluate();
  CHECK(host.console_text() == "why\nUncaught Error: boom 1\n");
  CHECK(host.errors().empty());
}

TEST_CASE("an endless loop is stopped and every event is settled") {
  script_host host{"addEventListener('fetch', function (e) {"
                   "if (e.request.url.indexOf('loop') > 0) for (;;) {} "
                   "e.respondWith(new Promise(function () {})); });"};
  host.constructor().limits.execution_ms_max = 50;
  host.evaluate();
  fetch_request request;
  request.url = "https://a.example/wait";
  const auto waiting = host.dispatch(fetch_event{request});
  request.url = "https://a.example/loop";
  const auto id = host.dispatch(fetch_event{request});
  REQUIRE(host.event(id).result);
  CHECK(host.event(id).result->status == event_status::timed_out);
  CHECK(host.event(id).result->cause == event_cause::time_limit);
  CHECK(host.event(id).order == "erf");
  CHECK(host.event(waiting).order == "erf");
  REQUIRE(host.errors().size() == 1);
  CHECK(host.event_of(install_event{}).status == event_status::aborted);
}

TEST_CASE("an endless loop in the main script fails its evaluation") {
  script_host host{"var x = 0;\nfor (;;) x++;"};
  host.constructor().limits.execution_ms_max = 50;
  const auto result = host.evaluate();
  CHECK(result.status != event_status::completed);
  CHECK(result.error.line == 2);
}

TEST_CASE("endless microtasks are stopped") {
  script_host host{"addEventListener('install', function () {"
                   "(function again() { Promise.resolve().then(again); })(); });"};
  host.constructor().limits.execution_ms_max = 50;
  host.evaluate();
  CHECK(host.event_of(install_event{}).status == event_status::timed_out);
}

TEST_CASE("deep recursion and unbounded allocation are errors of the script") {
  CHECK(script_host::printed_by("function f() { return f() + 1; } try { f(); }"
                                "catch (e) { console.log(e instanceof RangeError); }")
        == "true\n");
  script_host host{"var all = [];\nfor (;;) all.push(new Array(1000).join('x') + all.length);"};
  host.constructor().limits.heap_bytes_max = 8 << 20;
  const auto result = host.evaluate();
  CHECK(result.status == event_status::rejected);
  CHECK(result.error.line == 2);
}

TEST_CASE("interrupt ends the script for good") {
  script_host host{"addEventListener('install', function () {});"};
  host.evaluate();
  host.js().interrupt();
  CHECK(host.event_of(install_event{}).status == event_status::aborted);
}

TEST_CASE("too many unanswered calls are refused") {
  script_host host{"for (var i = 0; i < 3; i++) caches.open('a').catch(function (e) {"
                   "console.log(e.name); });"};
  host.constructor().limits.call_count_max = 2;
  host.evaluate();
  CHECK(host.console_text() == "QuotaExceededError\n");
}

TEST_CASE("the registration follows what the parent tells") {
  script_host host{"registration.onupdatefound = function () { console.log('found'); };"
                   "serviceWorker.onstatechange = function () { console.log(this.state); };"
                   "console.log(registration.scope, registration.installing === serviceWorker);"};
  host.evaluate();
  auto registration = host.constructor().registration;
  registration.active = registration.installing;
  registration.active.state = worker_state::activated;
  registration.installing = {worker_id{8}, "https://a.example/app/sw.js", worker_type::classic,
                             worker_state::installing};
  registration.version = 2;
  host.js().update(registration);
  host.run();
  CHECK(host.console_text() == "https://a.example/app/ true\nactivated\nfound\n");
}

TEST_CASE("skipWaiting, claim and matchAll ask the parent") {
  script_host host{
      "skipWaiting().then(function (v) { console.log('skip', v); });"
      "clients.claim().catch(function (e) { console.log(e.name); });"
      "clients.matchAll({type: 'all', includeUncontrolled: true}).then(function (list) {"
      "  console.log(list.length, list[0] instanceof WindowClient, list[0].url); });"};
  host.serve([](const service_request& request) -> std::optional<service_result> {
    if (caf::holds_alternative<clients_claim>(request))
      return service_result{call_failure{"InvalidStateError", "not active"}};
    if (!caf::holds_alternative<clients_match_all>(request))
      return service_result{call_done{}};
    client_descriptor client;
    client.url = "https://a.example/app/";
    return service_result{client_list{{client}}};
  });
  host.evaluate();
  CHECK(host.console_text()
        == "skip undefined\nInvalidStateError\n1 true https://a.example/app/\n");
  CHECK(caf::get<clients_match_all>(host.calls()[2].second).query.include_uncontrolled);
}

TEST_CASE("a stopped script is unusable and its error says where it was, also in a coroutine") {
  for (const auto* loop : {"for (;;) {}", "await null; for (;;) {}", "for (;;) [1].map((x) => x);",
                           "Object.defineProperty(run, 'fileName', { get() { for (;;) {} } });"
                           "for (;;) {}"}) {
    CAPTURE(loop);
    script_host host{"addEventListener('install', (e) => e.waitUntil(run()));\n"
                     "async function run() {\n"
                     + std::string{loop} + "\n}"};
    host.constructor().limits.execution_ms_max = 50;
    host.evaluate();
    CHECK_FALSE(host.js().is_stopped());
    CHECK(host.event_of(install_event{}).status == event_status::timed_out);
    CHECK(host.js().is_stopped());
    REQUIRE(host.errors().size() == 1);
    CHECK(host.errors().front().file == "https://a.example/app/sw.js");
    CHECK(host.errors().front().line == 3);
  }
}

} // namespace offstage::test
