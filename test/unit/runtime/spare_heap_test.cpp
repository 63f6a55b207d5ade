// SPDX-License-Identifier: MIT
#include <memory>
#include <string>
#include <thread>

#include <doctest/doctest.h>

#include "runtime/engine.hpp"
#include "runtime/spare_heap.hpp"
#include "test/support/script_host.hpp"

#include <sys/wait.h>
#include <unistd.h>

using namespace offstage;
using namespace offstage::test;

namespace {

std::shared_ptr<spare_heap> full_heap() {
  auto heap = std::make_shared<spare_heap>();
  heap->fill();
  return heap;
}

std::string printed_with(const std::shared_ptr<spare_heap>& spare, const std::string& script) {
  script_host host{script};
  host.make_with(make_duktape_worker_factory(spare));
  host.evaluate();
  return host.console_text() + host.uncaught_text();
}

/// What a forked copy of this process prints, as a worker process of the zygote is one.
std::string printed_by_copy(const std::shared_ptr<spare_heap>& spare, const std::string& script) {
  int ends[2] = {-1, -1};
  REQUIRE(::pipe(ends) == 0);
  const auto pid = ::fork();
  if (pid == 0) {
    std::string text;
    std::thread{[&] { text = printed_with(spare, script); }}.join();
    ::_exit(::write(ends[1], text.data(), text.size()) > 0 ? 0 : 1);
  }
  REQUIRE(pid > 0);
  ::close(ends[1]);
  std::string text(4096, '\0');
  const auto count = ::read(ends[0], text.data(), text.size());
  ::close(ends[0]);
  int status = -1;
  ::waitpid(pid, &status, 0);
  CHECK(status == 0);
  text.resize(count > 0 ? static_cast<size_t>(count) : 0);
  return text;
}

} // namespace

TEST_CASE("a heap made ahead serves one worker, and the next one gets a heap of its own") {
  const auto spare = full_heap();
  CHECK(printed_with(spare, "globalThis.kept = 1; console.log(typeof kept, location.pathname)")
        == "number /app/sw.js\n");
  CHECK(spare->take() == nullptr);
  CHECK(printed_with(spare, "console.log(typeof kept)") == "undefined\n");
}

TEST_CASE("copies of a heap made ahead draw different random numbers") {
  const auto spare = full_heap();
  for (const std::string script :
       {"console.log(Math.random(), Math.random())", "console.log(crypto.randomUUID())",
        "console.log(crypto.getRandomValues(new Uint32Array(4)).join())"}) {
    CAPTURE(script);
    const auto first = printed_by_copy(spare, script);
    const auto second = printed_by_copy(spare, script);
    CHECK(first.size() > 10);
    CHECK(first != second);
  }
}

TEST_CASE("random numbers lie between 0 and 1 and on both sides of the middle") {
  CHECK(script_host::printed_by(R"(
    var low = 0, bad = 0, seen = new Set();
    for (var i = 0; i < 4000; i++) {
      var x = Math.random();
      seen.add(x);
      if (!(x >= 0 && x < 1)) bad++;
      if (x < 0.5) low++;
    }
    console.log(bad, low > 1700 && low < 2300, seen.size, Math.random.length);
  )") == "0 true 4000 0\n");
}

TEST_CASE("a heap made ahead takes the limits and the time of its worker") {
  const std::string script = R"(
    self.onfetch = (event) => {
      event.respondWith(new Response(String(new Uint8Array(16 << 20).length)));
    };
    console.log(performance.timeOrigin);
  )";
  for (const bool is_limited : {false, true}) {
    script_host host{script};
    host.make_with(make_duktape_worker_factory(full_heap()));
    if (is_limited)
      host.constructor().limits.heap_bytes_max = 4 << 20;
    REQUIRE(host.evaluate().status == event_status::completed);
    CHECK(host.console_text() == "1700000000000\n");
    const auto outcome = host.fetch("https://a.example/app/x");
    CHECK((outcome.kind == fetch_outcome_kind::respond) == !is_limited);
  }
}

TEST_CASE("a heap made ahead respects the stack of the thread it is used on") {
  const auto spare = full_heap();
  CHECK(printed_by_copy(spare, R"(
    var depth = 0;
    function deeper() { depth++; return [1].map(deeper); }
    try { deeper(); } catch (error) { console.log(error.name, depth > 100); }
  )") == "RangeError true\n");
}
