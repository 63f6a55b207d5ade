// SPDX-License-Identifier: MIT
// Frames: what the functions of the output declare, and how inner ones reach the `this` of outer
// ones.
#include "runtime/lowering/emitter.hpp"

#include "runtime/lowering/characters.hpp"

namespace offstage::lowering {

emitter::emitter(scope_analysis& scopes, const lowering_options& options)
    : scopes_(scopes), options_(options) {}

lowered_script emitter::emit_program(const program& p, const scope& top) {
  lowered_script result;
  frame f;
  f.where = &top;
  f.global = options_.goal == lowering_goal::script;
  f.is_async = p.has_top_level_await;
  const inside in(*this, f);
  if (options_.goal == lowering_goal::module)
    module_head(p, result);
  else if (p.strict)
    put("\"use strict\";");
  f.declarations = out_.leave_gap();
  for (const binding* b : top.bindings)
    if (is_global_lexical(*b))
      f.globals.push_back(b->emitted);
  scope_head(p.body->statements, &top);
  if (options_.goal == lowering_goal::module) {
    default_function_head(p);
    put("__os_yield();");
  }
  for (node* n : p.body->statements)
    statement(n);
  fill_declarations(f);
  if (options_.goal == lowering_goal::module)
    put("})");
  result.code = out_.finish();
  result.places = out_.place_table();
  result.functions = out_.body_table();
  return result;
}

std::string emitter::temporary() {
  const bool global = frame_->global;
  std::string name = scopes_.made_up_name("", global ? scope_analysis::reach::global
                                                     : scope_analysis::reach::local);
  (global ? frame_->globals : frame_->variables).push_back(name);
  return name;
}

// Lexical names of a script are properties of the global object that cannot be enumerated.
// Deviation: the language keeps them off the global object, where the engine has no other place
// that later scripts could reach.
bool emitter::is_global_lexical(const binding& b) const {
  const bool script = b.where->function->kind == scope_kind::script;
  const bool plain = b.where->kind == scope_kind::script && !b.is_lexical();
  return script && !plain && options_.goal == lowering_goal::script;
}

void emitter::declare_variable(const binding& b) {
  (is_global_lexical(b) ? frame_->globals : frame_->variables).push_back(b.emitted);
}

void emitter::fill_declarations(frame& f) {
  std::string text;
  if (!f.globals.empty()) {
    text += "__os_lexical(";
    for (std::size_t i = 0; i < f.globals.size(); ++i)
      text += (i ? ",\"" : "\"") + f.globals[i] + "\"";
    text += ");";
  }
  if (f.needs_this && !f.derived)
    f.variables.push_back(scopes_.prefix() + "this=this");
  if (f.needs_arguments)
    f.variables.push_back(scopes_.prefix() + "args=arguments");
  if (f.needs_new_target && !f.base_constructor && !f.derived)
    f.variables.push_back(scopes_.prefix() + "target=new.target");
  if (!f.variables.empty()) {
    text += "var ";
    for (std::size_t i = 0; i < f.variables.size(); ++i)
      text += (i ? "," : "") + f.variables[i];
    text += ";";
  }
  out_.fill(f.declarations, text);
}

emitter::frame& emitter::this_owner() {
  frame* f = frame_;
  while (f->transparent && f->up)
    f = f->up;
  return *f;
}

std::string emitter::this_text(const node& at) {
  frame& owner = this_owner();
  if (owner.derived) {
    const std::string name = scopes_.prefix() + "this";
    return at.begin >= owner.this_is_bound_at ? name : "__os_this(" + name + ")";
  }
  if (&owner == frame_)
    return "this";
  if (!owner.up && options_.goal != lowering_goal::eval)
    return owner.global ? "globalThis" : "(void 0)";
  owner.needs_this = true;
  return scopes_.prefix() + "this";
}

std::string emitter::arguments_text() {
  frame& owner = this_owner();
  if (&owner == frame_ || !owner.up)
    return "arguments";
  owner.needs_arguments = true;
  return scopes_.prefix() + "args";
}

std::string emitter::new_target_text() {
  frame& owner = this_owner();
  if (owner.base_constructor || owner.derived)
    return scopes_.prefix() + "target";
  if (&owner == frame_)
    return "new.target";
  if (!owner.up)
    return "(void 0)";
  owner.needs_new_target = true;
  return scopes_.prefix() + "target";
}

emitter::home_object& emitter::home() {
  frame& owner = this_owner();
  if (!owner.home)
    throw syntax_error{"super is not allowed here", 1, 0};
  owner.home->used = true;
  return *owner.home;
}

std::string emitter::reference(const identifier& id) const {
  if (!id.target)
    return escape_identifier(id.name);
  return id.target->cell ? id.target->emitted + ".v" : id.target->emitted;
}

} // namespace offstage::lowering
