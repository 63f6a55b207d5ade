// SPDX-License-Identifier: MIT
#include "test/process/link_fixture.hpp"

#include <filesystem>
#include <fstream>

#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <doctest/doctest.h>

#include "app/link/basp_link.hpp"
#include "protocol/errors.hpp"
#include "protocol/message_types.hpp"
#include "protocol/type_ids.hpp"

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace offstage::test {

namespace {

using namespace std::chrono_literals;

/// Hands what the child says to the test; refuses what only the parent's own actors would send.
instance_parent_actor::behavior_type test_parent(instance_parent_actor::pointer self,
                                                 const caf::actor& test) {
  // A message that could not be read arrives empty.
  self->set_default_handler(caf::drop);
  return {
      [](enter_atom, event_id) {},
      [=](respond_atom, event_id event, const fetch_outcome& outcome) {
        caf::anon_send(test, event, outcome);
      },
      [](finish_atom, event_id, const event_result&) {},
      [](finish_atom, event_id, const fetch_outcome&, const event_result&) {},
      [](call_atom, call_id, const service_request&) -> service_result { return call_done{true}; },
      [](abort_atom, call_id) {},
      [](pull_atom, stream_id, uint32_t) -> body_chunk { return {}; },
      [](cancel_atom, stream_id) {},
      [=](console_atom, const console_message& message) { caf::anon_send(test, message); },
      [](report_atom, const script_error&) {},
      [](store_atom, const script_artifact&) {},
      [](dispatch_atom, event_id, const worker_event&, const event_sink_actor&) {},
      [](abort_atom, event_id) {},
      [](provide_atom, stream_id, uint32_t) -> body_chunk { return {}; },
      [](provide_atom, stream_id) {},
      [](update_atom, const registration_descriptor&) {},
      [](notify_atom, const service_notice&) {},
      [](idle_atom) { return instance_load{}; },
      [](terminate_atom) {},
      [](tick_atom) {},
  };
}

launch_options execute(std::string program, std::vector<std::string> arguments) {
  launch_options options;
  options.source = std::make_shared<exec_process_source>(std::move(program), std::move(arguments));
  return options;
}

} // namespace

node_config::node_config() {
  register_protocol(*this);
  enable_links(*this);
  set("scheduler.max-threads", size_t{2});
}

void loss_log::add(int32_t pid, std::string reason) {
  std::lock_guard<std::mutex> guard{mutex_};
  entries_.emplace(pid, std::move(reason));
  changed_.notify_all();
}

std::string loss_log::wait_for(int32_t pid) {
  std::unique_lock<std::mutex> guard{mutex_};
  if (!changed_.wait_for(guard, patience, [&] { return entries_.count(pid) != 0; }))
    return "the link did not end";
  return entries_[pid];
}

link_fixture::link_fixture(std::string program, std::vector<std::string> arguments)
    : link_fixture(execute(std::move(program), std::move(arguments))) {}

link_fixture::link_fixture(launch_options options)
    : launcher_(spawn_process_launcher(system_, with_log(std::move(options)))) {}

link_fixture::~link_fixture() {
  for (const auto& parent : parents_)
    self_->send_exit(parent, caf::exit_reason::user_shutdown);
  self_->send_exit(launcher_, caf::exit_reason::user_shutdown);
}

launch_options link_fixture::with_log(launch_options options) {
  options.on_lost = [losses = losses_](int32_t pid, const std::string&, const std::string& why) {
    losses->add(pid, why);
  };
  return options;
}

caf::expected<worker_process> link_fixture::launch(const std::string& label) {
  caf::expected<worker_process> result{caf::sec::runtime_error};
  self_->request(launcher_, patience, launch_atom_v, label)
      .receive([&](worker_process& process) { result = std::move(process); },
               [&](caf::error& error) { result = std::move(error); });
  return result;
}

caf::expected<test_instance> link_fixture::try_instance(worker_process process,
                                                        std::chrono::milliseconds time_max) {
  auto parent = system_.spawn(test_parent, caf::actor{self_});
  parents_.push_back(parent);
  process.link->allow(parent.id());
  process.link->allow(self_->id());
  caf::expected<test_instance> result{caf::sec::runtime_error};
  self_->request(process.root, time_max, spawn_atom_v, instance_constructor{}, parent)
      .receive(
          [&](instance_child_actor& child) {
            result = test_instance{process, parent, std::move(child)};
          },
          [&](caf::error& error) { result = std::move(error); });
  return result;
}

test_instance link_fixture::start_instance() {
  auto process = launch();
  if (!process)
    FAIL("launch: " << describe(process.error()));
  auto instance = try_instance(std::move(*process));
  if (!instance)
    FAIL("instance: " << describe(instance.error()));
  return std::move(*instance);
}

caf::expected<shared_bytes> link_fixture::outcome_of(const test_instance& instance,
                                                     event_id wanted) {
  caf::expected<shared_bytes> result{caf::sec::request_timeout};
  auto done = false;
  auto deadline = std::chrono::steady_clock::now() + patience;
  while (!done && std::chrono::steady_clock::now() < deadline)
    self_->receive(
        [&](event_id event, const fetch_outcome& outcome) {
          if (event != wanted)
            return;
          done = true;
          result = instance.process.link->incoming(outcome.response.content.bytes);
        },
        caf::after(1s) >> [] {});
  return result;
}

caf::expected<shared_bytes> link_fixture::echo(const test_instance& instance, shared_bytes bytes) {
  auto payload = instance.process.link->outgoing(std::move(bytes));
  if (!payload)
    return std::move(payload.error());
  event_id event{++event_count_};
  send(instance, event, std::move(*payload));
  return outcome_of(instance, event);
}

void link_fixture::send(const test_instance& instance, event_id event, shared_bytes payload) {
  push_event data;
  data.has_data = true;
  data.data = std::move(payload);
  self_->send(instance.child, dispatch_atom_v, event, worker_event{std::move(data)});
}

shared_bytes link_fixture::raw_pull(const test_instance& instance, uint32_t size) {
  shared_bytes result;
  self_->request(instance.child, patience, pull_atom_v, stream_id{1}, size)
      .receive([&](const body_chunk& chunk) { result = chunk.bytes; }, [](caf::error&) {});
  return result;
}

std::string link_fixture::ask(const test_instance& instance, const std::string& what) {
  sync_event question;
  question.tag = what;
  self_->send(instance.child, dispatch_atom_v, event_id{++event_count_},
              worker_event{std::move(question)});
  std::string answer = "no answer";
  self_->receive([&](const console_message& message) { answer = message.text; },
                 caf::after(patience) >> [] {});
  return answer;
}

bool link_fixture::answers(const test_instance& instance) {
  auto result = false;
  self_->request(instance.child, patience, ping_atom_v)
      .receive([&](bool pong) { result = pong; }, [](caf::error&) {});
  return result;
}

double link_fixture::wait_for_death(const worker_process& process) {
  auto start = std::chrono::steady_clock::now();
  auto result = -1.0;
  self_->monitor(process.root);
  self_->receive(
      [&](const caf::down_msg&) {
        std::chrono::duration<double, std::milli> elapsed =
            std::chrono::steady_clock::now() - start;
        result = elapsed.count();
      },
      caf::after(patience) >> [] {});
  return result;
}

bool link_fixture::eventually(const std::function<bool()>& predicate) {
  auto deadline = std::chrono::steady_clock::now() + patience;
  while (!predicate()) {
    if (std::chrono::steady_clock::now() > deadline)
      return false;
    self_->receive(caf::after(2ms) >> [] {});
  }
  return true;
}

double wait_for_end_of(int32_t pid) {
  auto start = std::chrono::steady_clock::now();
  descriptor pidfd{static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))};
  pollfd entry{pidfd.get(), POLLIN, 0};
  if (pidfd && ::poll(&entry, 1, 10'000) != 1)
    return -1;
  std::chrono::duration<double, std::milli> elapsed = std::chrono::steady_clock::now() - start;
  return elapsed.count();
}

size_t open_descriptors() {
  size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator{"/proc/self/fd"})
    ++count;
  return count;
}

size_t zombies() {
  size_t count = 0;
  for (const auto& task : std::filesystem::directory_iterator{"/proc/self/task"}) {
    std::ifstream list{task.path() / "children"};
    for (int32_t pid = 0; list >> pid;) {
      std::ifstream status{"/proc/" + std::to_string(pid) + "/stat"};
      std::string line;
      std::getline(status, line);
      auto end = line.rfind(')');
      if (end != std::string::npos && line.size() > end + 2 && line[end + 2] == 'Z')
        ++count;
    }
  }
  return count;
}

long process_kb(int32_t pid, const std::string& file, const std::string& key) {
  std::ifstream in{"/proc/" + std::to_string(pid) + "/" + file};
  for (std::string word; in >> word;)
    if (word == key) {
      long value = -1;
      in >> value;
      return value;
    }
  return -1;
}

bool is_alive(int32_t pid) {
  std::ifstream status{"/proc/" + std::to_string(pid) + "/stat"};
  std::string line;
  std::getline(status, line);
  auto end = line.rfind(')');
  return end != std::string::npos && line.size() > end + 2 && line[end + 2] != 'Z';
}

shared_bytes pattern(size_t size) {
  std::string bytes(size, '\0');
  for (size_t i = 0; i < size; ++i)
    bytes[i] = static_cast<char>(i * 31 + i / 65'521);
  return shared_bytes{std::move(bytes)};
}

} // namespace offstage::test
