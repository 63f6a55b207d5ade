// SPDX-License-Identifier: MIT
// The syntax tree: one struct per construct of the language, all in the compilation's arena. The
// parser fills everything but the members marked "analysis", which scopes.cpp fills. Cover grammars
// turn expressions into patterns in place by changing their kind, so an array literal and an array
// pattern share a struct.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace offstage::lowering {

struct scope;
struct binding;

enum class node_kind : std::uint8_t {
  // expressions
  identifier,
  number,
  bigint,
  string,
  keyword_literal,
  regex,
  template_literal,
  tagged_template,
  this_expression,
  super_expression,
  array_literal,
  object_literal,
  function,
  class_,
  unary,
  update,
  binary,
  logical,
  assignment,
  conditional,
  call,
  new_expression,
  member,
  optional_chain,
  sequence,
  spread,
  yield,
  await,
  new_target,
  import_meta,
  import_call,
  private_name,
  // patterns
  array_pattern,
  object_pattern,
  default_pattern,
  rest,
  // statements
  block,
  variable_declaration,
  expression_statement,
  if_,
  for_,
  for_in,
  for_of,
  while_,
  do_while,
  return_,
  break_,
  continue_,
  throw_,
  try_,
  switch_,
  labelled,
  empty,
  with,
  debugger,
  import_declaration,
  export_declaration,
};

struct node {
  node_kind kind{};
  bool parenthesized = false;
  std::uint32_t line = 0;  // of the first character, from 1
  std::uint32_t begin = 0; // byte offset of the first character
  std::uint32_t end = 0;   // offset behind the last one; set where somebody asks for it
};

using node_list = std::span<node*>;

struct identifier : node {
  std::string_view name;
  binding* target = nullptr;         // analysis: null is a global
  bool may_be_uninitialized = false; // analysis: a read needs the temporal-dead-zone check
};

// number: digits as the engine takes them; string: source text with its quotes; keyword: null,
// true, false.
struct literal : node {
  std::string_view text;
};

struct regex_literal : node {
  std::string_view body;
  std::string_view flags;
};

struct template_piece {
  std::string_view raw; // source text
  bool cooked = true;   // false: it has an escape that only tagged templates accept
};

struct template_literal : node {
  std::span<template_piece> pieces; // one more than expressions
  node_list expressions;
};

struct tagged_template : node {
  node* tag = nullptr;
  template_literal* quasi = nullptr;
};

struct array_node : node { // literal and pattern; holes are null
  node_list elements;
};

enum class property_kind : std::uint8_t { value, getter, setter, method, spread };

struct property : node {
  property_kind type{};
  bool computed = false;
  bool shorthand = false;
  node* key =
      nullptr; // identifier, string, number, bigint, private_name; any expression when computed
  node* value = nullptr;
};

struct object_node : node { // literal and pattern
  std::span<property*> properties;
};

enum class function_role : std::uint8_t {
  declaration,
  expression,
  arrow,
  method,
  getter,
  setter,
  constructor,
  derived_constructor,
};

struct block_statement;

struct function_node : node {
  function_role role{};
  bool is_async = false;
  bool is_generator = false;
  bool strict = false;
  bool own_directive = false; // its own body says "use strict"
  bool simple_parameters = true;
  std::uint32_t text_begin = 0; // what Function.prototype.toString gives, up to `end`
  identifier* name = nullptr;
  node_list parameters;
  node* expression = nullptr; // arrow with an expression body, else null
  block_statement* body = nullptr;
  scope* inner = nullptr;        // analysis
  bool hoisted_in_block = false; // analysis: sloppy block function also visible in the function

  bool is_arrow() const { return role == function_role::arrow; }
  bool is_constructor() const {
    return role == function_role::constructor || role == function_role::derived_constructor;
  }
  bool is_coroutine() const { return is_async || is_generator; }
};

enum class member_kind : std::uint8_t { method, getter, setter, field, static_block, constructor };

struct class_member : node {
  member_kind type{};
  bool is_static = false;
  bool computed = false;
  node* key = nullptr;
  node* value = nullptr;            // function, or a field's initial value (may be null)
  block_statement* block = nullptr; // of a static block
  scope* inner = nullptr;           // analysis: of a field value or static block
};

struct class_node : node {
  bool is_declaration = false;
  identifier* name = nullptr;
  node* heritage = nullptr;
  std::span<class_member*> members;
  function_node* constructor = nullptr;
  scope* inner = nullptr; // analysis
};

struct unary : node { // also spread, rest, await, expression statement, return, throw
  std::string_view op;
  node* operand = nullptr;
};

struct update : node {
  std::string_view op;
  bool prefix = false;
  node* operand = nullptr;
};

struct binary
    : node { // binary, logical, assignment; "target" reads better than "left" in none of them
  std::string_view op;
  node* left = nullptr;
  node* right = nullptr;
};

struct default_pattern : node {
  node* target = nullptr;
  node* initializer = nullptr;
};

struct conditional : node {
  node* test = nullptr;
  node* consequent = nullptr;
  node* alternate = nullptr;
};

struct call : node { // call, new, import()
  node* callee = nullptr;
  bool optional = false;
  node_list arguments;
};

struct member : node {
  node* object = nullptr;
  bool computed = false;
  bool optional = false;
  node* property = nullptr; // identifier, private_name, or any expression when computed
};

struct sequence : node {
  node_list expressions;
};

struct yield_expression : node {
  bool delegate = false;
  node* argument = nullptr;
};

struct block_statement : node { // block and the whole program
  node_list statements;
  scope* inner = nullptr; // analysis
};

struct declarator {
  node* target = nullptr;
  node* initializer = nullptr;
  std::uint32_t end = 0;
};

enum class declaration_kind : std::uint8_t { var, let, const_ };

struct variable_declaration : node {
  declaration_kind type{};
  std::span<declarator> declarators;
};

struct expression_statement : node {
  node* expression = nullptr;
  bool directive = false;
};

struct if_statement : node {
  node* test = nullptr;
  node* consequent = nullptr;
  node* alternate = nullptr;
};

struct loop_statement : node { // for, while, do-while
  node* initializer = nullptr;
  node* test = nullptr;
  node* update = nullptr;
  node* body = nullptr;
  scope* inner = nullptr; // analysis
};

struct iteration_statement : node { // for-in and for-of
  node* target = nullptr;           // variable declaration or pattern
  node* subject = nullptr;
  node* body = nullptr;
  bool is_await = false;
  scope* inner = nullptr; // analysis
};

struct jump_statement : node { // break, continue
  std::string_view label;
};

struct try_statement : node {
  block_statement* body = nullptr;
  node* parameter = nullptr;
  block_statement* handler = nullptr;
  block_statement* finalizer = nullptr;
  scope* inner = nullptr; // analysis: of the handler's parameter
};

struct switch_case {
  std::uint32_t begin = 0;
  node* test = nullptr; // null: default
  node_list statements;
};

struct switch_statement : node {
  node* subject = nullptr;
  std::span<switch_case> cases;
  scope* inner = nullptr; // analysis
};

struct labelled_statement : node {
  std::string_view label;
  node* body = nullptr;
};

struct with_statement : node {
  node* object = nullptr;
  node* body = nullptr;
};

// One name of an import or export clause: `imported as local`. "*" stands for the namespace.
struct module_name {
  std::string_view imported;
  std::string_view local;
  identifier* reference = nullptr; // the local binding, where there is one
};

struct import_declaration : node {
  std::string_view specifier; // string literal with quotes
  std::span<module_name> names;
};

struct export_declaration : node {
  std::string_view specifier; // empty: no re-export
  std::span<module_name> names;
  node* declaration =
      nullptr; // variable, function or class declaration; any expression for a default
  bool is_default = false;
};

template <class T>
T& as(node& value) {
  return static_cast<T&>(value);
}

template <class T>
const T& as(const node& value) {
  return static_cast<const T&>(value);
}

inline bool is(const node* value, node_kind kind) {
  return value && value->kind == kind;
}

} // namespace offstage::lowering
