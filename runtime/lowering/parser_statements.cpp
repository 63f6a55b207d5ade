// SPDX-License-Identifier: MIT
#include <algorithm>

#include "runtime/lowering/parser.hpp"

namespace offstage::lowering {
namespace {

bool is_use_strict(const token& t) {
  return t.kind == token_kind::string && t.text.size() == 12
         && t.text.substr(1, 10) == "use strict";
}

} // namespace

// The string statements at the head of a script or function body.
void parser::read_directives(std::vector<node*>& out, bool& found_strict) {
  while (current_.kind == token_kind::string) {
    const token string = current_;
    node* item = statement();
    out.push_back(item);
    if (!is(item, node_kind::expression_statement))
      return;
    auto& directive = as<expression_statement>(*item);
    if (directive.expression->kind != node_kind::string || directive.expression->parenthesized)
      return;
    directive.directive = true;
    if (is_use_strict(string)) {
      found_strict = context_.strict = true;
      check_strict_token(current_);
    }
  }
}

node* parser::statement_list_item() {
  if (node* declaration = declaration_or_null())
    return declaration;
  return statement();
}

node* parser::declaration_or_null() {
  if (current_.kind != token_kind::name || current_.escaped)
    return nullptr;
  const level deeper(*this);
  if (at_word("function"))
    return function_(function_role::declaration);
  if (at_word("class"))
    return class_(true);
  if (at_word("const") || at_let_declaration())
    return variables(semicolon::required);
  if (at_word("async")) {
    const token after = peek();
    if (after.kind == token_kind::name && after.text == "function" && !after.newline_before
        && !after.escaped)
      return function_(function_role::declaration);
  }
  if (at_module_declaration())
    return at_word("import") ? import_declaration_() : export_declaration_();
  return nullptr;
}

bool parser::at_let_declaration() {
  if (!at_word("let"))
    return false;
  const token after = peek();
  if (after.kind == token_kind::name)
    return after.escaped || (after.text != "in" && after.text != "instanceof");
  return after.kind == token_kind::punctuator && (after.text == "[" || after.text == "{");
}

node* parser::statement() {
  const level deeper(*this);
  if (at("{"))
    return block();
  if (at(";")) {
    node* out = make<node>(node_kind::empty, current_);
    advance();
    return out;
  }
  if (current_.kind == token_kind::name && !current_.escaped)
    if (node* out = keyword_statement())
      return out;
  if (current_.kind == token_kind::name && peek().text == ":")
    return labelled();
  return expression_statement_();
}

node* parser::keyword_statement() {
  struct rule {
    std::string_view word;
    node* (*parse)(parser&);
  };
  static constexpr rule rules[] = {
      {"if", [](parser& p) { return p.if_(); }},
      {"return", [](parser& p) { return p.return_(); }},
      {"var", [](parser& p) -> node* { return p.variables(semicolon::required); }},
      {"for", [](parser& p) { return p.for_(); }},
      {"while", [](parser& p) { return p.while_(); }},
      {"do", [](parser& p) { return p.do_while(); }},
      {"break", [](parser& p) { return p.jump(node_kind::break_); }},
      {"continue", [](parser& p) { return p.jump(node_kind::continue_); }},
      {"throw", [](parser& p) { return p.throw_(); }},
      {"try", [](parser& p) { return p.try_(); }},
      {"switch", [](parser& p) { return p.switch_(); }},
      {"with", [](parser& p) { return p.with(); }},
      {"debugger", [](parser& p) { return p.debugger(); }},
  };
  for (const rule& r : rules)
    if (current_.text == r.word)
      return r.parse(*this);
  return nullptr;
}

// The statement under an if, loop or label: no declaration may stand there.
node* parser::sub_statement(std::string_view owner) {
  const bool lexical =
      at_word("class") || at_word("const") || (at_word("let") && peek().text == "[");
  if (lexical || (context_.strict && at_let_declaration()))
    fail("a declaration cannot be the body of " + std::string(owner));
  if (!at_word("function"))
    return statement();
  // Sloppy code may say `if (x) function f() {}`: it means a block around it.
  if (context_.strict || (owner != "if" && owner != "a label") || peek().text == "*")
    fail("a function declaration cannot be the body of " + std::string(owner));
  if (owner == "a label")
    return function_(function_role::declaration);
  auto* out = make<block_statement>(node_kind::block, current_);
  out->statements = memory_.copy(std::vector<node*>{function_(function_role::declaration)});
  return out;
}

block_statement* parser::block() {
  auto* out = make<block_statement>(node_kind::block, current_);
  expect("{");
  const setting<bool> nested(at_top_level_, false);
  std::vector<node*> statements;
  while (!at("}")) {
    if (current_.kind == token_kind::end)
      fail_unexpected();
    statements.push_back(statement_list_item());
  }
  out->end = current_.end;
  advance();
  out->statements = memory_.copy(statements);
  return out;
}

variable_declaration* parser::variables(semicolon end) {
  auto* out = make<variable_declaration>(node_kind::variable_declaration, current_);
  out->type = at_word("var")   ? declaration_kind::var
              : at_word("let") ? declaration_kind::let
                               : declaration_kind::const_;
  advance();
  std::vector<declarator> declarators;
  do {
    declarator d;
    if (out->type != declaration_kind::var && at_word("let"))
      fail("let is not allowed as a lexically bound name");
    d.target = binding_target();
    if (eat("="))
      d.initializer = whole_assignment();
    d.end = previous_end_;
    const bool head_of_iteration = end == semicolon::none && (at_word("of") || at_word("in"));
    const bool needs_value =
        out->type == declaration_kind::const_ || d.target->kind != node_kind::identifier;
    if (!d.initializer && needs_value && !head_of_iteration)
      fail("missing initializer in declaration");
    declarators.push_back(d);
  } while (eat(","));
  out->declarators = memory_.copy(declarators);
  if (end == semicolon::required)
    expect_semicolon();
  return out;
}

node* parser::parenthesized_test() {
  expect("(");
  node* out = whole_expression();
  expect(")");
  return out;
}

// Else-if chains may be long: they do not count as nesting.
node* parser::if_() {
  node* head = nullptr;
  node** place = &head;
  do {
    auto* out = make<if_statement>(node_kind::if_, current_);
    *place = out;
    place = &out->alternate;
    advance();
    out->test = parenthesized_test();
    out->consequent = sub_statement("if");
    if (!eat_word("else"))
      return head;
  } while (at_word("if"));
  *place = sub_statement("if");
  return head;
}

node* parser::loop_body() {
  ++context_.loops;
  node* out = sub_statement("a loop");
  --context_.loops;
  return out;
}

node* parser::while_() {
  auto* out = make<loop_statement>(node_kind::while_, current_);
  advance();
  out->test = parenthesized_test();
  out->body = loop_body();
  return out;
}

node* parser::do_while() {
  auto* out = make<loop_statement>(node_kind::do_while, current_);
  advance();
  out->body = loop_body();
  expect_word("while");
  out->test = parenthesized_test();
  eat(";");
  return out;
}

node* parser::return_() {
  auto* out = make<unary>(node_kind::return_, current_);
  if (!context_.in_function)
    fail("return outside of a function");
  advance();
  if (!at_statement_end())
    out->operand = whole_expression();
  expect_semicolon();
  return out;
}

node* parser::throw_() {
  auto* out = make<unary>(node_kind::throw_, current_);
  advance();
  if (current_.newline_before)
    fail("newline after throw");
  out->operand = whole_expression();
  expect_semicolon();
  return out;
}

node* parser::jump(node_kind kind) {
  auto* out = make<jump_statement>(kind, current_);
  const bool is_continue = kind == node_kind::continue_;
  advance();
  if (current_.kind == token_kind::name && !current_.newline_before) {
    out->label = current_.text;
    const auto found = std::find_if(context_.labels.rbegin(), context_.labels.rend(),
                                    [&](const auto& label) { return label.first == out->label; });
    if (found == context_.labels.rend() || (is_continue && !found->second))
      fail("undefined label " + std::string(out->label));
    advance();
  } else if (context_.loops == 0 && (is_continue || context_.switches == 0)) {
    fail_at(*out, is_continue ? "continue outside of a loop" : "break outside of a loop or switch");
  }
  expect_semicolon();
  return out;
}

node* parser::try_() {
  auto* out = make<try_statement>(node_kind::try_, current_);
  advance();
  out->body = block();
  if (eat_word("catch")) {
    if (eat("(")) {
      out->parameter = binding_target();
      expect(")");
    }
    out->handler = block();
  }
  if (eat_word("finally"))
    out->finalizer = block();
  if (!out->handler && !out->finalizer)
    fail("try without catch or finally");
  return out;
}

node* parser::switch_() {
  auto* out = make<switch_statement>(node_kind::switch_, current_);
  advance();
  out->subject = parenthesized_test();
  expect("{");
  const setting<bool> nested(at_top_level_, false);
  ++context_.switches;
  std::vector<switch_case> cases;
  bool has_default = false;
  while (!at("}")) {
    switch_case item;
    item.begin = current_.begin;
    if (eat_word("default")) {
      if (std::exchange(has_default, true))
        fail("more than one default in switch");
    } else {
      expect_word("case");
      item.test = whole_expression();
    }
    expect(":");
    std::vector<node*> statements;
    while (!at_word("case") && !at_word("default") && !at("}"))
      statements.push_back(statement_list_item());
    item.statements = memory_.copy(statements);
    cases.push_back(item);
  }
  --context_.switches;
  advance();
  out->cases = memory_.copy(cases);
  return out;
}

node* parser::with() {
  auto* out = make<with_statement>(node_kind::with, current_);
  if (context_.strict)
    fail("with is not allowed in strict mode");
  advance();
  out->object = parenthesized_test();
  out->body = sub_statement("with");
  return out;
}

node* parser::debugger() {
  node* out = make<node>(node_kind::empty, current_);
  advance();
  expect_semicolon();
  return out;
}

node* parser::labelled() {
  auto* out = make<labelled_statement>(node_kind::labelled, current_);
  check_identifier(current_);
  out->label = current_.text;
  advance();
  expect(":");
  for (const auto& label : context_.labels)
    if (label.first == out->label)
      fail_at(*out, "label " + std::string(out->label) + " is already in use");
  // A label before a label belongs to the same loop.
  token inner = current_;
  const lexer::position saved = lexer_.save();
  while (inner.kind == token_kind::name && peek().text == ":") {
    lexer_.next();
    inner = lexer_.next();
  }
  lexer_.restore(saved);
  const bool loop = inner.kind == token_kind::name
                    && (inner.text == "for" || inner.text == "while" || inner.text == "do");
  context_.labels.emplace_back(out->label, loop);
  out->body = sub_statement("a label");
  context_.labels.pop_back();
  return out;
}

node* parser::expression_statement_() {
  auto* out = make<expression_statement>(node_kind::expression_statement, current_);
  if (at_word("function") || at_word("class"))
    fail_unexpected();
  out->expression = whole_expression();
  expect_semicolon();
  return out;
}

} // namespace offstage::lowering
