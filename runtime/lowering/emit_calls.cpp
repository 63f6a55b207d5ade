// SPDX-License-Identifier: MIT
// Calls, construction, member access and optional chains.
#include <algorithm>

#include "runtime/lowering/characters.hpp"
#include "runtime/lowering/emitter.hpp"

namespace offstage::lowering {
namespace {

bool has_spread(node_list items) {
  return std::any_of(items.begin(), items.end(),
                     [](const node* n) { return is(n, node_kind::spread); });
}

bool is_super_member(const node* n) {
  return is(n, node_kind::member) && is(as<member>(*n).object, node_kind::super_expression);
}

bool is_private_member(const node* n) {
  return is(n, node_kind::member) && is(as<member>(*n).property, node_kind::private_name);
}

} // namespace

const emitter::substitution* emitter::substituted(const node* n) const {
  for (const substitution& s : substitutions_)
    if (s.replaced == n)
      return &s;
  return nullptr;
}

void emitter::call_(const call& c) {
  const node* callee = c.callee;
  if (callee->kind == node_kind::super_expression)
    return super_call(c);
  const bool named_eval = is(callee, node_kind::identifier) && !as<identifier>(*callee).target
                          && as<identifier>(*callee).name == "eval";
  if (named_eval && !c.optional)
    return direct_eval(c);
  const substitution* stand_in = substituted(callee);
  if (stand_in) {
    put(stand_in->text);
    return arguments(c, stand_in->receiver, !stand_in->receiver.empty());
  }
  const bool spread = has_spread(c.arguments);
  if (is_super_member(callee) || is_private_member(callee)
      || (spread && is(callee, node_kind::member))) {
    const std::string receiver = callee_keeping_receiver(callee);
    return arguments(c, receiver, true);
  }
  const auto* id = is(callee, node_kind::identifier) ? &as<identifier>(*callee) : nullptr;
  const bool detached = id && id->target && !id->may_be_uninitialized
                        && (id->target->cell || id->target->kind == binding_kind::import);
  if (detached)
    put("(0," + reference(*id) + ")");
  else
    expression(callee, callee->kind == node_kind::function ? binds::primary : binds::call);
  arguments(c, "void 0", false);
}

// Emits the function and says what its receiver is.
std::string emitter::callee_keeping_receiver(const node* callee) {
  const auto& m = as<member>(*callee);
  if (is_super_member(callee)) {
    member_(m);
    return this_text(m);
  }
  const std::string receiver = temporary();
  if (is_private_member(callee)) {
    put("__os_private_get(" + receiver + "=");
    expression(m.object, binds::assignment);
    put("," + private_key(m.property) + ")");
    return receiver;
  }
  put("(" + receiver + "=");
  expression(m.object, binds::assignment);
  put(")");
  property_suffix(m);
  return receiver;
}

void emitter::arguments(const call& c, const std::string& receiver, bool receiver_needed) {
  if (has_spread(c.arguments)) {
    put(".apply(" + receiver + ",");
    spread_array(c.arguments);
    out_.at(place_of_call(c));
    return put(")");
  }
  put(receiver_needed ? ".call(" + receiver : "(");
  if (receiver_needed && !c.arguments.empty())
    put(",");
  comma_list(c.arguments);
  out_.at(place_of_call(c));
  put(")");
}

// The engine takes the line of the closing parenthesis for that of the call.
std::uint32_t emitter::place_of_call(const call& c) {
  if (!is(c.callee, node_kind::member))
    return c.callee->begin;
  const auto& m = as<member>(*c.callee);
  return m.property->begin;
}

// Through apply() it would be none.
void emitter::direct_eval(const call& c) {
  put("eval(");
  if (has_spread(c.arguments)) {
    spread_array(c.arguments);
    put("[0]");
  } else {
    comma_list(c.arguments);
  }
  out_.at(c.begin);
  put(")");
}

void emitter::super_call(const call& c) {
  const std::string self = scopes_.prefix() + "this";
  frame& owner = this_owner();
  if (!owner.derived || !class_ctx_)
    throw syntax_error{"super is not allowed here", c.line, c.begin};
  std::string receiver = "this";
  if (&owner != frame_) {
    receiver = scopes_.prefix() + "self";
    const std::string declaration = receiver + "=this";
    if (std::find(owner.variables.begin(), owner.variables.end(), declaration)
        == owner.variables.end())
      owner.variables.push_back(declaration);
  }
  put("(" + self + "=__os_super(" + class_ctx_->name + "," + scopes_.prefix() + "target," + receiver
      + ",");
  if (has_spread(c.arguments)) {
    spread_array(c.arguments);
  } else {
    put("[");
    comma_list(c.arguments);
    put("]");
  }
  put("," + self + ")");
  class_ctx_->construction.push_back(out_.leave_gap());
  class_ctx_->construction_receivers.push_back(self);
  put("," + self + ")");
}

void emitter::new_(const call& c) {
  if (has_spread(c.arguments)) {
    put("__os_construct(");
    expression(c.callee, binds::assignment);
    put(",");
    spread_array(c.arguments);
    out_.at(c.begin);
    return put(")");
  }
  // Only a plain path of names can stand behind `new` without parentheses.
  const node* base = c.callee;
  while (is(base, node_kind::member) && !as<member>(*base).computed && !is_private_member(base)
         && !is_super_member(base))
    base = as<member>(*base).object;
  const bool plain = is(base, node_kind::identifier) && !substituted(base)
                     && !as<identifier>(*base).may_be_uninitialized;
  put(plain ? "new " : "new (");
  expression(c.callee, plain ? binds::call : binds::sequence);
  put(plain ? "(" : ")(");
  comma_list(c.arguments);
  out_.at(c.begin);
  put(")");
}

void emitter::member_(const member& m) {
  if (is(m.object, node_kind::super_expression)) {
    put("__os_super_get(" + home().text + ",");
    member_key(m);
    return put("," + this_text(m) + ")");
  }
  if (is(m.property, node_kind::private_name)) {
    put("__os_private_get(");
    expression(m.object, binds::assignment);
    put("," + private_key(m.property));
    out_.at(m.property->begin);
    return put(")");
  }
  if (is(m.object, node_kind::number) && !substituted(m.object)) {
    put("(");
    expression(m.object, binds::sequence);
    put(")");
  } else {
    const bool literal =
        is(m.object, node_kind::function) || is(m.object, node_kind::object_literal);
    expression(m.object, literal ? binds::primary : binds::call);
  }
  property_suffix(m);
}

void emitter::property_suffix(const member& m) {
  if (m.computed) {
    put("[");
    if (may_throw(m.property))
      out_.at(m.property->begin);
    expression(m.property, binds::sequence);
    out_.at(m.property->begin);
    return put("]");
  }
  put(".");
  out_.at(m.property->begin);
  put(escape_identifier(as<identifier>(*m.property).name));
}

// a?.b.c?.(d) becomes ((t=a)==null||(u=t.b.c)==null?void 0:u.call(t.b,d)): each subject of `?.` is
// evaluated into a temporary, in order, and the temporary then stands for it.
void emitter::optional_chain(const node* chain, std::string_view otherwise,
                             std::string_view prefix) {
  std::vector<const node*> subjects;
  std::vector<bool> called;
  for (const node* n = chain;;) {
    const bool is_call = n->kind == node_kind::call;
    if (!is_call && n->kind != node_kind::member)
      break;
    const node* subject = is_call ? as<call>(*n).callee : as<member>(*n).object;
    if (is_call ? as<call>(*n).optional : as<member>(*n).optional) {
      subjects.push_back(subject);
      called.push_back(is_call);
    }
    n = subject;
  }
  put("(");
  for (std::size_t i = subjects.size(); i-- > 0;) {
    const std::string value = temporary();
    std::string receiver;
    put("(" + value + "=");
    if (called[i] && is(subjects[i], node_kind::member) && !substituted(subjects[i]))
      receiver = callee_keeping_receiver(subjects[i]);
    else
      expression(subjects[i], binds::assignment);
    put(")==null");
    put(i == 0 ? "?" : "||");
    substitutions_.push_back({subjects[i], value, receiver});
  }
  put(otherwise);
  put(":");
  put(prefix);
  expression(chain, prefix.empty() ? binds::assignment : binds::unary);
  put(")");
  substitutions_.resize(substitutions_.size() - subjects.size());
}

} // namespace offstage::lowering
