// SPDX-License-Identifier: MIT
#include "storage/stored_body_source.hpp"

#include <algorithm>

#include <caf/typed_event_based_actor.hpp>

#include "config/limits.hpp"
#include "protocol/errors.hpp"
#include "protocol/limits_of_wire.hpp"

namespace offstage {

namespace {

struct source_state {
  static inline const char* name = "storage.stored_body";

  body_source_actor::pointer self = nullptr;
  database_ptr db;
  database_view_ptr view;
  stored_body content;
  damage_reporter report;
  uint64_t given = 0;
  uint32_t next_record = 0;
  shared_bytes record; ///< What is left of the record that was read last.

  caf::result<body_chunk> pull(uint32_t count) {
    if (record.empty() && given < content.length)
      if (auto err = read_record())
        return give_up(err);
    body_chunk chunk;
    chunk.bytes = record.slice(0, std::min<size_t>(count, wire::chunk_bytes_max));
    record = record.slice(chunk.bytes.size(), record.size());
    given += chunk.bytes.size();
    chunk.last = given == content.length;
    if (chunk.last)
      self->quit();
    return chunk;
  }

  caf::error read_record() {
    const auto key = body_record_key(content.id, next_record);
    auto framed = db->get(column::bodies, key, view, database::caching::pass);
    if (!framed)
      return framed.error();
    auto payload = open_frame(record_kind::body_record, key, *framed);
    if (!payload)
      return payload.error();
    if (payload->empty() || payload->size() > content.length - given)
      return fail(storage_error::corrupted, "body record has another length");
    record = std::move(*payload);
    ++next_record;
    return caf::none;
  }

  caf::error give_up(const caf::error& err) {
    self->quit();
    if (err == storage_error::io_failed)
      return err;
    report(body_record_key(content.id, next_record));
    return fail(storage_error::corrupted, "stored body, record " + std::to_string(next_record));
  }
};

body_source_actor::behavior_type
stored_body_source(body_source_actor::stateful_pointer<source_state> self, const database_ptr& db,
                   const database_view_ptr& view, const stored_body& content,
                   const damage_reporter& report) {
  auto& state = self->state;
  state.self = self;
  state.db = db;
  state.view = view;
  state.content = content;
  state.report = report;
  return {
      [&state](pull_atom, uint32_t count) { return state.pull(count); },
      [&state](cancel_atom) { state.self->quit(); },
  };
}

} // namespace

body_source_actor spawn_stored_body_source(caf::actor_system& system, database_ptr db,
                                           database_view_ptr view, stored_body content,
                                           damage_reporter report) {
  return system.spawn(stored_body_source, std::move(db), std::move(view), std::move(content),
                      std::move(report));
}

} // namespace offstage
