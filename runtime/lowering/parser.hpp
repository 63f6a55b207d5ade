// SPDX-License-Identifier: MIT
// Recursive descent over the tokens; cover grammars by parsing an expression first and turning it
// into a pattern or into parameters when `=`, `of`, `in` or `=>` shows that it was one. Early
// errors that need no scopes are found here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/lowering/arena.hpp"
#include "runtime/lowering/ast.hpp"
#include "runtime/lowering/lexer.hpp"
#include "runtime/lowering/lowering.hpp"

namespace offstage::lowering {

struct program {
  block_statement* body = nullptr;
  bool strict = false;
  bool has_top_level_await = false;
  bool saw_escaped_name = false;
};

class parser {
public:
  parser(std::string_view source, arena& memory, const lowering_options& options);

  program parse_program();

private:
  enum class semicolon : std::uint8_t { required, none };
  enum class target_role : std::uint8_t { assignment, binding };

  // What the innermost function, class field or script allows.
  struct context {
    bool strict = false;
    bool in_function = false; // return is allowed
    bool is_async = false;
    bool is_generator = false;
    bool super_property = false;
    bool super_call = false;
    bool new_target = false;
    bool arguments_allowed = true; // not in class fields and static blocks
    bool static_block = false;
    bool in_parameters = false; // of the function itself, where it cannot wait
    std::vector<std::pair<std::string_view, bool>> labels; // name, whether it labels a loop
    std::uint32_t loops = 0;
    std::uint32_t switches = 0;
  };

  // Counts nesting for as long as it lives.
  class level {
  public:
    explicit level(parser& owner) : owner_(owner) {
      if (++owner_.depth_ > lowering_limits::nesting_levels_max)
        owner_.fail("the program is nested too deeply");
    }
    ~level() { --owner_.depth_; }
    level(const level&) = delete;
    level& operator=(const level&) = delete;

  private:
    parser& owner_;
  };

  // Sets a member for as long as it lives.
  template <class T>
  class setting {
  public:
    setting(T& member, T value) : member_(member), saved_(std::move(member)) {
      member_ = std::move(value);
    }
    ~setting() { member_ = std::move(saved_); }
    setting(const setting&) = delete;
    setting& operator=(const setting&) = delete;

  private:
    T& member_;
    T saved_;
  };

  struct modifiers {
    bool is_async = false;
    bool is_generator = false;
    property_kind accessor = property_kind::value;
  };

  struct private_environment {
    std::vector<std::pair<std::string_view, class_member*>> declared;
    std::vector<std::pair<std::string_view, token>> used;
  };

  // -- tokens (parser.cpp)
  [[noreturn]] void fail(const std::string& message) const { fail_at(current_, message); }
  [[noreturn]] void fail_at(const token& where, const std::string& message) const;
  [[noreturn]] void fail_at(const node& where, const std::string& message) const;
  [[noreturn]] void fail_unexpected() const;
  void advance();
  token peek();
  bool at(std::string_view punctuator) const {
    return current_.kind == token_kind::punctuator && current_.text == punctuator;
  }
  bool at_word(std::string_view word) const {
    return current_.kind == token_kind::name && !current_.escaped && current_.text == word;
  }
  bool eat(std::string_view punctuator);
  bool eat_word(std::string_view word);
  void expect(std::string_view punctuator);
  void expect_word(std::string_view word);
  void expect_semicolon();
  bool at_statement_end() const;
  void check_strict_token(const token& t) const;
  void check_no_pending_cover();

  template <class T>
  T* make(node_kind kind, const token& start) {
    T* out = memory_.make<T>();
    out->kind = kind;
    out->line = start.line;
    out->begin = start.begin;
    return out;
  }
  template <class T>
  T* make(node_kind kind, const node& start) {
    T* out = memory_.make<T>();
    out->kind = kind;
    out->line = start.line;
    out->begin = start.begin;
    return out;
  }

  // -- statements (parser_statements.cpp)
  void read_directives(std::vector<node*>& out, bool& found_strict);
  node* statement_list_item();
  node* statement();
  node* sub_statement(std::string_view owner);
  node* keyword_statement();
  node* declaration_or_null();
  block_statement* block();
  bool at_let_declaration();
  variable_declaration* variables(semicolon end);
  node* if_();
  node* do_while();
  node* while_();
  node* return_();
  node* throw_();
  node* jump(node_kind kind);
  node* try_();
  node* switch_();
  node* with();
  node* debugger();
  node* labelled();
  node* expression_statement_();
  node* loop_body();

  // -- for (parser_loops.cpp)
  node* for_();
  node* for_initializer();
  node* for_iteration(const token& start, node* initializer, bool is_await);
  node* for_classic(const token& start, node* initializer);
  void check_iteration_target(node* initializer, bool is_of);

  // -- expressions (parser_expressions.cpp)
  node* expression();
  node* whole_expression();
  node* assignment();
  node* whole_assignment();
  node* assignment_tail(node* left);
  node* yield_();
  node* conditional_();
  node* binary_(int precedence_min);
  node* unary_();
  node* await_();
  node* postfix();
  node* parenthesized_test();

  // -- chains and calls (parser_chains.cpp)
  node* left_hand_side();
  node* chain_tail(node* head, bool calls);
  node* chain_link(node* object, const token& start, bool optional);
  node* new_();
  node* import_call_or_meta();
  node_list arguments();
  node* member_property();
  node* super_();

  // -- primary expressions (parser_primary.cpp)
  node* primary();
  node* primary_name();
  node* parenthesized_or_arrow();
  node* array_literal();
  template_literal* template_(bool tagged);
  identifier* identifier_reference();
  identifier* binding_identifier();
  void check_identifier(const token& name) const;

  // -- object literals (parser_objects.cpp)
  node* object_literal();
  property* object_property();
  modifiers read_modifiers();
  node* property_key(bool& computed);
  void shorthand(property& out, const token& name);
  bool at_key_end() const;

  // -- patterns (parser_patterns.cpp)
  node* binding_target();
  node* binding_element();
  node* to_pattern(node* expression, target_role role);
  node* to_element_pattern(node* element, target_role role);
  void check_simple_target(const node& target, target_role role) const;
  void collect_names(const node* pattern, std::vector<const identifier*>& out) const;

  // -- functions (parser_functions.cpp)
  node* function_(function_role role);
  function_node* method(function_role role, const modifiers& mods, std::uint32_t begin);
  function_node* arrow(const token& start, std::vector<node*> parameters, bool is_async);
  void parameter_list(function_node& f);
  void function_body(function_node& f);
  void check_parameters(const function_node& f) const;
  context inner_context(const function_node& f) const;

  // -- classes (parser_classes.cpp)
  node* class_(bool is_declaration);
  void class_body(class_node& c);
  class_member* class_element(class_node& c);
  void method_element(class_node& c, class_member& m, const modifiers& mods);
  void field_element(class_member& m);
  void static_block(class_member& m);
  void check_element_name(const class_node& c, const class_member& m) const;
  void declare_private(class_member& m);
  void close_private_environment(const class_node& c);
  literal* private_name_reference();

  // -- modules (parser_modules.cpp)
  bool at_module_declaration();
  node* import_declaration_();
  node* export_declaration_();
  void import_clause(std::vector<module_name>& names);
  void named_imports(std::vector<module_name>& names);
  void export_clause(export_declaration& out, std::vector<module_name>& names);
  void export_default(export_declaration& out);
  std::string_view module_export_name();
  std::string_view from_clause();
  void skip_import_attributes();
  void add_export(std::string_view name);

  lexer lexer_;
  arena& memory_;
  lowering_options options_;
  context context_;
  token current_;
  std::uint32_t previous_end_ = 0;
  std::uint32_t depth_ = 0;
  bool in_allowed_ = true;
  bool at_top_level_ = true;
  bool has_top_level_await_ = false;
  std::optional<std::uint32_t> arrow_allowed_at_; // offset where an arrow function may begin
  // The first construct that is only right in a pattern: `{a = 1}`, or two `__proto__`.
  std::optional<token> pending_cover_;
  std::vector<private_environment> private_environments_;
  std::vector<std::string_view> exported_names_;
};

} // namespace offstage::lowering
