// SPDX-License-Identifier: MIT

// What the link between the node and a worker process costs: round trips, messages one way, chunks
// of bodies, and the start and the memory of a process. The program is its own worker process.

#include <chrono>
#include <cstring>
#include <fstream>
#include <numeric>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>

#include "app/child/child_main.hpp"
#include "app/child/zygote.hpp"
#include "app/link/basp_link.hpp"
#include "app/link/process_launcher.hpp"
#include "protocol/message_types.hpp"
#include "protocol/type_ids.hpp"

#include "bench/link_bench_child.hpp"
#include <benchmark/benchmark.h>
#include <unistd.h>

namespace offstage::bench {

namespace {

constexpr auto patience = std::chrono::seconds{30};

class node_config : public caf::actor_system_config {
public:
  node_config() {
    register_protocol(*this);
    enable_links(*this);
  }
};

[[noreturn]] void give_up(const caf::error& error) {
  std::fprintf(stderr, "link_bench: %s\n", caf::to_string(error).c_str());
  ::_exit(1);
}

/// A launcher and the actor that asks.
class node {
public:
  explicit node(std::shared_ptr<process_source> source)
      : launcher_(spawn_process_launcher(system_, {.source = std::move(source), .on_lost = {}})) {}

  ~node() { self_->send_exit(launcher_, caf::exit_reason::user_shutdown); }

  worker_process launch() {
    worker_process result;
    self_->request(launcher_, patience, launch_atom_v, std::string{"bench"})
        .receive([&](worker_process& process) { result = std::move(process); }, give_up);
    result.link->allow(self_->id());
    return result;
  }

  instance_child_actor instance_in(const worker_process& process) {
    instance_child_actor result;
    self_
        ->request(process.root, patience, spawn_atom_v, instance_constructor{},
                  instance_parent_actor{})
        .receive([&](instance_child_actor& child) { result = std::move(child); }, give_up);
    return result;
  }

  void ping(const instance_child_actor& child) {
    self_->request(child, patience, ping_atom_v).receive([](bool) {}, give_up);
  }

  caf::scoped_actor& self() { return self_; }

private:
  node_config config_;
  caf::actor_system system_{config_};
  caf::scoped_actor self_{system_};
  process_launcher_actor launcher_;
};

/// One process with one instance, for the benches of a running link.
struct running {
  explicit running(std::shared_ptr<process_source> source)
      : parent(std::move(source)), process(parent.launch()), child(parent.instance_in(process)) {}

  node parent;
  worker_process process;
  instance_child_actor child;
};

std::shared_ptr<process_source> executing() {
  return std::make_shared<exec_process_source>();
}

void round_trips(benchmark::State& state) {
  running link{executing()};
  auto outstanding = state.range(0);
  for (auto _ : state) {
    for (int64_t i = 0; i < outstanding; ++i)
      link.parent.self()->send(link.child, ping_atom_v);
    for (int64_t i = 0; i < outstanding; ++i)
      link.parent.self()->receive([](bool) {});
  }
  state.SetItemsProcessed(state.iterations() * outstanding);
}

void one_way(benchmark::State& state) {
  running link{executing()};
  constexpr int64_t batch = 10'000;
  for (auto _ : state) {
    for (int64_t i = 0; i < batch; ++i)
      link.parent.self()->send(link.child, cancel_atom_v, stream_id{1});
    link.parent.ping(link.child);
  }
  state.SetItemsProcessed(state.iterations() * batch);
}

uint64_t read_all(const shared_bytes& bytes) {
  return std::accumulate(bytes.data(), bytes.data() + bytes.size(), uint64_t{0});
}

void chunks_from_child(benchmark::State& state) {
  running link{executing()};
  auto size = static_cast<uint32_t>(state.range(0));
  auto read = [&](const body_chunk& chunk) {
    auto bytes = link.process.link->incoming(chunk.bytes);
    if (!bytes || bytes->size() != size)
      give_up(caf::sec::runtime_error);
    benchmark::DoNotOptimize(read_all(*bytes));
  };
  for (auto _ : state)
    link.parent.self()
        ->request(link.child, patience, pull_atom_v, stream_id{1}, size)
        .receive(read, give_up);
  state.SetBytesProcessed(state.iterations() * size);
}

// From the request for a process to the first answer of an instance in it.
void start_process(benchmark::State& state, const std::shared_ptr<process_source>& source) {
  node parent{source};
  for (auto _ : state) {
    auto process = parent.launch();
    parent.ping(parent.instance_in(process));
    state.PauseTiming();
    process.link->kill();
    state.ResumeTiming();
  }
}

double kilobytes_of(int32_t pid, const std::string& key) {
  std::ifstream in{"/proc/" + std::to_string(pid) + "/smaps_rollup"};
  for (std::string word; in >> word;)
    if (word == key) {
      double value = 0;
      in >> value;
      return value;
    }
  return -1;
}

void memory_of_process(benchmark::State& state, const std::shared_ptr<process_source>& source) {
  constexpr size_t count = 16;
  node parent{source};
  std::vector<worker_process> processes;
  for (size_t i = 0; i < count; ++i) {
    processes.push_back(parent.launch());
    parent.ping(parent.instance_in(processes.back()));
  }
  for (auto _ : state)
    benchmark::DoNotOptimize(processes.data());
  for (const auto* key : {"Rss", "Pss", "Private_Dirty"}) {
    auto sum = 0.0;
    for (const auto& process : processes)
      sum += kilobytes_of(process.link->pid(), std::string{key} + ":");
    state.counters[std::string{key} + "_kB"] = sum / count;
  }
}

void declare(const std::shared_ptr<process_source>& forking) {
  using benchmark::RegisterBenchmark;
  RegisterBenchmark("round_trip/outstanding", round_trips)->Arg(1)->Arg(64)->UseRealTime();
  RegisterBenchmark("one_way", one_way)->UseRealTime();
  RegisterBenchmark("chunk_from_child/bytes", chunks_from_child)
      ->Arg(1 << 10)
      ->Arg(wire::inline_bytes_max)
      ->Arg(256 << 10)
      ->Arg(wire::chunk_bytes_max)
      ->UseRealTime();
  for (const auto& [name, source] :
       {std::pair{std::string{"exec"}, executing()}, std::pair{std::string{"zygote"}, forking}}) {
    auto from = source;
    RegisterBenchmark(("start/" + name).c_str(),
                      [from](benchmark::State& state) { start_process(state, from); })
        ->UseRealTime()
        ->Unit(benchmark::kMillisecond);
    RegisterBenchmark(("memory/" + name).c_str(), [from](benchmark::State& state) {
      memory_of_process(state, from);
    })->Iterations(1);
  }
}

int run(int argc, char** argv) {
  zygote_options options;
  options.factory = spawn_bench_process;
  auto forking = zygote::start(std::move(options));
  if (!forking)
    give_up(forking.error());
  benchmark::Initialize(&argc, argv);
  declare(*forking);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}

} // namespace

} // namespace offstage::bench

int main(int argc, char** argv) {
  if (argc > 1 && std::strcmp(argv[1], "--worker-process") == 0)
    offstage::child_main(argc, argv, offstage::bench::spawn_bench_process);
  return offstage::bench::run(argc, argv);
}
