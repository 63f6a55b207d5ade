// SPDX-License-Identifier: MIT
#include <algorithm>

#include "runtime/lowering/parser.hpp"

namespace offstage::lowering {
namespace {

bool key_is(const class_member& m, std::string_view name) {
  if (m.computed || !m.key)
    return false;
  if (m.key->kind == node_kind::identifier)
    return as<identifier>(*m.key).name == name;
  if (m.key->kind != node_kind::string)
    return false;
  const std::string_view text = as<literal>(*m.key).text;
  return text.substr(1, text.size() - 2) == name;
}

bool is_accessor(const class_member& m) {
  return m.type == member_kind::getter || m.type == member_kind::setter;
}

} // namespace

node* parser::class_(bool is_declaration) {
  const level deeper(*this);
  auto* out = make<class_node>(node_kind::class_, current_);
  out->is_declaration = is_declaration;
  const setting<bool> strict(context_.strict, true);
  advance();
  if (current_.kind == token_kind::name && !at_word("extends"))
    out->name = binding_identifier();
  else if (is_declaration)
    fail_unexpected();
  if (eat_word("extends")) {
    arrow_allowed_at_.reset();
    const setting<std::optional<token>> no_cover(pending_cover_, std::nullopt);
    out->heritage = left_hand_side();
    check_no_pending_cover();
  }
  class_body(*out);
  return out;
}

void parser::class_body(class_node& c) {
  expect("{");
  private_environments_.emplace_back();
  const setting<bool> in_again(in_allowed_, true);
  std::vector<class_member*> members;
  while (!at("}")) {
    if (eat(";"))
      continue;
    members.push_back(class_element(c));
  }
  c.end = current_.end;
  close_private_environment(c);
  advance();
  c.members = memory_.copy(members);
}

class_member* parser::class_element(class_node& c) {
  auto* out = make<class_member>(node_kind::empty, current_);
  if (at_word("static")) {
    const token after = peek();
    const bool is_key =
        after.kind == token_kind::punctuator
        && (after.text == "(" || after.text == "=" || after.text == ";" || after.text == "}");
    if (!is_key) {
      advance();
      out->is_static = true;
      out->begin = current_.begin; // `static` is no part of the method's text
      out->line = current_.line;
      if (at("{")) {
        static_block(*out);
        return out;
      }
    }
  }
  const modifiers mods = read_modifiers();
  out->key = property_key(out->computed);
  if (at("("))
    method_element(c, *out, mods);
  else if (mods.accessor != property_kind::value || mods.is_async || mods.is_generator)
    fail_unexpected();
  else
    field_element(*out);
  check_element_name(c, *out);
  if (is(out->key, node_kind::private_name))
    declare_private(*out);
  return out;
}

void parser::method_element(class_node& c, class_member& m, const modifiers& mods) {
  const bool plain = mods.accessor == property_kind::value && !mods.is_async && !mods.is_generator;
  function_role role = function_role::method;
  m.type = member_kind::method;
  if (!m.is_static && key_is(m, "constructor")) {
    if (!plain)
      fail_at(m, "a constructor cannot be a getter, setter, generator or async");
    if (c.constructor)
      fail_at(m, "a class has only one constructor");
    m.type = member_kind::constructor;
    role = c.heritage ? function_role::derived_constructor : function_role::constructor;
  } else if (mods.accessor == property_kind::getter) {
    m.type = member_kind::getter;
    role = function_role::getter;
  } else if (mods.accessor == property_kind::setter) {
    m.type = member_kind::setter;
    role = function_role::setter;
  }
  function_node* f = method(role, mods, m.begin);
  m.value = f;
  if (m.type == member_kind::constructor)
    c.constructor = f;
}

void parser::field_element(class_member& m) {
  m.type = member_kind::field;
  if (eat("=")) {
    context inner;
    inner.strict = true;
    inner.super_property = true;
    inner.new_target = true;
    inner.arguments_allowed = false;
    const setting<context> inside(context_, std::move(inner));
    m.value = whole_assignment();
  }
  m.end = previous_end_;
  expect_semicolon();
}

void parser::static_block(class_member& m) {
  m.type = member_kind::static_block;
  context inner;
  inner.strict = true;
  inner.super_property = true;
  inner.new_target = true;
  inner.arguments_allowed = false;
  inner.static_block = true;
  const setting<context> inside(context_, std::move(inner));
  const setting<std::optional<token>> no_cover(pending_cover_, std::nullopt);
  m.block = block();
}

void parser::check_element_name(const class_node& c, const class_member& m) const {
  (void)c;
  if (m.type == member_kind::field
      && (key_is(m, "constructor") || (m.is_static && key_is(m, "prototype"))))
    fail_at(m, "invalid class field name");
  if (m.is_static && m.type != member_kind::field && key_is(m, "prototype"))
    fail_at(m, "a static method cannot be named prototype");
  if (is(m.key, node_kind::private_name) && as<literal>(*m.key).text == "constructor")
    fail_at(m, "invalid private name");
}

void parser::declare_private(class_member& m) {
  const std::string_view name = as<literal>(*m.key).text;
  for (const auto& [other_name, other] : private_environments_.back().declared) {
    if (other_name != name)
      continue;
    const bool accessor_pair = is_accessor(m) && is_accessor(*other) && m.type != other->type
                               && m.is_static == other->is_static;
    if (!accessor_pair)
      fail_at(m, "duplicate private name #" + std::string(name));
  }
  private_environments_.back().declared.emplace_back(name, &m);
}

// Names that this class does not declare may belong to a class around it.
void parser::close_private_environment(const class_node&) {
  private_environment closed = std::move(private_environments_.back());
  private_environments_.pop_back();
  for (const auto& use : closed.used) {
    const bool found =
        std::any_of(closed.declared.begin(), closed.declared.end(),
                    [&](const auto& declared) { return declared.first == use.first; });
    if (found)
      continue;
    if (private_environments_.empty())
      fail_at(use.second, "undeclared private name #" + std::string(use.first));
    private_environments_.back().used.push_back(use);
  }
}

literal* parser::private_name_reference() {
  auto* out = make<literal>(node_kind::private_name, current_);
  out->text = current_.text;
  if (private_environments_.empty())
    fail("undeclared private name #" + std::string(current_.text));
  private_environments_.back().used.emplace_back(current_.text, current_);
  advance();
  return out;
}

} // namespace offstage::lowering
