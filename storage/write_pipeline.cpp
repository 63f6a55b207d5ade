// SPDX-License-Identifier: MIT
#include "storage/write_pipeline.hpp"

#include <algorithm>
#include <deque>
#include <map>

#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "config/limits.hpp"
#include "protocol/errors.hpp"
#include "storage/body_transfer.hpp"

namespace offstage {

namespace {

/// Half of the window holds what arrived, a quarter what was asked for. The last quarter is for the
/// least pulls, which are always granted: producers that were asked and are silent must not keep
/// others from being asked.
constexpr size_t arrived_bytes_max = limits::write_window_bytes / 2;
constexpr size_t asked_bytes_max = limits::write_window_bytes / 4;

struct put_in_progress {
  caf::typed_response_promise<arrived_bodies> promise;
  arrived_bodies result;
  size_t missing = 0; ///< Bodies that are not there yet.
};

using put_iterator = std::map<uint64_t, put_in_progress>::iterator;
using transfer_iterator = std::map<uint64_t, body_transfer>::iterator;

struct pipeline_state {
  static inline const char* name = "storage.write_pipeline";

  write_pipeline_actor::pointer self = nullptr;
  writer_actor writer;
  body_counter ids;
  std::map<uint64_t, put_in_progress> puts;
  std::map<uint64_t, body_transfer> transfers;
  std::map<caf::actor_addr, uint64_t> sources;
  std::deque<uint64_t> waiting; ///< Transfers that stand in the queue for credit.
  uint64_t next_put = 1;
  uint64_t next_transfer = 1;
  size_t arrived_bytes = 0; ///< In memory: arrived and not yet written.

  size_t asked_bytes = 0;  ///< By pulls that are not answered yet.
  size_t beside_bytes = 0; ///< Of short bodies whose put waits for others.

  caf::result<arrived_bodies> start(body_intake& intake);
  void cancel(const body_source_actor& source);
  void deliver(put_iterator put);
  bool stays_beside(const body_transfer& transfer) const;
  caf::error check(const body_intake& intake) const;
  void start_body(uint64_t put, size_t position, body& content);
  void drive(uint64_t id);
  size_t credit(const body_transfer& transfer) const;
  void pull(uint64_t id, body_transfer& transfer);
  void arrive(uint64_t id, body_chunk& chunk);
  caf::error accept(body_transfer& transfer, const body_chunk& chunk);
  void write_parts(uint64_t id, body_transfer& transfer, size_t least);
  void write_record(uint64_t id, body_transfer& transfer, size_t size);
  void written(uint64_t id, size_t size);
  void relieve();
  void wake();
  void finish_if_done(uint64_t id);
  void fail_transfer(uint64_t id, const caf::error& err);
  void fail_put(uint64_t put, const caf::error& err);
  void drop(transfer_iterator transfer);
  void source_down(const caf::down_msg& down);

  pipeline_state() = default;
  pipeline_state(const pipeline_state&) = delete;
  pipeline_state& operator=(const pipeline_state&) = delete;
  ~pipeline_state() {
    for (const auto& [id, transfer] : transfers)
      if (transfer.source)
        caf::anon_send(transfer.source, cancel_atom_v);
  }
};

caf::error pipeline_state::check(const body_intake& intake) const {
  if (transfers.size() + intake.bodies.size() > limits::bodies_arriving_max)
    return fail(storage_error::io_failed, "too many bodies arrive at once");
  uint64_t announced = 0;
  for (const auto& content : intake.bodies) {
    if (content.kind == body_kind::parent_stream || content.kind == body_kind::child_stream)
      return fail(storage_error::body_failed, "the body's stream belongs to another process");
    if (content.kind == body_kind::source && !content.source)
      return fail(storage_error::body_failed, "the body has no source");
    if (content.kind == body_kind::inline_bytes && content.bytes.is_detached())
      return fail(storage_error::body_failed, "the body's bytes are not here");
    announced += content.length > 0 ? static_cast<uint64_t>(content.length) : 0;
  }
  if (!intake.account->fits(announced))
    return fail(storage_error::quota_exceeded);
  return caf::none;
}

caf::result<arrived_bodies> pipeline_state::start(body_intake& intake) {
  if (auto err = check(intake)) {
    for (const auto& content : intake.bodies)
      cancel(content.source);
    return err;
  }
  const auto id = next_put++;
  auto& put = puts[id];
  put.promise = self->make_response_promise<arrived_bodies>();
  put.result.bodies.resize(intake.bodies.size());
  put.result.reservation = std::make_shared<quota_reservation>(std::move(intake.account));
  put.missing = intake.bodies.size() + 1; // One for the loop itself.
  auto promise = put.promise;
  for (size_t i = 0; i < intake.bodies.size(); ++i)
    if (puts.contains(id))
      start_body(id, i, intake.bodies[i]);
    else
      cancel(intake.bodies[i].source);
  if (const auto entry = puts.find(id); entry != puts.end() && --entry->second.missing == 0)
    deliver(entry);
  return promise;
}

void pipeline_state::cancel(const body_source_actor& source) {
  if (source)
    self->send(source, cancel_atom_v);
}

void pipeline_state::deliver(put_iterator put) {
  for (const auto& content : put->second.result.bodies)
    beside_bytes -= content.bytes.size();
  put->second.promise.deliver(std::move(put->second.result));
  puts.erase(put);
}

void pipeline_state::start_body(uint64_t put, size_t position, body& content) {
  if (content.kind == body_kind::none) {
    --puts[put].missing;
    return;
  }
  const auto id = next_transfer++;
  auto& transfer = transfers[id];
  transfer.put = put;
  transfer.position = position;
  transfer.announced = content.length;
  if (content.kind == body_kind::source) {
    transfer.source = content.source;
    sources[content.source.address()] = id;
    self->monitor(content.source);
  } else {
    // The bytes are in memory already and are counted by whoever holds them.
    body_chunk chunk{content.bytes, true};
    if (auto err = accept(transfer, chunk)) {
      fail_transfer(id, err);
      return;
    }
  }
  drive(id);
}

/// What one pull may ask for. A producer is trusted with as much as it has delivered before.
size_t pipeline_state::credit(const body_transfer& transfer) const {
  const auto room = limits::body_record_bytes - transfer.part_bytes;
  const auto trusted = std::max<uint64_t>(transfer.received, limits::body_inline_bytes_max);
  const auto share = asked_bytes_max / std::max<size_t>(transfers.size(), 1);
  const auto wanted = std::min<size_t>({room, trusted, share});
  if (asked_bytes + wanted <= asked_bytes_max)
    return std::max(wanted, std::min(room, limits::body_pull_bytes_min));
  return std::min(room, limits::body_pull_bytes_min);
}

/// Takes the next step of a transfer: write what is there, or ask for more, or wait for credit.
void pipeline_state::drive(uint64_t id) {
  const auto entry = transfers.find(id);
  if (entry == transfers.end())
    return;
  auto& transfer = entry->second;
  transfer.waiting = false;
  if (transfer.ended) {
    write_parts(id, transfer, 1);
    finish_if_done(id);
    return;
  }
  if (transfer.pulling)
    return;
  if (arrived_bytes < arrived_bytes_max) {
    pull(id, transfer);
    return;
  }
  transfer.waiting = true;
  waiting.push_back(id);
}

void pipeline_state::pull(uint64_t id, body_transfer& transfer) {
  transfer.pulling = true;
  transfer.asked_bytes = static_cast<uint32_t>(credit(transfer));
  asked_bytes += transfer.asked_bytes;
  self->request(transfer.source, limits::pull_time_max, pull_atom_v, transfer.asked_bytes)
      .then([this, id](body_chunk& chunk) { arrive(id, chunk); },
            [this, id](const caf::error& err) {
              fail_transfer(id, fail(storage_error::body_failed, describe(err)));
            });
}

void pipeline_state::arrive(uint64_t id, body_chunk& chunk) {
  const auto entry = transfers.find(id);
  if (entry == transfers.end())
    return;
  auto& transfer = entry->second;
  transfer.pulling = false;
  asked_bytes -= transfer.asked_bytes;
  arrived_bytes += chunk.bytes.size();
  if (auto err = accept(transfer, chunk)) {
    arrived_bytes -= chunk.bytes.size();
    fail_transfer(id, err);
    return;
  }
  write_parts(id, transfer, limits::body_record_bytes);
  if (arrived_bytes >= arrived_bytes_max)
    relieve();
  drive(id);
}

/// Takes a chunk in, or says what is wrong with it.
caf::error pipeline_state::accept(body_transfer& transfer, const body_chunk& chunk) {
  if (chunk.bytes.is_detached() || (transfer.source && chunk.bytes.size() > transfer.asked_bytes))
    return fail(storage_error::body_failed, "a chunk is longer than was asked for");
  transfer.empty_chunks = chunk.bytes.empty() ? transfer.empty_chunks + 1 : 0;
  if (transfer.empty_chunks > limits::empty_chunks_max)
    return fail(storage_error::body_failed, "the body's producer sends nothing");
  transfer.received += chunk.bytes.size();
  transfer.ended = chunk.last;
  if (transfer.is_too_long() || (chunk.last && transfer.has_other_length()))
    return fail(storage_error::body_failed, "the body has " + std::to_string(transfer.received)
                                                + " bytes, announced were "
                                                + std::to_string(transfer.announced));
  if (!puts[transfer.put].result.reservation->add(chunk.bytes.size()))
    return fail(storage_error::quota_exceeded);
  if (!chunk.bytes.empty())
    transfer.add(chunk.bytes);
  return caf::none;
}

/// A short body that has ended is stored beside its response, unless too many of them wait.
bool pipeline_state::stays_beside(const body_transfer& transfer) const {
  return transfer.ended && transfer.records == 0
         && transfer.received <= limits::body_inline_bytes_max
         && (transfer.received == 0 || beside_bytes + transfer.received <= arrived_bytes_max);
}

/// Hands whole records to the writer while at least `least` bytes are there.
void pipeline_state::write_parts(uint64_t id, body_transfer& transfer, size_t least) {
  if (stays_beside(transfer))
    return;
  least = transfer.ended ? 1 : least;
  const auto in_memory = !transfer.source;
  while (transfer.part_bytes >= least && transfer.part_bytes > 0) {
    if (in_memory && arrived_bytes >= arrived_bytes_max) {
      transfer.waiting = true;
      waiting.push_back(id);
      return;
    }
    const auto size = std::min(transfer.part_bytes, limits::body_record_bytes);
    arrived_bytes += in_memory ? size : 0;
    write_record(id, transfer, size);
  }
}

void pipeline_state::write_record(uint64_t id, body_transfer& transfer, size_t size) {
  auto batch = std::make_shared<write_batch>();
  if (transfer.records == 0) {
    transfer.id = body_id{ids->fetch_add(1)};
    const auto key = pending_body_key(transfer.id);
    batch->put(column::meta, key, encode_number(record_kind::pending_body, key, 0));
  }
  auto bytes = transfer.take(size);
  auto key = body_record_key(transfer.id, transfer.records++);
  auto frame = make_frame(record_kind::body_record, key, bytes.view());
  batch->put(column::bodies, std::move(key), std::move(frame), std::move(bytes));
  transfer.writing_bytes += size;
  self->request(writer, limits::write_time_max, store_atom_v, write_batch_ptr{std::move(batch)},
                durability::relaxed)
      .then([this, id, size](bool) { written(id, size); },
            [this, id, size](const caf::error& err) {
              fail_transfer(id, write_failure(err));
              written(id, size);
            });
}

void pipeline_state::written(uint64_t id, size_t size) {
  arrived_bytes -= size;
  if (const auto entry = transfers.find(id); entry != transfers.end()) {
    entry->second.writing_bytes -= size;
    finish_if_done(id);
  }
  wake();
}

/// Too much has arrived in pieces that are no record yet: shorter records make room.
void pipeline_state::relieve() {
  for (auto& [id, transfer] : transfers)
    if (transfer.source)
      write_parts(id, transfer, 1);
}

void pipeline_state::wake() {
  while (arrived_bytes < arrived_bytes_max && !waiting.empty()) {
    const auto id = waiting.front();
    waiting.pop_front();
    drive(id);
  }
}

void pipeline_state::finish_if_done(uint64_t id) {
  const auto entry = transfers.find(id);
  auto& transfer = entry->second;
  auto result = transfer.result();
  if (stays_beside(transfer)) {
    beside_bytes += transfer.part_bytes;
    if (transfer.source)
      arrived_bytes -= transfer.part_bytes;
    result.where = stored_body::place::beside;
    result.bytes = transfer.take(transfer.part_bytes);
  } else if (!transfer.is_done()) {
    return;
  }
  const auto put = puts.find(transfer.put);
  put->second.result.bodies[transfer.position] = std::move(result);
  drop(entry);
  if (--put->second.missing == 0)
    deliver(put);
}

void pipeline_state::fail_transfer(uint64_t id, const caf::error& err) {
  if (const auto entry = transfers.find(id); entry != transfers.end())
    fail_put(entry->second.put, err);
}

void pipeline_state::fail_put(uint64_t put, const caf::error& err) {
  const auto entry = puts.find(put);
  auto batch = std::make_shared<write_batch>();
  for (const auto& content : entry->second.result.bodies) {
    discard_body(*batch, content);
    beside_bytes -= content.bytes.size();
  }
  for (auto it = transfers.begin(); it != transfers.end();) {
    const auto current = it++;
    auto& transfer = current->second;
    if (transfer.put != put)
      continue;
    discard_body(*batch, transfer.result());
    cancel(transfer.source);
    arrived_bytes -= transfer.source ? transfer.part_bytes : 0;
    asked_bytes -= transfer.pulling ? transfer.asked_bytes : 0;
    drop(current);
  }
  auto promise = entry->second.promise;
  puts.erase(entry);
  // The records are written in order, so this removes also those that are still on their way. If it
  // fails they stay pending and go at the next start.
  self->request(writer, limits::write_time_max, store_atom_v, write_batch_ptr{std::move(batch)},
                durability::relaxed)
      .then([promise, err](bool) mutable { promise.deliver(err); },
            [promise, err](const caf::error&) mutable { promise.deliver(err); });
  wake();
}

void pipeline_state::drop(transfer_iterator transfer) {
  if (transfer->second.source) {
    const auto address = transfer->second.source.address();
    sources.erase(address);
    self->demonitor(address);
  }
  transfers.erase(transfer);
}

// A producer that took the pull and died answers no more; only its death tells.
void pipeline_state::source_down(const caf::down_msg& down) {
  const auto entry = sources.find(down.source);
  if (entry != sources.end() && !transfers[entry->second].ended)
    fail_transfer(entry->second, fail(storage_error::body_failed, "the body's producer is gone"));
}

write_pipeline_actor::behavior_type
write_pipeline(write_pipeline_actor::stateful_pointer<pipeline_state> self,
               const writer_actor& writer, const body_counter& ids) {
  auto& state = self->state;
  state.self = self;
  state.writer = writer;
  state.ids = ids;
  self->set_down_handler([&state](const caf::down_msg& down) { state.source_down(down); });
  return {
      [&state](store_atom, body_intake& intake) { return state.start(intake); },
  };
}

} // namespace

write_pipeline_actor spawn_write_pipeline(caf::actor_system& system, writer_actor writer,
                                          body_counter ids) {
  return system.spawn(write_pipeline, std::move(writer), std::move(ids));
}

void adopt_body(write_batch& batch, const stored_body& content) {
  if (content.where == stored_body::place::records)
    batch.remove(column::meta, pending_body_key(content.id));
}

void discard_body(write_batch& batch, const stored_body& content) {
  if (content.where != stored_body::place::records)
    return;
  for (uint32_t record = 0; record < content.record_count; ++record)
    batch.remove(column::bodies, body_record_key(content.id, record));
  batch.remove(column::meta, pending_body_key(content.id));
}

} // namespace offstage
