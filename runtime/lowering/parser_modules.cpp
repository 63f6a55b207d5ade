// SPDX-License-Identifier: MIT
#include <algorithm>

#include "runtime/lowering/characters.hpp"
#include "runtime/lowering/parser.hpp"

namespace offstage::lowering {

bool parser::at_module_declaration() {
  const bool is_export = at_word("export");
  if (!is_export && !at_word("import"))
    return false;
  if (!is_export) {
    const token after = peek();
    if (after.text == "(" || after.text == ".")
      return false;
  }
  if (options_.goal != lowering_goal::module || !at_top_level_)
    fail("import and export are only allowed at the top level of modules");
  return true;
}

node* parser::import_declaration_() {
  auto* out = make<lowering::import_declaration>(node_kind::import_declaration, current_);
  advance();
  std::vector<module_name> names;
  if (current_.kind != token_kind::string) {
    import_clause(names);
    out->specifier = from_clause();
  } else {
    out->specifier = current_.text;
    advance();
    skip_import_attributes();
  }
  expect_semicolon();
  out->names = memory_.copy(names);
  return out;
}

void parser::import_clause(std::vector<module_name>& names) {
  if (current_.kind == token_kind::name) {
    identifier* local = binding_identifier();
    names.push_back({"default", local->name, local});
    if (!eat(","))
      return;
  }
  if (eat("*")) {
    expect_word("as");
    identifier* local = binding_identifier();
    names.push_back({"*", local->name, local});
    return;
  }
  named_imports(names);
}

void parser::named_imports(std::vector<module_name>& names) {
  expect("{");
  while (!at("}")) {
    const token name = current_;
    module_name item;
    item.imported = module_export_name();
    if (eat_word("as")) {
      item.reference = binding_identifier();
    } else {
      check_identifier(name);
      item.reference = make<identifier>(node_kind::identifier, name);
      item.reference->name = name.text;
    }
    item.local = item.reference->name;
    names.push_back(item);
    if (!eat(","))
      break;
  }
  expect("}");
}

std::string_view parser::module_export_name() {
  const token name = current_;
  if (name.kind != token_kind::name && name.kind != token_kind::string)
    fail_unexpected();
  advance();
  if (name.kind == token_kind::name)
    return name.text;
  const std::string_view text = name.text.substr(1, name.text.size() - 2);
  if (text.find('\\') != std::string_view::npos)
    fail_at(name, "escapes in export names are not supported");
  return text;
}

std::string_view parser::from_clause() {
  expect_word("from");
  if (current_.kind != token_kind::string)
    fail_unexpected();
  const std::string_view out = current_.text;
  advance();
  skip_import_attributes();
  return out;
}

// `with { type: "json" }`: what a module is, its response says.
void parser::skip_import_attributes() {
  const bool present = at_word("with") || (at_word("assert") && !current_.newline_before);
  if (!present)
    return;
  advance();
  expect("{");
  while (!at("}")) {
    module_export_name();
    expect(":");
    if (current_.kind != token_kind::string)
      fail_unexpected();
    advance();
    if (!eat(","))
      break;
  }
  expect("}");
}

void parser::add_export(std::string_view name) {
  if (std::find(exported_names_.begin(), exported_names_.end(), name) != exported_names_.end())
    fail("duplicate export " + std::string(name));
  exported_names_.push_back(name);
}

node* parser::export_declaration_() {
  auto* out = make<lowering::export_declaration>(node_kind::export_declaration, current_);
  std::vector<module_name> names;
  advance();
  if (eat("*")) {
    module_name all{"*", "*", nullptr};
    if (eat_word("as")) {
      all.local = module_export_name();
      add_export(all.local);
    }
    out->specifier = from_clause();
    names.push_back(all);
    expect_semicolon();
  } else if (at("{")) {
    export_clause(*out, names);
  } else if (eat_word("default")) {
    add_export("default");
    export_default(*out);
  } else {
    if (at_word("var"))
      out->declaration = variables(semicolon::required);
    else
      out->declaration = declaration_or_null();
    if (!out->declaration)
      fail_unexpected();
    std::vector<const identifier*> declared;
    if (is(out->declaration, node_kind::variable_declaration)) {
      for (const declarator& d : as<variable_declaration>(*out->declaration).declarators)
        collect_names(d.target, declared);
    } else if (is(out->declaration, node_kind::function)) {
      declared.push_back(as<function_node>(*out->declaration).name);
    } else {
      declared.push_back(as<class_node>(*out->declaration).name);
    }
    for (const identifier* name : declared)
      add_export(name->name);
  }
  out->names = memory_.copy(names);
  return out;
}

void parser::export_clause(lowering::export_declaration& out, std::vector<module_name>& names) {
  expect("{");
  std::vector<token> locals;
  while (!at("}")) {
    const token local = current_;
    locals.push_back(local);
    module_name item;
    item.imported = item.local = module_export_name();
    if (eat_word("as"))
      item.local = module_export_name();
    add_export(item.local);
    names.push_back(item);
    if (!eat(","))
      break;
  }
  expect("}");
  if (at_word("from")) {
    out.specifier = from_clause();
  } else {
    for (std::size_t i = 0; i < names.size(); ++i) {
      check_identifier(locals[i]);
      names[i].reference = make<identifier>(node_kind::identifier, locals[i]);
      names[i].reference->name = locals[i].text;
    }
  }
  expect_semicolon();
}

void parser::export_default(lowering::export_declaration& out) {
  out.is_default = true;
  const bool async_function =
      at_word("async") && peek().text == "function" && !peek().newline_before;
  if (at_word("function") || async_function) {
    const bool named = [&] {
      const lexer::position saved = lexer_.save();
      token t = lexer_.next();
      while (t.text == "function" || t.text == "*")
        t = lexer_.next();
      lexer_.restore(saved);
      return t.kind == token_kind::name;
    }();
    out.declaration = function_(named ? function_role::declaration : function_role::expression);
    return;
  }
  if (at_word("class")) {
    const token after = peek();
    out.declaration = class_(after.kind == token_kind::name && after.text != "extends");
    return;
  }
  out.declaration = whole_assignment();
  expect_semicolon();
}

} // namespace offstage::lowering
