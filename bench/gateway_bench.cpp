// SPDX-License-Identifier: MIT
// Requests per second of the gateway alone: a manager that answers every request at once, and wrk
// as the client on the same machine. Prints one JSON object per number of connections.
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>

#include "gateway/server.hpp"
#include "protocol/errors.hpp"
#include "protocol/message_types.hpp"

namespace offstage {

namespace {

struct bench_config : caf::actor_system_config {
  bench_config() {
    register_protocol(*this);
    set("scheduler.policy", caf::atom("sharing"));
  }
};

caf::behavior instant_manager(caf::event_based_actor*) {
  fetch_response response;
  response.headers.append("Content-Type", "text/plain");
  response.content = body::of(shared_bytes{std::string{"x"}});
  return {[outcome = fetch_outcome::respond(std::move(response))](
              intercept_atom, call_id, const fetch_request&) { return outcome; },
          [](abort_atom, call_id) {}};
}

std::string output_of(const std::string& command) {
  std::string text;
  std::array<char, 4096> bytes{};
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe{::popen(command.c_str(), "r"), &::pclose};
  while (pipe && std::fgets(bytes.data(), bytes.size(), pipe.get()) != nullptr)
    text += bytes.data();
  return text;
}

std::string word_after(const std::string& text, const std::string& label) {
  const auto at = text.find(label, std::min(text.find("Latency Distribution"), text.size()));
  if (at == std::string::npos)
    return {};
  const auto first = text.find_first_not_of(" \t", at + label.size());
  return text.substr(first, text.find_first_of(" \t\n", first) - first);
}

bool measure(FILE* out, uint16_t port, int connections) {
  const auto text = output_of("wrk -t1 -c" + std::to_string(connections)
                              + " -d4s --latency http://127.0.0.1:" + std::to_string(port) + "/x");
  const auto rate = word_after(text, "Requests/sec:");
  std::fprintf(out,
               "{\"bench\":\"gateway\",\"connections\":%d,\"requests_per_s\":%s,"
               "\"p50\":\"%s\",\"p99\":\"%s\"}\n",
               connections, rate.empty() ? "null" : rate.c_str(), word_after(text, "50%").c_str(),
               word_after(text, "99%").c_str());
  return !rate.empty() && text.find("Non-2xx") == std::string::npos;
}

int run(FILE* out) {
  bench_config config;
  caf::actor_system system{config};
  const auto manager = system.spawn(instant_manager);
  gateway_options options;
  options.port = 0;
  options.sites = {{"", "http://site.test"}};
  auto started = gateway::start(system, options,
                                caf::actor_cast<service_worker_manager_actor>(manager), {}, {});
  if (!started) {
    std::fprintf(stderr, "%s\n", describe(started.error()).c_str());
    return 1;
  }
  const auto good = measure(out, (*started)->port(), 1) && measure(out, (*started)->port(), 64);
  started->reset();
  caf::anon_send_exit(manager, caf::exit_reason::user_shutdown);
  return good ? 0 : 1;
}

} // namespace

} // namespace offstage

int main() {
  return offstage::run(stdout);
}
