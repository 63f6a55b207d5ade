// SPDX-License-Identifier: MIT
// Mutates programs for the compiler: whatever goes in is refused with a SyntaxError or comes out as
// something that the engine compiles, in time. usage: lowering_fuzz SECONDS SEED CORPUS_FILE...
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "test/support/compile_check.hpp"

namespace {

using offstage::lowering_goal;
using offstage::test::compile_checker;
using clock_type = std::chrono::steady_clock;

constexpr std::size_t text_bytes_max = 4000;
constexpr int edits_max = 8;
// Far beyond what any text of this size takes.
constexpr std::chrono::seconds check_time_max{5};

constexpr std::string_view spices[] = {"`",
                                       "${",
                                       "}",
                                       "(",
                                       ")",
                                       "/",
                                       "'",
                                       "\\",
                                       "=>",
                                       "async ",
                                       "await ",
                                       "yield ",
                                       "yield* ",
                                       "...",
                                       "class ",
                                       "#a",
                                       "?.",
                                       "{",
                                       "=",
                                       "\n",
                                       "\xe2\x80\xa8",
                                       "<!--",
                                       "-->",
                                       "super",
                                       "super.x",
                                       "*",
                                       "let ",
                                       "const ",
                                       "var ",
                                       "\\u{",
                                       "\\u0061",
                                       "0x",
                                       "[",
                                       "]",
                                       ",",
                                       ";",
                                       "of ",
                                       "in ",
                                       "static ",
                                       "get ",
                                       "set ",
                                       "new.target",
                                       "import(",
                                       "import.meta",
                                       "export ",
                                       "1n",
                                       "0b1n",
                                       "1_0",
                                       "**",
                                       "**=",
                                       "?\?=",
                                       "||=",
                                       "&&",
                                       "?\?",
                                       "delete ",
                                       "typeof ",
                                       "for(",
                                       "for await(",
                                       "switch(a){case ",
                                       "default:",
                                       "try{",
                                       "}catch{",
                                       "}finally{",
                                       "throw ",
                                       "return ",
                                       "break ",
                                       "continue ",
                                       "a:",
                                       "label:",
                                       "with(a)",
                                       "debugger;",
                                       "'use strict';",
                                       "eval(",
                                       "arguments",
                                       "this",
                                       "new ",
                                       "function*",
                                       "function ",
                                       "async function",
                                       "=>{",
                                       "({",
                                       "})",
                                       "[...",
                                       "=[",
                                       "={",
                                       "/a/u",
                                       "/(?<n>a)/",
                                       "extends ",
                                       "constructor(",
                                       "static{",
                                       "#x in ",
                                       "get a(){",
                                       "async*",
                                       "if(a)",
                                       "else ",
                                       "do ",
                                       "while(a)",
                                       "enum",
                                       "implements",
                                       "null",
                                       "undefined",
                                       "\xf0\x9f\x98\x80",
                                       "\xff"};

std::string read(const char* file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

class mutator {
public:
  mutator(std::vector<std::string> corpus, unsigned seed)
      : corpus_(std::move(corpus)), random_(seed) {}

  std::string next() {
    auto text = piece(text_bytes_max);
    for (auto edits = below(edits_max); edits > 0 && !text.empty(); --edits)
      edit(text);
    return text;
  }

private:
  std::size_t below(std::size_t limit) { return limit == 0 ? 0 : random_() % limit; }

  std::string piece(std::size_t bytes_max) {
    const auto& source = corpus_[below(corpus_.size())];
    // Mostly whole lines: what starts in the middle of a token is refused soon.
    auto begin = below(source.size());
    if (below(4) != 0)
      begin = source.rfind('\n', begin) == std::string::npos ? 0 : source.rfind('\n', begin) + 1;
    auto size = 1 + below(std::min(bytes_max, source.size() - begin));
    if (below(4) != 0)
      size = std::min(source.find('\n', begin + size), source.size()) - begin;
    return source.substr(begin, size);
  }

  void edit(std::string& text) {
    const auto place = below(text.size());
    switch (below(8)) {
    case 0:
      text[place] = static_cast<char>(random_() % 256);
      break;
    case 1:
      text.erase(place, 1 + below(12));
      break;
    case 2:
      text.insert(place, piece(200));
      break;
    case 3: {
      const auto part = text.substr(place, 1 + below(40));
      for (auto times = below(30); times > 0; --times)
        text.insert(place, part);
      break;
    }
    case 4:
      std::swap(text[place], text[below(text.size())]);
      break;
    default:
      text.insert(place, spices[below(std::size(spices))]);
    }
  }

  std::vector<std::string> corpus_;
  std::mt19937 random_;
};

struct tally {
  std::size_t texts = 0;
  std::size_t accepted = 0;
  std::size_t findings = 0;
};

// What the engine says of the pattern of a regular expression, which the compiler does not read.
bool is_about_pattern(std::string_view complaint) {
  constexpr std::string_view known[] = {"quantifier ",
                                        "invalid regexp ",
                                        "unexpected end of pattern",
                                        "unexpected closing parenthesis",
                                        "invalid backreference",
                                        "unexpected token in regexp",
                                        "invalid range",
                                        "regexp compiler ",
                                        "Invalid regular expression"};
  return std::ranges::any_of(known, [&](auto start) { return complaint.starts_with(start); });
}

// Whether new.target stands in a function is known only where eval is called.
bool is_refused_late(lowering_goal goal, std::string_view complaint) {
  constexpr std::string_view name = "SyntaxError: ";
  if (!complaint.starts_with(name))
    return false;
  complaint.remove_prefix(name.size());
  return is_about_pattern(complaint)
         || (goal == lowering_goal::eval && complaint.starts_with("invalid new.target"));
}

void try_text(compile_checker& checker, const std::string& text, tally& count) {
  for (const auto goal : {lowering_goal::script, lowering_goal::module, lowering_goal::eval}) {
    const auto started = clock_type::now();
    const auto outcome = checker.check(text, goal);
    const auto late = clock_type::now() - started > check_time_max;
    count.accepted += outcome.accepted ? 1 : 0;
    if ((!outcome.accepted || outcome.compiled || is_refused_late(goal, outcome.complaint))
        && !late)
      continue;
    ++count.findings;
    std::printf("finding (goal %d): %s\n-- begin\n%s\n-- end\n", static_cast<int>(goal),
                late ? "took too long" : outcome.complaint.c_str(), text.c_str());
  }
  ++count.texts;
}

} // namespace

int main(int count, char** arguments) {
  if (count < 4) {
    std::fprintf(stderr, "usage: lowering_fuzz SECONDS SEED CORPUS_FILE...\n");
    return 2;
  }
  const auto end = clock_type::now() + std::chrono::seconds{std::atoi(arguments[1])};
  std::vector<std::string> corpus;
  for (int i = 3; i < count; ++i)
    corpus.push_back(read(arguments[i]));
  std::erase_if(corpus, [](const std::string& text) { return text.empty(); });
  if (corpus.empty())
    return 2;
  mutator texts{std::move(corpus), static_cast<unsigned>(std::atoi(arguments[2]))};
  compile_checker checker;
  tally so_far;
  while (clock_type::now() < end)
    try_text(checker, texts.next(), so_far);
  std::printf("%zu texts, %zu of %zu compilations accepted, %zu findings\n", so_far.texts,
              so_far.accepted, so_far.texts * 3, so_far.findings);
  return so_far.findings == 0 && so_far.accepted > 0 ? 0 : 1;
}
