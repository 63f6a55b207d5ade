// SPDX-License-Identifier: MIT
#include "runtime/lowering/parser.hpp"

namespace offstage::lowering {

node* parser::for_() {
  const token start = current_;
  advance();
  bool is_await = false;
  if (at_word("await") && context_.is_async) {
    is_await = true;
    has_top_level_await_ = has_top_level_await_ || !context_.in_function;
    advance();
  }
  expect("(");
  const bool async_head = at_word("async") && peek().text == "of";
  node* initializer = at(";") ? nullptr : for_initializer();
  if (initializer && at_word("of")) {
    if (async_head && !is_await && is(initializer, node_kind::identifier))
      fail("a for-of loop cannot begin with async");
    return for_iteration(start, initializer, is_await);
  }
  if (initializer && at_word("in") && !is_await)
    return for_iteration(start, initializer, false);
  if (is_await)
    fail("for await needs of");
  check_no_pending_cover();
  return for_classic(start, initializer);
}

node* parser::for_initializer() {
  const setting<bool> no_in(in_allowed_, false);
  if (at_word("var") || at_word("const") || at_let_declaration())
    return variables(semicolon::none);
  return expression();
}

node* parser::for_iteration(const token& start, node* initializer, bool is_await) {
  const bool is_of = at_word("of");
  auto* out = make<iteration_statement>(is_of ? node_kind::for_of : node_kind::for_in, start);
  out->is_await = is_await;
  advance();
  if (initializer->kind == node_kind::variable_declaration) {
    check_iteration_target(initializer, is_of);
  } else {
    initializer = to_pattern(initializer, target_role::assignment);
    pending_cover_.reset();
  }
  out->target = initializer;
  out->subject = is_of ? whole_assignment() : whole_expression();
  expect(")");
  out->body = loop_body();
  return out;
}

void parser::check_iteration_target(node* initializer, bool is_of) {
  const auto& declaration = as<variable_declaration>(*initializer);
  if (declaration.declarators.size() != 1)
    fail("only one variable may be declared here");
  const declarator& only = declaration.declarators[0];
  // Old scripts say `for (var i = 0 in o)`; the value is never seen.
  const bool tolerated = !is_of && !context_.strict && declaration.type == declaration_kind::var
                         && only.target->kind == node_kind::identifier;
  if (only.initializer && !tolerated)
    fail("a loop variable may not have an initializer");
}

node* parser::for_classic(const token& start, node* initializer) {
  auto* out = make<loop_statement>(node_kind::for_, start);
  out->initializer = initializer;
  expect(";");
  if (!at(";"))
    out->test = expression();
  expect(";");
  if (!at(")"))
    out->update = whole_expression();
  expect(")");
  out->body = loop_body();
  return out;
}

} // namespace offstage::lowering
