// SPDX-License-Identifier: MIT

#include <atomic>
#include <fstream>

#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <doctest/doctest.h>

#include "config/limits.hpp"
#include "protocol/errors.hpp"
#include "protocol/type_ids.hpp"
#include "test/process/link_fixture.hpp"

#include <unistd.h>

namespace offstage::test {

namespace {

/// Sources of an honest process first, then of hostile ones.
class honest_then_hostile final : public process_source {
public:
  explicit honest_then_hostile(const std::string& attack)
      : honest_(LINK_CHILD, {}), hostile_(HOSTILE_CHILD, {attack}) {}

  caf::expected<child_process_ptr> start(const std::string& label, descriptor socket) override {
    return (count_++ == 0 ? static_cast<process_source&>(honest_) : hostile_)
        .start(label, std::move(socket));
  }

private:
  int count_ = 0;
  exec_process_source honest_;
  exec_process_source hostile_;
};

/// An actor of the parent that was never given to any child, but is registered as every actor is
/// that sent something over a link.
caf::actor spawn_secret(caf::actor_system& system, std::atomic<int>& messages) {
  auto secret = system.spawn([&messages](caf::event_based_actor* self) {
    self->set_default_handler([&messages](caf::scheduled_actor*, caf::message_view&) {
      ++messages;
      return caf::result<caf::message>{caf::sec::unexpected_message};
    });
    return caf::behavior{[](int64_t) {}};
  });
  system.registry().put(secret.id(), caf::actor_cast<caf::strong_actor_ptr>(secret));
  return secret;
}

void reset_peak_memory() {
  std::ofstream{"/proc/self/clear_refs"} << "5";
}

/// A node with an honest worker process and one that attacks.
class attacked_node {
public:
  explicit attacked_node(const std::string& attack)
      : node(options_of(attack)), secret_(spawn_secret(node.system(), secret_messages_)) {
    honest = node.start_instance();
    reset_peak_memory();
    before_kb_ = process_kb(::getpid(), "status", "VmRSS:");
    auto process = node.launch();
    REQUIRE(process);
    hostile = *process;
  }

  ~attacked_node() { node.self()->send_exit(secret_, caf::exit_reason::kill); }

  /// Lets the attack run; its instance, if it comes to that.
  caf::expected<test_instance> begin() { return node.try_instance(hostile, attack_time); }

  std::string reason_of_loss() { return node.losses().wait_for(hostile.link->pid()); }

  /// The node does its work, the honest process too, nobody was reached who should not be, and
  /// memory stayed within what a few messages cost.
  void check_unharmed() {
    auto peak_kb = process_kb(::getpid(), "status", "VmHWM:");
    CHECK(peak_kb - before_kb_ < 64 * 1'024);
    CHECK(secret_messages_ == 0);
    CHECK(node.answers(honest));
    auto received = node.echo(honest, pattern(200'000));
    CHECK((received && received->size() == 200'000));
  }

  static constexpr auto attack_time = std::chrono::milliseconds{500};

  std::atomic<int> secret_messages_{0};
  link_fixture node;
  test_instance honest;
  worker_process hostile;

private:
  static launch_options options_of(const std::string& attack) {
    launch_options options;
    options.source = std::make_shared<honest_then_hostile>(attack);
    return options;
  }

  caf::actor secret_;
  long before_kb_ = 0;
};

struct expectation {
  std::string attack;
  std::string reason;
};

} // namespace

TEST_CASE("a child that attacks the protocol is dropped with a reason and harms nobody") {
  for (const auto& [attack, reason] : {
           expectation{"scan", "it addressed an actor that it was not given"},
           expectation{"announce_length", "it announced a message that is too long"},
           expectation{"garbage", "it announced a message that is too long"},
           expectation{"char_buffer", "it sent a message of types that are not its own"},
           expectation{"nested_in_error", "it sent an error with a context that is no text"},
           expectation{"second_handshake", "it sent a second handshake"},
           expectation{"client_handshake", "it sent a frame that only nodes may send"},
           expectation{"routed", "it sent a frame that only nodes may send"},
           expectation{"named_receiver", "it addressed an actor by name"},
           expectation{"forwarding_stack", "it sent a message with a forwarding stack"},
           expectation{"exit_message", "it sent a message of types that are not its own"},
           expectation{"link_to_local_actor", "it sent a message of types that are not its own"},
           expectation{"foreign_handle", "it presented an actor of another process as its own"},
           expectation{"foreign_death", "it reports a death to another process"},
           expectation{"many_senders", "too many of its actors send messages"},
           expectation{"too_many_descriptors", "it sent too many descriptors"},
           expectation{"descriptors_at_once", "it sent too many descriptors"},
           expectation{"bytes_at_once", "it sent too many descriptors"},
       }) {
    CAPTURE(std::string{attack});
    attacked_node at{attack};
    static_cast<void>(at.begin());
    CHECK(at.reason_of_loss() == reason);
    CHECK(wait_for_end_of(at.hostile.link->pid()) >= 0);
    at.check_unharmed();
  }
}

TEST_CASE("a length inside a message that is a lie costs nothing") {
  for (const auto* attack : {"inner_length", "too_long"}) {
    CAPTURE(std::string{attack});
    attacked_node at{attack};
    CHECK(at.begin());
    at.check_unharmed();
  }
}

TEST_CASE("a payload that its sender could change or shrink is refused") {
  for (const char* attack : {"unsealed", "growing_only", "short", "missing", "not_memory"}) {
    CAPTURE(std::string{attack});
    attacked_node at{attack};
    auto instance = at.begin();
    REQUIRE(instance);
    auto outcome = at.node.outcome_of(*instance, event_id{1});
    REQUIRE(!outcome);
    CHECK(outcome.error() == node_error::bad_descriptor);
    at.check_unharmed();
  }
}

TEST_CASE("a body carries no handle to another process") {
  link_fixture node{LINK_CHILD};
  auto source = node.system().spawn([](body_source_actor::pointer) {
    return body_source_actor::behavior_type{
        [](pull_atom, uint32_t) { return body_chunk{}; },
        [](cancel_atom) {},
    };
  });
  auto sent = body::of(source, 10);
  std::vector<char> bytes;
  caf::binary_serializer sink{node.system(), bytes};
  REQUIRE(!sink(sent));
  body received;
  caf::binary_deserializer reader{node.system(), bytes};
  REQUIRE(!reader(received));
  CHECK(received.kind == body_kind::source);
  CHECK(!received.source);
  CHECK(received.length == 10);
}

TEST_CASE("a child that presents itself as another process does not start") {
  launch_options options;
  options.source = std::make_shared<honest_then_hostile>("handshake_as_other");
  link_fixture node{std::move(options)};
  auto honest = node.start_instance();
  auto process = node.launch();
  REQUIRE(!process);
  CHECK(process.error() == node_error::launch_failed);
  CHECK(describe(process.error()).find("its handshake names another process") != std::string::npos);
  CHECK(node.answers(honest));
}

} // namespace offstage::test
