// SPDX-License-Identifier: MIT
#pragma once

// Databases of IndexedDB as a worker's binding would use them, on real storage in a temporary
// directory: one thread, virtual time, every answer there or not there yet.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <caf/typed_event_based_actor.hpp>

#include "protocol/actors.hpp"
#include "protocol/idb_key.hpp"
#include "storage/audit.hpp"
#include "storage/options.hpp"
#include "test/support/scenario.hpp"
#include "test/support/temp_directory.hpp"

namespace offstage::test {

using idb_reply = answer<idb_answer>;

bool is_open(const idb_reply& reply);
/// The result, which has to be there and to be a T.
template <class T>
T result_of(const idb_reply& reply) {
  REQUIRE(reply->has_value());
  REQUIRE(reply->value());
  const auto& result = (*reply)->value().result;
  if (const auto* failure = caf::get_if<idb_failure>(&result))
    REQUIRE_MESSAGE((std::is_same_v<T, idb_failure>), failure->name << ": " << failure->message);
  REQUIRE(caf::holds_alternative<T>(result));
  return caf::get<T>(result);
}

/// The name of the failure of a request, or an empty text.
std::string failure_of(const idb_reply& reply);
/// The same of an operation.
std::string failure_of(const idb_outcome& outcome);
/// The keys of the records in an outcome, as text: numbers as 1, others as they are.
std::string keys_of(const idb_outcome& outcome);
/// Keys and values: 1=a 2=b.
std::string records_of(const idb_outcome& outcome);
uint64_t number_of(const idb_outcome& outcome);
std::string text_of_key(const std::string& key);

std::string key(double number);
idb_key_range only(const std::string& key);
idb_key_range between(const std::string& lower, const std::string& upper);

idb_put put(uint64_t store, const std::string& key, const std::string& value,
            std::vector<idb_index_keys> index_keys = {});
idb_put add(uint64_t store, const std::string& key, const std::string& value,
            std::vector<idb_index_keys> index_keys = {});
idb_put generate(uint64_t store, const std::string& value);
idb_read read(uint64_t store, idb_key_range range = {},
              idb_direction direction = idb_direction::next);
idb_read read_index(uint64_t store, uint64_t index, idb_key_range range = {},
                    idb_direction direction = idb_direction::next);

class idb_house : public scenario {
public:
  explicit idb_house(storage_options options = {});
  ~idb_house() override;

  void open_storage();
  void close_storage();
  void reopen() {
    close_storage();
    open_storage();
  }
  /// Closes, checks every row against every other and opens again.
  storage_audit audit();

  /// A worker: its notices, and its requests.
  struct client {
    idb_house* house = nullptr;
    std::string origin;
    notice_sink_actor sink;
    std::shared_ptr<std::vector<idb_notice>> notices = std::make_shared<std::vector<idb_notice>>();

    idb_reply ask(idb_request request);
    idb_reply open(uint64_t connection, const std::string& name, uint64_t version = 0);
    idb_reply erase(uint64_t connection, const std::string& name);
    void close(uint64_t connection);
    void acknowledge(uint64_t connection);
    /// Begins a transaction with these operations.
    idb_reply begin(uint64_t connection, uint64_t transaction, idb_mode mode,
                    std::vector<uint64_t> scope, std::vector<idb_operation> operations,
                    idb_finish finish = idb_finish::none,
                    idb_durability durability = idb_durability::standard);
    idb_reply go_on(uint64_t connection, uint64_t transaction,
                    std::vector<idb_operation> operations, idb_finish finish = idb_finish::none);
    /// A whole transaction in one submit; the outcomes.
    std::vector<idb_outcome> write(uint64_t connection, std::vector<idb_operation> operations);
    std::vector<idb_outcome> read(uint64_t connection, std::vector<idb_operation> operations);
    void die();

    /// The names of the notices so far: "blocked", "upgrade 0 to 1", "change 1 to 2", "lost".
    std::string heard() const;
    uint64_t last_transaction = 100;
  };

  client worker(const std::string& origin = "https://a.example");
  /// Opens version 1 with these stores (ids 1, 2, ...) and their indexes.
  void make_database(client& from, uint64_t connection, const std::string& name,
                     std::vector<idb_store> stores);

  storage_options options;
  temp_directory directory;
  std::vector<std::string> log;
  storage_actor storage;

private:
  std::shared_ptr<idb_house*> self_ = std::make_shared<idb_house*>(this);
};

idb_store store(uint64_t id, const std::string& name, bool auto_increment = false);
idb_index index(uint64_t id, const std::string& name, bool unique = false);

} // namespace offstage::test
