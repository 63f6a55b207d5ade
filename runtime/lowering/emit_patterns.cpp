// SPDX-License-Identifier: MIT
// Destructuring: a comma expression that stores one part after the other.
#include "runtime/lowering/characters.hpp"
#include "runtime/lowering/emitter.hpp"

namespace offstage::lowering {

void emitter::declare_targets(const node* pattern) {
  std::vector<binding*> names;
  collect_targets(pattern, names);
  for (const binding* b : names)
    if (b->kind != binding_kind::catch_parameter)
      declare_variable(*b);
}

// `value` is the text of something without side effects.
void emitter::pattern(const node* target, const std::string& value, pattern_use use) {
  if (target->kind == node_kind::array_pattern)
    array_pattern(as<array_node>(*target), value, use);
  else if (target->kind == node_kind::object_pattern)
    object_pattern(as<object_node>(*target), value, use);
  else
    store(target, value, nullptr, use);
}

// Stores `value`, or what `otherwise` gives when it is undefined.
void emitter::store(const node* target, const std::string& value, const node* otherwise,
                    pattern_use use) {
  if (target->kind == node_kind::default_pattern) {
    const auto& d = as<default_pattern>(*target);
    return store(d.target, value, d.initializer, use);
  }
  const bool declares = use == pattern_use::declare;
  const auto put_value = [&](std::string_view name) {
    if (!otherwise)
      return put(value);
    const std::string kept = temporary();
    put("(" + kept + "=" + value + ")===void 0?");
    out_.at(otherwise->begin);
    with_name(otherwise, name);
    put(":" + kept);
  };
  if (target->kind == node_kind::array_pattern || target->kind == node_kind::object_pattern) {
    const std::string kept = temporary();
    put(kept + "=");
    put_value({});
    put(",");
    return pattern(target, kept, use);
  }
  if (!declares && is_constant(target)) {
    put("(");
    put_value({});
    return put(",__os_constant(" + quote(as<identifier>(*target).name) + "))");
  }
  out_.at(target->begin);
  begin_store(target, declares);
  put_value(is(target, node_kind::identifier) ? as<identifier>(*target).name : std::string_view());
  end_store(target);
}

void emitter::array_pattern(const array_node& a, const std::string& value, pattern_use use) {
  const std::string items = temporary();
  const bool has_rest = !a.elements.empty() && is(a.elements.back(), node_kind::rest);
  put(items + "=__os_take(" + value + ",");
  put(has_rest ? "-1" : std::to_string(a.elements.size()));
  put(")");
  for (std::size_t i = 0; i < a.elements.size(); ++i) {
    const node* element = a.elements[i];
    if (!element)
      continue;
    put(",");
    const std::string index = std::to_string(i);
    if (element->kind == node_kind::rest)
      store(as<unary>(*element).operand, items + ".slice(" + index + ")", nullptr, use);
    else
      store(element, items + "[" + index + "]", nullptr, use);
  }
}

void emitter::object_pattern(const object_node& o, const std::string& value, pattern_use use) {
  bool first = true;
  const bool reads_at_once = !o.properties.empty() && o.properties[0]->type != property_kind::spread
                             && !o.properties[0]->computed;
  if (!reads_at_once) {
    put("__os_object(" + value + ")");
    first = false;
  }
  std::string keys; // of the properties that a rest element leaves out
  for (const property* p : o.properties) {
    put(first ? "" : ",");
    first = false;
    out_.at(p->begin);
    if (p->type == property_kind::spread) {
      store(p->value, "__os_rest(" + value + ",[" + keys + "])", nullptr, use);
      continue;
    }
    std::string key;
    if (p->computed) {
      key = temporary();
      put(key + "=__os_key(");
      expression(p->key, binds::assignment);
      put("),");
    } else {
      key = key_text(p->key);
    }
    keys += (keys.empty() ? "" : ",") + key;
    const bool dotted = is(p->key, node_kind::identifier) && !p->computed;
    store(p->value,
          dotted ? value + "." + escape_identifier(as<identifier>(*p->key).name)
                 : value + "[" + key + "]",
          nullptr, use);
  }
}

} // namespace offstage::lowering
