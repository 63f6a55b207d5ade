// SPDX-License-Identifier: MIT
// The Cache API's storage against RocksDB itself, in one process and one run: match and put of
// bodies of 1 KiB and 8 MiB. Directories are on the disk of TMPDIR.
#include <filesystem>
#include <memory>
#include <string>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <rocksdb/db.h>

#include "protocol/actors.hpp"
#include "protocol/errors.hpp"
#include "protocol/message_types.hpp"
#include "storage/storage.hpp"

#include <benchmark/benchmark.h>

namespace offstage {

namespace {

constexpr int entry_count = 1000;

std::string scratch_directory(const std::string& name) {
  const auto path = std::filesystem::temp_directory_path() / ("offstage-bench-" + name);
  std::filesystem::remove_all(path);
  return path.string();
}

std::string url_of(int number) {
  return "https://a.example/assets/file-" + std::to_string(number) + ".js";
}

cache_entry make_entry(int number, size_t body_bytes) {
  cache_entry entry;
  entry.request.url = url_of(number);
  entry.response.type = response_type::basic;
  entry.response.url_list = {entry.request.url};
  entry.response.status_text = "OK";
  entry.response.headers.append("Content-Type", "text/javascript");
  entry.response.headers.append("Content-Length", std::to_string(body_bytes));
  entry.response.headers.append("ETag", "\"0123456789abcdef\"");
  entry.response.content = body::of(shared_bytes{std::string(body_bytes, 'x')});
  return entry;
}

struct bench_config : caf::actor_system_config {
  bench_config() {
    register_protocol(*this);
    set("scheduler.policy", caf::atom("sharing"));
    set("scheduler.max-threads", 2);
  }
};

class bench_storage {
public:
  bench_storage() {
    storage_options options;
    options.directory = scratch_directory("storage");
    options.quota_bytes = uint64_t{1} << 40;
    auto spawned = spawn_storage(system_, options, [](storage_log_level, const std::string&) {});
    storage_ = *spawned;
    ask<cache_storage_actor>(
        storage_, [&](cache_storage_actor& x) { caches_ = x; }, open_atom_v,
        storage_key{"https://a.example"});
    run(cache_open{"v1"}, [&](const cache_result& x) { cache_ = x.cache; });
  }

  ~bench_storage() { self_->send_exit(storage_, caf::exit_reason::user_shutdown); }

  template <class F>
  void run(cache_operation operation, F use) {
    ask<cache_result>(caches_, use, cache_atom_v, std::move(operation));
  }

  void put(cache_entry entry) {
    cache_put operation;
    operation.cache = cache_;
    operation.entries.push_back(std::move(entry));
    run(std::move(operation), [](const cache_result&) {});
  }

  cache_operation match_of(int number) const {
    cache_query query;
    query.cache = cache_;
    query.has_request = true;
    query.first_only = true;
    query.request.url = url_of(number);
    return query;
  }

  uint64_t read(const body& content) {
    uint64_t bytes = content.bytes.size();
    bool last = content.kind != body_kind::source;
    while (!last)
      ask<body_chunk>(
          content.source,
          [&](const body_chunk& chunk) {
            bytes += chunk.bytes.size();
            last = chunk.last;
          },
          pull_atom_v, uint32_t{1} << 20);
    return bytes;
  }

  caf::scoped_actor& self() { return self_; }
  const cache_storage_actor& caches() const { return caches_; }

private:
  template <class Result, class Handle, class F, class... Ts>
  void ask(const Handle& handle, F use, Ts... xs) {
    self_->request(handle, std::chrono::seconds{60}, std::move(xs)...)
        .receive([&](Result& x) { use(x); },
                 [](const caf::error& err) {
                   std::fprintf(stderr, "storage_bench: %s\n", describe(err).c_str());
                   std::abort();
                 });
  }

  bench_config config_;
  caf::actor_system system_{config_};
  caf::scoped_actor self_{system_};
  storage_actor storage_;
  cache_storage_actor caches_;
  cache_id cache_{0};
};

void cache_match(benchmark::State& state) {
  bench_storage storage;
  const auto size = static_cast<size_t>(state.range(0));
  const auto count = size > (1 << 20) ? 4 : entry_count;
  for (int i = 0; i < count; ++i)
    storage.put(make_entry(i, size));
  int next = 0;
  for (auto _ : state)
    storage.run(storage.match_of(next++ % count), [&](const cache_result& found) {
      benchmark::DoNotOptimize(storage.read(found.responses.at(0).content));
    });
  state.SetItemsProcessed(state.iterations());
  state.SetBytesProcessed(state.iterations() * state.range(0));
}

/// So many queries in flight, as many connections of a gateway have.
void cache_match_pipelined(benchmark::State& state) {
  bench_storage storage;
  for (int i = 0; i < entry_count; ++i)
    storage.put(make_entry(i, 1024));
  auto depth = static_cast<int>(state.range(0));
  int next = 0;
  for (auto _ : state) {
    for (int i = 0; i < depth; ++i)
      storage.self()->send(storage.caches(), cache_atom_v, storage.match_of(next++ % entry_count));
    int answers = 0;
    storage.self()->receive_for(answers, depth)([](const cache_result&) {});
  }
  state.SetItemsProcessed(state.iterations() * depth);
}

void cache_miss(benchmark::State& state) {
  bench_storage storage;
  for (int i = 0; i < entry_count; ++i)
    storage.put(make_entry(i, 1024));
  int next = entry_count;
  for (auto _ : state)
    storage.run(storage.match_of(next++), [](const cache_result&) {});
  state.SetItemsProcessed(state.iterations());
}

void cache_put_one(benchmark::State& state) {
  bench_storage storage;
  const auto size = static_cast<size_t>(state.range(0));
  const auto count = size > (1 << 20) ? 4 : entry_count;
  int next = 0;
  for (auto _ : state) {
    state.PauseTiming();
    auto entry = make_entry(next++ % count, size);
    state.ResumeTiming();
    storage.put(std::move(entry));
  }
  state.SetItemsProcessed(state.iterations());
  state.SetBytesProcessed(state.iterations() * state.range(0));
}

class raw_database {
public:
  raw_database() {
    rocksdb::Options options;
    options.create_if_missing = true;
    rocksdb::DB* opened = nullptr;
    const auto status = rocksdb::DB::Open(options, scratch_directory("raw"), &opened);
    if (!status.ok())
      std::abort();
    db_.reset(opened);
  }

  rocksdb::DB* operator->() { return db_.get(); }

private:
  std::unique_ptr<rocksdb::DB> db_;
};

void raw_get(benchmark::State& state) {
  raw_database db;
  const std::string value(static_cast<size_t>(state.range(0)), 'x');
  const auto count = value.size() > (1 << 20) ? 4 : entry_count;
  for (int i = 0; i < count; ++i)
    db->Put({}, url_of(i), value).PermitUncheckedError();
  int next = 0;
  std::string found;
  for (auto _ : state)
    benchmark::DoNotOptimize(db->Get({}, url_of(next++ % count), &found).ok());
  state.SetItemsProcessed(state.iterations());
  state.SetBytesProcessed(state.iterations() * state.range(0));
}

void raw_put(benchmark::State& state) {
  raw_database db;
  const std::string value(static_cast<size_t>(state.range(0)), 'x');
  const auto count = value.size() > (1 << 20) ? 4 : entry_count;
  int next = 0;
  for (auto _ : state)
    db->Put({}, url_of(next++ % count), value).PermitUncheckedError();
  state.SetItemsProcessed(state.iterations());
  state.SetBytesProcessed(state.iterations() * state.range(0));
}

BENCHMARK(raw_get)->Arg(1 << 10)->Arg(8 << 20)->MeasureProcessCPUTime()->UseRealTime();
BENCHMARK(cache_match)->Arg(1 << 10)->Arg(8 << 20)->MeasureProcessCPUTime()->UseRealTime();
BENCHMARK(cache_match_pipelined)->Arg(64)->MeasureProcessCPUTime()->UseRealTime();
BENCHMARK(cache_miss)->MeasureProcessCPUTime()->UseRealTime();
BENCHMARK(raw_put)->Arg(1 << 10)->Arg(8 << 20)->MeasureProcessCPUTime()->UseRealTime();
BENCHMARK(cache_put_one)
    ->Name("cache_put")
    ->Arg(1 << 10)
    ->Arg(8 << 20)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

} // namespace

} // namespace offstage

BENCHMARK_MAIN();
