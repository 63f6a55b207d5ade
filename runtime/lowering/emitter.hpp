// SPDX-License-Identifier: MIT
// Writes the lowered program. One file per family: statements, loops, expressions, calls and
// chains, assignments, patterns, objects, functions, classes, templates, modules.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/lowering/ast.hpp"
#include "runtime/lowering/lowering.hpp"
#include "runtime/lowering/output.hpp"
#include "runtime/lowering/scopes.hpp"

namespace offstage::lowering {

// How tightly an emitted expression binds.
enum class binds : std::uint8_t {
  sequence,
  assignment,
  conditional,
  or_,
  and_,
  bit_or,
  bit_xor,
  bit_and,
  equality,
  relation,
  shift,
  sum,
  product,
  unary,
  postfix,
  call,
  primary,
};

class emitter {
public:
  emitter(scope_analysis& scopes, const lowering_options& options);

  lowered_script emit_program(const program& p, const scope& top);

private:
  // The object that `super` looks above, created or named only if somebody asks.
  struct home_object {
    std::string text;
    bool used = false;
  };

  // The class whose constructor or members are being written.
  struct class_context {
    std::string name;                                      // its function in the output
    std::vector<std::pair<std::string, std::string>> keys; // private name, variable or function
    std::vector<output::gap> construction;                 // where instance fields are initialized
    std::vector<std::string> construction_receivers;
    std::string initializers;        // a comma expression for a receiver written as "@"
    std::string static_initializers; // statements
    const class_node* node = nullptr;
    home_object prototype_home;
    home_object static_home;
    class_context* outer = nullptr;
  };

  // One function of the output.
  struct frame {
    frame* up = nullptr;
    const scope* where = nullptr;
    const function_node* function = nullptr;
    bool transparent =
        false;           // arrow, coroutine body, class body: this and arguments are those outside
    bool global = false; // the top level of a script
    bool is_async = false;
    bool is_generator = false;
    bool needs_this = false;
    bool needs_arguments = false;
    bool needs_new_target = false;
    bool derived = false; // of a derived constructor: this is a variable
    bool base_constructor = false;
    std::uint32_t this_is_bound_at = ~0u; // derived: offset from which on this is certainly there
    home_object* home = nullptr;
    output::gap declarations = 0;
    std::vector<std::string> variables;
    std::vector<std::string> globals; // of a script: its lexical names and temporaries
  };

  class inside {
  public:
    inside(emitter& owner, frame& f) : owner_(owner) {
      f.up = owner.frame_;
      owner.frame_ = &f;
    }
    ~inside() { owner_.frame_ = owner_.frame_->up; }
    inside(const inside&) = delete;
    inside& operator=(const inside&) = delete;

  private:
    emitter& owner_;
  };

  struct substitution {
    const node* replaced;
    std::string text;
    std::string receiver;
  };

  // -- frames and names (emitter.cpp)
  // Whether evaluating it may throw, so that somebody may ask where it is.
  static bool may_throw(const node* n);
  bool is_module() const { return options_.goal == lowering_goal::module; }
  std::string temporary();
  void declare_variable(const binding& b);
  bool is_global_lexical(const binding& b) const;
  void fill_declarations(frame& f);
  frame& this_owner();
  std::string this_text(const node& at);
  std::string arguments_text();
  std::string new_target_text();
  home_object& home();
  std::string reference(const identifier& id) const;
  void put(std::string_view text) { out_.put(text); }
  void put_number(std::size_t value) { out_.put(std::to_string(value)); }

  // -- statements (emit_statements.cpp)
  void statements(node_list list, const scope* where);
  void scope_head(node_list list, const scope* where);
  void function_head(function_node& f);
  void statement(node* n);
  void labelled_body(node* n, const std::string& labels);
  void jump(const jump_statement& j);
  void class_declaration(const class_node& c);
  void block(const block_statement& b);
  void sub_statement(node* n);
  void expression_statement_(const expression_statement& s);
  void if_(const if_statement& first);
  void return_(const unary& r);
  void try_(const try_statement& t);
  void catch_(const try_statement& t);
  void switch_(const switch_statement& s, const std::string& labels);
  void variables(const variable_declaration& d, bool in_head);
  bool plain_variables(const variable_declaration& d) const;
  void declarator_(const declarator& d, bool in_head, bool& first);

  // -- loops (emit_loops.cpp)
  void for_(const loop_statement& loop, const std::string& labels);
  void while_(const loop_statement& loop, const std::string& labels);
  void do_while(const loop_statement& loop, const std::string& labels);
  void for_in(const iteration_statement& loop, const std::string& labels);
  void for_of(const iteration_statement& loop, const std::string& labels);
  void assign_iteration_value(const iteration_statement& loop, const std::string& value);
  void new_cells(const scope& where);
  void loop_body(node* body);

  // -- expressions (emit_expressions.cpp)
  void expression(const node* n, binds needed);
  void expression_core(const node* n);
  binds strength(const node* n) const;
  binds binary_strength(const binary& b) const;
  void identifier_(const identifier& id);
  void number(const literal& n);
  void string(const literal& s);
  void unary_(const unary& u);
  void update_(const update& u);
  void binary_(const binary& b);
  void nullish(const binary& b);
  void conditional_(const conditional& c);
  void sequence_(const sequence& s);
  void array(const array_node& a);
  void spread_array(node_list elements);
  void comma_list(node_list items);
  void yield_(const yield_expression& y);
  void await_(const unary& a);
  void with_name(const node* value, std::string_view name);

  // -- calls and chains (emit_calls.cpp)
  void call_(const call& c);
  void new_(const call& c);
  void super_call(const call& c);
  void direct_eval(const call& c);
  void arguments(const call& c, const std::string& receiver, bool receiver_needed);
  std::string callee_keeping_receiver(const node* callee);
  void member_(const member& m);
  void property_suffix(const member& m);
  static std::uint32_t place_of_call(const call& c);
  void optional_chain(const node* chain, std::string_view otherwise, std::string_view prefix);
  const substitution* substituted(const node* n) const;

  // -- assignments (emit_assignments.cpp)
  // A target whose parts are evaluated already: how to read it, and what stands around a value to
  // write it.
  struct place {
    std::string read;
    std::string before;
    std::string behind;
  };
  void assignment(const binary& a);
  void simple_assignment(const binary& a);
  void compound_assignment(const binary& a);
  void logical_assignment(const binary& a, const place& p);
  void constant_assignment(const identifier& target, const node* value);
  void begin_store(const node* target, bool initializes);
  void end_store(const node* target);
  bool is_constant(const node* target) const;
  bool is_special_member(const node* target) const;
  place place_of(const node* target);
  std::string private_key(const node* name) const;
  void member_key(const member& m);

  // -- patterns (emit_patterns.cpp)
  enum class pattern_use : std::uint8_t { declare, assign };
  void pattern(const node* target, const std::string& value, pattern_use use);
  void array_pattern(const array_node& a, const std::string& value, pattern_use use);
  void object_pattern(const object_node& o, const std::string& value, pattern_use use);
  void store(const node* target, const std::string& value, const node* otherwise, pattern_use use);
  void declare_targets(const node* pattern);

  // -- objects (emit_objects.cpp)
  void object(const object_node& o);
  void object_parts(const object_node& o, home_object& h);
  void simple_property(const property& p, home_object& h);
  bool needs_merge(const property& p) const;
  std::string key_text(const node* key) const;
  std::string key_name(const node* key) const;
  std::string_view plain_key(const node* key) const;
  bool takes_name(const node* value) const;

  // -- functions (emit_functions.cpp)
  enum class function_form : std::uint8_t { with_keyword, method };
  void function_expression(const function_node& f, std::string_view name, home_object* home);
  void function_declaration(const function_node& f);
  void function_text(const function_node& f, std::string_view name, function_form form,
                     home_object* home);
  void named_function(const function_node& f, std::string_view name, home_object* home);
  static std::string_view kind_helper(const function_node& f);
  void coroutine_expression(const function_node& f, std::string_view name, home_object* home);
  // The source text of each parameter that the prologue must store; empty where the engine did it.
  using parameter_sources = std::vector<std::string>;
  parameter_sources parameters(const function_node& f, const std::string& arguments_object);
  void parameter_prologue(const function_node& f, const parameter_sources& sources);
  // A directive of our engine. It has to come first.
  static constexpr std::string_view no_constructor = "\"!new\";";
  static bool is_constructor(const function_node& f);
  void begin_body(const function_node& f);
  std::size_t directives(const function_node& f);
  void function_body(const function_node& f, std::size_t directive_count);
  void coroutine(const function_node& f, frame& outer, std::string_view self);
  bool may_be_called(const function_node& f, std::string_view name) const;
  std::vector<const binding*> cells_of(const scope* s) const;
  std::string cell_list(const std::vector<const binding*>& cells) const;

  // -- classes (emit_classes.cpp)
  void class_(const class_node& c, std::string_view name);
  void class_body(class_context& context, std::string_view explicit_name);
  void declare_private_names(class_context& context, frame& f);
  void members(class_context& context);
  void constructor_(class_context& context, const function_node& f);
  void default_constructor(class_context& context);
  void fill_construction(const class_context& context);
  void initialize_instances(class_context& context, const std::string& item);
  std::size_t method_group(class_context& context, std::size_t first);
  void method_member(class_context& context, const class_member& m);
  void private_method(class_context& context, const class_member& m);
  std::size_t field_group(class_context& context, std::size_t first);
  void field(class_context& context, const class_member& m, const std::string& computed_key);
  void static_block(class_context& context, const class_member& m);

  // -- templates and regular expressions (emit_templates.cpp)
  void template_(const template_literal& t);
  void tagged(const tagged_template& t);
  void regex(const regex_literal& r);

  // -- modules (emit_modules.cpp)
  void module_head(const program& p, lowered_script& result);
  void default_function_head(const program& p);
  std::string export_getters(const program& p, lowered_script& result,
                             const std::vector<std::string_view>& locals);
  void export_(const export_declaration& d);

  scope_analysis& scopes_;
  lowering_options options_;
  output out_;
  frame* frame_ = nullptr;
  class_context* class_ctx_ = nullptr;
  std::vector<substitution> substitutions_;
  bool in_for_head_ = false; // where `in` needs parentheses
};

} // namespace offstage::lowering
