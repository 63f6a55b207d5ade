// SPDX-License-Identifier: MIT
#include <algorithm>

#include "runtime/lowering/characters.hpp"
#include "runtime/lowering/emitter.hpp"

namespace offstage::lowering {

void emitter::statements(node_list list, const scope* where) {
  scope_head(list, where);
  for (node* n : list)
    statement(n);
}

// What must be there before the first statement of a scope: cells, marks of uninitialized
// variables, hoisted functions that are more than a function declaration in the output.
void emitter::scope_head(node_list list, const scope* where) {
  if (where) {
    for (const binding* b : where->bindings) {
      if (b->kind == binding_kind::catch_parameter || b->kind == binding_kind::parameter
          || b->initialized_at == 0)
        continue;
      if (b->cell || b->needs_check)
        declare_variable(*b);
      const std::string_view value = b->needs_check ? "__os_unset" : "void 0";
      if (b->cell)
        put(b->emitted + "={v:" + std::string(value) + "};");
      else if (b->needs_check)
        put(b->emitted + "=__os_unset;");
    }
  }
  for (node* n : list) {
    while (n->kind == node_kind::labelled)
      n = as<labelled_statement>(*n).body;
    if (n->kind == node_kind::export_declaration)
      n = as<export_declaration>(*n).declaration;
    if (is(n, node_kind::function) && as<function_node>(*n).role == function_role::declaration)
      function_head(as<function_node>(*n));
  }
}

void emitter::function_head(function_node& f) {
  const binding& b = *f.name->target;
  if (b.per_iteration && b.function == &f) {
    if (!b.cell)
      declare_variable(b);
    put(reference(*f.name) + "=" + b.emitted + scopes_.prefix() + "make("
        + cell_list(cells_of(f.inner)) + ");");
  } else if (f.is_coroutine()) {
    put(std::string(kind_helper(f)) + reference(*f.name) + ");");
  }
}

void emitter::statement(node* n) {
  labelled_body(n, {});
}

void emitter::labelled_body(node* n, const std::string& labels) {
  out_.at(n->begin);
  switch (n->kind) {
  case node_kind::labelled: {
    auto& l = as<labelled_statement>(*n);
    labelled_body(l.body, labels + escape_identifier(l.label) + ":");
    return;
  }
  case node_kind::for_:
    return for_(as<loop_statement>(*n), labels);
  case node_kind::while_:
    return while_(as<loop_statement>(*n), labels);
  case node_kind::do_while:
    return do_while(as<loop_statement>(*n), labels);
  case node_kind::for_in:
    return for_in(as<iteration_statement>(*n), labels);
  case node_kind::for_of:
    return for_of(as<iteration_statement>(*n), labels);
  case node_kind::switch_:
    return switch_(as<switch_statement>(*n), labels);
  case node_kind::function:
    return function_declaration(as<function_node>(*n));
  case node_kind::variable_declaration:
    variables(as<variable_declaration>(*n), false);
    return put(";");
  default:
    break;
  }
  put(labels);
  switch (n->kind) {
  case node_kind::block:
    return block(as<block_statement>(*n));
  case node_kind::empty:
    return put(";");
  case node_kind::expression_statement:
    return expression_statement_(as<expression_statement>(*n));
  case node_kind::if_:
    return if_(as<if_statement>(*n));
  case node_kind::return_:
    return return_(as<unary>(*n));
  case node_kind::break_:
  case node_kind::continue_:
    return jump(as<jump_statement>(*n));
  case node_kind::throw_:
    put("throw ");
    expression(as<unary>(*n).operand, binds::sequence);
    return put(";");
  case node_kind::try_:
    return try_(as<try_statement>(*n));
  case node_kind::with:
    put("with(");
    expression(as<with_statement>(*n).object, binds::sequence);
    put(")");
    return sub_statement(as<with_statement>(*n).body);
  case node_kind::class_:
    return class_declaration(as<class_node>(*n));
  case node_kind::import_declaration:
    return;
  case node_kind::export_declaration:
    return export_(as<export_declaration>(*n));
  default:
    throw syntax_error{"unexpected statement", n->line, n->begin};
  }
}

void emitter::jump(const jump_statement& j) {
  put(j.kind == node_kind::break_ ? "break" : "continue");
  put(j.label.empty() ? ";" : " " + escape_identifier(j.label) + ";");
}

void emitter::class_declaration(const class_node& c) {
  const binding& b = *c.name->target;
  if (is_global_lexical(b) && !b.where->is_function_like())
    declare_variable(b);
  put(b.cell || is_global_lexical(b) ? "" : "var ");
  put(reference(*c.name) + "=");
  class_(c, {});
  put(";");
}

void emitter::block(const block_statement& b) {
  put("{");
  statements(b.statements, b.inner);
  put("}");
}

// The body of an if, loop or with: always braced, because one statement may become several.
void emitter::sub_statement(node* n) {
  if (n->kind == node_kind::block)
    return block(as<block_statement>(*n));
  put("{");
  statement(n);
  put("}");
}

void emitter::expression_statement_(const expression_statement& s) {
  if (s.directive) {
    string(as<literal>(*s.expression));
    return put(";");
  }
  const output::gap before = out_.leave_gap();
  const std::size_t start = out_.size();
  expression(s.expression, binds::sequence);
  const std::string_view text = out_.since(start);
  const bool ambiguous = text.substr(0, 1) == "{" || text.substr(0, 8) == "function"
                         || text.substr(0, 1) == "\"" || text.substr(0, 1) == "'";
  if (ambiguous) {
    out_.fill(before, "(");
    put(")");
  }
  put(";");
}

void emitter::if_(const if_statement& first) {
  for (const if_statement* branch = &first;;) {
    put("if(");
    expression(branch->test, binds::sequence);
    put(")");
    sub_statement(branch->consequent);
    if (!branch->alternate)
      return;
    put(" else ");
    out_.at(branch->alternate->begin);
    if (branch->alternate->kind != node_kind::if_)
      return sub_statement(branch->alternate);
    branch = &as<if_statement>(*branch->alternate);
  }
}

void emitter::return_(const unary& r) {
  put("return");
  const bool from_derived = frame_->derived && !frame_->transparent;
  if (from_derived) {
    put(r.operand ? " __os_return(" : " __os_this(");
    if (r.operand) {
      expression(r.operand, binds::assignment);
      put(",");
    }
    return put(scopes_.prefix() + "this);");
  }
  if (!r.operand)
    return put(";");
  put(" ");
  const bool awaits = frame_->is_async && frame_->is_generator;
  if (awaits)
    put("__os_await_in_generator(");
  expression(r.operand, awaits ? binds::assignment : binds::sequence);
  put(awaits ? ");" : ";");
}

void emitter::try_(const try_statement& t) {
  put("try");
  block(*t.body);
  if (t.handler)
    catch_(t);
  if (t.finalizer) {
    put("finally");
    block(*t.finalizer);
  }
}

void emitter::catch_(const try_statement& t) {
  const bool plain = is(t.parameter, node_kind::identifier);
  const std::string name =
      plain ? as<identifier>(*t.parameter).target->emitted : scopes_.made_up_name("error");
  put("catch(" + name + "){");
  // A generator's return() travels as an exception that no handler may see.
  if (frame_->is_generator)
    put("if(" + name + "===__os_return_signal)throw " + name + ";");
  if (t.parameter && !plain) {
    new_cells(*t.inner);
    declare_targets(t.parameter);
    pattern(t.parameter, name, pattern_use::declare);
    put(";");
  }
  statements(t.handler->statements, t.handler->inner);
  put("}");
}

void emitter::switch_(const switch_statement& s, const std::string& labels) {
  for (const switch_case& c : s.cases)
    scope_head(c.statements, nullptr);
  scope_head({}, s.inner);
  put(labels + "switch(");
  expression(s.subject, binds::sequence);
  put("){");
  for (const switch_case& c : s.cases) {
    out_.at(c.begin);
    put(c.test ? "case " : "default");
    if (c.test)
      expression(c.test, binds::sequence);
    put(":");
    for (node* n : c.statements)
      statement(n);
  }
  put("}");
}

bool emitter::plain_variables(const variable_declaration& d) const {
  return std::all_of(d.declarators.begin(), d.declarators.end(), [&](const declarator& item) {
    if (item.target->kind != node_kind::identifier)
      return false;
    const binding& b = *as<identifier>(*item.target).target;
    return !b.cell && !is_global_lexical(b);
  });
}

void emitter::variables(const variable_declaration& d, bool in_head) {
  const bool plain = plain_variables(d);
  if (plain)
    put("var ");
  bool first = true;
  for (const declarator& item : d.declarators) {
    // Without `var` in front the names beside a pattern have to be declared as its own are; cells
    // and a script's lexical names are declared in any case.
    if (!plain && item.target->kind == node_kind::identifier) {
      const binding& b = *as<identifier>(*item.target).target;
      if (!b.cell && !is_global_lexical(b))
        declare_variable(b);
    }
    declarator_(item, in_head, first);
  }
}

void emitter::declarator_(const declarator& d, bool in_head, bool& first) {
  const auto separate = [&] {
    if (!std::exchange(first, false))
      put(",");
    out_.at(d.target->begin);
  };
  if (d.target->kind != node_kind::identifier) {
    separate();
    declare_targets(d.target);
    std::vector<binding*> names;
    collect_targets(d.target, names);
    for (const binding* b : names)
      if (b->cell && in_head)
        put(b->emitted + "={v:void 0},");
    const std::string value = temporary();
    put(value + "=");
    expression(d.initializer, binds::assignment);
    put(",");
    return pattern(d.target, value, pattern_use::declare);
  }
  const auto& id = as<identifier>(*d.target);
  const binding& b = *id.target;
  const bool is_var = !b.is_lexical();
  const bool bare = b.cell || is_global_lexical(b);
  // A `let` without a value starts over in each iteration.
  const bool resets = !is_var && !d.initializer && (b.where->in_loop || b.needs_check || bare);
  if (bare && !b.where->is_function_like())
    declare_variable(b);
  if (!d.initializer && !resets && (bare || (is_var && b.where->kind == scope_kind::catch_)))
    return;
  separate();
  const bool new_cell = b.cell && in_head;
  put(new_cell                  ? b.emitted + "={v:"
      : d.initializer || resets ? reference(id) + "="
                                : reference(id));
  if (d.initializer)
    with_name(d.initializer, id.name);
  else if (resets || new_cell)
    put("void 0");
  if (new_cell)
    put("}");
}

} // namespace offstage::lowering
