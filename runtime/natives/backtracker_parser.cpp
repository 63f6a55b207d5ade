// SPDX-License-Identifier: MIT
#include "runtime/natives/backtracker_parser.hpp"

#include <algorithm>

#include <duktape.h>

#include <unicode/uchar.h>

namespace offstage {

namespace {

bool is_digit(char16_t c) {
  return c >= u'0' && c <= u'9';
}

bool is_name_start(char32_t c) {
  return c == U'$' || c == U'_' || u_hasBinaryProperty(static_cast<UChar32>(c), UCHAR_ID_START);
}

bool is_name_part(char32_t c) {
  return c == U'$' || c == 0x200C || c == 0x200D
         || u_hasBinaryProperty(static_cast<UChar32>(c), UCHAR_ID_CONTINUE);
}

// Whether the node may match without taking a character.
bool may_be_empty(const regexp_node& node) {
  const auto child_is = [](const auto& child) { return may_be_empty(*child); };
  switch (node.kind) {
  case regexp_node_kind::character:
  case regexp_node_kind::set:
    return false;
  case regexp_node_kind::sequence:
    return std::all_of(node.children.begin(), node.children.end(), child_is);
  case regexp_node_kind::alternatives:
    return std::any_of(node.children.begin(), node.children.end(), child_is);
  case regexp_node_kind::group:
    return may_be_empty(*node.children[0]);
  case regexp_node_kind::repeat:
    return node.min == 0 || may_be_empty(*node.children[0]);
  default:
    return true;
  }
}

// Whether every way through the node passes all captures in it.
bool always_captures(const regexp_node& node) {
  if (node.kind == regexp_node_kind::alternatives || node.kind == regexp_node_kind::look)
    return false;
  if (node.kind == regexp_node_kind::repeat && node.min == 0 && node.first_group < node.end_group)
    return false;
  return std::all_of(node.children.begin(), node.children.end(),
                     [](const auto& child) { return always_captures(*child); });
}

} // namespace

regexp_tree parse_regexp(std::u16string_view pattern, const regexp_flags& flags) {
  return regexp_parser{pattern, flags}.run();
}

regexp_tree regexp_parser::run() {
  if (in_.size() > regexp_pattern_units_max)
    fail("pattern is too long");
  scan_groups();
  if (ok())
    tree_.root = disjunction();
  if (ok() && !at_end())
    fail("Unmatched ')'");
  if (!ok())
    tree_.root.reset();
  return std::move(tree_);
}

// Back references may point forward, so groups are counted and named before anything is parsed.
void regexp_parser::scan_groups() {
  bool in_class = false;
  for (at_ = 0; at_ < in_.size() && ok(); ++at_) {
    const auto c = peek();
    if (c == u'\\') {
      ++at_;
    } else if (c == u'[') {
      in_class = true;
    } else if (c == u']') {
      in_class = false;
    } else if (c == u'(' && !in_class) {
      const auto named = peek(1) == u'?' && peek(2) == u'<' && peek(3) != u'=' && peek(3) != u'!';
      if (peek(1) == u'?' && !named)
        continue;
      if (++tree_.group_count > regexp_groups_max)
        return fail("too many groups");
      if (!named)
        continue;
      at_ += 3;
      auto name = group_name();
      if (std::any_of(tree_.names.begin(), tree_.names.end(),
                      [&](const auto& known) { return known.first == name; }))
        fail("Duplicate capture group name");
      tree_.names.emplace_back(std::move(name), tree_.group_count);
      --at_;
    }
  }
  at_ = 0;
}

// Reads up to and over '>'.
std::u16string regexp_parser::group_name() {
  std::u16string name;
  while (ok() && !at_end() && peek() != u'>') {
    std::optional<char32_t> point;
    if (take(u"\\")) {
      if (take(u"u")) {
        const auto was_unicode = flags_.unicode;
        flags_.unicode = true;
        point = unicode_escape();
        flags_.unicode = was_unicode;
      }
    } else {
      const auto was_unicode = flags_.unicode;
      flags_.unicode = true;
      point = source_point();
      flags_.unicode = was_unicode;
    }
    const auto valid = point && (name.empty() ? is_name_start(*point) : is_name_part(*point));
    if (!valid)
      fail("Invalid capture group name");
    else if (*point > 0xFFFF)
      name += {static_cast<char16_t>(0xD7C0 + (*point >> 10)),
               static_cast<char16_t>(0xDC00 | (*point & 0x3FF))};
    else
      name += static_cast<char16_t>(*point);
  }
  if (name.empty() || !take(u">"))
    fail("Invalid capture group name");
  return name;
}

regexp_parser::node_ptr regexp_parser::character(char32_t point) {
  auto node = std::make_unique<regexp_node>(regexp_node_kind::character);
  node->point = point;
  return node;
}

regexp_parser::node_ptr regexp_parser::disjunction() {
  auto all = std::make_unique<regexp_node>(regexp_node_kind::alternatives);
  auto one = std::make_unique<regexp_node>(regexp_node_kind::sequence);
  if (++depth_ > regexp_nesting_max || offstage_native_stack_check() != 0)
    fail("pattern is nested too deeply");
  while (ok() && !at_end() && peek() != u')') {
    if (take(u"|")) {
      all->children.push_back(std::move(one));
      one = std::make_unique<regexp_node>(regexp_node_kind::sequence);
    } else if (auto next = term()) {
      one->children.push_back(std::move(next));
    }
  }
  --depth_;
  if (all->children.empty())
    return one;
  all->children.push_back(std::move(one));
  return all;
}

regexp_parser::node_ptr regexp_parser::term() {
  bool quantifiable = true;
  const auto first_group = opened_groups_ + 1;
  auto node = atom(quantifiable);
  return ok() ? quantified(std::move(node), first_group, quantifiable) : nullptr;
}

regexp_parser::node_ptr regexp_parser::atom(bool& quantifiable) {
  switch (const auto c = peek()) {
  case u'^':
  case u'$':
    ++at_;
    quantifiable = false;
    return std::make_unique<regexp_node>(c == u'^' ? regexp_node_kind::start
                                                   : regexp_node_kind::end);
  case u'(':
    ++at_;
    return group(quantifiable);
  case u'.': {
    ++at_;
    code_set ends;
    if (!flags_.dot_all) {
      ends.add(u'\n', u'\n');
      ends.add(u'\r', u'\r');
      ends.add(0x2028, 0x2029);
    }
    return set_node(std::move(ends), true);
  }
  case u'[':
    ++at_;
    return character_class();
  case u'\\':
    ++at_;
    if (peek() == u'b' || peek() == u'B') {
      quantifiable = false;
      auto node = std::make_unique<regexp_node>(regexp_node_kind::word_boundary);
      node->inverted = in_[at_++] == u'B';
      tree_.needs_backtracker |= rule_ == case_rule::fold;
      return node;
    }
    return atom_escape();
  case u'*':
  case u'+':
  case u'?':
    fail("Nothing to repeat");
    return nullptr;
  case u'{':
  case u'}':
  case u']': {
    std::uint32_t unused = 0;
    if (flags_.unicode)
      fail("Lone quantifier brackets");
    else if (c == u'{' && braces(unused, unused))
      fail("Nothing to repeat");
    ++at_;
    return character(c);
  }
  default:
    return character(source_point());
  }
}

regexp_parser::node_ptr regexp_parser::group(bool& quantifiable) {
  if (take(u"?="))
    return look(look_kind::ahead, quantifiable);
  if (take(u"?!"))
    return look(look_kind::not_ahead, quantifiable);
  if (take(u"?<="))
    return look(look_kind::behind, quantifiable);
  if (take(u"?<!"))
    return look(look_kind::not_behind, quantifiable);
  auto node = std::make_unique<regexp_node>(regexp_node_kind::group);
  if (take(u"?<"))
    group_name();
  else if (peek() == u'?' && !take(u"?:"))
    fail("Invalid group");
  else if (in_[at_ - 1] == u':' && in_[at_ - 2] == u'?')
    node->index = UINT32_MAX;
  node->index = node->index == UINT32_MAX ? 0 : ++opened_groups_;
  if (ok())
    node->children.push_back(disjunction());
  if (ok() && !take(u")"))
    fail("Unterminated group");
  return node;
}

regexp_parser::node_ptr regexp_parser::look(look_kind kind, bool& quantifiable) {
  const auto behind = kind == look_kind::behind || kind == look_kind::not_behind;
  // Only lookahead, and only in the legacy grammar.
  quantifiable = !behind && !flags_.unicode;
  auto node = std::make_unique<regexp_node>(regexp_node_kind::look);
  node->behind = behind;
  node->inverted = kind == look_kind::not_ahead || kind == look_kind::not_behind;
  tree_.needs_backtracker |= behind;
  node->children.push_back(disjunction());
  if (ok() && !take(u")"))
    fail("Unterminated group");
  return node;
}

regexp_parser::node_ptr regexp_parser::quantified(node_ptr body, std::uint32_t first_group,
                                                  bool quantifiable) {
  std::uint32_t min = 0;
  std::uint32_t max = 0;
  if (!quantifier(min, max))
    return body;
  if (!quantifiable)
    fail("Nothing to repeat");
  if (max < min)
    fail("numbers out of order in {} quantifier");
  auto node = std::make_unique<regexp_node>(regexp_node_kind::repeat);
  node->min = min;
  node->max = max;
  node->greedy = !take(u"?");
  node->first_group = first_group;
  node->end_group = opened_groups_ + 1;
  const auto captures = node->first_group < node->end_group;
  tree_.needs_backtracker |=
      max > 1 && (may_be_empty(*body) || (captures && !always_captures(*body)));
  node->children.push_back(std::move(body));
  return node;
}

bool regexp_parser::quantifier(std::uint32_t& min, std::uint32_t& max) {
  max = regexp_node::unbounded;
  if (take(u"*"))
    return true;
  if (take(u"+")) {
    min = 1;
    return true;
  }
  if (take(u"?")) {
    max = 1;
    return true;
  }
  return peek() == u'{' && braces(min, max);
}

// {n}, {n,} or {n,m}; otherwise nothing is taken.
bool regexp_parser::braces(std::uint32_t& min, std::uint32_t& max) {
  const auto start = at_++;
  const auto number = [&](std::uint32_t& value) {
    std::uint64_t read = 0;
    const auto first = at_;
    for (; is_digit(peek()); ++at_)
      read = std::min<std::uint64_t>(read * 10 + (peek() - u'0'), regexp_node::unbounded);
    value = static_cast<std::uint32_t>(read);
    return at_ > first;
  };
  auto valid = number(min);
  if (valid && take(u",")) {
    if (!number(max))
      max = regexp_node::unbounded;
  } else {
    max = min;
  }
  valid = valid && take(u"}");
  if (!valid) {
    at_ = start;
    if (flags_.unicode)
      fail("Incomplete quantifier");
  }
  return valid;
}

} // namespace offstage
