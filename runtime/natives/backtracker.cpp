// SPDX-License-Identifier: MIT
#include "runtime/natives/backtracker.hpp"

#include <algorithm>

#include "runtime/engine_limits.hpp"

namespace offstage {

namespace {

using op = backtracker_code::op;

constexpr std::size_t unset = SIZE_MAX;
constexpr std::uint32_t choice_entry = UINT32_MAX;
constexpr std::uint32_t run_entry = UINT32_MAX - 1;
constexpr std::uint32_t run_limit_entry = UINT32_MAX - 2;

bool is_lead(char16_t c) {
  return c >= 0xD800 && c <= 0xDBFF;
}
bool is_trail(char16_t c) {
  return c >= 0xDC00 && c <= 0xDFFF;
}
bool is_line_end(char16_t c) {
  return c == u'\n' || c == u'\r' || c == 0x2028 || c == 0x2029;
}

class matcher {
public:
  matcher(const backtracker_code& program, std::u16string_view text)
      : program_(program), text_(text), slots_(program.slot_count, unset) {}

  backtracker_result run(std::size_t from, bool sticky) {
    if (program_.unicode && from > 0 && from < text_.size() && is_trail(text_[from])
        && is_lead(text_[from - 1]))
      --from;
    for (auto at = from; at <= text_.size(); ++at) {
      std::fill(slots_.begin(), slots_.end(), unset);
      if (match(0, at))
        return backtracker_result::matched;
      if (exhausted_)
        return backtracker_result::too_long;
      if (sticky)
        break;
      if (program_.unicode && at + 1 < text_.size() && is_lead(text_[at])
          && is_trail(text_[at + 1]))
        ++at;
    }
    return backtracker_result::none;
  }

  std::size_t slot(std::size_t i) const { return slots_[i]; }

private:
  // Either a choice (slot says which kind, pc where to go on, value the position), or what a slot
  // was before.
  struct entry {
    std::uint32_t slot;
    std::uint32_t pc;
    std::size_t value;
  };

  void push(std::uint32_t slot, std::uint32_t pc, std::size_t value) {
    if (stack_.size() >= regexp_stack_entries_max)
      exhausted_ = true;
    else
      stack_.push_back({slot, pc, value});
  }

  void set_slot(std::uint32_t slot, std::size_t value) {
    push(slot, 0, slots_[slot]);
    slots_[slot] = value;
  }

  // The character ahead in this direction; moves `at` over it. False at the end.
  bool read(std::size_t& at, bool backward, char32_t& c) const {
    if (backward) {
      if (at == 0)
        return false;
      c = text_[--at];
      if (program_.unicode && is_trail(text_[at]) && at > 0 && is_lead(text_[at - 1]))
        c = 0x10000u + ((text_[--at] - 0xD800u) << 10) + (c - 0xDC00u);
      return true;
    }
    if (at >= text_.size())
      return false;
    c = text_[at++];
    if (program_.unicode && is_lead(text_[at - 1]) && at < text_.size() && is_trail(text_[at]))
      c = 0x10000u + ((c - 0xD800u) << 10) + (text_[at++] - 0xDC00u);
    return true;
  }

  bool in_set(const backtracker_code::instruction& i, char32_t c) const {
    return program_.sets[i.a].contains(c) != (i.b != 0);
  }

  bool is_word(std::size_t at) const {
    return at < text_.size() && program_.words.contains(text_[at]);
  }

  // Back to the last choice above `base`; false without one.
  bool backtrack(std::size_t base, std::uint32_t& pc, std::size_t& at) {
    while (stack_.size() > base) {
      auto& top = stack_.back();
      if (top.slot == run_entry)
        return shorten_run(pc, at);
      const auto last = top;
      stack_.pop_back();
      if (last.slot == choice_entry) {
        pc = last.pc;
        at = last.value;
        return true;
      }
      if (last.slot != run_limit_entry)
        slots_[last.slot] = last.value;
    }
    return false;
  }

  // The run below takes one character less.
  bool shorten_run(std::uint32_t& pc, std::size_t& at) {
    auto& run = stack_.back();
    const auto shortest = stack_[stack_.size() - 2].value;
    char32_t unused = 0;
    read(run.value, true, unused);
    pc = run.pc;
    at = run.value;
    if (run.value <= shortest)
      stack_.resize(stack_.size() - 2);
    return true;
  }

  bool run_set(std::uint32_t& pc, std::size_t& at) {
    const auto& instruction = program_.code[pc];
    const auto& limits = program_.code[pc + 1];
    std::uint32_t count = 0;
    std::size_t shortest = at;
    char32_t c = 0;
    for (auto next = at; count < limits.b && read(next, false, c) && in_set(instruction, c);
         at = next)
      if (++count <= limits.a)
        shortest = next;
    steps_ += count / 8;
    pc += 2;
    if (count < limits.a)
      return false;
    if (at > shortest) {
      push(run_limit_entry, 0, shortest);
      push(run_entry, pc, at);
    }
    return true;
  }

  bool reference(const backtracker_code::instruction& i, std::size_t& at) const {
    const auto first = slots_[i.a * 2];
    const auto last = slots_[i.a * 2 + 1];
    if (first == unset || last == unset)
      return true;
    auto captured = i.backward ? last : first;
    auto here = at;
    while (captured != (i.backward ? first : last)) {
      char32_t wanted = 0;
      char32_t found = 0;
      read(captured, i.backward, wanted);
      if (!read(here, i.backward, found)
          || canonical(wanted, program_.rule) != canonical(found, program_.rule))
        return false;
    }
    at = here;
    return true;
  }

  bool loop(std::uint32_t& pc, std::size_t at) {
    const auto count = slots_[program_.code[pc].a];
    const auto& limits = program_.code[pc + 1];
    const auto& exits = program_.code[pc + 2];
    const auto body = pc + 3;
    if (count < limits.a) {
      pc = body;
    } else if (limits.b != regexp_node::unbounded && count >= limits.b) {
      pc = exits.a;
    } else {
      push(choice_entry, exits.b != 0 ? exits.a : body, at);
      pc = exits.b != 0 ? body : exits.a;
    }
    return true;
  }

  bool next_round(const backtracker_code::instruction& i, std::uint32_t& pc, std::size_t at) {
    const auto count = slots_[i.a];
    if (count >= program_.code[i.b + 1].a && slots_[i.a + 1] == at)
      return false;
    set_slot(i.a, count + 1);
    pc = i.b;
    return true;
  }

  // A body of its own; what it captured stays, and how it could match otherwise is forgotten.
  bool look(std::uint32_t& pc, std::size_t at) {
    const auto& i = program_.code[pc];
    const auto base = stack_.size();
    const auto found = match(pc + 1, at);
    if (exhausted_)
      return false;
    if (found && i.b == 0) {
      stack_.erase(std::remove_if(stack_.begin() + static_cast<std::ptrdiff_t>(base), stack_.end(),
                                  [](const entry& e) { return e.slot >= run_limit_entry; }),
                   stack_.end());
    } else {
      undo(base);
    }
    pc = i.a;
    return found == (i.b == 0);
  }

  void undo(std::size_t base) {
    while (stack_.size() > base) {
      const auto last = stack_.back();
      stack_.pop_back();
      if (last.slot < run_limit_entry)
        slots_[last.slot] = last.value;
    }
  }

  bool step(std::uint32_t& pc, std::size_t& at) {
    const auto& i = program_.code[pc];
    char32_t c = 0;
    switch (i.what) {
    case op::character:
      ++pc;
      return read(at, i.backward, c) && (c == i.a || canonical(c, program_.rule) == i.a);
    case op::set:
      ++pc;
      return read(at, i.backward, c) && in_set(i, c);
    case op::run_set:
      return run_set(pc, at);
    case op::split:
      push(choice_entry, i.b, at);
      pc = i.a;
      return true;
    case op::jump:
      pc = i.a;
      return true;
    case op::save:
      set_slot(i.a, at);
      break;
    case op::reset:
      for (auto slot = i.a; slot < i.b; ++slot)
        if (slots_[slot] != unset)
          set_slot(slot, unset);
      break;
    case op::start:
      ++pc;
      return at == 0 || (program_.multiline && is_line_end(text_[at - 1]));
    case op::end:
      ++pc;
      return at == text_.size() || (program_.multiline && is_line_end(text_[at]));
    case op::word_boundary:
      ++pc;
      return ((at > 0 && is_word(at - 1)) != is_word(at)) != (i.b != 0);
    case op::look:
      return look(pc, at);
    case op::reference:
      ++pc;
      return reference(i, at);
    case op::clear:
      set_slot(i.a, 0);
      break;
    case op::loop:
      return loop(pc, at);
    case op::mark:
      set_slot(i.a, at);
      break;
    case op::next_round:
      return next_round(i, pc, at);
    case op::match:
      break;
    }
    ++pc;
    return true;
  }

  bool match(std::uint32_t pc, std::size_t at) {
    const auto base = stack_.size();
    for (;;) {
      if (++steps_ > regexp_match_steps_max)
        exhausted_ = true;
      if (exhausted_)
        return false;
      if (program_.code[pc].what == op::match)
        return true;
      if (!step(pc, at) && (exhausted_ || !backtrack(base, pc, at)))
        return false;
    }
  }

  const backtracker_code& program_;
  std::u16string_view text_;
  std::vector<std::size_t> slots_;
  std::vector<entry> stack_;
  std::uint64_t steps_ = 0;
  bool exhausted_ = false;
};

} // namespace

backtracker_result run_backtracker(const backtracker_code& program, std::u16string_view text,
                                   std::size_t from, bool sticky, std::size_t* spans) {
  matcher run{program, text};
  const auto result = run.run(from, sticky);
  if (result == backtracker_result::matched)
    for (std::size_t i = 0; i < program.group_count * 2 + 2; ++i)
      spans[i] = run.slot(i);
  // A group may have begun again without coming to its end.
  for (std::size_t i = 0; result == backtracker_result::matched && i <= program.group_count; ++i)
    if (spans[i * 2] == unset || spans[i * 2 + 1] == unset)
      spans[i * 2] = spans[i * 2 + 1] = unset;
  return result;
}

} // namespace offstage
