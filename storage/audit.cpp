// SPDX-License-Identifier: MIT
#include "storage/audit.hpp"

#include <map>
#include <set>

#include "storage/cache_rows.hpp"
#include "storage/digest.hpp"
#include "storage/key_codec.hpp"
#include "storage/quarantine.hpp"
#include "storage/value_codec.hpp"

namespace offstage {

namespace {

class auditor {
public:
  explicit auditor(const database& db) : db_(db) {}

  caf::expected<storage_audit> run() {
    for (auto step :
         {&auditor::read_meta, &auditor::read_scripts, &auditor::read_index, &auditor::read_entries,
          &auditor::read_bodies, &auditor::read_artifacts, &auditor::read_quarantine})
      if (auto err = (this->*step)())
        return err;
    compare();
    if (auto err = audit_databases(db_, result_))
      return err;
    return std::move(result_);
  }

private:
  struct owned_cache {
    std::string usage_row;
  };
  struct expected_body {
    uint64_t length = 0;
    uint32_t records = 0;
    uint64_t found_length = 0;
    uint32_t found_records = 0;
  };

  void problem(const std::string& text, column where, std::string_view key) {
    result_.problems.push_back(text + ": " + describe_row(where, key));
  }

  caf::error read_meta();
  void read_meta_row(std::string_view key, const shared_bytes& value);
  void read_registration(std::string_view key, const shared_bytes& value);
  caf::error read_scripts();
  caf::error read_index();
  caf::error read_entries();
  caf::error read_bodies();
  caf::error read_artifacts();
  caf::error read_quarantine();
  void compare();

  const database& db_;
  storage_audit result_;
  std::set<std::string> named_scripts_;
  std::set<std::string> named_workers_; ///< By the prefix of their artifacts.
  std::map<cache_id, owned_cache> caches_;
  std::map<std::string, uint64_t> usage_;         ///< As the usage rows have it.
  std::map<std::string, uint64_t> counted_usage_; ///< As the other rows add up.
  std::map<std::string, std::string> index_of_entry_;
  std::map<body_id, expected_body> bodies_;
};

void auditor::read_registration(std::string_view key, const shared_bytes& value) {
  const auto registration = decode_registration(key, value);
  if (!registration) {
    problem("damaged registration", column::meta, key);
    return;
  }
  ++result_.registrations;
  for (const auto* worker : {&registration->waiting, &registration->active}) {
    if (!worker->script.sha256.empty()) {
      named_scripts_.insert(worker->script.sha256);
      named_workers_.insert(artifact_prefix(registration->key, worker->script.sha256));
    }
    for (const auto& script : worker->imports)
      named_scripts_.insert(script.sha256);
  }
}

void auditor::read_meta_row(std::string_view key, const shared_bytes& value) {
  const auto number_is_fine = [&](record_kind kind) {
    return static_cast<bool>(decode_number(kind, key, value));
  };
  switch (key.front()) {
  case 'r':
    read_registration(key, value);
    return;
  case 'c':
  case 'd': {
    const auto cache = parse_cache_key(key);
    if (!cache || !number_is_fine(record_kind::cache_name)) {
      problem("damaged cache", column::meta, key);
      return;
    }
    ++result_.caches;
    const auto row = usage_key(cache->key);
    caches_[cache->cache] = {row};
    counted_usage_[row] += cache->name.size();
    return;
  }
  case 'u':
    if (const auto usage = decode_number(record_kind::usage, key, value))
      usage_[std::string{key}] = *usage;
    else
      problem("damaged usage", column::meta, key);
    return;
  case 'i':
  case 's':
    return; // audit_databases() reads them.
  case 'p':
    problem("pending body", column::meta, key);
    return;
  case 'v':
  case 'w':
    if (!number_is_fine(key.front() == 'v' ? record_kind::format : record_kind::counter))
      problem("damaged counter", column::meta, key);
    return;
  case 'k':
  case 't':
    if (!number_is_fine(key.front() == 'k' ? record_kind::persisted : record_kind::last_use))
      problem("damaged row of a storage key", column::meta, key);
    return;
  default:
    problem("unknown row", column::meta, key);
  }
}

caf::error auditor::read_meta() {
  return db_.scan(column::meta, {}, [&](std::string_view key, std::string_view value) {
    read_meta_row(key, shared_bytes{std::string{value}});
    return true;
  });
}

caf::error auditor::read_scripts() {
  auto missing = named_scripts_;
  auto err = db_.scan(column::scripts, {}, [&](std::string_view key, std::string_view value) {
    ++result_.scripts;
    const auto bytes = open_frame(record_kind::script, key, shared_bytes{std::string{value}});
    if (!bytes || sha256_hex(bytes->view()) != key)
      problem("damaged script", column::scripts, key);
    if (!named_scripts_.contains(std::string{key}))
      problem("script that no registration names", column::scripts, key);
    missing.erase(std::string{key});
    return true;
  });
  for (const auto& digest : missing)
    problem("script that a registration names is missing", column::scripts, digest);
  return err;
}

caf::error auditor::read_index() {
  return db_.scan(column::index, {}, [&](std::string_view key, std::string_view value) {
    const auto row = decode_index_row(key, shared_bytes{std::string{value}});
    const auto cache = cache_of_row_key(key);
    const auto owner = cache ? caches_.find(*cache) : caches_.end();
    if (!row || owner == caches_.end()) {
      problem(row ? "index row of no cache" : "damaged index row", column::index, key);
      return true;
    }
    const auto parts = split_url(row->url);
    const auto sequence = sequence_of_row_key(key).value_or(0);
    if (index_key(*cache, parts.path, parts.query, sequence) != key)
      problem("index row under the key of another URL", column::index, key);
    counted_usage_[owner->second.usage_row] += row->charge_bytes;
    index_of_entry_[entry_key(*cache, sequence)] = key;
    if (row->content.where == stored_body::place::records)
      bodies_[row->content.id] = {row->content.length, row->content.record_count, 0, 0};
    return true;
  });
}

caf::error auditor::read_entries() {
  return db_.scan(column::entries, {}, [&](std::string_view key, std::string_view value) {
    ++result_.entries;
    const auto entry = decode_entry(key, shared_bytes{std::string{value}});
    if (!entry)
      problem("damaged entry", column::entries, key);
    if (index_of_entry_.erase(std::string{key}) == 0)
      problem("entry without index row", column::entries, key);
    return true;
  });
}

caf::error auditor::read_bodies() {
  return db_.scan(column::bodies, {}, [&](std::string_view key, std::string_view value) {
    ++result_.body_records;
    const auto body = body_of_record_key(key);
    const auto owner = body ? bodies_.find(*body) : bodies_.end();
    const auto bytes = open_frame(record_kind::body_record, key, shared_bytes{std::string{value}});
    if (owner == bodies_.end())
      problem("body that nothing refers to", column::bodies, key);
    else if (!bytes)
      problem("damaged body record", column::bodies, key);
    else if (key != body_record_key(*body, owner->second.found_records))
      problem("body record out of order", column::bodies, key);
    else {
      ++owner->second.found_records;
      owner->second.found_length += bytes->size();
    }
    return true;
  });
}

caf::error auditor::read_artifacts() {
  return db_.scan(column::artifacts, {}, [&](std::string_view key, std::string_view value) {
    ++result_.artifacts;
    if (!decode_artifact(key, shared_bytes{std::string{value}}))
      problem("damaged artifact", column::artifacts, key);
    if (!named_workers_.contains(std::string{prefix_of_artifact_key(key)}))
      problem("artifact of no worker", column::artifacts, key);
    return true;
  });
}

caf::error auditor::read_quarantine() {
  return db_.scan(column::quarantine, {}, [&](std::string_view, std::string_view) {
    ++result_.quarantined;
    return true;
  });
}

void auditor::compare() {
  for (const auto& [entry, index] : index_of_entry_)
    problem("index row without entry", column::index, index);
  for (const auto& [id, body] : bodies_)
    if (body.length != body.found_length || body.records != body.found_records)
      problem("incomplete body", column::bodies, body_prefix(id));
  for (const auto& [row, usage] : usage_) {
    result_.usage_bytes += usage;
    if (counted_usage_[row] != usage)
      problem("usage is " + std::to_string(usage) + ", not " + std::to_string(counted_usage_[row]),
              column::meta, row);
  }
  for (const auto& [row, usage] : counted_usage_)
    if (usage != 0 && !usage_.contains(row))
      problem("usage is missing", column::meta, row);
}

} // namespace

caf::expected<storage_audit> audit_storage(const database& db) {
  return auditor{db}.run();
}

} // namespace offstage
