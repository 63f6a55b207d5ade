// SPDX-License-Identifier: MIT
#include <algorithm>

#include "runtime/lowering/parser.hpp"

namespace offstage::lowering {

// At `function` or `async function`.
node* parser::function_(function_role role) {
  auto* out = make<function_node>(node_kind::function, current_);
  out->role = role;
  out->text_begin = out->begin;
  out->is_async = eat_word("async");
  expect_word("function");
  out->is_generator = eat("*");
  const bool is_declaration = role == function_role::declaration;
  if (current_.kind == token_kind::name) {
    // A declaration's name belongs to the outside, an expression's to the function itself.
    const bool is_async = is_declaration ? context_.is_async : out->is_async;
    const bool is_generator = is_declaration ? context_.is_generator : out->is_generator;
    const setting<bool> async_setting(context_.is_async, bool{is_async});
    const setting<bool> generator_setting(context_.is_generator, bool{is_generator});
    out->name = binding_identifier();
  } else if (is_declaration) {
    fail_unexpected();
  }
  parameter_list(*out);
  function_body(*out);
  return out;
}

function_node* parser::method(function_role role, const modifiers& mods, std::uint32_t begin) {
  auto* out = make<function_node>(node_kind::function, current_);
  out->text_begin = begin;
  out->role = role;
  out->is_async = mods.is_async;
  out->is_generator = mods.is_generator;
  if (!at("("))
    fail_unexpected();
  parameter_list(*out);
  const std::size_t count = out->parameters.size();
  if (role == function_role::getter && count != 0)
    fail_at(*out, "a getter takes no parameter");
  if (role == function_role::setter && (count != 1 || is(out->parameters[0], node_kind::rest)))
    fail_at(*out, "a setter takes one parameter");
  function_body(*out);
  return out;
}

parser::context parser::inner_context(const function_node& f) const {
  context inner;
  inner.strict = context_.strict;
  inner.in_function = true;
  inner.is_async = f.is_async;
  inner.is_generator = f.is_generator;
  inner.new_target = true;
  if (f.is_arrow()) {
    inner.super_property = context_.super_property;
    inner.super_call = context_.super_call;
    inner.new_target = context_.new_target;
    inner.arguments_allowed = context_.arguments_allowed;
  } else if (f.role != function_role::declaration && f.role != function_role::expression) {
    inner.super_property = true;
    inner.super_call = f.role == function_role::derived_constructor;
  }
  return inner;
}

void parser::parameter_list(function_node& f) {
  context inner = inner_context(f);
  inner.in_parameters = true;
  const setting<context> inside(context_, std::move(inner));
  const setting<bool> in_again(in_allowed_, true);
  expect("(");
  std::vector<node*> items;
  while (!at(")")) {
    if (at("...")) {
      auto* rest = make<unary>(node_kind::rest, current_);
      advance();
      rest->operand = binding_target();
      items.push_back(rest);
      break;
    }
    items.push_back(binding_element());
    if (!eat(","))
      break;
  }
  expect(")");
  f.parameters = memory_.copy(items);
}

function_node* parser::arrow(const token& start, std::vector<node*> parameters, bool is_async) {
  auto* out = make<function_node>(node_kind::function, start);
  out->role = function_role::arrow;
  out->text_begin = start.begin;
  out->is_async = is_async;
  for (node*& item : parameters)
    if (item->kind != node_kind::rest)
      item = to_element_pattern(item, target_role::binding);
  pending_cover_.reset();
  for (std::size_t i = 0; i + 1 < parameters.size(); ++i)
    if (parameters[i]->kind == node_kind::rest)
      fail_at(*parameters[i], "a rest parameter must be the last one");
  out->parameters = memory_.copy(parameters);
  if (!at("=>") || current_.newline_before)
    fail_unexpected();
  context inner = inner_context(*out);
  if (!is_async && context_.is_async && !context_.in_function)
    inner.is_async = false;
  advance();
  if (at("{")) {
    function_body(*out);
    return out;
  }
  {
    const setting<context> inside(context_, std::move(inner));
    out->expression = assignment();
    out->strict = context_.strict;
  }
  out->end = previous_end_;
  check_parameters(*out);
  return out;
}

void parser::function_body(function_node& f) {
  f.simple_parameters = std::all_of(f.parameters.begin(), f.parameters.end(),
                                    [](const node* p) { return p->kind == node_kind::identifier; });
  {
    const setting<context> inside(context_, inner_context(f));
    const setting<bool> in_again(in_allowed_, true);
    const setting<bool> nested(at_top_level_, false);
    const setting<std::optional<token>> no_cover(pending_cover_, std::nullopt);
    f.body = make<block_statement>(node_kind::block, current_);
    if (!at("{"))
      fail_unexpected();
    const token open = current_;
    advance();
    std::vector<node*> statements;
    read_directives(statements, f.own_directive);
    if (f.own_directive && !f.simple_parameters)
      fail_at(open, "\"use strict\" needs simple parameters");
    while (!at("}")) {
      if (current_.kind == token_kind::end)
        fail_unexpected();
      statements.push_back(statement_list_item());
    }
    f.body->statements = memory_.copy(statements);
    f.body->end = f.end = current_.end;
    f.strict = context_.strict;
  }
  check_parameters(f);
  advance();
}

void parser::check_parameters(const function_node& f) const {
  const bool unique =
      f.strict || f.is_arrow() || !f.simple_parameters
      || (f.role != function_role::declaration && f.role != function_role::expression);
  std::vector<const identifier*> names;
  for (const node* p : f.parameters)
    collect_names(p, names);
  std::vector<std::string_view> seen;
  for (const identifier* name : names) {
    if (f.strict && (name->name == "eval" || name->name == "arguments"))
      fail_at(*name, std::string(name->name) + " cannot be bound in strict mode");
    seen.push_back(name->name);
  }
  if (f.strict && f.name && (f.name->name == "eval" || f.name->name == "arguments"))
    fail_at(*f.name, std::string(f.name->name) + " cannot be bound in strict mode");
  std::sort(seen.begin(), seen.end());
  const auto twice = std::adjacent_find(seen.begin(), seen.end());
  if (unique && twice != seen.end())
    fail_at(f, "duplicate parameter " + std::string(*twice));
}

} // namespace offstage::lowering
