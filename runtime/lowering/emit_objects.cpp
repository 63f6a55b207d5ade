// SPDX-License-Identifier: MIT
// Object literals. What the engine knows (values, accessors and methods with plain keys, computed
// values) stays a literal; the rest goes through __os_merge, in order.
#include <algorithm>

#include "runtime/lowering/characters.hpp"
#include "runtime/lowering/emitter.hpp"

namespace offstage::lowering {
namespace {

bool is_prototype_key(const property& p) {
  if (p.type != property_kind::value || p.computed || p.shorthand)
    return false;
  if (p.key->kind == node_kind::identifier)
    return as<identifier>(*p.key).name == "__proto__";
  if (p.key->kind != node_kind::string)
    return false;
  const std::string_view text = as<literal>(*p.key).text;
  return text.substr(1, text.size() - 2) == "__proto__";
}

} // namespace

// What only __os_merge can do.
bool emitter::needs_merge(const property& p) const {
  if (p.type == property_kind::spread || is_prototype_key(p))
    return true;
  if (p.type == property_kind::value)
    return p.computed && takes_name(p.value);
  const bool accessor = p.type != property_kind::method;
  return p.computed || (accessor && !cells_of(as<function_node>(*p.value).inner).empty());
}

std::string emitter::key_text(const node* key) const {
  switch (key->kind) {
  case node_kind::identifier:
    return quote(as<identifier>(*key).name);
  case node_kind::bigint:
    return "\"" + std::string(as<literal>(*key).text) + "\"";
  default:
    return std::string(as<literal>(*key).text);
  }
}

// The key as functions take it for their name, as far as that is plain text in the source.
std::string_view emitter::plain_key(const node* key) const {
  if (key->kind == node_kind::identifier)
    return as<identifier>(*key).name;
  if (key->kind == node_kind::number)
    return as<literal>(*key).text.find_first_not_of("0123456789") == std::string_view::npos
               ? as<literal>(*key).text
               : std::string_view();
  if (key->kind != node_kind::string)
    return {};
  const std::string_view text = as<literal>(*key).text;
  return text.find('\\') == std::string_view::npos ? text.substr(1, text.size() - 2)
                                                   : std::string_view();
}

// Functions and classes without a name get one from where they are stored.
bool emitter::takes_name(const node* value) const {
  if (is(value, node_kind::function))
    return !as<function_node>(*value).name;
  if (!is(value, node_kind::class_) || as<class_node>(*value).name)
    return false;
  const auto& members = as<class_node>(*value).members;
  return std::none_of(members.begin(), members.end(), [&](const class_member* m) {
    return m->is_static && m->key && (m->computed || plain_key(m->key) == "name");
  });
}

// The key as it stands in an object literal of the engine.
std::string emitter::key_name(const node* key) const {
  if (key->kind == node_kind::identifier && !is_engine_word(as<identifier>(*key).name))
    return escape_identifier(as<identifier>(*key).name);
  return key_text(key);
}

void emitter::object(const object_node& o) {
  home_object h;
  const output::gap before = out_.leave_gap();
  h.text = temporary();
  const bool merges = std::any_of(o.properties.begin(), o.properties.end(),
                                  [&](const property* p) { return needs_merge(*p); });
  if (merges) {
    object_parts(o, h);
  } else {
    put("{");
    for (std::size_t i = 0; i < o.properties.size(); ++i) {
      put(i ? "," : "");
      simple_property(*o.properties[i], h);
    }
    put("}");
  }
  if (h.used) {
    out_.fill(before, "(" + h.text + "=");
    put(")");
  } else {
    auto& names = frame_->global ? frame_->globals : frame_->variables;
    names.erase(std::find(names.begin(), names.end(), h.text));
  }
}

void emitter::simple_property(const property& p, home_object& h) {
  out_.at(p.begin);
  if (p.computed) {
    put("[");
    expression(p.key, binds::assignment);
    put("]:");
    return expression(p.value, binds::assignment);
  }
  if (p.value->kind == node_kind::default_pattern)
    throw syntax_error{"invalid shorthand property initializer", p.line, p.begin};
  const std::string name = key_name(p.key);
  const std::string_view own_name = plain_key(p.key);
  if (p.type == property_kind::value) {
    put(name + ":");
    out_.at(p.value->begin);
    return with_name(p.value, own_name);
  }
  const auto& f = as<function_node>(*p.value);
  if (p.type == property_kind::method && (f.is_coroutine() || !cells_of(f.inner).empty())) {
    put(name + ":");
    return function_expression(f, own_name, &h);
  }
  if (p.type != property_kind::method)
    put(p.type == property_kind::getter ? "get " : "set ");
  put(name);
  function_text(f, {}, function_form::method, &h);
}

// __os_merge({...}, kind, value, ...): 0 copies properties from a value, 1 takes over a literal,
// "p" sets the prototype, "m" [key, function] defines a method, "get" and "set" accessors.
void emitter::object_parts(const object_node& o, home_object& h) {
  put("__os_merge({");
  bool in_literal = true;
  bool first = true;
  for (const property* p : o.properties) {
    if (!needs_merge(*p)) {
      if (!std::exchange(in_literal, true)) {
        put(",1,{");
        first = true;
      }
      put(std::exchange(first, false) ? "" : ",");
      simple_property(*p, h);
      continue;
    }
    put(std::exchange(in_literal, false) ? "}," : ",");
    out_.at(p->begin);
    const bool named_value = p->type == property_kind::value && p->computed;
    if (!named_value && (p->type == property_kind::spread || p->type == property_kind::value)) {
      put(p->type == property_kind::spread ? "0," : "\"p\",");
      expression(p->value, binds::assignment);
      continue;
    }
    put(p->type == property_kind::method || named_value ? "\"m\",["
        : p->type == property_kind::getter              ? "\"get\",["
                                                        : "\"set\",[");
    if (p->computed)
      expression(p->key, binds::assignment);
    else
      put(key_text(p->key));
    put(",");
    if (named_value)
      expression(p->value, binds::assignment);
    else
      function_expression(as<function_node>(*p->value), {}, &h);
    put("]");
  }
  put(in_literal ? "})" : ")");
}

} // namespace offstage::lowering
