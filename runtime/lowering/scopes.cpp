// SPDX-License-Identifier: MIT
// Declarations.
#include "runtime/lowering/scopes.hpp"

namespace offstage::lowering {
namespace {

bool is_sloppy_function(const binding& b) {
  return b.kind == binding_kind::block_function && b.function && !b.function->strict
         && !b.function->is_coroutine();
}

// Under any number of labels.
node* unlabelled(node* n) {
  while (n && n->kind == node_kind::labelled)
    n = as<labelled_statement>(*n).body;
  return n;
}

} // namespace

scope_analysis::scope_analysis(const lowering_options& options, std::string prefix,
                               std::string global_prefix)
    : options_(options), prefix_(std::move(prefix)), global_prefix_(std::move(global_prefix)) {}

std::string scope_analysis::made_up_name(std::string_view stem, reach r) {
  return (r == reach::global ? global_prefix_ : prefix_) + std::string(stem)
         + std::to_string(++made_up_);
}

scope& scope_analysis::analyze(program& p) {
  const bool module = options_.goal == lowering_goal::module;
  scope& top = push(module ? scope_kind::function : scope_kind::script, p.body);
  p.body->inner = &top;
  declare_imports(top, p.body->statements);
  for (node* statement : p.body->statements)
    hoist_vars(top, statement);
  declare_lexical(top, p.body->statements);
  visit_body(p.body->statements);
  pop();
  conclude();
  return top;
}

scope& scope_analysis::push(scope_kind kind, const node* owner, bool loop) {
  scope& out = scopes_.emplace_back();
  out.kind = kind;
  out.parent = current_;
  out.owner = owner;
  out.begin = owner ? owner->begin : 0;
  if (out.is_function_like()) {
    out.function = &out;
    functions_.push_back(&out);
  } else {
    out.function = current_->function;
    out.in_loop = loop || current_->in_loop;
    out.function->blocks.push_back(&out);
  }
  current_ = &out;
  return out;
}

binding& scope_analysis::declare(scope& where, std::string_view name, binding_kind kind,
                                 const node& at) {
  const auto found = where.names.find(name);
  if (found != where.names.end()) {
    binding& old = *found->second;
    check_redeclaration(where, old, kind, at);
    // A function declaration or variable wins over the function's own name; a parameter stays one.
    if (old.kind == binding_kind::function_name)
      old.kind = kind;
    else if (kind == binding_kind::function && old.kind == binding_kind::var)
      old.kind = kind;
    return old;
  }
  binding& out = bindings_.emplace_back();
  out.name = name;
  out.kind = kind;
  out.where = &where;
  out.initialized_at = at.end > at.begin ? at.end : at.begin;
  where.names.emplace(name, &out);
  where.bindings.push_back(&out);
  return out;
}

void scope_analysis::check_redeclaration(const scope& where, const binding& old, binding_kind kind,
                                         const node& at) const {
  const auto lexical = [](binding_kind k) {
    return k == binding_kind::let || k == binding_kind::const_ || k == binding_kind::class_
           || k == binding_kind::import;
  };
  bool clash = lexical(kind) || lexical(old.kind);
  if (old.kind == binding_kind::function_name || old.kind == binding_kind::class_name)
    clash = false;
  if (kind == binding_kind::block_function && !clash)
    clash = old.kind == binding_kind::block_function && !is_sloppy_function(old);
  (void)where;
  if (clash)
    throw syntax_error{"redeclaration of " + std::string(old.name), at.line, at.begin};
}

void scope_analysis::declare_pattern(scope& where, const node* pattern, binding_kind kind) {
  if (!pattern)
    return;
  switch (pattern->kind) {
  case node_kind::identifier:
    declare(where, as<identifier>(*pattern).name, kind, *pattern);
    break;
  case node_kind::default_pattern:
    declare_pattern(where, as<default_pattern>(*pattern).target, kind);
    break;
  case node_kind::rest:
    declare_pattern(where, as<unary>(*pattern).operand, kind);
    break;
  case node_kind::array_pattern:
    for (const node* element : as<array_node>(*pattern).elements)
      declare_pattern(where, element, kind);
    break;
  case node_kind::object_pattern:
    for (const property* item : as<object_node>(*pattern).properties)
      declare_pattern(where, item->value, kind);
    break;
  default:
    break;
  }
}

void scope_analysis::declare_variables(scope& where, const variable_declaration& d,
                                       binding_kind kind) {
  for (const declarator& item : d.declarators) {
    const std::size_t first = where.bindings.size();
    declare_pattern(where, item.target, kind);
    for (std::size_t i = first; i < where.bindings.size(); ++i) {
      where.bindings[i]->initialized_at = item.end;
      where.bindings[i]->initializer = item.initializer;
    }
  }
}

void scope_analysis::hoist_vars(scope& where, const node* n) {
  const auto hoist_all = [&](node_list list) {
    for (const node* item : list)
      hoist_vars(where, item);
  };
  for (; n && n->kind == node_kind::if_; n = as<if_statement>(*n).alternate)
    hoist_vars(where, as<if_statement>(*n).consequent);
  if (!n)
    return;
  switch (n->kind) {
  case node_kind::variable_declaration:
    if (as<variable_declaration>(*n).type == declaration_kind::var)
      declare_variables(where, as<variable_declaration>(*n), binding_kind::var);
    break;
  case node_kind::export_declaration:
    hoist_vars(where, as<export_declaration>(*n).declaration);
    break;
  case node_kind::block:
    hoist_all(as<block_statement>(*n).statements);
    break;
  case node_kind::for_:
  case node_kind::while_:
  case node_kind::do_while:
    hoist_vars(where, as<loop_statement>(*n).initializer);
    hoist_vars(where, as<loop_statement>(*n).body);
    break;
  case node_kind::for_in:
  case node_kind::for_of:
    hoist_vars(where, as<iteration_statement>(*n).target);
    hoist_vars(where, as<iteration_statement>(*n).body);
    break;
  case node_kind::try_:
    hoist_vars(where, as<try_statement>(*n).body);
    hoist_vars(where, as<try_statement>(*n).handler);
    hoist_vars(where, as<try_statement>(*n).finalizer);
    break;
  case node_kind::switch_:
    for (const switch_case& c : as<switch_statement>(*n).cases)
      hoist_all(c.statements);
    break;
  case node_kind::labelled:
    hoist_vars(where, as<labelled_statement>(*n).body);
    break;
  case node_kind::with:
    hoist_vars(where, as<with_statement>(*n).body);
    break;
  default:
    break;
  }
}

void scope_analysis::declare_lexical(scope& where, node_list statements) {
  for (node* statement : statements)
    declare_statement(where, unlabelled(statement));
}

void scope_analysis::declare_statement(scope& where, node* statement) {
  if (is(statement, node_kind::export_declaration))
    statement = as<export_declaration>(*statement).declaration;
  if (is(statement, node_kind::variable_declaration)) {
    const auto& d = as<variable_declaration>(*statement);
    if (d.type != declaration_kind::var)
      declare_variables(where, d,
                        d.type == declaration_kind::let ? binding_kind::let : binding_kind::const_);
  } else if (is(statement, node_kind::class_) && as<class_node>(*statement).is_declaration) {
    const auto& c = as<class_node>(*statement);
    declare(where, c.name->name, binding_kind::class_, *statement).initialized_at = c.end;
  } else if (is(statement, node_kind::function)
             && as<function_node>(*statement).role == function_role::declaration) {
    declare_function(where, as<function_node>(*statement));
  }
}

void scope_analysis::declare_function(scope& where, function_node& f) {
  if (where.is_function_like()) {
    declare(where, f.name->name, binding_kind::function, *f.name).function = &f;
    return;
  }
  const bool again = where.names.count(f.name->name) != 0;
  binding& b = declare(where, f.name->name, binding_kind::block_function, *f.name);
  if (!again)
    b.function = &f;
  if (f.strict || f.is_coroutine())
    return;
  // Sloppy code sees the function outside of its block too, unless something lexical is in between.
  for (scope* s = where.parent; s; s = s->parent) {
    const auto found = s->names.find(f.name->name);
    if (found != s->names.end()
        && (found->second->is_lexical() || found->second->kind == binding_kind::parameter))
      return;
    if (s->is_function_like())
      break;
  }
  f.hoisted_in_block = true;
  if (where.function->names.count(f.name->name) == 0)
    declare(*where.function, f.name->name, binding_kind::var, *f.name);
}

void scope_analysis::declare_imports(scope& where, node_list statements) {
  for (node* statement : statements) {
    if (!is(statement, node_kind::import_declaration))
      continue;
    for (const module_name& name : as<import_declaration>(*statement).names)
      declare(where, name.local, binding_kind::import, *name.reference);
  }
}

// `var x` may not pass a block that declares x lexically.
void scope_analysis::check_var_conflicts(const variable_declaration& d) {
  scope probe;
  probe.kind = scope_kind::block;
  std::vector<const node*> targets;
  std::vector<const node*> names;
  for (const declarator& item : d.declarators)
    targets.push_back(item.target);
  while (!targets.empty()) {
    const node* n = targets.back();
    targets.pop_back();
    if (!n)
      continue;
    if (n->kind == node_kind::identifier)
      names.push_back(n);
    else if (n->kind == node_kind::default_pattern)
      targets.push_back(as<default_pattern>(*n).target);
    else if (n->kind == node_kind::rest)
      targets.push_back(as<unary>(*n).operand);
    else if (n->kind == node_kind::array_pattern)
      for (const node* element : as<array_node>(*n).elements)
        targets.push_back(element);
    else if (n->kind == node_kind::object_pattern)
      for (const property* item : as<object_node>(*n).properties)
        targets.push_back(item->value);
  }
  for (const node* n : names) {
    for (const scope* s = current_; !s->is_function_like(); s = s->parent) {
      const auto found = s->names.find(as<identifier>(*n).name);
      if (found != s->names.end() && found->second->kind != binding_kind::catch_parameter)
        throw syntax_error{"redeclaration of " + std::string(found->first), n->line, n->begin};
    }
  }
}

} // namespace offstage::lowering
