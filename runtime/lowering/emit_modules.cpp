// SPDX-License-Identifier: MIT
// A module becomes function(record){"use strict"; exports; boundary; body}. It runs as a coroutine:
// up to the boundary when it is linked, which makes its functions and exports there for modules
// that import each other, and on when it is evaluated. record.imports has one object for each
// request, with what is imported from there by name and the namespace as "*".
#include <algorithm>
#include <optional>

#include "runtime/lowering/characters.hpp"
#include "runtime/lowering/emitter.hpp"

namespace offstage::lowering {
namespace {

std::string unquoted(std::string_view literal_text) {
  return std::string(literal_text.substr(1, literal_text.size() - 2));
}

std::size_t request_index(std::string_view literal_text, lowered_script& result) {
  const std::string specifier = unquoted(literal_text);
  const auto found = std::find(result.requests.begin(), result.requests.end(), specifier);
  if (found != result.requests.end())
    return static_cast<std::size_t>(found - result.requests.begin());
  result.requests.push_back(specifier);
  return result.requests.size() - 1;
}

std::string property_path(std::string_view object, std::string_view name) {
  return std::string(object) + "[" + quote(name) + "]";
}

bool is_anonymous_function(const node* n) {
  return is(n, node_kind::function) && !n->parenthesized && !as<function_node>(*n).is_arrow()
         && !as<function_node>(*n).name;
}

// `import {a} from "x"; export {a}` exports what the other module exports.
std::optional<module_entry> import_of(const lowered_script& so_far, std::string_view local,
                                      const std::vector<std::string_view>& locals) {
  const auto found = std::find(locals.begin(), locals.end(), local);
  if (found == locals.end())
    return std::nullopt;
  return so_far.imports[static_cast<std::size_t>(found - locals.begin())];
}

} // namespace

void emitter::module_head(const program& p, lowered_script& result) {
  const std::string record = scopes_.prefix() + "module";
  std::vector<std::string_view> locals;
  for (const node* n : p.body->statements) {
    if (is(n, node_kind::import_declaration)) {
      const auto& d = as<import_declaration>(*n);
      const std::size_t request = request_index(d.specifier, result);
      const std::string source = scopes_.prefix() + "import" + std::to_string(request);
      for (const module_name& name : d.names) {
        result.imports.push_back({request, std::string(name.imported), "", name.reference->line});
        locals.push_back(name.local);
        frame_->where->names.at(name.local)->emitted = property_path(source, name.imported);
      }
    } else if (is(n, node_kind::export_declaration)) {
      const auto& e = as<export_declaration>(*n);
      if (!e.specifier.empty())
        request_index(e.specifier, result);
    }
  }
  result.has_top_level_await = p.has_top_level_await;
  put("(function(" + record + "){\"use strict\";var " + scopes_.prefix() + "meta=" + record
      + ".meta," + scopes_.prefix() + "default=__os_unset");
  for (std::size_t i = 0; i < result.requests.size(); ++i)
    put("," + scopes_.prefix() + "import" + std::to_string(i) + "=" + record + ".imports["
        + std::to_string(i) + "]");
  put(";" + record + ".exports({" + export_getters(p, result, locals) + "});");
}

// A default function without a name is hoisted as others are.
void emitter::default_function_head(const program& p) {
  for (const node* n : p.body->statements) {
    if (!is(n, node_kind::export_declaration))
      continue;
    const node* d = as<export_declaration>(*n).declaration;
    if (!as<export_declaration>(*n).is_default || !is_anonymous_function(d))
      continue;
    const auto& f = as<function_node>(*d);
    put(scopes_.prefix() + "default=");
    put(f.is_coroutine() ? kind_helper(f) : std::string_view("__os_name("));
    put(scopes_.prefix() + "hoisted,\"default\");");
  }
}

std::string emitter::export_getters(const program& p, lowered_script& result,
                                    const std::vector<std::string_view>& locals) {
  std::string getters;
  const auto add = [&](std::string_view exported, const std::string& value) {
    result.exports.push_back({module_entry::own, "", std::string(exported), 0});
    getters += (getters.empty() ? "" : ",") + quote(exported) + ":function(){return " + value + "}";
  };
  const auto add_binding = [&](std::string_view exported, const binding& b) {
    const std::string checked = b.is_lexical() && b.needs_check
                                    ? "(" + b.emitted + "===__os_unset?__os_uninitialized("
                                          + quote(b.name) + "):" + b.emitted + ")"
                                    : b.emitted;
    add(exported, checked);
  };
  for (const node* n : p.body->statements) {
    if (!is(n, node_kind::export_declaration))
      continue;
    const auto& e = as<export_declaration>(*n);
    if (!e.specifier.empty()) {
      const std::size_t request = request_index(e.specifier, result);
      for (const module_name& name : e.names)
        result.exports.push_back(
            {request, std::string(name.imported), std::string(name.local), e.line});
      continue;
    }
    for (const module_name& name : e.names) {
      if (!name.reference->target)
        throw syntax_error{"export of undeclared " + std::string(name.reference->name),
                           name.reference->line, name.reference->begin};
      const auto import = import_of(result, name.reference->target->name, locals);
      if (import && import->imported != "*")
        result.exports.push_back(
            {import->request, import->imported, std::string(name.local), e.line});
      else
        add_binding(name.local, *name.reference->target);
    }
    const node* d = e.declaration;
    if (is(d, node_kind::variable_declaration)) {
      std::vector<binding*> names;
      for (const declarator& item : as<variable_declaration>(*d).declarators)
        collect_targets(item.target, names);
      for (const binding* b : names)
        add_binding(b->name, *b);
    } else if (is(d, node_kind::function)
               && as<function_node>(*d).role == function_role::declaration) {
      const binding& b = *as<function_node>(*d).name->target;
      add_binding(e.is_default ? "default" : b.name, b);
    } else if (is(d, node_kind::class_) && as<class_node>(*d).is_declaration) {
      const binding& b = *as<class_node>(*d).name->target;
      add_binding(e.is_default ? "default" : b.name, b);
    } else if (d) {
      const std::string value = scopes_.prefix() + "default";
      add("default", "(" + value + "===__os_unset?__os_uninitialized(\"default\"):" + value + ")");
    }
  }
  return getters;
}

void emitter::export_(const export_declaration& d) {
  if (!d.declaration)
    return;
  const bool named =
      is(d.declaration, node_kind::variable_declaration)
      || (is(d.declaration, node_kind::function)
          && as<function_node>(*d.declaration).role == function_role::declaration)
      || (is(d.declaration, node_kind::class_) && as<class_node>(*d.declaration).is_declaration);
  if (named)
    return statement(d.declaration);
  if (is_anonymous_function(d.declaration))
    return function_text(as<function_node>(*d.declaration), scopes_.prefix() + "hoisted",
                         function_form::with_keyword, nullptr);
  put(scopes_.prefix() + "default=");
  with_name(d.declaration, "default");
  put(";");
}

} // namespace offstage::lowering
