// SPDX-License-Identifier: MIT
// Patterns: parsed as expressions, then turned into what they mean.
#include "runtime/lowering/parser.hpp"

namespace offstage::lowering {

// A name or destructuring pattern that declares variables.
node* parser::binding_target() {
  const level deeper(*this);
  if (!at("[") && !at("{"))
    return binding_identifier();
  const std::optional<token> outer_cover = std::exchange(pending_cover_, std::nullopt);
  node* out = to_pattern(primary(), target_role::binding);
  pending_cover_ = outer_cover;
  return out;
}

// A binding target with an optional default value.
node* parser::binding_element() {
  node* target = binding_target();
  if (!at("="))
    return target;
  auto* out = make<default_pattern>(node_kind::default_pattern, *target);
  advance();
  out->target = target;
  out->initializer = whole_assignment();
  return out;
}

node* parser::to_pattern(node* expression, target_role role) {
  const level deeper(*this);
  if (expression->parenthesized
      && (role == target_role::binding || expression->kind == node_kind::array_literal
          || expression->kind == node_kind::object_literal))
    fail_at(*expression, "invalid destructuring target");
  if (expression->kind == node_kind::array_literal) {
    auto& list = as<array_node>(*expression);
    list.kind = node_kind::array_pattern;
    for (std::size_t i = 0; i < list.elements.size(); ++i) {
      node*& element = list.elements[i];
      if (is(element, node_kind::spread)
          && (i + 1 != list.elements.size() || std::exchange(element->end, 0) != 0))
        fail_at(*element, "a rest element must be the last one");
      if (element)
        element = to_element_pattern(element, role);
    }
    return expression;
  }
  if (expression->kind == node_kind::object_literal) {
    auto& object = as<object_node>(*expression);
    object.kind = node_kind::object_pattern;
    for (property* item : object.properties) {
      const bool rest = item->type == property_kind::spread;
      if (item->type != property_kind::value && !rest)
        fail_at(*item, "invalid destructuring target");
      if (rest && item != object.properties.back())
        fail_at(*item, "a rest element must be the last one");
      item->value = rest ? to_pattern(item->value, role) : to_element_pattern(item->value, role);
      const bool names = is(item->value, node_kind::identifier)
                         || (role == target_role::assignment && is(item->value, node_kind::member));
      if (rest && !names)
        fail_at(*item, "invalid rest element");
    }
    return expression;
  }
  check_simple_target(*expression, role);
  return expression;
}

// An element of a pattern: may be `target = default` or `...rest`.
node* parser::to_element_pattern(node* element, target_role role) {
  if (element->kind == node_kind::assignment && !element->parenthesized
      && as<binary>(*element).op == "=") {
    auto& source = as<binary>(*element);
    auto* out = make<default_pattern>(node_kind::default_pattern, *element);
    // The left side became an assignment pattern already; as a binding it must satisfy more.
    out->target = source.left->kind == node_kind::array_pattern
                          || source.left->kind == node_kind::object_pattern
                      ? source.left
                      : to_pattern(source.left, role);
    out->initializer = source.right;
    return out;
  }
  if (element->kind == node_kind::spread) {
    element->kind = node_kind::rest;
    auto& rest = as<unary>(*element);
    rest.operand = to_pattern(rest.operand, role);
    return element;
  }
  if (element->kind == node_kind::default_pattern) {
    auto& with_default = as<default_pattern>(*element);
    with_default.target = to_pattern(with_default.target, role);
    return element;
  }
  return to_pattern(element, role);
}

void parser::check_simple_target(const node& target, target_role role) const {
  if (target.kind == node_kind::identifier) {
    const std::string_view name = as<identifier>(target).name;
    if (context_.strict && (name == "eval" || name == "arguments"))
      fail_at(target, std::string(name) + " cannot be assigned in strict mode");
    return;
  }
  if (target.kind != node_kind::member || role == target_role::binding)
    fail_at(target, "invalid assignment target");
}

void parser::collect_names(const node* pattern, std::vector<const identifier*>& out) const {
  if (!pattern)
    return;
  switch (pattern->kind) {
  case node_kind::identifier:
    out.push_back(&as<identifier>(*pattern));
    break;
  case node_kind::default_pattern:
    collect_names(as<default_pattern>(*pattern).target, out);
    break;
  case node_kind::rest:
    collect_names(as<unary>(*pattern).operand, out);
    break;
  case node_kind::array_pattern:
    for (const node* element : as<array_node>(*pattern).elements)
      collect_names(element, out);
    break;
  case node_kind::object_pattern:
    for (const property* item : as<object_node>(*pattern).properties)
      collect_names(item->value, out);
    break;
  default:
    break;
  }
}

} // namespace offstage::lowering
