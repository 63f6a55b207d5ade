// SPDX-License-Identifier: MIT
#include "actors/update_check.hpp"

#include <optional>

#include <caf/actor_system.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include "actors/scope.hpp"
#include "actors/script_fetch.hpp"
#include "protocol/errors.hpp"

namespace offstage {

namespace {

/// Spec: ServiceWorker#update-algorithm
class update_check final : public update_check_actor::base {
public:
  update_check(caf::actor_config& config, update_check_arguments arguments)
      : update_check_actor::base(config), arguments_(std::move(arguments)) {}

  const char* name() const override { return "update_check"; }

  update_check_actor::behavior_type make_behavior() override {
    return {[this](run_atom) { return run(); }};
  }

private:
  using promise = caf::typed_response_promise<update_check_result>;

  promise run() {
    promise_ = make_response_promise<update_check_result>();
    const auto& url = arguments_.request.script_url;
    const auto bypass =
        arguments_.is_stale || arguments_.request.via_cache != update_via_cache::all;
    fetch(
        main_script_request(url, bypass ? cache_mode::no_cache : cache_mode::default_),
        [this](const fetched_script& script) { main_fetched(script); },
        [this](const caf::error& error) { reject(error); });
    return promise_;
  }

  template <class OnScript, class OnError>
  void fetch(fetch_request fetch_it, OnScript on_script, OnError on_error) {
    const auto fetcher = spawn_script_fetch(system(), arguments_.services.fetcher);
    request(fetcher, limits::import_time_max + limits::connect_time_max, fetch_atom_v,
            std::move(fetch_it))
        .then(on_script, on_error);
  }

  void main_fetched(const fetched_script& script) {
    const auto& url = arguments_.request.script_url;
    if (auto error = bad_main_script(script.head, url)) {
      reject(error);
      return;
    }
    if (!scope_allowed(arguments_.request.scope, url, script.head.headers)) {
      reject(fail(worker_error::security_error,
                  "the scope " + arguments_.request.scope + " is not allowed for " + url));
      return;
    }
    result_.scripts.scripts.push_back({url, script.bytes});
    const auto& newest = arguments_.newest;
    if (!arguments_.has_newest || newest.descriptor.script_url != url
        || newest.descriptor.type != arguments_.request.type) {
      finish(true);
      return;
    }
    compare(newest.script.sha256, script.bytes, [this](bool equal) {
      if (equal)
        check_import(0);
      else
        finish(true);
    });
  }

  /// A stored script that cannot be read differs from everything: the worker is replaced.
  template <class F>
  void compare(const std::string& sha256, const shared_bytes& bytes, F decide) {
    request(arguments_.services.storage, limits::internal_request_max, get_atom_v, sha256)
        .then([=](const shared_bytes& stored) { decide(stored == bytes); },
              [=](const caf::error&) { decide(false); });
  }

  // All imports are fetched, also after one that differs; one that cannot be fetched is as before.
  void check_import(size_t index) {
    if (index == arguments_.newest.imports.size()) {
      finish(imports_differ_);
      return;
    }
    const auto resource = arguments_.newest.imports[index];
    const auto& request = arguments_.request;
    auto import = import_request(resource.url, request.type, origin_of(request.script_url));
    if (arguments_.is_stale || arguments_.request.via_cache == update_via_cache::none)
      import.cache = cache_mode::no_cache;
    fetch(
        std::move(import),
        [=, this](const fetched_script& script) { import_fetched(index, script); },
        [=, this](const caf::error&) { check_import(index + 1); });
  }

  void import_fetched(size_t index, const fetched_script& script) {
    if (bad_import(script.head)) {
      check_import(index + 1);
      return;
    }
    const auto& resource = arguments_.newest.imports[index];
    result_.scripts.scripts.push_back({resource.url, script.bytes});
    compare(resource.sha256, script.bytes, [=, this](bool equal) {
      imports_differ_ = imports_differ_ || !equal;
      check_import(index + 1);
    });
  }

  void finish(bool changed) {
    result_.changed = changed;
    if (!changed)
      result_.scripts.scripts.clear();
    promise_.deliver(std::move(result_));
    quit();
  }

  void reject(const caf::error& error) {
    promise_.deliver(error);
    quit();
  }

  update_check_arguments arguments_;
  promise promise_;
  update_check_result result_;
  bool imports_differ_ = false;
};

} // namespace

update_check_actor spawn_update_check(caf::actor_system& system, update_check_arguments arguments) {
  return system.spawn<update_check>(std::move(arguments));
}

} // namespace offstage
