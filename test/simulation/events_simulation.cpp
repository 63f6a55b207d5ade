// SPDX-License-Identifier: MIT

// Random interleavings, kills and time jumps over the whole tree. Each seed is one run; a failure
// names its seed. The checks are about cause and deadline: that an event is answered at all is what
// its time limit alone would achieve.

#include <cstdlib>
#include <random>
#include <set>

#include "test/support/node_scenario.hpp"

using namespace offstage;
using namespace offstage::test;
using namespace std::chrono_literals;

namespace {

struct totals {
  uint64_t steps = 0;
  uint64_t kills = 0;
  uint64_t fetches = 0;
  uint64_t events = 0;
  uint64_t died = 0;
  uint64_t timed_out = 0;
  std::string complaint;
};

class simulation : public node_scenario {
public:
  simulation(uint64_t seed, actor_options changed)
      : node_scenario(strategy_of(seed), std::move(changed)), random_(seed) {}

  void run(totals& sum) {
    const auto wait = random_() % 2 == 0;
    with_active_worker(wait ? "message never\npush never" : "fetch respond ok");
    never_finishes_ = wait;
    for (int round = 0; round < 40; ++round) {
      ask_something(sum);
      for (int i = 0; i < 12; ++i, ++sum.steps)
        step();
      note_answers(sum);
    }
    settle();
    note_answers(sum);
    is_settled_ = true;
    judge_deaths(sum);
    for (int i = 0; i < 80; ++i) {
      const auto dead = dead_workers();
      advance(20s);
      note_answers(sum, dead);
    }
    complain_about_missing(sum);
  }

private:
  struct asked_event {
    std::string name;
    answer<event_result> result;
    bool noted = false;
  };

  static spawn_strategy strategy_of(uint64_t seed) {
    using enum spawn_strategy;
    const spawn_strategy all[] = {per_origin, per_worker, shared, in_process};
    return all[seed % 4];
  }

  void ask_something(totals& sum) {
    const auto dice = random_() % 8;
    if (dice < 3) {
      ++sum.fetches;
      fetches_.push_back(ask_later<fetch_outcome>(manager, intercept_atom_v, call_id{next_call++},
                                                  request_for("/")));
    } else if (dice < 5) {
      ++sum.events;
      message_event message;
      message.origin = "m" + std::to_string(events_.size());
      events_.push_back(
          {message.origin, ask_later<event_result>(manager, dispatch_atom_v, storage_key{origin},
                                                   scope_url, worker_event{message})});
    } else if (dice == 5 && !processes->launched.empty()) {
      ++sum.kills;
      processes->kill_last();
    }
  }

  /// Runs one randomly chosen actor that has something to do, or lets time pass.
  void step() {
    if (sched.jobs.empty() || random_() % 32 == 0) {
      sched.advance_time(std::chrono::seconds{1 + random_() % 40});
      return;
    }
    std::swap(sched.jobs.front(), sched.jobs[random_() % sched.jobs.size()]);
    sched.run_once();
  }

  using worker_numbers = std::set<uint64_t>;

  worker_numbers dead_workers() const {
    worker_numbers result;
    for (uint64_t number = 1; number <= world->made; ++number)
      if (!world->is_alive(number))
        result.insert(number);
    return result;
  }

  void note_answers(totals& sum, const worker_numbers& dead_before = {}) {
    for (auto& one : events_)
      if (!one.noted && one.result->has_value()) {
        one.noted = true;
        judge(one, sum, dead_before);
      }
  }

  void judge(const asked_event& one, totals& sum, const worker_numbers& dead_before) {
    if (!(*one.result)->engaged()) {
      sum.complaint = one.name + ": " + describe((*one.result)->error());
      return;
    }
    const auto& result = (*one.result)->value();
    const auto number = world->entered_by[one.name];
    if (result.status == event_status::completed && never_finishes_)
      sum.complaint = one.name + " finished although its script never does";
    if (result.cause == event_cause::died_after_entry) {
      ++sum.died;
      died_with_.push_back({one.name, number});
    }
    if (result.cause != event_cause::time_limit)
      return;
    ++sum.timed_out;
    if (dead_before.contains(number))
      sum.complaint = one.name + " timed out although its worker had died before";
    if (is_settled_ && !never_finishes_)
      sum.complaint = one.name + " timed out although its script finishes at once";
  }

  /// The actors of a killed process end one by one, so this can be judged only when all is quiet.
  void judge_deaths(totals& sum) const {
    for (const auto& [name, number] : died_with_)
      if (number == 0 || world->is_alive(number))
        sum.complaint = name + " died with a worker that lives";
  }

  void complain_about_missing(totals& sum) {
    for (const auto& one : events_)
      if (!one.result->has_value())
        sum.complaint = one.name + " was never settled";
    for (const auto& one : fetches_) {
      if (!one->has_value() || !(*one)->engaged())
        sum.complaint = "a fetch was never answered";
      else if ((*one)->value().kind == fetch_outcome_kind::fall_back)
        sum.complaint = "a fetch fell back although its worker handles it";
    }
  }

  std::mt19937_64 random_;
  bool never_finishes_ = false;
  bool is_settled_ = false;
  std::vector<std::pair<std::string, uint64_t>> died_with_;
  std::vector<answer<fetch_outcome>> fetches_;
  std::vector<asked_event> events_;
};

totals simulate(uint64_t first, uint64_t count, const actor_options& options) {
  totals sum;
  for (auto seed = first; seed < first + count && sum.complaint.empty(); ++seed) {
    simulation one{seed, options};
    one.run(sum);
    one.stop();
    while (one.sched.trigger_timeouts() > 0 || one.sched.has_job())
      one.settle();
    if (one.running() != 0)
      sum.complaint = std::to_string(one.running()) + " actors outlive their node";
    if (!sum.complaint.empty())
      sum.complaint += " (seed " + std::to_string(seed) + ")";
  }
  return sum;
}

uint64_t seeds() {
  const auto* chosen = std::getenv("SEEDS");
  return chosen != nullptr ? std::strtoull(chosen, nullptr, 10) : 2'000;
}

} // namespace

TEST_CASE("whatever the interleaving, every event settles once, with its cause and in time") {
  const auto sum = simulate(1, seeds(), {});
  CHECK(sum.complaint == "");
  MESSAGE("steps " << sum.steps << " kills " << sum.kills << " fetches " << sum.fetches
                   << " events " << sum.events << " died " << sum.died << " timed out "
                   << sum.timed_out);
  CHECK(sum.died > 0);
  CHECK(sum.timed_out > 0);
}

TEST_CASE("the simulation notices when deaths are not acted upon") {
  actor_options options;
  options.deaths = death_watch::ignore;
  CHECK(simulate(1, 50, options).complaint != "");
}
