// SPDX-License-Identifier: MIT
#include "runtime/lowering/characters.hpp"
#include "runtime/lowering/emitter.hpp"

namespace offstage::lowering {

void emitter::assignment(const binary& a) {
  if (a.left->kind == node_kind::array_pattern || a.left->kind == node_kind::object_pattern) {
    const std::string value = temporary();
    put(value + "=");
    expression(a.right, binds::assignment);
    put(",");
    pattern(a.left, value, pattern_use::assign);
    return put("," + value);
  }
  if (is_constant(a.left))
    return constant_assignment(as<identifier>(*a.left), a.right);
  if (a.op == "=")
    simple_assignment(a);
  else
    compound_assignment(a);
}

bool emitter::is_constant(const node* target) const {
  if (!is(target, node_kind::identifier))
    return false;
  const binding* b = as<identifier>(*target).target;
  return b
         && (b->kind == binding_kind::const_ || b->kind == binding_kind::class_name
             || b->kind == binding_kind::import);
}

void emitter::constant_assignment(const identifier& target, const node* value) {
  put("(");
  identifier_(target);
  put(",");
  if (value) {
    expression(value, binds::assignment);
    put(",");
  }
  put("__os_constant(" + quote(target.name) + "))");
}

// Members that the engine cannot assign by itself: private ones and those of super.
bool emitter::is_special_member(const node* target) const {
  if (!is(target, node_kind::member))
    return false;
  const auto& m = as<member>(*target);
  return is(m.object, node_kind::super_expression) || is(m.property, node_kind::private_name);
}

void emitter::simple_assignment(const binary& a) {
  begin_store(a.left, false);
  out_.at(a.right->begin);
  if (is(a.left, node_kind::identifier))
    with_name(a.right, as<identifier>(*a.left).name);
  else
    expression(a.right, binds::assignment);
  end_store(a.left);
}

// What stands before and behind a value to store it; evaluates the parts of the target.
void emitter::begin_store(const node* target, bool initializes) {
  if (is(target, node_kind::identifier)) {
    const auto& id = as<identifier>(*target);
    if (id.may_be_uninitialized && !initializes) {
      identifier_(id);
      put(",");
    }
    return put(reference(id) + "=");
  }
  if (!is(target, node_kind::member))
    throw syntax_error{"invalid assignment target", target->line, target->begin};
  const auto& m = as<member>(*target);
  if (is(m.object, node_kind::super_expression)) {
    put("__os_super_set(" + home().text + ",");
    member_key(m);
    return put(",");
  }
  if (is(m.property, node_kind::private_name)) {
    put("__os_private_set(");
    expression(m.object, binds::assignment);
    return put("," + private_key(m.property) + ",");
  }
  expression(target, binds::call);
  put("=");
}

void emitter::end_store(const node* target) {
  if (!is_special_member(target))
    return;
  if (is(as<member>(*target).object, node_kind::super_expression))
    put("," + this_text(*target));
  put(")");
}

void emitter::compound_assignment(const binary& a) {
  const std::string_view op = a.op.substr(0, a.op.size() - 1);
  const bool logical = op == "&&" || op == "||" || op == "?\?";
  const bool checked =
      is(a.left, node_kind::identifier) && as<identifier>(*a.left).may_be_uninitialized;
  if (!logical && !is_special_member(a.left)) {
    if (checked) {
      identifier_(as<identifier>(*a.left));
      put(",");
    }
    if (is(a.left, node_kind::identifier))
      put(reference(as<identifier>(*a.left)));
    else
      expression(a.left, binds::call);
    put(a.op);
    out_.at(a.right->begin);
    return expression(a.right, binds::assignment);
  }
  put("(");
  const place p = place_of(a.left);
  if (logical) {
    logical_assignment(a, p);
  } else {
    put(p.before + p.read);
    put(op);
    put("(");
    expression(a.right, binds::sequence);
    put(")" + p.behind);
  }
  put(")");
}

void emitter::logical_assignment(const binary& a, const place& p) {
  const std::string_view op = a.op.substr(0, 2);
  if (op == "?\?") {
    const std::string value = temporary();
    put("(" + value + "=" + p.read + ")!=null?" + value + ":(");
  } else {
    put(p.read);
    put(op);
    put("(");
  }
  put(p.before);
  if (is(a.left, node_kind::identifier))
    with_name(a.right, as<identifier>(*a.left).name);
  else
    expression(a.right, binds::assignment);
  put(p.behind + ")");
}

emitter::place emitter::place_of(const node* target) {
  if (is(target, node_kind::identifier)) {
    const auto& id = as<identifier>(*target);
    if (id.may_be_uninitialized) {
      identifier_(id);
      put(",");
    }
    return {reference(id), reference(id) + "=", ""};
  }
  const auto& m = as<member>(*target);
  const auto keep = [&](const node* n) {
    const std::string name = temporary();
    put(name + "=");
    expression(n, binds::assignment);
    put(",");
    return name;
  };
  if (is(m.object, node_kind::super_expression)) {
    const std::string key = m.computed ? keep(m.property) : quote(as<identifier>(*m.property).name);
    const std::string self = this_text(*target);
    return {"__os_super_get(" + home().text + "," + key + "," + self + ")",
            "__os_super_set(" + home().text + "," + key + ",", "," + self + ")"};
  }
  const std::string object = keep(m.object);
  if (is(m.property, node_kind::private_name)) {
    const std::string key = private_key(m.property);
    return {"__os_private_get(" + object + "," + key + ")",
            "__os_private_set(" + object + "," + key + ",", ")"};
  }
  const std::string path = m.computed
                               ? object + "[" + keep(m.property) + "]"
                               : object + "." + escape_identifier(as<identifier>(*m.property).name);
  return {path, path + "=", ""};
}

std::string emitter::private_key(const node* name) const {
  const std::string_view text = as<literal>(*name).text;
  for (const class_context* c = class_ctx_; c; c = c->outer)
    for (const auto& [declared, key] : c->keys)
      if (declared == text)
        return key;
  throw syntax_error{"undeclared private name #" + std::string(text), name->line, name->begin};
}

void emitter::member_key(const member& m) {
  if (m.computed)
    expression(m.property, binds::assignment);
  else
    put(quote(as<identifier>(*m.property).name));
}

} // namespace offstage::lowering
