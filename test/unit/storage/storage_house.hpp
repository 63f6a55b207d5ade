// SPDX-License-Identifier: MIT
#pragma once

// Real storage in a temporary directory, with everything a test asks of it as a plain call. Waits
// at most ten seconds for any answer.

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>

#include "protocol/actors.hpp"
#include "protocol/errors.hpp"
#include "storage/audit.hpp"
#include "storage/options.hpp"
#include "test/support/temp_directory.hpp"

namespace offstage::test {

struct house_config : caf::actor_system_config {
  house_config();
};

/// What storage logged; storage may outlive who reads it.
class log_book {
public:
  void add(const std::string& line);
  bool contains(const std::string& text) const;
  std::string text() const;

private:
  mutable std::mutex mutex_;
  std::vector<std::string> lines_;
};

class storage_house {
public:
  /// In a directory of its own, unless one is named.
  explicit storage_house(storage_options options = {}, const std::string& directory = {});
  ~storage_house();

  /// Opens or reopens; fails the test if that fails.
  void open();
  void close();
  void reopen() {
    close();
    open();
  }

  storage_options& options() { return options_; }
  const std::string& directory() const { return options_.directory; }
  const log_book& log() const { return *log_; }

  caf::scoped_actor& self() { return *self_; }
  caf::actor_system& system() { return *system_; }
  storage_actor& storage() { return storage_; }

  template <class Result, class Handle, class... Ts>
  caf::expected<Result> ask(const Handle& handle, Ts... xs) {
    caf::expected<Result> outcome{fail(storage_error::closed, "no answer")};
    (*self_)
        ->request(handle, std::chrono::seconds{10}, std::move(xs)...)
        .receive([&](Result& result) { outcome = std::move(result); },
                 [&](caf::error& err) { outcome = std::move(err); });
    return outcome;
  }

  cache_storage_actor caches(const std::string& origin = "https://a.example");
  caf::expected<cache_result> run(cache_operation operation,
                                  const std::string& origin = "https://a.example");

  // The Cache API as a script would use it; a failure fails the test.
  cache_id open_cache(const std::string& name);
  caf::expected<cache_result> put(cache_id cache, cache_entry entry);
  cache_result match(cache_id cache, const fetch_request& request,
                     cache_query_options options = {});
  std::vector<std::string> keys(cache_id cache);
  bool remove(cache_id cache, const fetch_request& request, cache_query_options options = {});

  /// Pulls a body to its end; the text "error: ..." if it fails.
  std::string read(const body& content, uint32_t credit = 1 << 16);

  /// Closes, checks every row against every other, and opens again.
  storage_audit audit();

private:
  temp_directory directory_;
  storage_options options_;
  std::shared_ptr<log_book> log_ = std::make_shared<log_book>();
  std::unique_ptr<house_config> config_;
  std::unique_ptr<caf::actor_system> system_;
  std::unique_ptr<caf::scoped_actor> self_;
  storage_actor storage_;
};

/// One line per problem that an audit found.
std::string problems_of(const storage_audit& audit);

fetch_request get(const std::string& url, header_list headers = {});
fetch_response respond(const std::string& text, header_list headers = {});
header_list headers_of(std::vector<header> items);
cache_entry entry(const std::string& url, const std::string& text,
                  header_list response_headers = {}, header_list request_headers = {});

/// Bytes that differ from place to place and from seed to seed.
std::string pattern(size_t size, uint64_t seed = 1);

} // namespace offstage::test
