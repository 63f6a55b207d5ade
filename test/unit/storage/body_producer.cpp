// SPDX-License-Identifier: MIT
#include "test/unit/storage/body_producer.hpp"

#include <algorithm>

#include <caf/typed_event_based_actor.hpp>

#include "protocol/errors.hpp"
#include "test/unit/storage/storage_house.hpp"

namespace offstage::test {

namespace {

constexpr size_t period = (size_t{1} << 20) + 7;

struct producer_state {
  static inline const char* name = "test.producer";

  body_source_actor::pointer self = nullptr;
  producer_plan plan;
  std::shared_ptr<producer_record> record;
  uint64_t given = 0;
  caf::typed_response_promise<body_chunk> unanswered;

  caf::result<body_chunk> pull(uint32_t count) {
    if (given == plan.length && plan.end != producer_end::complete)
      return end(count);
    const auto wanted = std::min<uint64_t>({count, plan.chunk_bytes, plan.length - given});
    body_chunk chunk{produced_bytes(given, wanted), false};
    given += chunk.bytes.size();
    chunk.last = given == plan.length && plan.end == producer_end::complete;
    if (record)
      record->given_bytes += chunk.bytes.size();
    if (chunk.last)
      self->quit();
    return chunk;
  }

  caf::result<body_chunk> end(uint32_t count) {
    if (plan.end == producer_end::error)
      return fail(node_error::aborted, "the peer went away");
    if (plan.end == producer_end::no_end)
      return body_chunk{};
    if (plan.end == producer_end::overdrawn)
      return body_chunk{shared_bytes{std::string(count + 1, 'x')}, true};
    unanswered = self->make_response_promise<body_chunk>();
    if (plan.end == producer_end::death)
      self->quit(caf::exit_reason::kill);
    return unanswered;
  }
};

body_source_actor::behavior_type producer(body_source_actor::stateful_pointer<producer_state> self,
                                          const producer_plan& plan,
                                          const std::shared_ptr<producer_record>& record) {
  auto& state = self->state;
  state.self = self;
  state.plan = plan;
  state.record = record;
  return {
      [&state](pull_atom, uint32_t count) { return state.pull(count); },
      [&state](cancel_atom) {
        if (state.record)
          state.record->cancelled = true;
        state.self->quit();
      },
  };
}

} // namespace

body_source_actor spawn_producer(caf::actor_system& system, producer_plan plan,
                                 std::shared_ptr<producer_record> record) {
  return system.spawn(producer, plan, std::move(record));
}

shared_bytes produced_bytes(uint64_t offset, size_t count) {
  static const shared_bytes bytes{pattern(period, 7)};
  const auto start = static_cast<size_t>(offset % period);
  return bytes.slice(start, std::min(count, period - start));
}

bool is_produced(std::string_view bytes, uint64_t length) {
  if (bytes.size() != length)
    return false;
  for (uint64_t offset = 0; offset < length;) {
    const auto piece = produced_bytes(offset, length - offset);
    if (bytes.substr(offset, piece.size()) != piece.view())
      return false;
    offset += piece.size();
  }
  return true;
}

} // namespace offstage::test
