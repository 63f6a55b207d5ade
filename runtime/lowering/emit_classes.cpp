// SPDX-License-Identifier: MIT
// A class becomes a function that makes it: (function(parent){"use strict"; constructor and members
// in source order; return C}) (heritage). The constructor is a function declaration and so exists
// before the members around it.
#include <algorithm>

#include "runtime/lowering/characters.hpp"
#include "runtime/lowering/emitter.hpp"

namespace offstage::lowering {
namespace {

bool is_private(const class_member& m) {
  return is(m.key, node_kind::private_name);
}

bool is_method(const class_member& m) {
  return m.type == member_kind::method || m.type == member_kind::getter
         || m.type == member_kind::setter;
}

// What __os_methods takes over from an object literal.
bool is_literal_method(const class_member& m, bool is_static) {
  return is_method(m) && !is_private(m) && !m.computed && m.is_static == is_static
         && !as<function_node>(*m.value).is_coroutine();
}

std::string replace_receiver(std::string_view text, std::string_view receiver) {
  std::string out;
  for (char c : text) {
    if (c == '@')
      out += receiver;
    else
      out += c;
  }
  return out;
}

} // namespace

void emitter::class_(const class_node& c, std::string_view name) {
  const std::string cells = cell_list(cells_of(c.inner));
  std::string parent;
  put("(");
  if (c.heritage) {
    parent = temporary();
    put(parent + "=");
    expression(c.heritage, binds::assignment);
    put(",");
  }
  class_context context;
  context.node = &c;
  context.outer = class_ctx_;
  const bool plain =
      is_plain_ascii_name(name) && !is_engine_word(name) && c.inner->outer_names.count(name) == 0;
  if (c.name)
    context.name = c.inner->names.at(c.name->name)->emitted;
  else
    context.name = plain ? std::string(name) : scopes_.made_up_name("class");
  put("(function(");
  if (!cells.empty())
    put(cells + "){" + std::string(no_constructor) + "return function(");
  put(c.heritage ? scopes_.prefix() + "parent" : "");
  put("){" + std::string(no_constructor) + "\"use strict\";");
  class_ctx_ = &context;
  class_body(context, c.name || plain ? std::string_view("\x01") : name);
  class_ctx_ = context.outer;
  put(cells.empty() ? "})(" : "}})(" + cells + ")(");
  put(parent + "))");
}

void emitter::class_body(class_context& context, std::string_view explicit_name) {
  const class_node& c = *context.node;
  frame f;
  f.where = c.inner;
  f.transparent = true;
  f.is_async = frame_->is_async;
  f.is_generator = frame_->is_generator;
  const inside in(*this, f);
  context.prototype_home.text = context.name + ".prototype";
  context.static_home.text = context.name;
  f.declarations = out_.leave_gap();
  declare_private_names(context, f);
  if (!c.constructor)
    default_constructor(context);
  put("__os_class(" + context.name + "," + (c.heritage ? scopes_.prefix() + "parent" : "0"));
  if (explicit_name != "\x01")
    put("," + quote(explicit_name));
  put(");");
  members(context);
  put(context.static_initializers + "return " + context.name);
  fill_construction(context);
  fill_declarations(f);
}

void emitter::declare_private_names(class_context& context, frame& f) {
  for (const class_member* m : context.node->members) {
    if (!is_private(*m))
      continue;
    const std::string_view name = as<literal>(*m->key).text;
    const bool known = std::any_of(context.keys.begin(), context.keys.end(),
                                   [&](const auto& key) { return key.first == name; });
    if (known)
      continue;
    const std::string variable = scopes_.made_up_name("private");
    context.keys.emplace_back(name, variable);
    f.variables.push_back(variable + "=__os_private(" + quote(name) + ")");
  }
}

void emitter::members(class_context& context) {
  const auto& list = context.node->members;
  for (std::size_t i = 0; i < list.size();) {
    const class_member& m = *list[i];
    out_.at(m.begin);
    if (m.type == member_kind::field) {
      i = field_group(context, i);
      continue;
    }
    if (is_literal_method(m, m.is_static)) {
      i = method_group(context, i);
      continue;
    }
    if (m.type == member_kind::constructor)
      constructor_(context, as<function_node>(*m.value));
    else if (m.type == member_kind::static_block)
      static_block(context, m);
    else if (is_private(m))
      private_method(context, m);
    else
      method_member(context, m);
    ++i;
  }
}

// -- construction

void emitter::initialize_instances(class_context& context, const std::string& item) {
  context.initializers += (context.initializers.empty() ? "" : ",") + item;
}

// Where instances come into being, now that it is known what they consist of.
void emitter::fill_construction(const class_context& context) {
  if (context.initializers.empty())
    return;
  for (std::size_t i = 0; i < context.construction.size(); ++i) {
    const std::string& receiver = context.construction_receivers[i];
    const std::string text = replace_receiver(context.initializers, receiver);
    out_.fill(context.construction[i], receiver == "this" ? text + ";" : "," + text);
  }
}

void emitter::default_constructor(class_context& context) {
  const std::string target = scopes_.prefix() + "target";
  const std::string self = scopes_.prefix() + "this";
  const class_node& c = *context.node;
  const std::uint32_t outside = out_.place();
  put("function " + context.name + "(){");
  out_.begin_body(c.begin);
  put("var " + target + "=new.target||__os_target(" + context.name + ")");
  if (context.node->heritage) {
    put("," + self + ";" + self + "=__os_super(" + context.name + "," + target
        + ",this,arguments)");
    context.construction.push_back(out_.leave_gap());
    context.construction_receivers.push_back(self);
    put(";return " + self);
  } else {
    put(";");
    context.construction.push_back(out_.leave_gap());
    context.construction_receivers.emplace_back("this");
  }
  out_.end_body(c.begin, c.end, outside);
  put("}");
}

void emitter::constructor_(class_context& context, const function_node& f) {
  const bool derived = f.role == function_role::derived_constructor;
  const std::string target = scopes_.prefix() + "target";
  const std::string self = scopes_.prefix() + "this";
  frame inner;
  inner.where = f.inner;
  inner.function = &f;
  inner.derived = derived;
  inner.base_constructor = !derived;
  inner.home = &context.prototype_home;
  const auto& body = f.body->statements;
  for (std::size_t i = 0; i < body.size() && derived; ++i) {
    if (!is(body[i], node_kind::expression_statement))
      continue;
    const node* e = as<expression_statement>(*body[i]).expression;
    if (is(e, node_kind::call) && is(as<call>(*e).callee, node_kind::super_expression)) {
      inner.this_is_bound_at = i + 1 < body.size() ? body[i + 1]->begin : f.end;
      break;
    }
  }
  const inside in(*this, inner);
  const std::uint32_t outside = out_.place();
  put("function " + context.name + "(");
  const parameter_sources sources = parameters(f, "arguments");
  put("){");
  begin_body(f);
  const std::size_t directive_count = directives(f);
  inner.declarations = out_.leave_gap();
  inner.variables.push_back(target + "=new.target||__os_target(" + context.name + ")");
  if (derived) {
    inner.variables.push_back(self);
  } else {
    context.construction.push_back(out_.leave_gap());
    context.construction_receivers.emplace_back("this");
  }
  parameter_prologue(f, sources);
  // The return of an empty body would come before the one that looks for super().
  if (!derived || directive_count < body.size())
    function_body(f, directive_count);
  put(derived ? "return __os_this(" + self + ")" : "");
  out_.end_body(context.node->begin, context.node->end, outside);
  put("}");
  fill_declarations(inner);
}

// -- methods

// Neighbouring methods travel to the class in one object literal.
std::size_t emitter::method_group(class_context& context, std::size_t first) {
  const auto& list = context.node->members;
  const bool is_static = list[first]->is_static;
  put("__os_methods(" + context.name + (is_static ? ",{" : ".prototype,{"));
  std::size_t i = first;
  for (; i < list.size() && is_literal_method(*list[i], is_static); ++i) {
    const class_member& m = *list[i];
    put(i == first ? "" : ",");
    out_.at(m.begin);
    if (m.type != member_kind::method)
      put(m.type == member_kind::getter ? "get " : "set ");
    put(key_name(m.key));
    function_text(as<function_node>(*m.value), {}, function_form::method,
                  is_static ? &context.static_home : &context.prototype_home);
  }
  put("});");
  return i;
}

// A method with a computed key, or a coroutine.
void emitter::method_member(class_context& context, const class_member& m) {
  put(m.type == member_kind::method ? "__os_method(" : "__os_accessor(");
  put(context.name + (m.is_static ? "," : ".prototype,"));
  if (m.computed)
    expression(m.key, binds::assignment);
  else
    put(key_text(m.key));
  put(m.type == member_kind::method   ? ","
      : m.type == member_kind::getter ? ",\"get\","
                                      : ",\"set\",");
  function_expression(as<function_node>(*m.value), {},
                      m.is_static ? &context.static_home : &context.prototype_home);
  put(");");
}

void emitter::private_method(class_context& context, const class_member& m) {
  const auto& f = as<function_node>(*m.value);
  const std::string function = scopes_.made_up_name("method");
  home_object* home = m.is_static ? &context.static_home : &context.prototype_home;
  if (f.is_coroutine()) {
    frame_->variables.push_back(function);
    put(function + "=");
    coroutine_expression(f, {}, home);
    put(";");
  } else {
    function_text(f, function, function_form::with_keyword, home);
  }
  const std::string key = private_key(m.key);
  const std::string receiver = m.is_static ? context.name : "@";
  const std::string item =
      m.type == member_kind::method
          ? "__os_private_method(" + receiver + "," + key + "," + function + ")"
          : "__os_private_accessor(" + receiver + "," + key
                + (m.type == member_kind::getter ? ",\"get\"," : ",\"set\",") + function + ")";
  if (m.is_static) {
    put(item + ";");
  } else {
    // Methods are there before any field is initialized.
    context.initializers = item + (context.initializers.empty() ? "" : ",") + context.initializers;
  }
}

// -- fields

// Neighbouring fields are initialized by one function, called for each instance, or once for static
// ones.
std::size_t emitter::field_group(class_context& context, std::size_t first) {
  const auto& list = context.node->members;
  const bool is_static = list[first]->is_static;
  std::string computed_key;
  if (list[first]->computed) {
    computed_key = scopes_.made_up_name("key");
    frame_->variables.push_back(computed_key);
    put(computed_key + "=__os_key(");
    expression(list[first]->key, binds::assignment);
    put(");");
  }
  const std::string function = scopes_.made_up_name("fields");
  frame f;
  f.where = list[first]->inner;
  f.home = is_static ? &context.static_home : &context.prototype_home;
  const inside in(*this, f);
  put("function " + function + "(){" + std::string(no_constructor));
  f.declarations = out_.leave_gap();
  std::size_t i = first;
  do {
    field(context, *list[i], computed_key);
    ++i;
  } while (i < list.size() && list[i]->type == member_kind::field && !list[i]->computed
           && list[i]->is_static == is_static && computed_key.empty());
  put("}");
  fill_declarations(f);
  if (is_static)
    context.static_initializers += function + ".call(" + context.name + ");";
  else
    initialize_instances(context, function + ".call(@)");
  return i;
}

void emitter::field(class_context&, const class_member& m, const std::string& computed_key) {
  out_.at(m.begin);
  put(is_private(m) ? "__os_private_field(this," : "__os_field(this,");
  const std::string name = is_private(m) ? "#" + std::string(as<literal>(*m.key).text)
                           : m.computed  ? std::string()
                                         : std::string(plain_key(m.key));
  put(!computed_key.empty() ? computed_key : is_private(m) ? private_key(m.key) : key_text(m.key));
  put(",");
  if (m.value) {
    out_.at(m.value->begin);
    const bool by_key = m.computed && takes_name(m.value);
    put(by_key ? "__os_name(" : "");
    with_name(m.value, name);
    put(by_key ? "," + computed_key + ")" : "");
  } else {
    put("void 0");
  }
  put(");");
}

void emitter::static_block(class_context& context, const class_member& m) {
  const std::string function = scopes_.made_up_name("block");
  frame f;
  f.where = m.inner;
  f.home = &context.static_home;
  const inside in(*this, f);
  put("function " + function + "(){" + std::string(no_constructor));
  f.declarations = out_.leave_gap();
  statements(m.block->statements, m.inner);
  put("}");
  fill_declarations(f);
  context.static_initializers += function + ".call(" + context.name + ");";
}

} // namespace offstage::lowering
