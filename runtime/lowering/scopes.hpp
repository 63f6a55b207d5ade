// SPDX-License-Identifier: MIT
// Scope analysis: which declaration each identifier means, which variables need a cell per loop
// iteration, which reads need the temporal-dead-zone check, and what each variable is called in the
// output, where only functions have scopes.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "runtime/lowering/ast.hpp"
#include "runtime/lowering/lowering.hpp"
#include "runtime/lowering/parser.hpp"

namespace offstage::lowering {

enum class binding_kind : std::uint8_t {
  var,
  parameter,
  function,       // declared at the top of a function or script
  block_function, // declared in a block
  let,
  const_,
  class_,
  catch_parameter, // a plain name; the engine scopes it to the handler by itself
  function_name,   // a function expression's own name
  class_name,      // a class's name inside its body
  import,
};

struct binding {
  std::string_view name;
  std::string emitted;
  scope* where = nullptr;
  binding_kind kind{};
  bool captured = false;             // used by an inner function
  bool cell = false;                 // lives in a {v: value} made anew for each iteration
  bool per_iteration = false;        // a block function that closes over cells
  bool needs_check = false;          // some use may come before the initialization
  std::uint32_t initialized_at = 0;  // offset behind the declaration
  std::uint32_t first_use = ~0u;     // offset of the first use; for functions
  std::uint32_t clause_end = ~0u;    // in a switch: other clauses may run without the declaration
  const node* initializer = nullptr; // when it is a function, it cannot run before it is assigned
  function_node* function = nullptr;

  bool is_lexical() const {
    return kind == binding_kind::let || kind == binding_kind::const_
           || kind == binding_kind::class_;
  }
};

enum class scope_kind : std::uint8_t { script, function, class_, block, catch_, switch_ };

struct scope {
  scope_kind kind{};
  bool in_loop = false;
  bool has_direct_eval = false;
  scope* parent = nullptr;
  scope* function = nullptr; // the innermost script, function or class around, perhaps this
  const node* owner = nullptr;
  std::uint32_t begin = 0;
  binding* declared_as = nullptr; // of a function declaration: its hoisted name
  std::unordered_map<std::string_view, binding*> names;
  std::vector<binding*> bindings; // in order of declaration

  // Of script, function and class only:
  std::vector<scope*> blocks;
  std::unordered_set<std::string_view> outer_names; // used inside, declared outside
  std::vector<binding*> taken_from_parent;          // bindings of the function directly around

  bool is_function_like() const {
    return kind == scope_kind::script || kind == scope_kind::function || kind == scope_kind::class_;
  }
};

class scope_analysis {
public:
  scope_analysis(const lowering_options& options, std::string prefix, std::string global_prefix);

  // Throws syntax_error for redeclarations.
  scope& analyze(program& p);

  // A name that nothing in the source has. Those of functions are local to them; those of a
  // script's top level are global, so other scripts of the realm must not make up the same.
  enum class reach : std::uint8_t { local, global };
  std::string made_up_name(std::string_view stem, reach r = reach::local);
  const std::string& prefix() const { return prefix_; }

private:
  // A use whose need for a check depends on when a hoisted function is first mentioned.
  struct deferred_check {
    identifier* use;
    binding* function;
  };

  // -- declarations (scopes.cpp)
  scope& push(scope_kind kind, const node* owner, bool loop = false);
  void pop() { current_ = current_->parent; }
  binding& declare(scope& where, std::string_view name, binding_kind kind, const node& at);
  void check_redeclaration(const scope& where, const binding& old, binding_kind kind,
                           const node& at) const;
  void declare_pattern(scope& where, const node* pattern, binding_kind kind);
  void declare_variables(scope& where, const variable_declaration& d, binding_kind kind);
  void hoist_vars(scope& where, const node* n);
  void declare_lexical(scope& where, node_list statements);
  void declare_statement(scope& where, node* statement);
  void declare_function(scope& where, function_node& f);
  void declare_imports(scope& where, node_list statements);
  void check_var_conflicts(const variable_declaration& d);

  // -- uses (scope_uses.cpp)
  enum class purpose : std::uint8_t { use, declare };
  void use(identifier& id, purpose why = purpose::use);
  void note_use_before_declaration(identifier& id, binding& b, scope* outermost);
  void visit(node* n);
  void visit_all(node_list list);
  void visit_expression(node* n);
  void visit_statement(node* n);
  void visit_pattern(node* n, purpose why);
  void visit_properties(object_node& object, purpose why);
  void visit_call(call& c);
  void visit_function(function_node& f);
  void visit_class(class_node& c);
  void visit_member(class_member& m);
  void visit_body(node_list statements);
  void visit_block(block_statement& b);
  void visit_loop(loop_statement& loop);
  void visit_iteration(iteration_statement& loop);
  void visit_try(try_statement& t);
  void visit_switch(switch_statement& s);
  void visit_if(if_statement& first);
  void visit_export(export_declaration& e);

  // -- conclusions (scope_names.cpp)
  void conclude();
  void decide_cells(scope& function);
  bool grow_per_iteration_functions();
  void decide_checks();
  void choose_names(scope& function);

  lowering_options options_;
  std::string prefix_;
  std::string global_prefix_;
  std::deque<scope> scopes_;
  std::deque<binding> bindings_;
  std::vector<scope*> functions_;
  std::vector<deferred_check> deferred_;
  scope* current_ = nullptr;
  std::uint32_t made_up_ = 0;
};

// The bindings a pattern declares or assigns.
void collect_targets(const node* pattern, std::vector<binding*>& out);

} // namespace offstage::lowering
