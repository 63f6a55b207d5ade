// SPDX-License-Identifier: MIT
#include "app/storage_verb.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string_view>

#include "protocol/errors.hpp"
#include "storage/inspection.hpp"

namespace offstage {

namespace {

constexpr int damage_exit_code = 1;
constexpr int usage_exit_code = 2;
constexpr int failure_exit_code = 3;

constexpr std::string_view usage = R"(usage: offstage storage check|stats|export DIR

Looks at the data directory DIR of a node that does not run (--data-dir of `offstage serve`). What a
crash has interrupted is finished first, as the next start of the node would.

  check    reads every row, checks it against the others and prints what is wrong
  stats    prints rows and bytes, in all and for each origin
  export   prints registrations, scripts, caches and bodies as lines of JSON

exit code: 0 done, 1 check found damage, 2 wrong usage, 3 DIR cannot be opened or read
)";

void print(std::string_view text, std::FILE* to = stdout) {
  std::fwrite(text.data(), 1, text.size(), to);
}

int complain(const std::string& text, int code) {
  print("offstage storage: " + text + "\n", stderr);
  return code;
}

/// The database lies in a directory of its own below the data directory.
std::string database_directory(const std::string& directory) {
  const auto below = std::filesystem::path{directory} / "storage";
  std::error_code ignored;
  return std::filesystem::is_directory(below, ignored) ? below.string() : directory;
}

void print_count(std::string_view what, uint64_t count) {
  std::printf("%-16.*s %llu\n", static_cast<int>(what.size()), what.data(),
              static_cast<unsigned long long>(count));
}

int check(const storage_inspection& storage) {
  const auto audit = storage.check();
  if (!audit)
    return complain(describe(audit.error()), failure_exit_code);
  print_count("registrations", audit->registrations);
  print_count("scripts", audit->scripts);
  print_count("artifacts", audit->artifacts);
  print_count("caches", audit->caches);
  print_count("entries", audit->entries);
  print_count("body records", audit->body_records);
  print_count("quarantined", audit->quarantined);
  for (const auto& problem : audit->problems)
    print("wrong: " + problem + "\n");
  print(audit->problems.empty() ? "nothing is wrong\n" : "");
  return audit->problems.empty() ? 0 : damage_exit_code;
}

int stats(const storage_inspection& storage) {
  const auto figures = storage.stats();
  if (!figures)
    return complain(describe(figures.error()), failure_exit_code);
  std::printf("%-12s %12s %14s %16s\n", "rows of", "count", "key bytes", "value bytes");
  for (const auto& x : figures->columns)
    std::printf("%-12s %12llu %14llu %16llu\n", x.name.c_str(),
                static_cast<unsigned long long>(x.rows),
                static_cast<unsigned long long>(x.key_bytes),
                static_cast<unsigned long long>(x.value_bytes));
  for (const auto& [origin, x] : figures->keys)
    std::printf(
        "%s: %llu registrations, %llu caches with %llu bytes, %llu bytes of artifacts%s\n",
        origin.c_str(), static_cast<unsigned long long>(x.registrations),
        static_cast<unsigned long long>(x.caches), static_cast<unsigned long long>(x.cache_bytes),
        static_cast<unsigned long long>(x.artifact_bytes), x.persisted ? ", persistent" : "");
  return 0;
}

int write_out(const storage_inspection& storage) {
  bool written = true;
  const auto error = storage.write_lines([&](std::string_view line) {
    written = std::fwrite(line.data(), 1, line.size(), stdout) == line.size()
              && std::fputc('\n', stdout) != EOF;
    return written;
  });
  if (error)
    return complain(describe(error), failure_exit_code);
  if (!written || std::fflush(stdout) != 0)
    return complain("the output cannot be written", failure_exit_code);
  return 0;
}

} // namespace

int look_at_storage(const std::vector<std::string>& arguments) {
  const auto wants_help = [](const std::string& x) { return x == "--help" || x == "-h"; };
  if (std::ranges::any_of(arguments, wants_help)) {
    print(usage);
    return 0;
  }
  if (arguments.size() != 2) {
    print(usage, stderr);
    return usage_exit_code;
  }
  const auto& what = arguments.front();
  const auto action = what == "check"    ? check
                      : what == "stats"  ? stats
                      : what == "export" ? write_out
                                         : nullptr;
  if (action == nullptr) {
    print(usage, stderr);
    return complain("'" + what + "' is not check, stats or export", usage_exit_code);
  }
  const auto tell = [](storage_log_level, const std::string& text) {
    print("offstage storage: " + text + "\n", stderr);
  };
  const auto storage = storage_inspection::open(database_directory(arguments.back()), tell);
  if (!storage)
    return complain(describe(storage.error()), failure_exit_code);
  return action(*storage);
}

} // namespace offstage
