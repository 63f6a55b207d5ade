// SPDX-License-Identifier: MIT
#include "app/site_registrar.hpp"

#include <algorithm>
#include <chrono>
#include <functional>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>

#include "config/limits.hpp"
#include "protocol/errors.hpp"

namespace offstage {

namespace {

class registrar final : public caf::event_based_actor {
public:
  registrar(caf::actor_config& config, service_worker_manager_actor manager,
            std::vector<registration_request> requests, log& lines)
      : event_based_actor(config),
        manager_(std::move(manager)),
        requests_(std::move(requests)),
        open_(requests_.size()),
        lines_(lines) {}

  caf::behavior make_behavior() override {
    set_default_handler(caf::drop);
    for (uint64_t site = 0; site < requests_.size(); ++site)
      send(this, tick_atom_v, site, static_cast<uint64_t>(limits::register_retry_min.count()));
    return {[this](tick_atom, uint64_t site, uint64_t pause_s) { attempt(site, pause_s); }};
  }

private:
  void attempt(uint64_t site, uint64_t pause_s) {
    request(manager_, limits::job_time_max, register_atom_v, requests_[site])
        .then([this](const registration_descriptor&) { registered(); },
              [this, site, pause_s](const caf::error& error) { failed(site, pause_s, error); });
  }

  void registered() {
    if (--open_ == 0)
      quit();
  }

  void failed(uint64_t site, uint64_t pause_s, const caf::error& error) {
    if (error == worker_error::stopping) {
      quit();
      return;
    }
    lines_.warn("cannot register " + requests_[site].script_url + ": " + describe(error)
                + "; next try in " + std::to_string(pause_s) + " s");
    const auto next =
        std::min(pause_s * 2, static_cast<uint64_t>(limits::register_retry_max.count()));
    delayed_send(this, std::chrono::seconds{pause_s}, tick_atom_v, site, next);
  }

  service_worker_manager_actor manager_;
  std::vector<registration_request> requests_;
  size_t open_;
  log& lines_;
};

} // namespace

caf::actor spawn_site_registrar(caf::actor_system& sys, service_worker_manager_actor manager,
                                std::vector<registration_request> requests, log& to) {
  return sys.spawn<registrar>(std::move(manager), std::move(requests), std::ref(to));
}

} // namespace offstage
