// SPDX-License-Identifier: MIT
#include "runtime/natives/regexp_translator.hpp"

namespace offstage {

namespace {

constexpr std::u16string_view line_ends = u"\\n\\r\\x{2028}\\x{2029}";

std::u16string decimal_of(std::uint32_t number) {
  const auto text = std::to_string(number);
  return {text.begin(), text.end()};
}

} // namespace

// Back references may point forward, so groups are counted and named before anything is translated.
void pattern_translator::scan_groups() {
  bool in_class = false;
  for (std::size_t at = 0; at < in_.size(); ++at) {
    if (in_[at] == u'\\')
      ++at;
    else if (in_[at] == u'[')
      in_class = true;
    else if (in_[at] == u']')
      in_class = false;
    else if (in_[at] == u'(' && !in_class) {
      const auto rest = in_.substr(at + 1);
      const bool named =
          rest.starts_with(u"?<") && !rest.starts_with(u"?<=") && !rest.starts_with(u"?<!");
      if (rest.starts_with(u"?") && !named)
        continue;
      ++total_groups_;
      if (!named)
        continue;
      auto after = at + 3;
      auto name = group_name(after);
      has_names_ = true;
      if (std::any_of(result_.names.begin(), result_.names.end(),
                      [&](const auto& known) { return known.first == name; }))
        fail("Duplicate capture group name");
      result_.names.emplace_back(std::move(name), total_groups_);
    }
  }
  result_.group_count = total_groups_;
}

// Reads up to and over '>'; `at` is behind '<'.
std::u16string pattern_translator::group_name(std::size_t& at) {
  std::u16string name;
  while (at < in_.size() && in_[at] != u'>') {
    if (in_[at] == u'\\') {
      const auto saved = at_;
      at_ = at + 1;
      const auto point = peek() == u'u' ? (++at_, unicode_escape()) : no_point;
      at = at_;
      at_ = saved;
      if (point == no_point)
        fail("Invalid capture group name");
      else if (point > 0xFFFF)
        name += {static_cast<char16_t>(0xD7C0 + (point >> 10)),
                 static_cast<char16_t>(0xDC00 | (point & 0x3FF))};
      else
        name += static_cast<char16_t>(point);
      continue;
    }
    const auto c = in_[at++];
    const bool part = is_letter(c) || is_digit(c) || c == u'_' || c == u'$' || c > 0x7F;
    if (!part || (name.empty() && is_digit(c)))
      fail("Invalid capture group name");
    name += c;
  }
  if (at >= in_.size() || name.empty())
    fail("Invalid capture group name");
  ++at;
  return name;
}

void pattern_translator::disjunction() {
  if (++depth_ > regexp_nesting_max)
    return fail("pattern is nested too deeply");
  while (ok() && !at_end() && peek() != u')') {
    if (take(u"|"))
      put(u"|");
    else
      term();
  }
  --depth_;
}

void pattern_translator::term() {
  quantifiable_ = true;
  assertion_or_atom();
  if (ok() && quantifier() && !quantifiable_)
    fail("Nothing to repeat");
}

void pattern_translator::assertion_or_atom() {
  const auto c = peek();
  switch (c) {
  case u'^':
    ++at_;
    quantifiable_ = false;
    return flags_.multiline ? put(u"(?:\\A|(?<=[\\n\\r\\x{2028}\\x{2029}]))") : put(u"\\A");
  case u'$':
    ++at_;
    quantifiable_ = false;
    return flags_.multiline ? put(u"(?=[\\n\\r\\x{2028}\\x{2029}]|\\z)") : put(u"\\z");
  case u'(':
    return group();
  case u'.':
    ++at_;
    if (flags_.dot_all)
      return put(u"(?s:.)");
    return put((std::u16string{u"[^"} += line_ends) + u"]");
  case u'[':
    return character_class();
  case u'\\':
    return escape();
  case u'*':
  case u'+':
  case u'?':
    return fail("Nothing to repeat");
  case u'{': {
    std::uint32_t low = 0;
    std::uint32_t high = 0;
    bool bounded = false;
    if (flags_.unicode || braces(low, high, bounded))
      return fail("Nothing to repeat");
    ++at_;
    return put(u"\\{");
  }
  case u']':
  case u'}':
    if (flags_.unicode)
      return fail("Lone quantifier brackets");
    ++at_;
    put(u"\\");
    return put({&in_[at_ - 1], 1});
  default:
    return put_point(source_point());
  }
}

void pattern_translator::group() {
  ++at_;
  bool assertion = false;
  bool look_behind = false;
  if (take(u"?:")) {
    put(u"(?:");
  } else if (take(u"?=")) {
    put(u"(?=");
    assertion = true;
  } else if (take(u"?!")) {
    put(u"(?!");
    assertion = true;
  } else if (take(u"?<=")) {
    put(u"(?<=");
    look_behind = true;
  } else if (take(u"?<!")) {
    put(u"(?<!");
    look_behind = true;
  } else if (take(u"?<")) {
    group_name(at_);
    put(u"(");
  } else if (peek() == u'?') {
    return fail("Invalid group");
  } else {
    put(u"(");
  }
  disjunction();
  if (!take(u")"))
    return fail("Unterminated group");
  put(u")");
  quantifiable_ = !look_behind && !(assertion && flags_.unicode);
}

// Copies `{n}`, `{n,}` or `{n,m}` if that is what is here; `at_` moves only then.
bool pattern_translator::braces(std::uint32_t& low, std::uint32_t& high, bool& bounded) {
  auto at = at_ + 1;
  const auto number = [&](std::uint32_t& value) {
    const auto begin = at;
    for (value = 0; at < in_.size() && is_digit(in_[at]); ++at)
      value = std::min(value * 10 + static_cast<std::uint32_t>(in_[at] - u'0'), repetition_max + 1);
    return at > begin;
  };
  if (!number(low))
    return false;
  high = low;
  bounded = true;
  if (at < in_.size() && in_[at] == u',') {
    ++at;
    bounded = number(high);
  }
  if (at >= in_.size() || in_[at] != u'}')
    return false;
  at_ = at + 1;
  return true;
}

bool pattern_translator::quantifier() {
  std::uint32_t low = 0;
  std::uint32_t high = 0;
  bool bounded = false;
  const auto c = peek();
  if (c == u'*' || c == u'+' || c == u'?') {
    ++at_;
    put({&in_[at_ - 1], 1});
  } else if (c == u'{' && braces(low, high, bounded)) {
    if (bounded && high < low)
      fail("numbers out of order in {} quantifier");
    if (low > repetition_max)
      fail("repetition count is too large");
    put(u"{" + decimal_of(low) + u",");
    put((bounded && high <= repetition_max ? decimal_of(high) : u"") + u"}");
  } else {
    return false;
  }
  if (take(u"?"))
    put(u"?");
  return true;
}

void pattern_translator::back_reference() {
  const auto begin = at_;
  std::uint32_t number = 0;
  while (is_digit(peek()))
    number = std::min(number * 10 + static_cast<std::uint32_t>(in_[at_++] - u'0'), repetition_max);
  if (number <= total_groups_)
    return put(u"\\g{" + decimal_of(number) + u"}");
  if (flags_.unicode)
    return fail("Invalid escape");
  at_ = begin;
  put_point(peek() >= u'8' ? in_[at_++] : legacy_octal());
}

void pattern_translator::named_reference() {
  ++at_;
  if (!take(u"<"))
    return fail("Invalid named reference");
  const auto name = group_name(at_);
  for (const auto& [known, number] : result_.names)
    if (known == name)
      return put(u"\\g{" + decimal_of(number) + u"}");
  fail("Invalid named capture referenced");
}

std::optional<regexp_flags> parse_regexp_flags(std::u16string_view text) {
  regexp_flags flags;
  for (const auto c : text) {
    bool* flag = c == u'd'   ? &flags.has_indices
                 : c == u'g' ? &flags.global
                 : c == u'i' ? &flags.ignore_case
                 : c == u'm' ? &flags.multiline
                 : c == u's' ? &flags.dot_all
                 : c == u'u' ? &flags.unicode
                 : c == u'y' ? &flags.sticky
                             : nullptr;
    if (flag == nullptr || *flag)
      return std::nullopt;
    *flag = true;
  }
  return flags;
}

translated_pattern translate_pattern(std::u16string_view pattern, const regexp_flags& flags) {
  return pattern_translator{pattern, flags}.run();
}

} // namespace offstage
