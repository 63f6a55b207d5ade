// SPDX-License-Identifier: MIT
#include "app/serve.hpp"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string_view>

#include <caf/send.hpp>

#include "app/core.hpp"
#include "app/free_port.hpp"
#include "app/log.hpp"
#include "app/signals.hpp"
#include "app/site_registrar.hpp"
#include "app/terminal.hpp"
#include "config/options.hpp"
#include "gateway/server.hpp"
#include "protocol/errors.hpp"
#include "protocol/url.hpp"

namespace offstage {

namespace {

constexpr std::string_view usage = R"(usage: offstage serve [--config=FILE] [options]

Serves a site through its service worker: registers the worker, answers HTTP from it, and keeps
answering when the site itself is gone. Stops on SIGINT or SIGTERM.

  offstage serve --site.upstream=http://127.0.0.1:9000 --site.service-worker=/sw.js
  offstage serve --site.upstream=./public --site.service-worker=/sw.js --gateway.port=8000
  offstage serve --config=/etc/offstage.conf

options (later ones win; the same keys work in the file, in [sections]):
  --config=FILE                 read options from FILE; may name several [site]s by host
)";

void print(const std::string& text, std::FILE* to = stdout) {
  std::fputs(text.c_str(), to);
  std::fflush(to);
}

/// Nothing if the arguments are usable, else what is wrong.
std::string read_arguments(const std::vector<std::string>& arguments, node_options& options) {
  constexpr std::string_view config = "--config=";
  for (const auto& argument : arguments) {
    if (!argument.starts_with(config))
      continue;
    const auto file = argument.substr(config.size());
    std::ifstream stream{file};
    std::stringstream text;
    if (!stream || !(text << stream.rdbuf()))
      return file + ": cannot be read";
    const auto outcome = parse_configuration(text.str(), file, options);
    if (const auto* error = std::get_if<option_error>(&outcome))
      return to_string(*error);
  }
  for (const auto& argument : arguments) {
    if (argument.starts_with(config))
      continue;
    const auto outcome = parse_argument(argument, options);
    if (const auto* error = std::get_if<option_error>(&outcome))
      return to_string(*error);
  }
  const auto outcome = validate(options);
  if (const auto* error = std::get_if<option_error>(&outcome))
    return to_string(*error);
  return {};
}

/// A loopback host is what a browser would show; any other one has TLS in front, or no service
/// workers at all.
std::string default_origin(const node_options& options, const site_options& site) {
  const auto plain = "http://" + (site.host.empty() ? options.address : site.host);
  const auto parsed = url::parse(plain);
  const bool is_loopback = parsed && parsed->is_potentially_trustworthy();
  return site.host.empty() || is_loopback ? plain : "https://" + site.host;
}

/// Fills in what depends on the port: origins.
std::string complete(node_options& options) {
  if (options.port == 0)
    options.port = find_free_port(options.address);
  for (auto& site : options.sites) {
    if (site.origin.empty())
      site.origin = default_origin(options, site);
    auto origin = url::parse(site.origin);
    if (!origin || origin->origin() == "null")
      return "site.origin: '" + site.origin + "' is not an origin";
    const bool explicit_port =
        site.origin.find(':', site.origin.find("://") + 3) != std::string::npos;
    if (!explicit_port && origin->scheme() == "http")
      origin->set_port(std::to_string(options.port));
    if (!site.service_worker.empty() && !origin->is_potentially_trustworthy())
      return "site.origin: service workers need https or a loopback host, '" + origin->origin()
             + "' is neither; if a TLS proxy is in front, say --site.origin=https://NAME";
    site.origin = origin->origin();
  }
  if (options.data_dir.empty())
    options.data_dir = default_data_dir(std::getenv("XDG_STATE_HOME"), std::getenv("HOME"));
  return {};
}

core_options core_options_of(const node_options& options, log& lines) {
  core_options result;
  result.data_dir = options.data_dir;
  result.strategy = options.strategy;
  result.worker_heap_bytes = options.worker_heap_bytes;
  result.worker_idle_s = options.worker_idle_s;
  result.worker_execution_s = options.worker_execution_s;
  result.quota_bytes = options.quota_bytes;
  result.budget_bytes = options.budget_bytes;
  for (const auto& site : options.sites)
    result.sites.push_back({site.origin, site.upstream, site.persistent});
  result.log = [&lines](log_level level, std::string_view text) { lines.write(level, text); };
  return result;
}

gateway_options gateway_options_of(const node_options& options) {
  gateway_options result;
  result.address = options.address;
  result.port = options.port;
  result.io_threads = options.gateway_threads;
  for (const auto& site : options.sites)
    result.sites.push_back({site.host, site.origin});
  return result;
}

std::vector<registration_request> registrations_of(const node_options& options) {
  std::vector<registration_request> requests;
  for (const auto& site : options.sites) {
    if (site.service_worker.empty())
      continue;
    const auto base = url::parse(site.origin);
    const auto resolve = [&](const std::string& reference) {
      const auto resolved = url::parse(reference, &*base);
      return resolved ? resolved->href() : reference;
    };
    registration_request request;
    request.script_url = resolve(site.service_worker);
    request.type = site.service_worker_type;
    if (!site.scope.empty())
      request.scope = resolve(site.scope);
    requests.push_back(std::move(request));
  }
  return requests;
}

std::string banner(const node_options& options, uint32_t restored) {
  std::string text = "offstage " OFFSTAGE_VERSION "\n";
  for (const auto& site : options.sites) {
    text += "  site    " + site.origin + " from " + site.upstream + "\n";
    text += "  worker  " + (site.service_worker.empty() ? "none" : site.service_worker) + "\n";
  }
  text += "  data    " + options.data_dir + " (" + std::to_string(restored) + " registration"
          + (restored == 1 ? "" : "s") + " restored)\n";
  return text;
}

int run(const node_options& options) {
  // Before the log, the actors and everything else that has threads.
  auto processes = options.strategy == spawn_strategy::in_process ? nullptr : start_zygote();
  log lines{options.level};
  auto chosen = core_options_of(options, lines);
  chosen.processes = std::move(processes);
  auto started = core::start(std::move(chosen));
  if (!started) {
    print("offstage: " + describe(started.error()) + "\n", stderr);
    return 1;
  }
  auto& node = **started;
  const auto terminal =
      spawn_terminal(node.system(), [&lines](log_level level, std::string_view text) {
        lines.write(level, text);
      });
  caf::anon_send(node.manager(), subscribe_atom_v, terminal);
  auto opened = gateway::start(node.system(), gateway_options_of(options), node.manager(),
                               node.clients(), node.fetcher());
  if (!opened) {
    print("offstage: " + describe(opened.error()) + "\n", stderr);
    return 1;
  }
  print(banner(options, node.restored_count()));
  const auto registrar =
      spawn_site_registrar(node.system(), node.manager(), registrations_of(options), lines);
  print("  open http://" + options.address + ":" + std::to_string((*opened)->port()) + "/\n");
  const int number = wait_for_stop_signal();
  lines.info(std::string{number == SIGINT ? "SIGINT" : "SIGTERM"} + ": stopping");
  caf::anon_send_exit(registrar, caf::exit_reason::user_shutdown);
  (*opened)->drain();
  node.drain();
  opened->reset();
  caf::anon_send_exit(terminal, caf::exit_reason::user_shutdown);
  started->reset();
  lines.info("stopped");
  return 0;
}

} // namespace

int serve(const std::vector<std::string>& arguments) {
  for (const auto& argument : arguments) {
    if (argument == "--help" || argument == "-h") {
      print(std::string{usage} + option_help());
      return 0;
    }
  }
  node_options options;
  auto problem = read_arguments(arguments, options);
  if (problem.empty())
    problem = complete(options);
  if (!problem.empty()) {
    print("offstage serve: " + problem + "\n", stderr);
    return 2;
  }
  block_stop_signals();
  return run(options);
}

} // namespace offstage
