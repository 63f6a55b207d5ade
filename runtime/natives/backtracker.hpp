// SPDX-License-Identifier: MIT
#pragma once
// Regular expressions with exactly ECMAScript's semantics: a backtracking matcher over its own
// code. It is for patterns that PCRE2 takes differently or not at all (lookbehind of variable
// length, captures that a repetition forgets, repetitions of nothing, case folding); it is slower
// on the others. Owned by the holder of a RegExp. Steps and memory of a match have limits.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "runtime/natives/backtracker_tree.hpp"

namespace offstage {

struct backtracker_code {
  enum class op : std::uint8_t {
    character, // a: point
    set,       // a: number, b: inverted
    run_set,   // a: number, b: inverted, then one instruction with a: min, b: max
    split,     // tries a, then b
    jump,      // a
    save,      // a: slot
    reset,     // slots a to b (exclusive)
    start,
    end,
    word_boundary, // b: inverted
    look,          // a: where to go on, b: inverted; the body follows and ends with `match`
    reference,     // a: group
    clear,         // a: slot of a counter, set to 0
    loop,          // a: slot of the counter, the next is {a: min, b: max}, then {a: out, b: greedy}
    mark,          // a: slot, set to the position
    next_round,    // a: slot of the counter, the mark is behind it; b: the loop
    match,
  };

  struct instruction {
    op what = op::match;
    bool backward = false;
    std::uint32_t a = 0;
    std::uint32_t b = 0;
  };

  std::vector<instruction> code;
  std::vector<code_set> sets;
  std::uint32_t group_count = 0;
  std::uint32_t slot_count = 0; // two for each group, then counters and marks
  case_rule rule = case_rule::exact;
  code_set words;
  bool multiline = false;
  bool unicode = false;
};

// Nothing: the pattern makes too much code.
std::unique_ptr<backtracker_code> generate_backtracker(const regexp_tree& tree,
                                                       const regexp_flags& flags);

enum class backtracker_result : std::uint8_t { matched, none, too_long };

// `spans` has room for two positions for each group and the whole match; SIZE_MAX: unmatched.
backtracker_result run_backtracker(const backtracker_code& program, std::u16string_view text,
                                   std::size_t from, bool sticky, std::size_t* spans);

} // namespace offstage
