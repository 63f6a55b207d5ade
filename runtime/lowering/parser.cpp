// SPDX-License-Identifier: MIT
#include "runtime/lowering/parser.hpp"

namespace offstage::lowering {

parser::parser(std::string_view source, arena& memory, const lowering_options& options)
    : lexer_(source, memory,
             options.goal == lowering_goal::module ? lexer::html_comments::syntax_errors
                                                   : lexer::html_comments::recognized),
      memory_(memory),
      options_(options) {
  const bool module = options.goal == lowering_goal::module;
  context_.strict = module || options.strict;
  context_.is_async = module;
  if (options.goal == lowering_goal::eval) {
    // Direct eval may stand in a method: what it may say is checked where it runs.
    context_.new_target = true;
    context_.super_property = true;
  }
}

program parser::parse_program() {
  advance();
  program out;
  out.body = make<block_statement>(node_kind::block, current_);
  std::vector<node*> statements;
  bool found_strict = false;
  read_directives(statements, found_strict);
  while (current_.kind != token_kind::end)
    statements.push_back(statement_list_item());
  out.body->statements = memory_.copy(statements);
  out.strict = context_.strict;
  out.has_top_level_await = has_top_level_await_;
  out.saw_escaped_name = lexer_.saw_escaped_name();
  return out;
}

void parser::fail_at(const token& where, const std::string& message) const {
  throw syntax_error{message, where.line, where.begin};
}

void parser::fail_at(const node& where, const std::string& message) const {
  throw syntax_error{message, where.line, where.begin};
}

void parser::fail_unexpected() const {
  if (current_.kind == token_kind::end)
    fail("unexpected end of input");
  if (current_.kind == token_kind::template_start)
    fail("unexpected template");
  fail("unexpected " + std::string(current_.text.substr(0, 40)));
}

void parser::advance() {
  previous_end_ = current_.end;
  current_ = lexer_.next();
  if (context_.strict && current_.legacy_octal)
    check_strict_token(current_);
}

void parser::check_strict_token(const token& t) const {
  if (t.legacy_octal)
    fail_at(t, "octal literals and escapes are not allowed in strict mode");
}

token parser::peek() {
  const lexer::position saved = lexer_.save();
  const token out = lexer_.next();
  lexer_.restore(saved);
  return out;
}

bool parser::eat(std::string_view punctuator) {
  if (!at(punctuator))
    return false;
  advance();
  return true;
}

bool parser::eat_word(std::string_view word) {
  if (!at_word(word))
    return false;
  advance();
  return true;
}

void parser::expect(std::string_view punctuator) {
  if (!eat(punctuator))
    fail_unexpected();
}

void parser::expect_word(std::string_view word) {
  if (!eat_word(word))
    fail_unexpected();
}

bool parser::at_statement_end() const {
  return at(";") || at("}") || current_.kind == token_kind::end || current_.newline_before;
}

void parser::expect_semicolon() {
  if (eat(";"))
    return;
  if (!at_statement_end())
    fail_unexpected();
}

void parser::check_no_pending_cover() {
  if (pending_cover_)
    fail_at(*pending_cover_, "invalid shorthand property initializer or duplicate __proto__");
}

} // namespace offstage::lowering
