// SPDX-License-Identifier: MIT
// Conclusions, once every use is known: cells, checks and names.
#include <algorithm>

#include "runtime/lowering/characters.hpp"
#include "runtime/lowering/scopes.hpp"

namespace offstage::lowering {

void scope_analysis::conclude() {
  decide_checks();
  for (scope* function : functions_)
    decide_cells(*function);
  while (grow_per_iteration_functions()) {
  }
  for (scope* function : functions_)
    choose_names(*function);
  for (binding& b : bindings_)
    b.emitted = escape_identifier(b.emitted);
}

void scope_analysis::decide_checks() {
  for (const deferred_check& d : deferred_) {
    // The hoisted function can run early only if somebody mentions it early.
    if (d.function->first_use >= d.use->target->initialized_at)
      continue;
    d.use->may_be_uninitialized = true;
    d.use->target->needs_check = true;
  }
}

void scope_analysis::decide_cells(scope& function) {
  for (scope* block : function.blocks)
    for (binding* b : block->bindings)
      b->cell = b->is_lexical() && b->captured && block->in_loop;
}

bool scope_analysis::grow_per_iteration_functions() {
  bool grew = false;
  for (binding& b : bindings_) {
    if (b.kind != binding_kind::block_function || b.per_iteration || !b.where->in_loop)
      continue;
    const std::vector<binding*>& taken = b.function->inner->taken_from_parent;
    if (std::any_of(taken.begin(), taken.end(),
                    [](const binding* t) { return t->cell || t->per_iteration; })) {
      b.per_iteration = true;
      b.cell = b.captured;
      grew = true;
    }
  }
  return grew;
}

// A function's block-scoped variables become variables of the whole function: those whose name
// means something else anywhere in the function get a new one.
void scope_analysis::choose_names(scope& function) {
  const bool global = function.kind == scope_kind::script;
  const bool inside_eval = global && options_.goal == lowering_goal::eval;
  const reach own_reach = global ? reach::global : reach::local;
  std::unordered_set<std::string> taken;
  for (binding* b : function.bindings) {
    b->emitted =
        inside_eval && b->is_lexical() ? made_up_name(b->name, own_reach) : std::string(b->name);
    taken.insert(b->emitted);
  }
  for (const std::string_view name : function.outer_names)
    taken.insert(std::string(name));
  for (scope* block : function.blocks) {
    for (binding* b : block->bindings) {
      b->emitted = std::string(b->name);
      if (b->kind == binding_kind::catch_parameter)
        continue;
      const bool clash = global || taken.count(b->emitted) != 0;
      const bool same_function = b->kind == binding_kind::block_function && b->function
                                 && b->function->hoisted_in_block && !b->per_iteration
                                 && function.outer_names.count(b->name) == 0;
      if (same_function) {
        binding* outer = function.names[b->name];
        const bool alone = outer && outer->kind == binding_kind::var && !outer->function;
        if (alone) {
          outer->function = b->function; // the engine hoists it to the function by itself
          continue;
        }
      }
      if (clash)
        b->emitted = made_up_name(b->name, own_reach);
      taken.insert(b->emitted);
    }
  }
}

void collect_targets(const node* pattern, std::vector<binding*>& out) {
  if (!pattern)
    return;
  switch (pattern->kind) {
  case node_kind::identifier:
    if (as<identifier>(*pattern).target)
      out.push_back(as<identifier>(*pattern).target);
    break;
  case node_kind::default_pattern:
    collect_targets(as<default_pattern>(*pattern).target, out);
    break;
  case node_kind::rest:
    collect_targets(as<unary>(*pattern).operand, out);
    break;
  case node_kind::array_pattern:
    for (const node* element : as<array_node>(*pattern).elements)
      collect_targets(element, out);
    break;
  case node_kind::object_pattern:
    for (const property* item : as<object_node>(*pattern).properties)
      collect_targets(item->value, out);
    break;
  default:
    break;
  }
}

} // namespace offstage::lowering
