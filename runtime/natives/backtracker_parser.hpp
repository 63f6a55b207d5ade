// SPDX-License-Identifier: MIT
#pragma once
// The recursive descent behind parse_regexp: backtracker_parser.cpp has terms and groups,
// backtracker_escapes.cpp escapes and classes. Lives for one pattern. ECMAScript: patterns, with
// the web's legacy grammar (Annex B) when the u flag is absent.

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/engine_limits.hpp"
#include "runtime/natives/backtracker_tree.hpp"

namespace offstage {

class regexp_parser {
public:
  regexp_parser(std::u16string_view pattern, const regexp_flags& flags)
      : in_(pattern), flags_(flags), rule_(case_rule_of(flags)) {}

  regexp_tree run();

private:
  using node_ptr = std::unique_ptr<regexp_node>;

  enum class look_kind : std::uint8_t { ahead, not_ahead, behind, not_behind };

  // One member of a class: a character, or a set.
  struct member {
    std::optional<char32_t> point;
    code_set set;
  };

  bool ok() const { return tree_.error.empty(); }
  void fail(const char* why) {
    if (ok())
      tree_.error = why;
  }
  bool at_end() const { return at_ >= in_.size(); }
  char16_t peek(std::size_t ahead = 0) const {
    return at_ + ahead < in_.size() ? in_[at_ + ahead] : u'\0';
  }
  bool take(std::u16string_view text) {
    const auto found = in_.substr(at_).starts_with(text);
    at_ += found ? text.size() : 0;
    return found;
  }

  void scan_groups();
  std::u16string group_name();
  node_ptr disjunction();
  node_ptr term();
  node_ptr atom(bool& quantifiable);
  node_ptr group(bool& quantifiable);
  node_ptr look(look_kind kind, bool& quantifiable);
  node_ptr quantified(node_ptr body, std::uint32_t first_group, bool quantifiable);
  bool quantifier(std::uint32_t& min, std::uint32_t& max);
  bool braces(std::uint32_t& min, std::uint32_t& max);
  node_ptr atom_escape();
  node_ptr decimal_escape();
  node_ptr named_reference();
  node_ptr character_class();
  member class_member();
  std::optional<code_set> class_escape();
  std::optional<code_set> property();
  char32_t character_escape(bool in_class);
  char32_t control_escape(bool in_class);
  std::optional<char32_t> hex(std::size_t digits);
  std::optional<char32_t> unicode_escape();
  char32_t legacy_octal();
  char32_t source_point();
  static node_ptr character(char32_t point);
  node_ptr set_node(code_set set, bool inverted);

  std::u16string_view in_;
  regexp_flags flags_;
  case_rule rule_;
  std::size_t at_ = 0;
  std::uint32_t depth_ = 0;
  std::uint32_t opened_groups_ = 0;
  regexp_tree tree_;
};

} // namespace offstage
