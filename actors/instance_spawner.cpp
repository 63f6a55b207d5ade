// SPDX-License-Identifier: MIT
#include "actors/instance_spawner.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include <caf/actor_system.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include "actors/actor_support.hpp"
#include "config/limits.hpp"
#include "protocol/errors.hpp"

namespace offstage {

namespace {

class instance_spawner final : public instance_spawner_actor::base {
public:
  instance_spawner(caf::actor_config& config, spawn_strategy strategy,
                   process_launcher_actor launcher)
      : instance_spawner_actor::base(config), strategy_(strategy), launcher_(std::move(launcher)) {}

  const char* name() const override { return "instance_spawner"; }

  instance_spawner_actor::behavior_type make_behavior() override {
    set_down_handler([this](caf::down_msg& down) { process_down(down); });
    return {
        [this](spawn_atom, const storage_key& key, worker_id worker) { return use(key, worker); },
        [this](remove_atom, const storage_key& key, worker_id worker) { leave(key, worker); },
        [this](drain_atom) { return drain(); },
    };
  }

  void on_exit() override {
    for (auto& [name, entry] : processes_)
      if (entry.process.link)
        entry.process.link->kill();
    processes_.clear();
    launcher_ = process_launcher_actor{};
  }

private:
  using process_promise = caf::typed_response_promise<worker_process>;

  struct process_entry {
    uint64_t launch = 0;
    worker_process process;
    std::vector<process_promise> waiters;
    /// Instances that were given this process; a worker may have an old and a new one at once.
    std::multiset<worker_id> users;
  };

  caf::result<worker_process> use(const storage_key& key, worker_id worker) {
    if (draining_)
      return fail(worker_error::stopping);
    const auto name = process_name(strategy_, key, worker);
    auto found = processes_.find(name);
    if (found == processes_.end()) {
      if (processes_.size() >= limits::processes_max)
        return fail(node_error::launch_failed, "too many worker processes");
      found = processes_.emplace(name, process_entry{}).first;
      launch_process(name, found->second);
    }
    auto& entry = found->second;
    entry.users.insert(worker);
    if (entry.process.link)
      return entry.process;
    auto promise = make_response_promise<worker_process>();
    entry.waiters.push_back(promise);
    return promise;
  }

  void launch_process(const std::string& name, process_entry& entry) {
    entry.launch = ++launches_;
    const auto number = entry.launch;
    request(launcher_, limits::start_time_max, launch_atom_v, name)
        .then([=, this](const worker_process& process) { launched(name, number, process); },
              [=, this](const caf::error& error) { launch_failed(name, number, error); });
  }

  process_entry* entry_of(const std::string& name, uint64_t number) {
    const auto found = processes_.find(name);
    const auto same = found != processes_.end() && found->second.launch == number;
    return same ? &found->second : nullptr;
  }

  void launched(const std::string& name, uint64_t number, const worker_process& process) {
    auto* entry = entry_of(name, number);
    if (entry == nullptr || entry->users.empty()) {
      process.link->kill();
      processes_.erase(name);
      return;
    }
    entry->process = process;
    monitor(process.root);
    for (auto& waiter : std::exchange(entry->waiters, {}))
      waiter.deliver(process);
  }

  void launch_failed(const std::string& name, uint64_t number, const caf::error& error) {
    auto* entry = entry_of(name, number);
    if (entry == nullptr)
      return;
    auto waiters = std::move(entry->waiters);
    processes_.erase(name);
    for (auto& waiter : waiters)
      waiter.deliver(fail(node_error::launch_failed, describe(error)));
  }

  // The last user of a process that is being launched leaves before it is there: launched() ends
  // it.
  void leave(const storage_key& key, worker_id worker) {
    const auto found = processes_.find(process_name(strategy_, key, worker));
    if (found == processes_.end())
      return;
    auto& entry = found->second;
    const auto user = entry.users.find(worker);
    if (user == entry.users.end())
      return;
    entry.users.erase(user);
    if (!entry.users.empty() || !entry.process.link)
      return;
    entry.process.link->kill();
    processes_.erase(found);
  }

  void process_down(const caf::down_msg& down) {
    const auto died = [&](const auto& item) {
      return item.second.process.root && item.second.process.root.address() == down.source;
    };
    const auto found = std::ranges::find_if(processes_, died);
    if (found == processes_.end())
      return;
    found->second.process.link->kill();
    processes_.erase(found);
  }

  bool drain() {
    draining_ = true;
    return true;
  }

  spawn_strategy strategy_;
  process_launcher_actor launcher_;
  std::map<std::string, process_entry> processes_;
  uint64_t launches_ = 0;
  bool draining_ = false;
};

} // namespace

instance_spawner_actor spawn_instance_spawner(caf::actor_system& system, spawn_strategy strategy,
                                              process_launcher_actor launcher) {
  return system.spawn<instance_spawner>(strategy, std::move(launcher));
}

} // namespace offstage
