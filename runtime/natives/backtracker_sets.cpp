// SPDX-License-Identifier: MIT
#include "runtime/natives/backtracker_sets.hpp"

#include <algorithm>

#include "runtime/natives/regexp_properties.hpp"

#include <unicode/uchar.h>
#include <unicode/uniset.h>
#include <unicode/unistr.h>
#include <unicode/ustring.h>

namespace offstage {

namespace {

constexpr char32_t last_point = 0x10FFFF;
constexpr char32_t last_unit = 0xFFFF;
constexpr char32_t ascii_end = 128;

// Units whose upper case is another unit, with it; the same for every process.
const std::vector<std::pair<char16_t, char16_t>>& upper_table() {
  static const auto table = [] {
    std::vector<std::pair<char16_t, char16_t>> rows;
    for (char32_t c = 0; c <= last_unit; ++c)
      if (const auto upper = canonical(c, case_rule::upper); upper != c)
        rows.emplace_back(static_cast<char16_t>(upper), static_cast<char16_t>(c));
    std::sort(rows.begin(), rows.end());
    return rows;
  }();
  return table;
}

code_set set_of(const icu::UnicodeSet& from) {
  code_set set;
  for (int32_t i = 0; i < from.getRangeCount(); ++i)
    set.add(static_cast<char32_t>(from.getRangeStart(i)),
            static_cast<char32_t>(from.getRangeEnd(i)));
  set.finish();
  return set;
}

} // namespace

char32_t canonical(char32_t c, case_rule rule) {
  if (rule == case_rule::exact)
    return c;
  if (c < ascii_end && rule == case_rule::upper)
    return c >= U'a' && c <= U'z' ? c - 32 : c;
  if (rule == case_rule::fold)
    return static_cast<char32_t>(u_foldCase(static_cast<UChar32>(c), U_FOLD_CASE_DEFAULT));
  const auto unit = static_cast<UChar>(c);
  UChar upper[8];
  auto status = U_ZERO_ERROR;
  const auto size = u_strToUpper(upper, 8, &unit, 1, "", &status);
  return size != 1 || upper[0] < ascii_end ? c : upper[0];
}

void code_set::add(const code_set& other) {
  ranges_.insert(ranges_.end(), other.ranges_.begin(), other.ranges_.end());
}

void code_set::finish() {
  std::sort(ranges_.begin(), ranges_.end());
  std::vector<std::pair<char32_t, char32_t>> joined;
  for (const auto& range : ranges_) {
    if (!joined.empty() && range.first <= joined.back().second + 1)
      joined.back().second = std::max(joined.back().second, range.second);
    else
      joined.push_back(range);
  }
  ranges_ = std::move(joined);
}

void code_set::invert() {
  std::vector<std::pair<char32_t, char32_t>> gaps;
  char32_t next = 0;
  for (const auto& [first, last] : ranges_) {
    if (first > next)
      gaps.emplace_back(next, first - 1);
    next = last + 1;
  }
  if (next <= last_point)
    gaps.emplace_back(next, last_point);
  ranges_ = std::move(gaps);
}

void code_set::close_over(case_rule rule) {
  if (rule == case_rule::fold) {
    icu::UnicodeSet set;
    for (const auto& [first, last] : ranges_)
      set.add(static_cast<UChar32>(first), static_cast<UChar32>(last));
    set.closeOver(USET_CASE_INSENSITIVE);
    set.removeAllStrings();
    *this = set_of(set);
  } else if (rule == case_rule::upper) {
    const auto& table = upper_table();
    code_set more;
    for (auto row = table.begin(); row != table.end();) {
      const auto upper = row->first;
      const auto end =
          std::find_if(row, table.end(), [&](const auto& other) { return other.first != upper; });
      const auto found = contains(upper) || std::any_of(row, end, [&](const auto& other) {
                           return contains(other.second);
                         });
      if (found)
        more.add(upper, upper);
      for (; row != end; ++row)
        if (found)
          more.add(row->second, row->second);
    }
    add(more);
    finish();
  }
}

bool code_set::contains(char32_t c) const {
  auto after =
      std::upper_bound(ranges_.begin(), ranges_.end(), c,
                       [](char32_t point, const auto& range) { return point < range.first; });
  return after != ranges_.begin() && (--after)->second >= c;
}

code_set code_set::digits() {
  code_set set;
  set.add(U'0', U'9');
  return set;
}

// ECMAScript: whitespace and line terminators
code_set code_set::spaces() {
  code_set set;
  set.add(9, 13);
  for (const char32_t c : {0x20, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000, 0xFEFF})
    set.add(c, c);
  set.add(0x2000, 0x200A);
  set.finish();
  return set;
}

// ECMAScript: runtime-semantics-wordcharacters-abstract-operation
code_set code_set::words(case_rule rule) {
  code_set set;
  set.add(U'0', U'9');
  set.add(U'A', U'Z');
  set.add(U'_', U'_');
  set.add(U'a', U'z');
  if (rule == case_rule::fold)
    set.close_over(rule);
  return set;
}

std::optional<code_set> code_set::property(const std::string& expression) {
  if (!pcre_property(expression))
    return std::nullopt;
  auto status = U_ZERO_ERROR;
  const icu::UnicodeSet set(icu::UnicodeString::fromUTF8("[\\p{" + expression + "}]"), status);
  if (U_FAILURE(status))
    return std::nullopt;
  return set_of(set);
}

} // namespace offstage
