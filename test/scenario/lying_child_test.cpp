// SPDX-License-Identifier: MIT
// What an instance_parent does when its child says what no correct child can say, or says nothing.
#include <functional>
#include <string>

#include <caf/event_based_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/instance_parent.hpp"
#include "test/support/scenario.hpp"

using namespace offstage;
using namespace offstage::test;
using namespace std::chrono_literals;

namespace {

class watched_link final : public process_link {
public:
  caf::expected<shared_bytes> outgoing(shared_bytes bytes) override { return bytes; }
  caf::expected<shared_bytes> incoming(shared_bytes bytes) override { return bytes; }
  int32_t pid() const override { return 4711; }
  void allow(caf::actor_id) override { ++allowed; }
  void revoke(caf::actor_id) override { --allowed; }
  void kill() override { ++kills; }

  int allowed = 0;
  int kills = 0;
};

/// Takes every message and never answers.
caf::behavior silent(caf::event_based_actor* self) {
  self->set_default_handler([](caf::scheduled_actor*, caf::message_view&) {
    return caf::result<caf::message>{caf::delegated<caf::message>{}};
  });
  return {[](caf::unit_t) {}};
}

struct lying_child : scenario {
  lying_child() {
    auto options = std::make_shared<actor_options>();
    options->instance.call_count_max = 2;
    options->instance.execution_ms_max = 1'000;
    instance_parent_arguments arguments;
    arguments.constructor.limits = options->instance;
    arguments.process.root = root();
    arguments.process.link = link;
    arguments.services.options = options;
    arguments.services.notes = caf::actor_cast<observer_actor>(notes);
    arguments.services.shared.storage = caf::actor_cast<storage_actor>(nobody);
    arguments.services.shared.fetcher = caf::actor_cast<network_fetcher_actor>(nobody);
    arguments.owner = caf::actor_cast<service_worker_private_actor>(nobody);
    parent = spawn_instance_parent(sys, std::move(arguments));
    watcher = sys.spawn([this](caf::event_based_actor* self) -> caf::behavior {
      self->monitor(parent);
      self->set_down_handler([this](const caf::down_msg& down) { ended = down.reason; });
      return {[](caf::unit_t) {}};
    });
    settle();
  }

  ~lying_child() override {
    end(parent, child, nobody, notes, watcher, process);
    parent = nullptr;
  }

  worker_process_actor root() {
    process =
        sys.spawn([this](worker_process_actor::pointer) -> worker_process_actor::behavior_type {
          return {[this](spawn_atom, const instance_constructor&, const instance_parent_actor&) {
            return caf::actor_cast<instance_child_actor>(child);
          }};
        });
    return process;
  }

  event_sink_actor sink() {
    return sys.spawn([this](event_sink_actor::pointer) -> event_sink_actor::behavior_type {
      return {
          [this](enter_atom) { heard += "enter\n"; },
          [this](respond_atom, const fetch_outcome&) { heard += "respond\n"; },
          [this](finish_atom, const event_result& result) {
            heard += "finish " + to_string(result.cause) + "\n";
          },
          [this](finish_atom, const fetch_outcome&, const event_result& result) {
            heard += "respond, finish " + to_string(result.cause) + "\n";
          },
      };
    });
  }

  void dispatch(uint64_t id, worker_event event) {
    say(dispatch_atom_v, event_id{id}, std::move(event), sink());
  }

  /// From an actor of this node, which the child is as well in these tests.
  template <class... Ts>
  void say(Ts... message) {
    sys.spawn([=, this](caf::event_based_actor* self) { self->send(parent, message...); });
    settle();
  }

  template <class... Ts>
  answer<service_result> call(Ts... message) {
    return ask<service_result>(parent, call_atom_v, message...);
  }

  bool was_killed() const { return link->kills == 1 && ended.has_value(); }
  bool is_alive() const {
    INFO("it ended: " << (ended ? describe(*ended) : std::string{}));
    CHECK(!ended.has_value());
    return link->kills == 0;
  }

  std::shared_ptr<watched_link> link = std::make_shared<watched_link>();
  caf::actor child = sys.spawn(silent);
  caf::actor nobody = sys.spawn(silent);
  caf::actor notes = sys.spawn(silent);
  worker_process_actor process;
  caf::actor watcher;
  instance_parent_actor parent;
  std::optional<caf::error> ended;
  std::string heard; ///< What the sinks were told, a line each.
};

event_result of(event_status status, event_cause cause = event_cause::none) {
  event_result result;
  result.status = status;
  result.cause = cause;
  return result;
}

constexpr auto done = event_status::completed;

} // namespace

TEST_CASE_FIXTURE(lying_child, "a correct child is left alone and heard in order") {
  CHECK(link->allowed == 1);
  dispatch(1, fetch_event{});
  dispatch(2, push_event{});
  dispatch(3, fetch_event{});
  say(enter_atom_v, event_id{1});
  say(respond_atom_v, event_id{1}, fetch_outcome{});
  say(finish_atom_v, event_id{1}, of(done));
  say(finish_atom_v, event_id{2}, of(done));
  say(finish_atom_v, event_id{3}, fetch_outcome{}, of(done));
  const auto* expected =
      "enter\nrespond\nfinish it finished\nfinish it finished\nrespond, finish it finished\n";
  CHECK(heard == expected);
  CHECK(is_alive());
}

TEST_CASE_FIXTURE(lying_child, "a child that speaks of an event it was never given is killed") {
  SUBCASE("enter") {
    say(enter_atom_v, event_id{7});
  }
  SUBCASE("respond") {
    say(respond_atom_v, event_id{7}, fetch_outcome{});
  }
  SUBCASE("finish") {
    say(finish_atom_v, event_id{7}, of(done));
  }
  SUBCASE("both") {
    say(finish_atom_v, event_id{7}, fetch_outcome{}, of(done));
  }
  CHECK(was_killed());
  CHECK(link->allowed == 0);
}

TEST_CASE_FIXTURE(lying_child, "an event that is over may still be spoken of") {
  dispatch(1, push_event{});
  say(finish_atom_v, event_id{1}, of(done));
  say(finish_atom_v, event_id{1}, of(done));
  say(enter_atom_v, event_id{1});
  CHECK(heard == "finish it finished\n");
  CHECK(is_alive());
}

TEST_CASE_FIXTURE(lying_child, "a child that answers twice, or what takes no answer, is killed") {
  dispatch(1, fetch_event{});
  dispatch(2, push_event{});
  SUBCASE("twice") {
    say(respond_atom_v, event_id{1}, fetch_outcome{});
    say(respond_atom_v, event_id{1}, fetch_outcome{});
  }
  SUBCASE("twice, the second time with the end") {
    say(respond_atom_v, event_id{1}, fetch_outcome{});
    say(finish_atom_v, event_id{1}, fetch_outcome{}, of(done));
  }
  SUBCASE("a push") {
    say(respond_atom_v, event_id{2}, fetch_outcome{});
  }
  SUBCASE("a push with its end") {
    say(finish_atom_v, event_id{2}, fetch_outcome{}, of(done));
  }
  CHECK(was_killed());
}

TEST_CASE_FIXTURE(lying_child, "a fetch event cannot finish without an outcome") {
  dispatch(1, fetch_event{});
  say(finish_atom_v, event_id{1}, of(done));
  CHECK(was_killed());
  CHECK(heard.empty());
}

TEST_CASE_FIXTURE(lying_child, "a child cannot claim what only the parent decides") {
  dispatch(1, push_event{});
  dispatch(2, push_event{});
  dispatch(3, push_event{});
  say(finish_atom_v, event_id{1}, of(event_status::timed_out, event_cause::time_limit));
  say(finish_atom_v, event_id{2}, of(event_status::aborted, event_cause::died_before_entry));
  say(finish_atom_v, event_id{3}, of(done, event_cause::overload));
  const auto rejected = "finish " + to_string(event_cause::promise_rejected) + "\n";
  CHECK(heard == rejected + rejected + "finish it finished\n");
  CHECK(is_alive());
}

TEST_CASE_FIXTURE(lying_child, "a child that reuses the number of an open call is killed") {
  call(call_id{1}, service_request{network_fetch{}});
  CHECK(is_alive());
  call(call_id{1}, service_request{network_fetch{}});
  CHECK(was_killed());
}

TEST_CASE_FIXTURE(lying_child, "a child that has more calls open than it may is killed") {
  call(call_id{1}, service_request{network_fetch{}});
  call(call_id{2}, service_request{network_fetch{}});
  CHECK(is_alive());
  call(call_id{3}, service_request{network_fetch{}});
  CHECK(was_killed());
}

TEST_CASE_FIXTURE(lying_child, "a child in which no event enters its script in time is killed") {
  dispatch(1, push_event{});
  advance_by_steps(1'900ms, 100ms);
  CHECK(is_alive());
  advance_by_steps(1'200ms, 100ms);
  CHECK(was_killed());
}

TEST_CASE_FIXTURE(lying_child, "an event that entered may take its time") {
  dispatch(1, push_event{});
  say(enter_atom_v, event_id{1});
  advance_by_steps(20s, 100ms);
  CHECK(is_alive());
}

TEST_CASE_FIXTURE(lying_child, "a child that does not end when it is asked to is killed") {
  say(terminate_atom_v);
  advance_by_steps(1'900ms, 100ms);
  CHECK(is_alive());
  advance_by_steps(200ms, 100ms);
  CHECK(was_killed());
}
