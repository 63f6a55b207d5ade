// SPDX-License-Identifier: MIT
#pragma once
// Where lowered code comes from: the source of every script of a heap, with the tables that lead
// from the lines that the engine knows to places and functions of that source. Owned by the engine;
// one thread; dies with it.
//
// Format: places has for each line of the code the difference of its source offset to that of the
// line before, zigzag encoded. functions has four numbers for each function, inner ones before
// outer ones: its first line from 0, its count of lines, the offset and the length of its text. All
// numbers are little-endian base 128.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace offstage {

struct script_map {
  std::shared_ptr<const void> owner; // keeps `source`
  std::string_view source;
  std::string places;
  std::string functions;
};

struct source_place {
  std::uint32_t line = 0; // from 1; 0: unknown
  std::uint32_t column = 0;
};

class script_maps {
public:
  // A script of the same name takes the place of the old one.
  void add(const std::string& file, script_map map);
  // Code of eval and its like, under a name made up for it. Only the newest are kept.
  const std::string& add_eval(script_map map);
  const std::string& last_eval() const { return last_eval_; }

  // `line` is one of the code, from 1. Without a map for the file it is one of the source.
  source_place find(std::string_view file, std::uint32_t line) const;
  // The source text of the function that has this line; nothing if it is not kept.
  std::optional<std::string_view> function_text(std::string_view file, std::uint32_t line) const;

private:
  std::map<std::string, script_map, std::less<>> maps_;
  std::deque<std::string> evals_; // oldest first
  std::size_t eval_bytes_ = 0;
  std::uint64_t eval_count_ = 0;
  std::string last_eval_ = "eval";
};

} // namespace offstage
