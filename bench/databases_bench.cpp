// SPDX-License-Identifier: MIT
// IndexedDB's storage as a worker's binding uses it: records of 1 KiB, in transactions of 100 and
// of one. A part of storage_bench.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "protocol/actors.hpp"
#include "protocol/errors.hpp"
#include "protocol/idb_key.hpp"
#include "protocol/message_types.hpp"
#include "storage/storage.hpp"

#include <benchmark/benchmark.h>

namespace offstage {

namespace {

constexpr uint64_t plain_store = 1;
constexpr uint64_t indexed_store = 2;
constexpr uint64_t by_number = 3;
constexpr int64_t walk_count = 100'000;
constexpr int64_t batch_count = 100;

struct databases_config : caf::actor_system_config {
  databases_config() {
    register_protocol(*this);
    set("scheduler.policy", caf::atom("sharing"));
    set("scheduler.max-threads", 2);
  }
};

notice_sink_actor::behavior_type deaf(notice_sink_actor::pointer) {
  return {[](notify_atom, const service_notice&) {}};
}

std::string directory() {
  const auto path = std::filesystem::temp_directory_path() / "offstage-bench-databases";
  std::filesystem::remove_all(path);
  return path.string();
}

class bench_databases {
public:
  bench_databases() {
    storage_options options;
    options.directory = directory();
    options.quota_bytes = uint64_t{1} << 40;
    storage_ = *spawn_storage(system_, options, [](storage_log_level, const std::string&) {});
    sink_ = system_.spawn(deaf);
    self_->request(storage_, patience, connect_atom_v, storage_key{"https://a.example"})
        .receive([&](const indexed_db_actor& x) { databases_ = x; }, die);
    self_->send(databases_, call_atom_v, sink_, idb_call{idb_open{connection, "bench", 1}});
    idb_submit upgrade;
    upgrade.connection = connection;
    for (const auto id : {plain_store, indexed_store}) {
      idb_store store;
      store.id = id;
      store.name = std::to_string(id);
      store.auto_increment = true;
      upgrade.operations.emplace_back(idb_create_store{store});
    }
    idb_index index;
    index.id = by_number;
    index.name = "by number";
    upgrade.operations.emplace_back(idb_create_index{indexed_store, index});
    upgrade.finish = idb_finish::commit;
    ask(std::move(upgrade));
  }

  ~bench_databases() {
    self_->send_exit(sink_, caf::exit_reason::user_shutdown);
    self_->send_exit(storage_, caf::exit_reason::user_shutdown);
  }

  idb_submit transaction(idb_mode mode, idb_durability durability = idb_durability::relaxed) {
    idb_submit submit;
    submit.connection = connection;
    submit.transaction = idb_transaction_id{++last_transaction_};
    submit.begin = true;
    submit.mode = mode;
    submit.durability = durability;
    submit.scope = {plain_store, indexed_store};
    submit.finish = idb_finish::commit;
    return submit;
  }

  idb_results ask(idb_submit submit) {
    idb_results results;
    self_->request(databases_, patience, call_atom_v, sink_, idb_call{std::move(submit)})
        .receive(
            [&](idb_answer& x) {
              if (!caf::holds_alternative<idb_results>(x.result))
                std::abort();
              results = std::move(caf::get<idb_results>(x.result));
            },
            die);
    return results;
  }

  /// So many records of 1 KiB with the keys 1 and on.
  void fill(int64_t count) {
    for (int64_t done = 0; done < count; done += 1'000) {
      auto submit = transaction(idb_mode::read_write);
      for (int64_t i = 1; i <= std::min<int64_t>(1'000, count - done); ++i)
        submit.operations.emplace_back(put(plain_store, static_cast<double>(done + i)));
      ask(std::move(submit));
    }
  }

  static idb_put put(uint64_t store, double key) {
    static const std::string value(1'024, 'x');
    idb_put result;
    result.store = store;
    result.key = idb_number_key(key);
    result.value = shared_bytes{value};
    if (store == indexed_store)
      result.index_keys = {{by_number, false, {idb_number_key(-key)}}};
    return result;
  }

private:
  static constexpr idb_connection_id connection{1};
  static constexpr auto patience = std::chrono::seconds{60};
  static void die(const caf::error& err) {
    std::fprintf(stderr, "storage_bench: %s\n", describe(err).c_str());
    std::abort();
  }

  databases_config config_;
  caf::actor_system system_{config_};
  caf::scoped_actor self_{system_};
  storage_actor storage_;
  notice_sink_actor sink_;
  indexed_db_actor databases_;
  uint64_t last_transaction_ = 0;
};

void put_batches(benchmark::State& state, uint64_t store) {
  bench_databases bench;
  double next = 0;
  for (auto _ : state) {
    auto submit = bench.transaction(idb_mode::read_write);
    for (int64_t i = 0; i < batch_count; ++i)
      submit.operations.emplace_back(bench_databases::put(store, ++next));
    bench.ask(std::move(submit));
  }
  state.SetItemsProcessed(state.iterations() * batch_count);
}

void idb_put_100(benchmark::State& state) {
  put_batches(state, plain_store);
}

void idb_put_100_indexed(benchmark::State& state) {
  put_batches(state, indexed_store);
}

void put_single(benchmark::State& state, idb_durability durability) {
  bench_databases bench;
  double next = 0;
  for (auto _ : state) {
    auto submit = bench.transaction(idb_mode::read_write, durability);
    submit.operations.emplace_back(bench_databases::put(plain_store, ++next));
    bench.ask(std::move(submit));
  }
  state.SetItemsProcessed(state.iterations());
}

void idb_put_1_relaxed(benchmark::State& state) {
  put_single(state, idb_durability::relaxed);
}

void idb_put_1_strict(benchmark::State& state) {
  put_single(state, idb_durability::strict);
}

/// One long value, durable when it is answered.
void idb_put_long(benchmark::State& state) {
  bench_databases bench;
  const shared_bytes value{std::string(static_cast<size_t>(state.range(0)), 'x')};
  double next = 0;
  for (auto _ : state) {
    auto submit = bench.transaction(idb_mode::read_write, idb_durability::strict);
    auto put =
        bench_databases::put(plain_store, 1 + static_cast<double>(static_cast<int>(next++) % 2));
    put.value = value;
    submit.operations.emplace_back(std::move(put));
    bench.ask(std::move(submit));
  }
  state.SetBytesProcessed(state.iterations() * state.range(0));
}

void idb_get_100(benchmark::State& state) {
  bench_databases bench;
  bench.fill(10'000);
  int64_t next = 0;
  for (auto _ : state) {
    auto submit = bench.transaction(idb_mode::read_only);
    for (int64_t i = 0; i < batch_count; ++i) {
      const auto key = idb_number_key(static_cast<double>(1 + next++ * 7 % 10'000));
      idb_read get;
      get.store = plain_store;
      get.range = {true, true, false, false, key, key};
      get.limit = 1;
      get.want_values = true;
      submit.operations.emplace_back(std::move(get));
    }
    benchmark::DoNotOptimize(bench.ask(std::move(submit)));
  }
  state.SetItemsProcessed(state.iterations() * batch_count);
}

/// As a cursor reads ahead.
void idb_cursor_100000(benchmark::State& state) {
  bench_databases bench;
  bench.fill(walk_count);
  for (auto _ : state) {
    int64_t seen = 0;
    idb_read read;
    read.store = plain_store;
    read.limit = static_cast<uint32_t>(state.range(0));
    read.ahead = true;
    read.want_values = true;
    while (seen < walk_count) {
      auto submit = bench.transaction(idb_mode::read_only);
      submit.operations.emplace_back(read);
      const auto results = bench.ask(std::move(submit));
      const auto& records = caf::get<idb_records>(results.outcomes[0]).records;
      seen += static_cast<int64_t>(records.size());
      read.has_after = true;
      read.after_key = records.back().key;
    }
  }
  state.SetItemsProcessed(state.iterations() * walk_count);
}

void idb_get_all_100000(benchmark::State& state) {
  bench_databases bench;
  bench.fill(walk_count);
  for (auto _ : state) {
    auto submit = bench.transaction(idb_mode::read_only);
    idb_read read;
    read.store = plain_store;
    read.want_values = true;
    submit.operations.emplace_back(std::move(read));
    benchmark::DoNotOptimize(bench.ask(std::move(submit)));
  }
  state.SetItemsProcessed(state.iterations() * walk_count);
}

BENCHMARK(idb_put_100)->MeasureProcessCPUTime()->UseRealTime();
BENCHMARK(idb_put_100_indexed)->MeasureProcessCPUTime()->UseRealTime();
BENCHMARK(idb_put_1_relaxed)->MeasureProcessCPUTime()->UseRealTime();
BENCHMARK(idb_put_1_strict)->MeasureProcessCPUTime()->UseRealTime();
BENCHMARK(idb_put_long)->Arg(8 << 20)->Arg(64 << 20)->MeasureProcessCPUTime()->UseRealTime();
BENCHMARK(idb_get_100)->MeasureProcessCPUTime()->UseRealTime();
BENCHMARK(idb_cursor_100000)->Arg(1)->Arg(64)->MeasureProcessCPUTime()->UseRealTime();
BENCHMARK(idb_get_all_100000)->MeasureProcessCPUTime()->UseRealTime();

} // namespace

} // namespace offstage
