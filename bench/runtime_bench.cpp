// SPDX-License-Identifier: MIT

// What script costs: a heap with the platform in it, a worker in a heap made ahead, and fetch
// events answered by a small handler, without any process or actor around.

#include <memory>
#include <string>

#include "runtime/bindings/platform_engine.hpp"
#include "runtime/spare_heap.hpp"
#include "test/support/script_host.hpp"

#include <benchmark/benchmark.h>

namespace offstage::bench {

namespace {

constexpr const char* hello =
    "self.addEventListener('fetch', (event) => event.respondWith(new Response('x')));";
constexpr const char* routed = R"(
  self.addEventListener('fetch', (event) => {
    const url = new URL(event.request.url);
    if (url.pathname === '/app/page')
      event.respondWith(new Response('x', {headers: {'Content-Type': 'text/plain'}}));
  });)";
constexpr const char* awaited = R"(
  self.addEventListener('fetch', (event) => event.respondWith((async () => {
    const text = await Promise.resolve('x');
    return new Response(text, {status: 200});
  })()));)";

void ready_heap(benchmark::State& state) {
  size_t used = 0;
  for (auto _ : state) {
    auto js = make_platform_engine({});
    used = js->heap().stats().used_bytes;
    benchmark::DoNotOptimize(js);
    state.PauseTiming();
    js.reset();
    state.ResumeTiming();
  }
  state.counters["heap_bytes"] = static_cast<double>(used);
}
BENCHMARK(ready_heap)->Unit(benchmark::kMicrosecond);

void ready_engine_without_platform(benchmark::State& state) {
  for (auto _ : state) {
    auto js = std::make_unique<engine>();
    benchmark::DoNotOptimize(js);
    state.PauseTiming();
    js.reset();
    state.ResumeTiming();
  }
}
BENCHMARK(ready_engine_without_platform)->Unit(benchmark::kMicrosecond);

void first_answer_in_spare_heap(benchmark::State& state) {
  for (auto _ : state) {
    state.PauseTiming();
    auto spare = std::make_shared<spare_heap>();
    spare->fill();
    {
      test::script_host host{hello};
      host.make_with(make_duktape_worker_factory(spare));
      state.ResumeTiming();
      host.evaluate();
      host.fetch("https://a.example/app/page");
      state.PauseTiming();
    }
    state.ResumeTiming();
  }
}
BENCHMARK(first_answer_in_spare_heap)->Unit(benchmark::kMicrosecond);

void fetch_events(benchmark::State& state, const char* script) {
  test::script_host host{script};
  host.evaluate();
  fetch_request request;
  request.url = "https://a.example/app/page";
  request.client_id = "client-1";
  request.headers.append("Accept", "*/*");
  request.headers.append("User-Agent", "bench");
  request.headers.append("Accept-Language", "en");
  for (auto _ : state) {
    auto outcome = host.fetch(request);
    if (outcome.kind != fetch_outcome_kind::respond)
      state.SkipWithError("no answer");
  }
}
BENCHMARK_CAPTURE(fetch_events, hello, hello)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(fetch_events, routed, routed)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(fetch_events, awaited, awaited)->Unit(benchmark::kMicrosecond);

} // namespace

} // namespace offstage::bench

BENCHMARK_MAIN();
