// SPDX-License-Identifier: MIT
#pragma once
// Sets of characters for the backtracking matcher, and what ECMAScript calls Canonicalize. Values;
// no Duktape.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace offstage {

// How letters compare: as they are, by upper case of single units, or by Unicode's simple folding.
enum class case_rule : std::uint8_t { exact, upper, fold };

// ECMAScript: runtime-semantics-canonicalize-ch
char32_t canonical(char32_t c, case_rule rule);

class code_set {
public:
  void add(char32_t first, char32_t last) { ranges_.emplace_back(first, last); }
  void add(const code_set& other);
  // Sorts and joins: before `contains` and the following.
  void finish();
  void invert();
  // Adds whatever compares equal to a member.
  void close_over(case_rule rule);
  bool contains(char32_t c) const;

  static code_set digits();
  static code_set spaces();
  static code_set words(case_rule rule);
  // What stands in \p{...}; nothing if ECMAScript has no such property.
  static std::optional<code_set> property(const std::string& expression);

private:
  std::vector<std::pair<char32_t, char32_t>> ranges_;
};

} // namespace offstage
