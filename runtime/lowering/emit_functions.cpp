// SPDX-License-Identifier: MIT
// Functions. Arrow functions become plain functions that use the `this` of the function around by
// name; async functions and generators become plain functions around a body that runs as a
// coroutine.
#include <algorithm>

#include "runtime/lowering/characters.hpp"
#include "runtime/lowering/emitter.hpp"

namespace offstage::lowering {
namespace {

bool makes_no_code(const node* n) {
  if (is(n, node_kind::expression_statement))
    return as<expression_statement>(*n).directive;
  if (is(n, node_kind::variable_declaration))
    return std::ranges::none_of(as<variable_declaration>(*n).declarators,
                                [](const declarator& d) { return d.initializer != nullptr; });
  if (is(n, node_kind::block))
    return as<block_statement>(*n).statements.empty();
  return is(n, node_kind::empty) || is(n, node_kind::function);
}

} // namespace

std::vector<const binding*> emitter::cells_of(const scope* s) const {
  std::vector<const binding*> out;
  for (const binding* b : s->taken_from_parent)
    if (b->cell && std::find(out.begin(), out.end(), b) == out.end())
      out.push_back(b);
  return out;
}

std::string emitter::cell_list(const std::vector<const binding*>& cells) const {
  std::string out;
  for (const binding* b : cells)
    out += (out.empty() ? "" : ",") + b->emitted;
  return out;
}

// A function made in a loop keeps the cells of its iteration by being made inside of a call.
void emitter::function_expression(const function_node& f, std::string_view name,
                                  home_object* home) {
  const std::string cells = cell_list(cells_of(f.inner));
  if (!cells.empty())
    put("(function(" + cells + "){" + std::string(no_constructor) + "return ");
  if (f.is_coroutine())
    coroutine_expression(f, name, home);
  else
    named_function(f, name, home);
  if (!cells.empty())
    put("})(" + cells + ")");
}

// Whether the function expression can carry the name without hiding something its body uses.
bool emitter::may_be_called(const function_node& f, std::string_view name) const {
  return is_plain_ascii_name(name) && !is_engine_word(name) && !f.inner->has_direct_eval
         && f.inner->outer_names.count(name) == 0;
}

void emitter::named_function(const function_node& f, std::string_view name, home_object* home) {
  if (f.name)
    return function_text(f, f.name->target->emitted, function_form::with_keyword, home);
  if (name.empty() || may_be_called(f, name))
    return function_text(f, name, function_form::with_keyword, home);
  put("__os_name(");
  function_text(f, {}, function_form::with_keyword, home);
  put("," + quote(name) + ")");
}

// What makes a function one of its kind.
std::string_view emitter::kind_helper(const function_node& f) {
  return !f.is_generator ? "__os_async_function("
         : f.is_async    ? "__os_async_generator_function("
                         : "__os_generator_function(";
}

void emitter::coroutine_expression(const function_node& f, std::string_view name,
                                   home_object* home) {
  put(kind_helper(f));
  if (f.name) {
    function_text(f, f.name->target->emitted, function_form::with_keyword, home);
  } else if (!f.is_generator && (name.empty() || may_be_called(f, name))) {
    function_text(f, name, function_form::with_keyword, home);
  } else {
    // A generator looks for its prototype under its own name.
    const std::string self = f.is_generator ? scopes_.made_up_name("generator") : std::string();
    function_text(f, self, function_form::with_keyword, home);
    put("," + quote(name));
  }
  put(")");
}

void emitter::function_declaration(const function_node& f) {
  const binding& b = *f.name->target;
  if (b.per_iteration && b.function == &f) {
    put("function " + b.emitted + scopes_.prefix() + "make(" + cell_list(cells_of(f.inner)) + "){"
        + std::string(no_constructor) + "return ");
    if (b.cell)
      put("__os_name(");
    function_text(f, b.cell ? std::string() : b.emitted, function_form::with_keyword, nullptr);
    if (b.cell)
      put("," + quote(b.name) + ")");
    put("}");
  } else {
    function_text(f, b.emitted, function_form::with_keyword, nullptr);
  }
  const std::string outer = escape_identifier(f.name->name);
  if (f.hoisted_in_block && (b.cell || b.emitted != outer))
    put(outer + "=" + reference(*f.name) + ";");
}

void emitter::function_text(const function_node& f, std::string_view name, function_form form,
                            home_object* home) {
  frame outer;
  outer.where = f.inner;
  outer.function = &f;
  outer.transparent = f.is_arrow();
  outer.home = home;
  const inside in(*this, outer);
  const std::uint32_t outside = out_.place();
  put(form == function_form::method ? "(" : "function ");
  if (form == function_form::with_keyword) {
    put(name);
    put("(");
  }
  if (f.is_coroutine()) {
    coroutine(f, outer, name);
  } else {
    const parameter_sources sources = parameters(f, "arguments");
    put("){");
    begin_body(f);
    put(is_constructor(f) || form == function_form::method ? "" : no_constructor);
    const std::size_t directive_count = directives(f);
    outer.declarations = out_.leave_gap();
    parameter_prologue(f, sources);
    function_body(f, directive_count);
  }
  out_.end_body(f.text_begin, f.end, outside);
  put("}");
  fill_declarations(outer);
}

void emitter::begin_body(const function_node& f) {
  const bool empty = f.body && f.body->statements.empty();
  out_.begin_body(f.expression ? f.expression->begin
                  : empty      ? f.body->begin
                               : f.body->statements.front()->begin);
}

// Only such functions are constructors.
bool emitter::is_constructor(const function_node& f) {
  return !f.is_coroutine()
         && (f.role == function_role::declaration || f.role == function_role::expression);
}

// The part of the parameter list that the engine understands, which is also what Function.length
// counts.
emitter::parameter_sources emitter::parameters(const function_node& f,
                                               const std::string& arguments_object) {
  parameter_sources out;
  bool plain = true;
  // The engine ties `arguments` to all its formals, the language only to simple ones.
  const bool untied =
      !f.simple_parameters && !f.strict && f.inner->outer_names.count("arguments") != 0;
  for (std::size_t i = 0; i < f.parameters.size(); ++i) {
    const node* p = f.parameters[i];
    plain = plain && p->kind != node_kind::default_pattern && p->kind != node_kind::rest;
    if (!plain) {
      out.push_back(p->kind == node_kind::rest
                        ? "__os_rest_parameter(" + arguments_object + "," + std::to_string(i) + ")"
                        : arguments_object + "[" + std::to_string(i) + "]");
      continue;
    }
    const bool name = p->kind == node_kind::identifier && !untied;
    const std::string formal =
        name ? as<identifier>(*p).target->emitted : scopes_.made_up_name("parameter");
    put((i ? "," : "") + formal);
    out.push_back(name ? std::string() : formal);
  }
  return out;
}

void emitter::parameter_prologue(const function_node& f, const parameter_sources& sources) {
  for (const binding* b : f.inner->bindings)
    if (b->kind == binding_kind::parameter && b->needs_check)
      put(b->emitted + "=__os_unset;");
  for (std::size_t i = 0; i < sources.size(); ++i) {
    if (sources[i].empty())
      continue;
    const node* p = f.parameters[i];
    out_.at(p->begin);
    const node* target = p->kind == node_kind::rest ? as<unary>(*p).operand : p;
    declare_targets(target);
    store(target, sources[i], nullptr, pattern_use::declare);
    put(";");
  }
}

// Directives must stay the first statements of the function; says how many there are.
std::size_t emitter::directives(const function_node& f) {
  std::size_t count = 0;
  while (f.body && count < f.body->statements.size()) {
    node* n = f.body->statements[count];
    if (!is(n, node_kind::expression_statement) || !as<expression_statement>(*n).directive)
      break;
    statement(n);
    ++count;
  }
  return count;
}

void emitter::function_body(const function_node& f, std::size_t directive_count) {
  if (f.expression) {
    out_.at(f.expression->begin);
    put("return ");
    return expression(f.expression, binds::sequence);
  }
  statements(f.body->statements.subspan(directive_count), f.inner);
  // A function without an instruction of its own could not be found by its lines.
  if (!frame_->transparent || f.is_arrow())
    put(std::ranges::all_of(f.body->statements, makes_no_code) ? "return;" : "");
}

// The body is a function of its own, run by a helper on a thread of the engine. An async function's
// parameters are stored inside, since their errors must reject its promise; a generator's outside,
// since they happen at the call.
void emitter::coroutine(const function_node& f, frame& outer, std::string_view self) {
  const bool inside_body = !f.is_generator;
  const std::string arguments_object =
      inside_body ? scopes_.made_up_name("arguments") : "arguments";
  const parameter_sources sources = parameters(f, arguments_object);
  put("){");
  begin_body(f);
  put(no_constructor);
  const std::size_t directive_count = directives(f);
  outer.declarations = out_.leave_gap();
  const bool uses_arguments =
      std::any_of(sources.begin(), sources.end(), [&](const std::string& source) {
        return source.find(arguments_object) != std::string::npos;
      });
  if (inside_body && uses_arguments)
    outer.variables.push_back(arguments_object + "=arguments");
  if (!inside_body)
    parameter_prologue(f, sources);
  put(!f.is_generator ? "return __os_async(function(){"
      : f.is_async    ? "return __os_async_generator(function(){"
                      : "return __os_generator(function(){");
  put(no_constructor);
  frame body;
  body.where = f.inner;
  body.function = &f;
  body.transparent = true;
  body.is_async = f.is_async;
  body.is_generator = f.is_generator;
  {
    const inside in(*this, body);
    body.declarations = out_.leave_gap();
    if (inside_body)
      parameter_prologue(f, sources);
    function_body(f, directive_count);
    fill_declarations(body);
  }
  put("}");
  if (f.is_generator) {
    put(",");
    put(self.empty() ? std::string_view("null") : self);
  }
  put(")");
}

} // namespace offstage::lowering
