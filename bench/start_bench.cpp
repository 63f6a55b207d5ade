// SPDX-License-Identifier: MIT

// From an event to its answer while the worker is stopped: a node in this process brings its
// registrations back, and each gets its first fetch, for which a worker process is forked from the
// zygote or executed. Prints one JSON object for each way. The program is its own worker process.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include <caf/scoped_actor.hpp>

#include "app/core.hpp"
#include "app/link/process_launcher.hpp"
#include "protocol/message_types.hpp"

#include <unistd.h>

using namespace offstage;
using namespace std::chrono_literals;

namespace {

constexpr auto patience = 30s;
constexpr std::string_view script =
    "self.addEventListener('fetch', (event) => event.respondWith(new Response('x')));\n";

std::string origin_of(size_t site) {
  return "https://site" + std::to_string(site) + ".example";
}

class site_directory {
public:
  site_directory() {
    std::string name = std::filesystem::temp_directory_path() / "start_bench.XXXXXX";
    if (::mkdtemp(name.data()) == nullptr)
      std::abort();
    path_ = name;
    std::filesystem::create_directory(path_ / "site");
    std::ofstream{path_ / "site" / "sw.js"} << script;
  }
  ~site_directory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  site_directory(const site_directory&) = delete;
  site_directory& operator=(const site_directory&) = delete;

  std::string data() const { return path_ / "data"; }
  std::string site() const { return path_ / "site"; }

private:
  std::filesystem::path path_;
};

std::unique_ptr<core> start_node(const site_directory& directory, size_t sites,
                                 std::shared_ptr<process_source> processes) {
  core_options options;
  options.data_dir = directory.data();
  options.processes = std::move(processes);
  for (size_t i = 0; i < sites; ++i)
    options.sites.push_back({origin_of(i), directory.site()});
  auto started = core::start(std::move(options));
  if (!started)
    std::abort();
  return std::move(*started);
}

bool all_active(caf::scoped_actor& self, core& node, size_t sites) {
  size_t active = 0;
  self->request(node.manager(), patience, list_atom_v)
      .receive(
          [&](const registration_list& list) {
            for (const auto& each : list.registrations)
              active += each.active.state == worker_state::activated ? 1u : 0u;
          },
          [](const caf::error&) { std::abort(); });
  return active == sites;
}

void register_sites(core& node, size_t sites) {
  caf::scoped_actor self{node.system()};
  for (size_t i = 0; i < sites; ++i) {
    registration_request request;
    request.script_url = origin_of(i) + "/sw.js";
    self->request(node.manager(), patience, register_atom_v, request)
        .receive([](const registration_descriptor&) {}, [](const caf::error&) { std::abort(); });
  }
  const auto give_up = std::chrono::steady_clock::now() + patience;
  while (!all_active(self, node, sites))
    if (std::chrono::steady_clock::now() > give_up)
      std::abort();
}

double fetch_ms(caf::scoped_actor& self, core& node, size_t site) {
  fetch_request request;
  request.url = origin_of(site) + "/page";
  request.headers.append("Accept", "*/*");
  const auto begin = std::chrono::steady_clock::now();
  self->request(node.manager(), patience, intercept_atom_v, call_id{site + 1}, request)
      .receive(
          [](const fetch_outcome& outcome) {
            if (outcome.kind != fetch_outcome_kind::respond)
              std::abort();
          },
          [](const caf::error&) { std::abort(); });
  return std::chrono::duration<double, std::milli>{std::chrono::steady_clock::now() - begin}
      .count();
}

double at(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  return values[static_cast<size_t>(share * static_cast<double>(values.size() - 1))];
}

void print(const char* way, const std::vector<double>& cold, const std::vector<double>& warm) {
  std::printf("{\"bench\":\"start\",\"processes\":\"%s\",\"starts\":%zu,\"cold_ms_p50\":%.3f,"
              "\"cold_ms_p95\":%.3f,\"cold_ms_min\":%.3f,\"warm_ms_p50\":%.3f}\n",
              way, cold.size(), at(cold, 0.5), at(cold, 0.95), at(cold, 0), at(warm, 0.5));
}

void measure(const char* way, size_t sites, const std::shared_ptr<process_source>& processes) {
  const site_directory directory;
  register_sites(*start_node(directory, sites, processes), sites);
  const auto node = start_node(directory, sites, processes);
  if (node->restored_count() != sites)
    std::abort();
  caf::scoped_actor self{node->system()};
  std::vector<double> cold;
  std::vector<double> warm;
  for (size_t i = 0; i < sites; ++i) {
    cold.push_back(fetch_ms(self, *node, i));
    warm.push_back(fetch_ms(self, *node, i));
  }
  print(way, cold, warm);
}

} // namespace

int main(int argc, char** argv) {
  if (argc > 1 && std::string_view{argv[1]} == "--worker-process")
    run_worker_process(argc, argv);
  const auto sites = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 50;
  auto zygote = start_zygote();
  if (zygote == nullptr)
    return 1;
  measure("zygote", sites, zygote);
  measure("executed", sites, std::make_shared<exec_process_source>());
  return 0;
}
