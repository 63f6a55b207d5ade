// SPDX-License-Identifier: MIT
#pragma once

// The caches of one storage key: one actor per key, spawned by the storage actor on demand, in the
// node's process. Reads go to the database at once; changes are planned against what is committed,
// one after the other, and are visible when the writer has acknowledged them. A cache whose name
// was deleted stays usable until every actor that opened it is gone. When the actor dies, streams
// that it gave out end and waiting operations fail as closed; what is on disk stays consistent.

#include <string>

#include <caf/actor_system.hpp>
#include <caf/typed_actor.hpp>

#include "protocol/actors.hpp"
#include "storage/cache_catalog.hpp"
#include "storage/quota.hpp"
#include "storage/write_pipeline.hpp"
#include "storage/writer.hpp"

namespace offstage {

/// A record that failed its check while an entry was read.
struct damaged_record {
  cache_id cache{0};
  std::string index_key;          ///< The entry's index row.
  column where = column::entries; ///< The damaged record.
  std::string key;
};

using cache_keeper_actor = cache_storage_actor::extend<
    // A reader met damage: the record goes to quarantine and its entry is removed.
    caf::reacts_to<report_atom, damaged_record>,
    // Removes all caches, also from those who hold one; who reads a body reads on. Answers when
    // nothing is found any more; what it takes on disk is given back soon after.
    caf::replies_to<remove_atom>::with<cache_result>,
    // Answers when all caches that nobody can reach have been given back.
    caf::replies_to<drain_atom>::with<bool>>;

/// What the actors of storage share.
struct storage_parts {
  database_ptr db;
  writer_actor writer;
  write_pipeline_actor pipeline;
  cache_counter cache_ids;
  cache_counter database_ids;
  body_counter body_ids;
  storage_logger log;
  uint64_t quota_bytes = 0;
  uint64_t budget_bytes = 0;
};

/// Quits at once if the rows of the storage key cannot be read.
cache_keeper_actor spawn_cache_storage(caf::actor_system& system, const storage_parts& parts,
                                       const storage_key& key, quota_account_ptr account);

} // namespace offstage

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(offstage::damaged_record)
