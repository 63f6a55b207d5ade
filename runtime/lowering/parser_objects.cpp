// SPDX-License-Identifier: MIT
#include "runtime/lowering/parser.hpp"

namespace offstage::lowering {

node* parser::object_literal() {
  auto* out = make<object_node>(node_kind::object_literal, current_);
  advance();
  const setting<bool> in_again(in_allowed_, true);
  std::vector<property*> properties;
  bool has_prototype = false;
  while (!at("}")) {
    const token start = current_;
    property* item = object_property();
    const bool names_prototype =
        item->type == property_kind::value && !item->computed && !item->shorthand
        && ((is(item->key, node_kind::identifier) && as<identifier>(*item->key).name == "__proto__")
            || (is(item->key, node_kind::string)
                && as<literal>(*item->key).text.substr(1)
                       == std::string("__proto__") + start.text[0]));
    if (names_prototype && std::exchange(has_prototype, true) && !pending_cover_)
      pending_cover_ = start;
    properties.push_back(item);
    if (!at("}"))
      expect(",");
  }
  advance();
  out->properties = memory_.copy(properties);
  return out;
}

property* parser::object_property() {
  auto* out = make<property>(node_kind::empty, current_);
  if (eat("...")) {
    out->type = property_kind::spread;
    out->value = assignment();
    return out;
  }
  const modifiers mods = read_modifiers();
  const token name = current_;
  out->key = property_key(out->computed);
  if (is(out->key, node_kind::private_name))
    fail_at(name, "a private name is not allowed in an object literal");
  out->type = mods.accessor;
  if (mods.accessor != property_kind::value) {
    const bool getter = mods.accessor == property_kind::getter;
    out->value = method(getter ? function_role::getter : function_role::setter, {}, out->begin);
  } else if (at("(")) {
    out->type = property_kind::method;
    out->value = method(function_role::method, mods, out->begin);
  } else if (mods.is_async || mods.is_generator) {
    fail_unexpected();
  } else if (eat(":")) {
    out->value = assignment();
  } else {
    shorthand(*out, name);
  }
  return out;
}

void parser::shorthand(property& out, const token& name) {
  if (name.kind != token_kind::name || out.computed)
    fail_unexpected();
  check_identifier(name);
  out.shorthand = true;
  auto* value = make<identifier>(node_kind::identifier, name);
  value->name = name.text;
  out.value = value;
  if (!at("="))
    return;
  if (!pending_cover_)
    pending_cover_ = current_;
  auto* with_default = make<default_pattern>(node_kind::default_pattern, name);
  advance();
  with_default->target = value;
  with_default->initializer = whole_assignment();
  out.value = with_default;
}

bool parser::at_key_end() const {
  return at("(") || at(":") || at(",") || at("}") || at("=") || at(";")
         || current_.kind == token_kind::end;
}

// `async`, `*`, `get` and `set` before a key; each may also be the key itself.
parser::modifiers parser::read_modifiers() {
  modifiers out;
  const auto is_modifier = [&](bool same_line) {
    const token after = peek();
    if (same_line && after.newline_before)
      return false;
    return after.kind != token_kind::end
           && !(after.kind == token_kind::punctuator && after.text != "[" && after.text != "*");
  };
  if (at_word("async") && is_modifier(true)) {
    advance();
    out.is_async = true;
  }
  if (eat("*"))
    out.is_generator = true;
  if (out.is_async || out.is_generator)
    return out;
  if ((at_word("get") || at_word("set")) && is_modifier(false) && peek().text != "*") {
    out.accessor = at_word("get") ? property_kind::getter : property_kind::setter;
    advance();
  }
  return out;
}

node* parser::property_key(bool& computed) {
  computed = false;
  switch (current_.kind) {
  case token_kind::name:
    return member_property();
  case token_kind::private_name: {
    auto* out = make<literal>(node_kind::private_name, current_);
    out->text = current_.text;
    advance();
    return out;
  }
  case token_kind::number:
  case token_kind::bigint:
  case token_kind::string:
    return primary();
  default:
    break;
  }
  expect("[");
  const setting<bool> in_again(in_allowed_, true);
  node* out = whole_assignment();
  expect("]");
  computed = true;
  return out;
}

} // namespace offstage::lowering
