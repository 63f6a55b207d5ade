// SPDX-License-Identifier: MIT
#pragma once

// A node reduced to its process launcher, and a parent of instances that hands everything a child
// says to the test's own actor.

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>

#include "app/link/process_launcher.hpp"
#include "protocol/actors.hpp"

namespace offstage::test {

inline constexpr auto patience = std::chrono::seconds{10};

class node_config : public caf::actor_system_config {
public:
  node_config();
};

/// Which links ended, and why.
class loss_log {
public:
  void add(int32_t pid, std::string reason);

  /// Blocks until the link of this process ended; its reason.
  std::string wait_for(int32_t pid);

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<int32_t, std::string> entries_;
};

/// One instance in a worker process.
struct test_instance {
  worker_process process;
  instance_parent_actor parent;
  instance_child_actor child;
};

class link_fixture {
public:
  /// Executes `program` as worker process.
  explicit link_fixture(std::string program, std::vector<std::string> arguments = {});
  explicit link_fixture(launch_options options);
  ~link_fixture();

  caf::expected<worker_process> launch(const std::string& label = "test");

  /// A process with one instance; fails the test if there is none.
  test_instance start_instance();
  caf::expected<test_instance> try_instance(worker_process process,
                                            std::chrono::milliseconds time_max = patience);

  /// The next outcome of this event, with its body's bytes claimed.
  caf::expected<shared_bytes> outcome_of(const test_instance& instance, event_id event);

  /// Sends bytes to the child, which sends them back.
  caf::expected<shared_bytes> echo(const test_instance& instance, shared_bytes bytes);

  /// Dispatches an event with this payload, which the child sends back as the event's outcome.
  void send(const test_instance& instance, event_id event, shared_bytes payload);

  /// So many bytes made by the child, as they arrive.
  shared_bytes raw_pull(const test_instance& instance, uint32_t size);

  /// Text that the child writes to its console when told so.
  std::string ask(const test_instance& instance, const std::string& what);

  bool answers(const test_instance& instance);

  /// Waits until something that no event announces is so.
  bool eventually(const std::function<bool()>& predicate);

  /// Milliseconds until the root actor of this process is reported dead; negative if it is not.
  double wait_for_death(const worker_process& process);

  caf::actor_system& system() { return system_; }
  caf::scoped_actor& self() { return self_; }
  loss_log& losses() { return *losses_; }
  const process_launcher_actor& launcher() const { return launcher_; }

private:
  launch_options with_log(launch_options options);

  node_config config_;
  caf::actor_system system_{config_};
  std::shared_ptr<loss_log> losses_ = std::make_shared<loss_log>();
  caf::scoped_actor self_{system_};
  process_launcher_actor launcher_;
  std::vector<instance_parent_actor> parents_;
  uint64_t event_count_ = 0;
};

/// Descriptors that this process has open.
size_t open_descriptors();

/// Children of this process that ended and were not collected.
size_t zombies();

/// A figure of /proc/PID/FILE in kB ("VmRSS:", "Pss:"); negative if there is none.
long process_kb(int32_t pid, const std::string& file, const std::string& key);

/// Milliseconds until there is no such process; negative if it stays.
double wait_for_end_of(int32_t pid);

/// True as long as there is such a process.
bool is_alive(int32_t pid);

/// Bytes that tell their place.
shared_bytes pattern(size_t size);

} // namespace offstage::test
