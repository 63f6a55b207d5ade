// SPDX-License-Identifier: MIT
// Member access, calls, new, super, import(): everything that hangs on a primary expression from
// the right.
#include "runtime/lowering/parser.hpp"

namespace offstage::lowering {

node* parser::left_hand_side() {
  const token start = current_;
  const bool arrow_here = arrow_allowed_at_ == start.begin;
  const bool maybe_async = at_word("async");
  node* head = at_word("new") ? new_() : primary();
  if (head->kind == node_kind::function && as<function_node>(*head).is_arrow()
      && !head->parenthesized)
    return head;
  const bool async_name = maybe_async && is(head, node_kind::identifier) && !head->parenthesized
                          && at("(") && !current_.newline_before;
  if (!async_name)
    return chain_tail(head, true);
  // `async (a, b)` is a call until an arrow follows.
  auto* out = make<call>(node_kind::call, start);
  out->callee = head;
  out->arguments = arguments();
  if (arrow_here && at("=>") && !current_.newline_before)
    return arrow(start, {out->arguments.begin(), out->arguments.end()}, true);
  return chain_tail(out, true);
}

node* parser::chain_tail(node* head, bool calls) {
  bool is_chain = false;
  std::uint32_t links = 0;
  const token start = [&] {
    token t;
    t.line = head->line;
    t.begin = head->begin;
    return t;
  }();
  for (;; ++links) {
    if (links > lowering_limits::chain_links_max)
      fail("the program is nested too deeply");
    if (at("?.")) {
      if (!calls)
        fail("an optional chain cannot be constructed");
      advance();
      is_chain = true;
      head = chain_link(head, start, true);
    } else if (at(".") || at("[") || (at("(") && calls)) {
      head = chain_link(head, start, false);
    } else if (current_.kind == token_kind::template_start) {
      if (is_chain)
        fail("a template cannot be tagged by an optional chain");
      auto* out = make<tagged_template>(node_kind::tagged_template, start);
      out->tag = head;
      out->quasi = template_(true);
      head = out;
    } else {
      break;
    }
  }
  if (!is_chain)
    return head;
  auto* out = make<unary>(node_kind::optional_chain, start);
  out->operand = head;
  return out;
}

// One `.name`, `[key]` or `(arguments)`; behind `?.` the dot is already gone.
node* parser::chain_link(node* object, const token& start, bool optional) {
  if (at("(")) {
    auto* out = make<call>(node_kind::call, start);
    out->optional = optional;
    out->callee = object;
    out->line = current_.line;
    out->arguments = arguments();
    return out;
  }
  auto* out = make<member>(node_kind::member, start);
  out->object = object;
  out->optional = optional;
  if (at("[")) {
    advance();
    const setting<bool> in_again(in_allowed_, true);
    out->computed = true;
    out->property = whole_expression();
    expect("]");
    return out;
  }
  if (!optional)
    advance();
  out->property = member_property();
  if (is(object, node_kind::super_expression) && is(out->property, node_kind::private_name))
    fail("a private name cannot be read from super");
  return out;
}

node* parser::member_property() {
  if (current_.kind == token_kind::private_name)
    return private_name_reference();
  if (current_.kind != token_kind::name)
    fail_unexpected();
  auto* out = make<identifier>(node_kind::identifier, current_);
  out->name = current_.text;
  advance();
  return out;
}

node_list parser::arguments() {
  expect("(");
  const setting<bool> in_again(in_allowed_, true);
  std::vector<node*> items;
  while (!at(")")) {
    if (at("...")) {
      auto* spread = make<unary>(node_kind::spread, current_);
      advance();
      spread->operand = assignment();
      items.push_back(spread);
    } else {
      items.push_back(assignment());
    }
    if (!eat(","))
      break;
  }
  expect(")");
  return memory_.copy(items);
}

node* parser::new_() {
  const level deeper(*this);
  const token start = current_;
  advance();
  if (eat(".")) {
    if (!at_word("target") || !context_.new_target)
      fail("new.target is not allowed here");
    advance();
    return make<node>(node_kind::new_target, start);
  }
  auto* out = make<call>(node_kind::new_expression, start);
  if (at_word("import"))
    fail("import() cannot be constructed");
  arrow_allowed_at_.reset();
  node* callee = at_word("new") ? new_() : primary();
  out->callee = chain_tail(callee, false);
  if (at("("))
    out->arguments = arguments();
  return out;
}

node* parser::super_() {
  node* out = make<node>(node_kind::super_expression, current_);
  advance();
  if (at("(") ? !context_.super_call : !context_.super_property || !(at(".") || at("[")))
    fail_at(*out, "super is not allowed here");
  return out;
}

node* parser::import_call_or_meta() {
  const token start = current_;
  advance();
  if (eat(".")) {
    if (!at_word("meta") || options_.goal != lowering_goal::module)
      fail("import.meta is only allowed in modules");
    advance();
    return make<node>(node_kind::import_meta, start);
  }
  if (!at("("))
    fail_at(start, "import and export are only allowed at the top level of modules");
  auto* out = make<call>(node_kind::import_call, start);
  out->arguments = arguments();
  if (out->arguments.empty() || out->arguments.size() > 2
      || is(out->arguments[0], node_kind::spread))
    fail_at(start, "import() takes a specifier");
  return out;
}

} // namespace offstage::lowering
