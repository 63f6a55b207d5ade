// SPDX-License-Identifier: MIT

// Embeds Offstage: serves a directory's service worker in this process or in worker processes,
// fetches through it and sends it a message, first with futures, then as an actor among actors.
//
//   embedded_host DIRECTORY [in_process|per_origin]

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>

#include <caf/scoped_actor.hpp>

#include "app/host.hpp"
#include "protocol/errors.hpp"

#include <unistd.h>

namespace {

/// The same door as host::fetch(), for code that is an actor or has one at hand: a typed handle,
/// and an answer that is a message.
uint16_t fetch_by_actor(offstage::host& host, const std::string& url) {
  offstage::fetch_request fetch;
  fetch.url = url;
  uint16_t status = 0;
  std::string text;
  caf::scoped_actor self{host.system()};
  self->request(host.manager(), std::chrono::seconds{10}, offstage::intercept_atom_v,
                offstage::call_id{1}, std::move(fetch))
      .receive(
          [&](const offstage::fetch_outcome& outcome) {
            status = outcome.response.status;
            text = host.read(outcome.response.content).get().to_string();
          },
          [&](const caf::error& error) { text = offstage::describe(error); });
  std::printf("by actor %u: %s\n", unsigned{status}, text.c_str());
  return status;
}

int run(const std::string& directory, offstage::spawn_strategy strategy) {
  const std::string origin = "https://notes.example";
  const offstage::storage_key key{origin};
  const auto data =
      std::filesystem::temp_directory_path() / ("embedded_host_" + std::to_string(::getpid()));

  offstage::host_options options;
  options.data_dir = data.string();
  options.strategy = strategy;
  options.worker_program = OFFSTAGE_PROGRAM;
  options.sites = {{origin, directory}};
  options.log = [](offstage::log_level, std::string_view line) {
    std::printf("  log: %.*s\n", static_cast<int>(line.size()), line.data());
  };
  std::printf("embedder is process %d\n", static_cast<int>(::getpid()));
  auto started = offstage::host::start(std::move(options));
  if (!started) {
    std::fprintf(stderr, "embedded_host: %s\n", offstage::describe(started.error()).c_str());
    return 1;
  }
  auto& host = **started;

  offstage::registration_request request;
  request.script_url = origin + "/sw.js";
  const auto registration = host.register_worker(request).get();
  host.ready(key, registration.scope).get();
  std::printf("registered %s\n", registration.scope.c_str());

  offstage::fetch_request fetch;
  fetch.url = origin + "/greeting?name=embedder";
  const auto outcome = host.fetch(fetch).get();
  const auto text = host.read(outcome.response.content).get();
  std::printf("fetched %u: %s\n", unsigned{outcome.response.status}, text.to_string().c_str());

  const auto message = offstage::clone_of_json(R"({"text": "hello"})");
  const auto result = host.post_message(key, registration.scope, *message).get();
  std::printf("message %s\n", offstage::to_string(result.status).c_str());

  const auto status = fetch_by_actor(host, origin + "/greeting?name=actor");

  started->reset();
  std::filesystem::remove_all(data);
  const bool right = outcome.response.status == 200 && status == 200
                     && result.status == offstage::event_status::completed;
  return right ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: embedded_host DIRECTORY [in_process|per_origin]\n");
    return 2;
  }
  const bool children = argc > 2 && std::string{argv[2]} == "per_origin";
  try {
    return run(argv[1], children ? offstage::spawn_strategy::per_origin
                                 : offstage::spawn_strategy::in_process);
  } catch (const offstage::host_error& error) {
    std::fprintf(stderr, "embedded_host: %s\n", error.what());
    return 1;
  }
}
