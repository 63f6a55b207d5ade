// SPDX-License-Identifier: MIT
// Uses: walks the program with a current scope and resolves each identifier.
#include "runtime/lowering/scopes.hpp"

namespace offstage::lowering {

void scope_analysis::use(identifier& id, purpose why) {
  binding* found = nullptr;
  for (scope* s = current_; s && !found; s = s->parent) {
    const auto entry = s->names.find(id.name);
    if (entry != s->names.end())
      found = entry->second;
  }
  id.target = found;
  scope* const home = found ? found->where->function : nullptr;
  scope* outermost = nullptr; // the function on the way out that stands directly in `home`
  for (scope* f = current_->function; f != home; f = f->parent ? f->parent->function : nullptr) {
    if (!f)
      break;
    f->outer_names.insert(id.name);
    outermost = f;
  }
  if (!found)
    return;
  if (why == purpose::declare)
    return;
  if (id.begin < found->first_use && !(outermost && outermost->declared_as == found))
    found->first_use = id.begin;
  if (outermost) {
    found->captured = true;
    outermost->taken_from_parent.push_back(found);
  }
  const bool late_parameter = found->kind == binding_kind::parameter && found->initialized_at != 0;
  if (found->is_lexical() || late_parameter)
    note_use_before_declaration(id, *found, outermost);
}

void scope_analysis::note_use_before_declaration(identifier& id, binding& b, scope* outermost) {
  const auto is_early = [&](std::uint32_t offset) {
    return offset < b.initialized_at || offset >= b.clause_end;
  };
  bool early = is_early(id.begin);
  if (outermost) {
    if (outermost->owner && outermost->owner == b.initializer && !outermost->owner->parenthesized)
      return; // `const f = () => f()`: runs only once f is there
    early = is_early(outermost->begin);
    if (outermost->declared_as) {
      deferred_.push_back({&id, outermost->declared_as});
      return;
    }
  }
  if (early) {
    id.may_be_uninitialized = true;
    b.needs_check = true;
  }
}

void scope_analysis::visit_all(node_list list) {
  for (node* n : list)
    visit(n);
}

void scope_analysis::visit(node* n) {
  // Operator chains lean to the left and may be thousands of operands long.
  while (n && (n->kind == node_kind::binary || n->kind == node_kind::logical)) {
    visit(as<binary>(*n).right);
    n = as<binary>(*n).left;
  }
  if (!n)
    return;
  if (n->kind >= node_kind::block)
    visit_statement(n);
  else
    visit_expression(n);
}

void scope_analysis::visit_expression(node* n) {
  switch (n->kind) {
  case node_kind::identifier:
    use(as<identifier>(*n));
    break;
  case node_kind::template_literal:
    visit_all(as<template_literal>(*n).expressions);
    break;
  case node_kind::tagged_template:
    visit(as<tagged_template>(*n).tag);
    visit_all(as<tagged_template>(*n).quasi->expressions);
    break;
  case node_kind::array_literal:
    visit_all(as<array_node>(*n).elements);
    break;
  case node_kind::object_literal:
    visit_properties(as<object_node>(*n), purpose::use);
    break;
  case node_kind::function:
    visit_function(as<function_node>(*n));
    break;
  case node_kind::class_:
    visit_class(as<class_node>(*n));
    break;
  case node_kind::unary:
  case node_kind::spread:
  case node_kind::await:
  case node_kind::optional_chain:
    visit(as<unary>(*n).operand);
    break;
  case node_kind::update:
    visit(as<update>(*n).operand);
    break;
  case node_kind::assignment:
    visit_pattern(as<binary>(*n).left, purpose::use);
    visit(as<binary>(*n).right);
    break;
  case node_kind::conditional:
    visit(as<conditional>(*n).test);
    visit(as<conditional>(*n).consequent);
    visit(as<conditional>(*n).alternate);
    break;
  case node_kind::call:
  case node_kind::new_expression:
  case node_kind::import_call:
    visit_call(as<call>(*n));
    break;
  case node_kind::member:
    visit(as<member>(*n).object);
    if (as<member>(*n).computed)
      visit(as<member>(*n).property);
    break;
  case node_kind::sequence:
    visit_all(as<sequence>(*n).expressions);
    break;
  case node_kind::yield:
    visit(as<yield_expression>(*n).argument);
    break;
  case node_kind::array_pattern:
  case node_kind::object_pattern:
  case node_kind::default_pattern:
  case node_kind::rest:
    visit_pattern(n, purpose::use);
    break;
  default:
    break;
  }
}

void scope_analysis::visit_call(call& c) {
  if (is(c.callee, node_kind::identifier) && as<identifier>(*c.callee).name == "eval")
    for (scope* s = current_; s; s = s->parent)
      s->has_direct_eval = true;
  visit(c.callee);
  visit_all(c.arguments);
}

void scope_analysis::visit_pattern(node* n, purpose why) {
  if (!n)
    return;
  switch (n->kind) {
  case node_kind::identifier:
    use(as<identifier>(*n), why);
    break;
  case node_kind::default_pattern:
    visit_pattern(as<default_pattern>(*n).target, why);
    visit(as<default_pattern>(*n).initializer);
    break;
  case node_kind::rest:
    visit_pattern(as<unary>(*n).operand, why);
    break;
  case node_kind::array_pattern:
    for (node* element : as<array_node>(*n).elements)
      visit_pattern(element, why);
    break;
  case node_kind::object_pattern:
    visit_properties(as<object_node>(*n), why);
    break;
  default:
    visit(n);
    break;
  }
}

void scope_analysis::visit_properties(object_node& object, purpose why) {
  for (property* item : object.properties) {
    if (item->computed)
      visit(item->key);
    if (object.kind == node_kind::object_pattern)
      visit_pattern(item->value, why);
    else
      visit(item->value);
  }
}

void scope_analysis::visit_statement(node* n) {
  switch (n->kind) {
  case node_kind::block:
    visit_block(as<block_statement>(*n));
    break;
  case node_kind::variable_declaration: {
    auto& d = as<variable_declaration>(*n);
    if (d.type == declaration_kind::var)
      check_var_conflicts(d);
    for (const declarator& item : d.declarators) {
      visit_pattern(item.target, purpose::declare);
      visit(item.initializer);
    }
    break;
  }
  case node_kind::expression_statement:
    visit(as<expression_statement>(*n).expression);
    break;
  case node_kind::if_:
    visit_if(as<if_statement>(*n));
    break;
  case node_kind::for_:
  case node_kind::while_:
  case node_kind::do_while:
    visit_loop(as<loop_statement>(*n));
    break;
  case node_kind::for_in:
  case node_kind::for_of:
    visit_iteration(as<iteration_statement>(*n));
    break;
  case node_kind::return_:
  case node_kind::throw_:
    visit(as<unary>(*n).operand);
    break;
  case node_kind::try_:
    visit_try(as<try_statement>(*n));
    break;
  case node_kind::switch_:
    visit_switch(as<switch_statement>(*n));
    break;
  case node_kind::labelled:
    visit(as<labelled_statement>(*n).body);
    break;
  case node_kind::with:
    visit(as<with_statement>(*n).object);
    visit(as<with_statement>(*n).body);
    break;
  case node_kind::export_declaration:
    visit_export(as<export_declaration>(*n));
    break;
  default:
    break;
  }
}

void scope_analysis::visit_if(if_statement& first) {
  for (if_statement* branch = &first;;) {
    visit(branch->test);
    visit(branch->consequent);
    if (!is(branch->alternate, node_kind::if_)) {
      visit(branch->alternate);
      return;
    }
    branch = &as<if_statement>(*branch->alternate);
  }
}

void scope_analysis::visit_export(export_declaration& e) {
  visit(e.declaration);
  std::vector<binding*> exported;
  for (module_name& name : e.names) {
    if (!name.reference)
      continue;
    use(*name.reference);
    exported.push_back(name.reference->target);
  }
  if (is(e.declaration, node_kind::variable_declaration))
    for (const declarator& item : as<variable_declaration>(*e.declaration).declarators)
      collect_targets(item.target, exported);
  else if (is(e.declaration, node_kind::class_) && as<class_node>(*e.declaration).is_declaration)
    exported.push_back(as<class_node>(*e.declaration).name->target);
  // Another module may read it at any time.
  for (binding* b : exported)
    if (b && b->is_lexical())
      b->needs_check = true;
}

void scope_analysis::visit_body(node_list statements) {
  visit_all(statements);
}

void scope_analysis::visit_block(block_statement& b) {
  b.inner = &push(scope_kind::block, &b);
  declare_lexical(*b.inner, b.statements);
  visit_body(b.statements);
  pop();
}

void scope_analysis::visit_function(function_node& f) {
  binding* declared_as = nullptr;
  if (f.name && f.role == function_role::declaration) {
    use(*f.name, purpose::declare);
    declared_as = f.name->target;
  }
  scope& inner = push(scope_kind::function, &f);
  f.inner = &inner;
  inner.declared_as = declared_as;
  if (f.name && f.role == function_role::expression) {
    declare(inner, f.name->name, binding_kind::function_name, *f.name);
    f.name->target = inner.names[f.name->name];
  }
  for (node* parameter : f.parameters) {
    const std::size_t first = inner.bindings.size();
    declare_pattern(inner, parameter, binding_kind::parameter);
    // Initializers may look at parameters that come later.
    for (std::size_t i = first; i < inner.bindings.size(); ++i)
      inner.bindings[i]->initialized_at = f.simple_parameters ? 0 : parameter->begin + 1;
  }
  if (f.body) {
    for (node* statement : f.body->statements)
      hoist_vars(inner, statement);
    declare_lexical(inner, f.body->statements);
    f.body->inner = &inner;
  }
  for (node* parameter : f.parameters)
    visit_pattern(parameter, purpose::declare);
  visit(f.expression);
  if (f.body)
    visit_body(f.body->statements);
  pop();
}

void scope_analysis::visit_class(class_node& c) {
  if (c.is_declaration)
    use(*c.name, purpose::declare);
  c.inner = &push(scope_kind::class_, &c);
  if (c.name)
    declare(*c.inner, c.name->name, binding_kind::class_name, *c.name);
  visit(c.heritage);
  for (class_member* m : c.members)
    visit_member(*m);
  pop();
}

void scope_analysis::visit_member(class_member& m) {
  if (m.computed)
    visit(m.key);
  if (m.type == member_kind::field) {
    m.inner = &push(scope_kind::function, &m);
    visit(m.value);
    pop();
  } else if (m.type == member_kind::static_block) {
    m.inner = &push(scope_kind::function, &m);
    for (node* statement : m.block->statements)
      hoist_vars(*m.inner, statement);
    declare_lexical(*m.inner, m.block->statements);
    m.block->inner = m.inner;
    visit_body(m.block->statements);
    pop();
  } else {
    visit(m.value);
  }
}

void scope_analysis::visit_loop(loop_statement& loop) {
  loop.inner = &push(scope_kind::block, &loop, true);
  if (is(loop.initializer, node_kind::variable_declaration)) {
    const auto& d = as<variable_declaration>(*loop.initializer);
    if (d.type != declaration_kind::var)
      declare_statement(*loop.inner, loop.initializer);
  }
  visit(loop.initializer);
  visit(loop.test);
  visit(loop.update);
  visit(loop.body);
  pop();
}

void scope_analysis::visit_iteration(iteration_statement& loop) {
  visit(loop.subject);
  loop.inner = &push(scope_kind::block, &loop, true);
  if (is(loop.target, node_kind::variable_declaration)) {
    const auto& d = as<variable_declaration>(*loop.target);
    if (d.type != declaration_kind::var)
      declare_statement(*loop.inner, loop.target);
    visit(loop.target);
  } else {
    visit_pattern(loop.target, purpose::use);
  }
  visit(loop.body);
  pop();
}

void scope_analysis::visit_try(try_statement& t) {
  visit(t.body);
  if (t.handler) {
    t.inner = &push(scope_kind::catch_, t.handler);
    const bool plain = is(t.parameter, node_kind::identifier);
    declare_pattern(*t.inner, t.parameter,
                    plain ? binding_kind::catch_parameter : binding_kind::let);
    for (binding* b : t.inner->bindings)
      b->initialized_at = 0; // assigned before anything can see it
    visit_pattern(t.parameter, purpose::declare);
    visit(t.handler);
    for (const binding* b : t.inner->bindings) {
      const auto clash = t.handler->inner->names.find(b->name);
      if (clash != t.handler->inner->names.end())
        throw syntax_error{"redeclaration of " + std::string(b->name), t.parameter->line,
                           t.parameter->begin};
    }
    pop();
  }
  visit(t.finalizer);
}

void scope_analysis::visit_switch(switch_statement& s) {
  visit(s.subject);
  s.inner = &push(scope_kind::switch_, &s);
  for (std::size_t i = 0; i < s.cases.size(); ++i) {
    const std::size_t first = s.inner->bindings.size();
    declare_lexical(*s.inner, s.cases[i].statements);
    if (i + 1 == s.cases.size())
      continue;
    for (std::size_t k = first; k < s.inner->bindings.size(); ++k)
      s.inner->bindings[k]->clause_end = s.cases[i + 1].begin;
  }
  for (const switch_case& c : s.cases) {
    visit(c.test);
    visit_body(c.statements);
  }
  pop();
}

} // namespace offstage::lowering
