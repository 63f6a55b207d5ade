// SPDX-License-Identifier: MIT
// From the tree of a regular expression to the code of the backtracking matcher. Inside of a
// lookbehind everything runs backwards: sequences from their end, captures from theirs.
#include <duktape.h>

#include "runtime/engine_limits.hpp"
#include "runtime/natives/backtracker.hpp"

namespace offstage {

namespace {

using op = backtracker_code::op;

class generator {
public:
  generator(backtracker_code& out, bool exact) : out_(out), exact_(exact) {}

  bool run(const regexp_node& root) {
    put(op::save, 0);
    node(root);
    put(op::save, 1);
    put(op::match);
    return !too_deep_ && out_.code.size() <= regexp_code_max;
  }

private:
  std::uint32_t here() const { return static_cast<std::uint32_t>(out_.code.size()); }

  std::uint32_t put(op what, std::uint32_t a = 0, std::uint32_t b = 0) {
    out_.code.push_back({what, backward_, a, b});
    return here() - 1;
  }

  std::uint32_t add_set(const code_set& set) {
    out_.sets.push_back(set);
    return static_cast<std::uint32_t>(out_.sets.size() - 1);
  }

  void node(const regexp_node& n) {
    too_deep_ = too_deep_ || offstage_native_stack_check() != 0;
    if (too_deep_ || here() > regexp_code_max)
      return;
    switch (n.kind) {
    case regexp_node_kind::character:
      put(op::character, canonical(n.point, out_.rule));
      break;
    case regexp_node_kind::set:
      put(op::set, add_set(n.set), n.inverted ? 1 : 0);
      break;
    case regexp_node_kind::sequence:
      for (std::size_t i = 0; i < n.children.size(); ++i)
        node(*n.children[backward_ ? n.children.size() - 1 - i : i]);
      break;
    case regexp_node_kind::alternatives:
      alternatives(n);
      break;
    case regexp_node_kind::group:
      if (n.index != 0)
        put(op::save, n.index * 2 + (backward_ ? 1 : 0));
      node(*n.children[0]);
      if (n.index != 0)
        put(op::save, n.index * 2 + (backward_ ? 0 : 1));
      break;
    case regexp_node_kind::repeat:
      repeat(n);
      break;
    case regexp_node_kind::start:
      put(op::start);
      break;
    case regexp_node_kind::end:
      put(op::end);
      break;
    case regexp_node_kind::word_boundary:
      put(op::word_boundary, 0, n.inverted ? 1 : 0);
      break;
    case regexp_node_kind::look:
      look(n);
      break;
    case regexp_node_kind::back_reference:
      put(op::reference, n.index);
      break;
    }
  }

  void alternatives(const regexp_node& n) {
    std::vector<std::uint32_t> jumps;
    for (std::size_t i = 0; i < n.children.size(); ++i) {
      const auto last = i + 1 == n.children.size();
      const auto split = last ? 0 : put(op::split, here() + 1);
      node(*n.children[i]);
      if (last)
        break;
      jumps.push_back(put(op::jump));
      out_.code[split].b = here();
    }
    for (const auto jump : jumps)
      out_.code[jump].a = here();
  }

  void look(const regexp_node& n) {
    const auto outer = backward_;
    const auto begin = put(op::look, 0, n.inverted ? 1 : 0);
    backward_ = n.behind;
    node(*n.children[0]);
    put(op::match);
    backward_ = outer;
    out_.code[begin].a = here();
  }

  void repeat(const regexp_node& n) {
    const auto& body = *n.children[0];
    if (n.max == 0)
      return;
    if (n.greedy && !backward_ && single(body))
      return run(n, body);
    const auto counter = out_.slot_count;
    out_.slot_count += 2;
    put(op::clear, counter);
    const auto loop = put(op::loop, counter);
    put(op::match, n.min, n.max);
    const auto exits = put(op::match, 0, n.greedy ? 1 : 0);
    if (n.first_group < n.end_group)
      put(op::reset, n.first_group * 2, n.end_group * 2);
    put(op::mark, counter + 1);
    node(body);
    put(op::next_round, counter, loop);
    out_.code[exits].a = here();
  }

  // One character each time: the matcher needs one entry for the whole run.
  bool single(const regexp_node& body) const {
    return body.kind == regexp_node_kind::set
           || (body.kind == regexp_node_kind::character && exact_);
  }

  void run(const regexp_node& n, const regexp_node& body) {
    auto set = body.set;
    if (body.kind == regexp_node_kind::character) {
      set.add(body.point, body.point);
      set.finish();
    }
    put(op::run_set, add_set(set), body.inverted ? 1 : 0);
    put(op::match, n.min, n.max);
  }

  bool too_deep_ = false; ///< The native stack ran low.
  backtracker_code& out_;
  bool exact_;
  bool backward_ = false;
};

} // namespace

std::unique_ptr<backtracker_code> generate_backtracker(const regexp_tree& tree,
                                                       const regexp_flags& flags) {
  auto made = std::make_unique<backtracker_code>();
  made->group_count = tree.group_count;
  made->slot_count = tree.group_count * 2 + 2;
  made->rule = case_rule_of(flags);
  made->words = code_set::words(made->rule);
  made->words.finish();
  made->multiline = flags.multiline;
  made->unicode = flags.unicode;
  if (!generator{*made, made->rule == case_rule::exact}.run(*tree.root))
    return nullptr;
  return made;
}

} // namespace offstage
