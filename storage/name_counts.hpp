// SPDX-License-Identifier: MIT
#pragma once

// Which rows name which things, so that a thing can go with its last name. A value of
// registration_table; in memory only, counted anew at every start.

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace offstage {

class name_counts {
public:
  using names = std::set<std::string>;

  /// The row names these from now on. Answers with those that lost their last name.
  std::vector<std::string> rename(const std::string& row, names next) {
    for (const auto& name : next)
      ++rows_of_name_[name];
    auto& current = names_of_row_[row];
    current.swap(next);
    std::vector<std::string> lost;
    for (const auto& name : next) {
      const auto entry = rows_of_name_.find(name);
      if (--entry->second > 0)
        continue;
      rows_of_name_.erase(entry);
      lost.push_back(name);
    }
    if (current.empty())
      names_of_row_.erase(row);
    return lost;
  }

  bool contains(const std::string& name) const { return rows_of_name_.contains(name); }
  bool has_row(const std::string& row) const { return names_of_row_.contains(row); }

  void clear() {
    names_of_row_.clear();
    rows_of_name_.clear();
  }

private:
  std::map<std::string, names> names_of_row_;
  std::map<std::string, uint32_t> rows_of_name_;
};

} // namespace offstage
