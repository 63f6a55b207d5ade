// SPDX-License-Identifier: MIT
#pragma once
// A regular expression as a tree: made by backtracker_parser.cpp, read by the code generator. Plain
// values, alive during one compilation.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/natives/backtracker_sets.hpp"
#include "runtime/natives/regexp_pattern.hpp"

namespace offstage {

enum class regexp_node_kind : std::uint8_t {
  character,      // point
  set,            // set, inverted
  sequence,       // children
  alternatives,   // children
  group,          // children[0]; index, 0 when it captures nothing
  repeat,         // children[0]; min, max, greedy, groups inside
  start,          // ^
  end,            // $
  word_boundary,  // inverted for \B
  look,           // children[0]; inverted, behind
  back_reference, // index, or name to be resolved
};

struct regexp_node {
  static constexpr std::uint32_t unbounded = UINT32_MAX;

  regexp_node_kind kind;
  char32_t point = 0;
  code_set set;
  bool inverted = false;
  bool behind = false;
  bool greedy = true;
  std::uint32_t index = 0;
  std::uint32_t min = 0;
  std::uint32_t max = 0;
  // Captures from (inclusive) to (exclusive), of a repeated part.
  std::uint32_t first_group = 0;
  std::uint32_t end_group = 0;
  std::u16string name;
  std::vector<std::unique_ptr<regexp_node>> children;

  explicit regexp_node(regexp_node_kind what) : kind(what) {}
};

struct regexp_tree {
  std::unique_ptr<regexp_node> root;
  std::uint32_t group_count = 0;
  std::vector<std::pair<std::u16string, std::uint32_t>> names;
  // PCRE2 gives other results for it: lookbehind, captures that a repetition has to forget, ...
  bool needs_backtracker = false;
  std::string error; // not empty: not a valid pattern, and why
};

regexp_tree parse_regexp(std::u16string_view pattern, const regexp_flags& flags);

// ECMAScript: the comparison that the flags ask for
inline case_rule case_rule_of(const regexp_flags& flags) {
  return !flags.ignore_case ? case_rule::exact : flags.unicode ? case_rule::fold : case_rule::upper;
}

} // namespace offstage
