// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>

#include "runtime/lowering/parser.hpp"

namespace offstage::lowering {
namespace {

constexpr std::array<std::string_view, 37> reserved_words{
    "break",  "case",     "catch",  "class",  "const",  "continue",   "debugger", "default",
    "delete", "do",       "else",   "enum",   "export", "extends",    "false",    "finally",
    "for",    "function", "if",     "import", "in",     "instanceof", "new",      "null",
    "return", "super",    "switch", "this",   "throw",  "true",       "try",      "typeof",
    "var",    "void",     "while",  "with",   ""};

constexpr std::array<std::string_view, 9> strict_reserved_words{
    "implements", "interface", "let",    "package", "private",
    "protected",  "public",    "static", "yield"};

bool contains(const auto& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

} // namespace

node* parser::primary() {
  switch (current_.kind) {
  case token_kind::name:
    return primary_name();
  case token_kind::number:
  case token_kind::bigint:
  case token_kind::string: {
    const node_kind kind = current_.kind == token_kind::number   ? node_kind::number
                           : current_.kind == token_kind::bigint ? node_kind::bigint
                                                                 : node_kind::string;
    auto* out = make<literal>(kind, current_);
    out->text = current_.text;
    advance();
    return out;
  }
  case token_kind::template_start:
    return template_(false);
  default:
    break;
  }
  if (at("("))
    return parenthesized_or_arrow();
  if (at("["))
    return array_literal();
  if (at("{"))
    return object_literal();
  if (at("/") || at("/=")) {
    node* out = lexer_.read_regex(current_);
    advance();
    return out;
  }
  fail_unexpected();
}

node* parser::primary_name() {
  if (current_.escaped)
    return identifier_reference();
  const std::string_view word = current_.text;
  if (word == "function")
    return function_(function_role::expression);
  if (word == "class")
    return class_(false);
  if (word == "super")
    return super_();
  if (word == "import")
    return import_call_or_meta();
  if (word == "new")
    return new_();
  if (word == "this") {
    node* out = make<node>(node_kind::this_expression, current_);
    advance();
    return out;
  }
  if (word == "null" || word == "true" || word == "false") {
    auto* out = make<literal>(node_kind::keyword_literal, current_);
    out->text = word;
    advance();
    return out;
  }
  const token start = current_;
  const bool arrow_here = arrow_allowed_at_ == start.begin;
  if (word == "async") {
    const token after = peek();
    if (after.kind == token_kind::name && !after.newline_before && !after.escaped) {
      if (after.text == "function")
        return function_(function_role::expression);
      if (arrow_here && after.text != "in" && after.text != "instanceof" && after.text != "of") {
        advance();
        node* parameter = binding_identifier();
        if (!at("=>"))
          fail_unexpected();
        return arrow(start, {parameter}, true);
      }
    }
  }
  identifier* out = identifier_reference();
  if (arrow_here && at("=>") && !current_.newline_before)
    return arrow(start, {out}, false);
  return out;
}

node* parser::parenthesized_or_arrow() {
  const token start = current_;
  const bool arrow_here = arrow_allowed_at_ == start.begin;
  advance();
  std::vector<node*> items;
  bool only_parameters = at(")");
  {
    const setting<bool> in_again(in_allowed_, true);
    while (!at(")")) {
      if (at("...")) {
        auto* out = make<unary>(node_kind::rest, current_);
        advance();
        out->operand = binding_target();
        items.push_back(out);
        only_parameters = true;
        break;
      }
      items.push_back(assignment());
      if (!eat(","))
        break;
      only_parameters = at(")");
    }
  }
  expect(")");
  if (arrow_here && at("=>") && !current_.newline_before)
    return arrow(start, std::move(items), false);
  if (only_parameters)
    fail_unexpected();
  node* out = items[0];
  if (items.size() > 1) {
    auto* list = make<sequence>(node_kind::sequence, *items[0]);
    list->expressions = memory_.copy(items);
    out = list;
  }
  // `({a = 1})` stays an error until an arrow follows, and then `({a = 1}) = x` still is one.
  out->parenthesized = true;
  return out;
}

node* parser::array_literal() {
  auto* out = make<array_node>(node_kind::array_literal, current_);
  advance();
  const setting<bool> in_again(in_allowed_, true);
  std::vector<node*> items;
  while (!at("]")) {
    if (eat(",")) {
      items.push_back(nullptr);
      continue;
    }
    if (at("...")) {
      auto* item = make<unary>(node_kind::spread, current_);
      advance();
      item->operand = assignment();
      item->end = at(",") ? 1 : 0; // a comma behind a rest element is an error in patterns
      items.push_back(item);
    } else {
      items.push_back(assignment());
    }
    if (!at("]"))
      expect(",");
  }
  advance();
  out->elements = memory_.copy(items);
  return out;
}

template_literal* parser::template_(bool tagged) {
  auto* out = make<template_literal>(node_kind::template_literal, current_);
  const setting<bool> in_again(in_allowed_, true);
  std::vector<template_piece> pieces;
  std::vector<node*> expressions;
  for (;;) {
    bool last = false;
    pieces.push_back(lexer_.read_template_piece(last));
    if (!tagged && !pieces.back().cooked)
      fail("invalid escape in template");
    advance();
    if (last)
      break;
    expressions.push_back(whole_expression());
    if (!at("}"))
      fail_unexpected();
  }
  out->pieces = memory_.copy(pieces);
  out->expressions = memory_.copy(expressions);
  return out;
}

identifier* parser::identifier_reference() {
  if (current_.kind != token_kind::name)
    fail_unexpected();
  check_identifier(current_);
  auto* out = make<identifier>(node_kind::identifier, current_);
  out->name = current_.text;
  if (out->name == "arguments" && !context_.arguments_allowed)
    fail("arguments is not allowed in class fields and static blocks");
  advance();
  return out;
}

identifier* parser::binding_identifier() {
  if (context_.strict && (current_.text == "eval" || current_.text == "arguments"))
    fail(std::string(current_.text) + " cannot be bound in strict mode");
  return identifier_reference();
}

void parser::check_identifier(const token& name) const {
  const std::string_view word = name.text;
  const bool strict_word = context_.strict && contains(strict_reserved_words, word);
  const bool generator_word = context_.is_generator && word == "yield";
  const bool async_word = (context_.is_async || context_.static_block) && word == "await";
  if (name.kind != token_kind::name || strict_word || generator_word || async_word
      || contains(reserved_words, word))
    fail_at(name, "unexpected " + std::string(word));
}

} // namespace offstage::lowering
