// SPDX-License-Identifier: MIT
// Tokens of a source text, one at a time. Whether a slash begins a regular expression and where a
// template goes on only the parser knows: it asks for those by name.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "runtime/lowering/arena.hpp"
#include "runtime/lowering/ast.hpp"

namespace offstage::lowering {

// Thrown inside the compiler only; lower_script turns it into a lowering_error.
struct syntax_error {
  std::string message;
  std::uint32_t line = 1;
  std::uint32_t offset = 0;
};

enum class token_kind : std::uint8_t {
  end,
  name,
  private_name,
  punctuator,
  number,
  bigint,
  string,
  template_start,
  regex,
};

struct token {
  token_kind kind = token_kind::end;
  bool newline_before = false;
  bool escaped = false;      // a name written with an escape: never a keyword
  bool legacy_octal = false; // 017, 089, "\07": not in strict code
  std::uint32_t line = 1;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::string_view text; // names: decoded; numbers: as the engine takes them; strings: with quotes
};

class lexer {
public:
  enum class html_comments : std::uint8_t { recognized, syntax_errors };

  lexer(std::string_view source, arena& memory, html_comments html);

  token next();
  // The regular expression that begins at `slash`, a token "/" or "/=" just read.
  regex_literal* read_regex(const token& slash);
  // The characters from here to the next "${" or "`"; `last` says which it was.
  template_piece read_template_piece(bool& last);

  struct position {
    std::size_t offset;
    std::uint32_t line;
  };
  position save() const { return {offset_, line_}; }
  void restore(position p) {
    offset_ = p.offset;
    line_ = p.line;
  }

  // Whether some name was written with an escape and so cannot be found by searching the source.
  bool saw_escaped_name() const { return saw_escaped_name_; }

private:
  [[noreturn]] void fail(std::string message) const;
  char at(std::size_t i) const { return i < source_.size() ? source_[i] : '\0'; }
  bool starts_with(std::string_view text) const {
    return source_.substr(offset_, text.size()) == text;
  }

  bool skip_space(); // true: a line end was passed
  bool skip_one_space(bool& newline);
  bool skip_wide_space(bool& newline);
  void skip_line();
  void skip_block_comment(bool& newline);
  bool at_line_end() const;

  void read_name(token& out);
  std::string decode_name();
  char32_t read_name_escape();
  void read_punctuator(token& out);

  void read_number(token& out);
  void read_radix_number(token& out);
  void read_digits(bool (*accept)(char));
  void read_fraction_and_exponent();
  void finish_number(token& out, std::size_t begin);
  void read_legacy_number(token& out);
  void read_string(token& out);
  void read_string_escape(token& out);
  void check_escape_digits(bool& valid);
  void skip_template_escape(template_piece& piece);

  std::string_view source_;
  arena& memory_;
  html_comments html_;
  std::size_t offset_ = 0;
  std::uint32_t line_ = 1;
  bool line_is_empty_ = true; // nothing but space and comments on this line yet
  bool saw_escaped_name_ = false;
};

} // namespace offstage::lowering
