// SPDX-License-Identifier: MIT
#include "test/unit/storage/idb_house.hpp"

#include "storage/database.hpp"
#include "storage/storage.hpp"

namespace offstage::test {

bool is_open(const idb_reply& reply) {
  return !reply->has_value();
}

std::string failure_of(const idb_reply& reply) {
  REQUIRE(reply->has_value());
  REQUIRE(reply->value());
  const auto& result = (*reply)->value().result;
  const auto* failure = caf::get_if<idb_failure>(&result);
  return failure != nullptr ? failure->name : "";
}

std::string failure_of(const idb_outcome& outcome) {
  const auto* failure = caf::get_if<idb_failure>(&outcome);
  return failure != nullptr ? failure->name : "";
}

std::string text_of_key(const std::string& key) {
  const auto number = number_of_idb_key(key);
  if (!number)
    return key;
  auto text = std::to_string(*number);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.')
    text.pop_back();
  return text;
}

namespace {

const idb_records& found_in(const idb_outcome& outcome) {
  REQUIRE_MESSAGE(caf::holds_alternative<idb_records>(outcome), failure_of(outcome));
  return caf::get<idb_records>(outcome);
}

notice_sink_actor::behavior_type listener(notice_sink_actor::pointer,
                                          const std::shared_ptr<std::vector<idb_notice>>& notices) {
  return {[=](notify_atom, service_notice& x) { notices->push_back(std::move(x.notice)); }};
}

std::string step(uint64_t from, uint64_t to) {
  return std::to_string(from) + " to " + std::to_string(to);
}

} // namespace

std::string keys_of(const idb_outcome& outcome) {
  std::string text;
  for (const auto& record : found_in(outcome).records) {
    text += (text.empty() ? "" : " ") + text_of_key(record.key);
    if (record.key != record.primary_key)
      text += "/" + text_of_key(record.primary_key);
  }
  return text;
}

std::string records_of(const idb_outcome& outcome) {
  std::string text;
  for (const auto& record : found_in(outcome).records)
    text += (text.empty() ? "" : " ") + text_of_key(record.primary_key) + "="
            + record.value.to_string();
  return text;
}

uint64_t number_of(const idb_outcome& outcome) {
  REQUIRE_MESSAGE(caf::holds_alternative<idb_number>(outcome), failure_of(outcome));
  return caf::get<idb_number>(outcome).value;
}

std::string key(double number) {
  return idb_number_key(number);
}

idb_key_range only(const std::string& key) {
  return between(key, key);
}

idb_key_range between(const std::string& lower, const std::string& upper) {
  idb_key_range range;
  range.has_lower = true;
  range.has_upper = true;
  range.lower = lower;
  range.upper = upper;
  return range;
}

idb_put put(uint64_t store, const std::string& key, const std::string& value,
            std::vector<idb_index_keys> index_keys) {
  idb_put result;
  result.store = store;
  result.key = key;
  result.value = shared_bytes{value};
  result.index_keys = std::move(index_keys);
  return result;
}

idb_put add(uint64_t store, const std::string& key, const std::string& value,
            std::vector<idb_index_keys> index_keys) {
  auto result = put(store, key, value, std::move(index_keys));
  result.no_overwrite = true;
  return result;
}

idb_put generate(uint64_t store, const std::string& value) {
  auto result = put(store, {}, value);
  result.generate = true;
  return result;
}

idb_read read(uint64_t store, idb_key_range range, idb_direction direction) {
  return read_index(store, 0, std::move(range), direction);
}

idb_read read_index(uint64_t store, uint64_t index, idb_key_range range, idb_direction direction) {
  idb_read result;
  result.store = store;
  result.index = index;
  result.range = std::move(range);
  result.direction = direction;
  result.want_values = true;
  return result;
}

idb_store store(uint64_t id, const std::string& name, bool auto_increment) {
  idb_store result;
  result.id = id;
  result.name = name;
  result.auto_increment = auto_increment;
  return result;
}

idb_index index(uint64_t id, const std::string& name, bool unique) {
  idb_index result;
  result.id = id;
  result.name = name;
  result.unique = unique;
  return result;
}

// -- The house

idb_house::idb_house(storage_options chosen) : options(std::move(chosen)) {
  options.directory = directory / "data";
  options.writer = writer_thread::scheduler;
  open_storage();
}

idb_house::~idb_house() {
  *self_ = nullptr;
  close_storage();
}

void idb_house::open_storage() {
  auto spawned = spawn_storage(sys, options, [self = self_](storage_log_level, const auto& line) {
    if (*self != nullptr)
      (*self)->log.push_back(line);
  });
  REQUIRE_MESSAGE(spawned, describe(spawned.error()));
  storage = *spawned;
  settle();
}

void idb_house::close_storage() {
  if (storage)
    end(storage);
  storage = nullptr;
}

storage_audit idb_house::audit() {
  close_storage();
  storage_audit result;
  {
    const auto db = database::open(options);
    REQUIRE_MESSAGE(db, describe(db.error()));
    const auto checked = audit_storage(**db);
    REQUIRE_MESSAGE(checked, describe(checked.error()));
    result = *checked;
  }
  open_storage();
  return result;
}

idb_house::client idb_house::worker(const std::string& origin) {
  client result;
  result.house = this;
  result.origin = origin;
  result.sink = sys.spawn(listener, result.notices);
  return result;
}

void idb_house::make_database(client& from, uint64_t connection, const std::string& name,
                              std::vector<idb_store> stores) {
  const auto opening = from.open(connection, name, 1);
  std::vector<idb_operation> operations;
  for (auto& one : stores) {
    const auto indexes = std::exchange(one.indexes, {});
    operations.emplace_back(idb_create_store{one});
    for (const auto& inner : indexes)
      operations.emplace_back(idb_create_index{one.id, inner});
  }
  const auto results =
      result_of<idb_results>(from.go_on(connection, 0, std::move(operations), idb_finish::commit));
  for (const auto& outcome : results.outcomes)
    REQUIRE(failure_of(outcome) == "");
  result_of<idb_opened>(opening);
}

// -- A worker

idb_reply idb_house::client::ask(idb_request request) {
  auto databases =
      house->ask<indexed_db_actor>(house->storage, connect_atom_v, storage_key{origin});
  REQUIRE(databases->has_value());
  REQUIRE(databases->value());
  return house->ask<idb_answer>(*databases->value(), call_atom_v, sink,
                                idb_call{std::move(request)});
}

idb_reply idb_house::client::open(uint64_t connection, const std::string& name, uint64_t version) {
  return ask(idb_open{idb_connection_id{connection}, name, version});
}

idb_reply idb_house::client::erase(uint64_t connection, const std::string& name) {
  return ask(idb_delete_database{idb_connection_id{connection}, name});
}

void idb_house::client::close(uint64_t connection) {
  ask(idb_close{idb_connection_id{connection}});
}

void idb_house::client::acknowledge(uint64_t connection) {
  ask(idb_acknowledge{idb_connection_id{connection}});
}

idb_reply idb_house::client::begin(uint64_t connection, uint64_t transaction, idb_mode mode,
                                   std::vector<uint64_t> scope,
                                   std::vector<idb_operation> operations, idb_finish finish,
                                   idb_durability durability) {
  idb_submit submit;
  submit.connection = idb_connection_id{connection};
  submit.transaction = idb_transaction_id{transaction};
  submit.begin = true;
  submit.mode = mode;
  submit.durability = durability;
  submit.scope = std::move(scope);
  submit.operations = std::move(operations);
  submit.finish = finish;
  return ask(std::move(submit));
}

idb_reply idb_house::client::go_on(uint64_t connection, uint64_t transaction,
                                   std::vector<idb_operation> operations, idb_finish finish) {
  idb_submit submit;
  submit.connection = idb_connection_id{connection};
  submit.transaction = idb_transaction_id{transaction};
  submit.operations = std::move(operations);
  submit.finish = finish;
  return ask(std::move(submit));
}

std::vector<idb_outcome> idb_house::client::write(uint64_t connection,
                                                  std::vector<idb_operation> operations) {
  return result_of<idb_results>(begin(connection, ++last_transaction, idb_mode::read_write,
                                      {1, 2, 3, 4, 5}, std::move(operations), idb_finish::commit))
      .outcomes;
}

std::vector<idb_outcome> idb_house::client::read(uint64_t connection,
                                                 std::vector<idb_operation> operations) {
  return result_of<idb_results>(begin(connection, ++last_transaction, idb_mode::read_only,
                                      {1, 2, 3, 4, 5}, std::move(operations), idb_finish::commit))
      .outcomes;
}

void idb_house::client::die() {
  house->end(sink);
}

std::string idb_house::client::heard() const {
  std::string text;
  for (const auto& notice : *notices) {
    text += text.empty() ? "" : ", ";
    if (const auto* x = caf::get_if<idb_blocked>(&notice))
      text += "blocked " + step(x->old_version, x->new_version);
    else if (const auto* upgrade = caf::get_if<idb_upgrade_needed>(&notice))
      text += "upgrade " + step(upgrade->old_version, upgrade->database.version);
    else if (const auto* change = caf::get_if<idb_version_change>(&notice))
      text += "change " + step(change->old_version, change->new_version);
    else
      text += "lost";
  }
  return text;
}

} // namespace offstage::test
