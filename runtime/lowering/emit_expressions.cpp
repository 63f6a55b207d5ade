// SPDX-License-Identifier: MIT
#include <algorithm>

#include "runtime/lowering/characters.hpp"
#include "runtime/lowering/emitter.hpp"

namespace offstage::lowering {
namespace {

constexpr std::pair<std::string_view, binds> operator_strengths[] = {
    {"|", binds::bit_or},     {"^", binds::bit_xor},   {"&", binds::bit_and},
    {"==", binds::equality},  {"!=", binds::equality}, {"===", binds::equality},
    {"!==", binds::equality}, {"<", binds::relation},  {">", binds::relation},
    {"<=", binds::relation},  {">=", binds::relation}, {"instanceof", binds::relation},
    {"in", binds::relation},  {"<<", binds::shift},    {">>", binds::shift},
    {">>>", binds::shift},    {"+", binds::sum},       {"-", binds::sum},
    {"*", binds::product},    {"/", binds::product},   {"%", binds::product},
    {"**", binds::primary},   {"||", binds::or_},      {"&&", binds::and_},
    {"?\?", binds::primary},
};

binds next(binds b) {
  return static_cast<binds>(static_cast<int>(b) + 1);
}

} // namespace

void emitter::expression(const node* n, binds needed) {
  if (strength(n) < needed) {
    put("(");
    expression_core(n);
    put(")");
  } else {
    expression_core(n);
  }
}

binds emitter::binary_strength(const binary& b) const {
  if (is(b.left, node_kind::private_name))
    return binds::primary;
  for (const auto& [op, strength] : operator_strengths)
    if (op == b.op)
      return strength;
  return binds::sequence;
}

binds emitter::strength(const node* n) const {
  if (substituted(n))
    return binds::primary;
  switch (n->kind) {
  case node_kind::sequence:
    return binds::sequence;
  case node_kind::assignment: {
    const auto& a = as<binary>(*n);
    return a.op == "=" && !is_special_member(a.left) && is(a.left, node_kind::member)
               ? binds::assignment
               : binds::sequence;
  }
  case node_kind::conditional:
    return binds::conditional;
  case node_kind::binary:
  case node_kind::logical:
    return binary_strength(as<binary>(*n));
  case node_kind::unary:
    return binds::unary;
  case node_kind::update:
    return as<update>(*n).prefix ? binds::unary : binds::postfix;
  case node_kind::function:
    return binds::postfix;
  case node_kind::call:
  case node_kind::tagged_template:
    return binds::call;
  default:
    return binds::primary;
  }
}

void emitter::expression_core(const node* n) {
  if (const substitution* s = substituted(n))
    return put(s->text);
  switch (n->kind) {
  case node_kind::identifier:
    return identifier_(as<identifier>(*n));
  case node_kind::number:
    return number(as<literal>(*n));
  case node_kind::bigint:
    return put("__big(\"" + std::string(as<literal>(*n).text) + "\")");
  case node_kind::string:
    return string(as<literal>(*n));
  case node_kind::keyword_literal:
    return put(as<literal>(*n).text);
  case node_kind::regex:
    return regex(as<regex_literal>(*n));
  case node_kind::template_literal:
    return template_(as<template_literal>(*n));
  case node_kind::tagged_template:
    return tagged(as<tagged_template>(*n));
  case node_kind::this_expression:
    return put(this_text(*n));
  case node_kind::array_literal:
    return array(as<array_node>(*n));
  case node_kind::object_literal:
    return object(as<object_node>(*n));
  case node_kind::function:
    return function_expression(as<function_node>(*n), {}, nullptr);
  case node_kind::class_:
    return class_(as<class_node>(*n), {});
  case node_kind::unary:
    return unary_(as<unary>(*n));
  case node_kind::update:
    return update_(as<update>(*n));
  case node_kind::binary:
  case node_kind::logical:
    return binary_(as<binary>(*n));
  case node_kind::assignment:
    return assignment(as<binary>(*n));
  case node_kind::conditional:
    return conditional_(as<conditional>(*n));
  case node_kind::call:
    return call_(as<call>(*n));
  case node_kind::new_expression:
    return new_(as<call>(*n));
  case node_kind::import_call:
    put("__import(" + (is_module() ? scopes_.prefix() + "module," : std::string("0,")));
    comma_list(as<call>(*n).arguments);
    return put(")");
  case node_kind::member:
    return member_(as<member>(*n));
  case node_kind::optional_chain:
    return optional_chain(as<unary>(*n).operand, "void 0", "");
  case node_kind::sequence:
    return sequence_(as<sequence>(*n));
  case node_kind::yield:
    return yield_(as<yield_expression>(*n));
  case node_kind::await:
    return await_(as<unary>(*n));
  case node_kind::new_target:
    return put(new_target_text());
  case node_kind::import_meta:
    return put(scopes_.prefix() + "meta");
  default:
    throw syntax_error{"unexpected expression", n->line, n->begin};
  }
}

void emitter::identifier_(const identifier& id) {
  if (!id.target && id.name == "arguments")
    return put(arguments_text());
  const std::string text = reference(id);
  if (id.may_be_uninitialized) {
    put("(" + text + "===__os_unset?__os_uninitialized(" + quote(id.name));
    out_.at(id.begin);
    return put("):" + text + ")");
  }
  // A line may begin here unless `return` or an operator is in front.
  if (!id.target && std::string_view("(,=[?:{;\n").find(out_.last()) != std::string_view::npos)
    out_.at(id.begin);
  put(text);
}

bool emitter::may_throw(const node* n) {
  switch (n->kind) {
  case node_kind::number:
  case node_kind::string:
  case node_kind::keyword_literal:
  case node_kind::function:
  case node_kind::this_expression:
    return false;
  case node_kind::identifier:
    return !as<identifier>(*n).target || as<identifier>(*n).may_be_uninitialized;
  default:
    return true;
  }
}

void emitter::number(const literal& n) {
  put(n.text);
}

// Two line ends that newer strings may contain, the engine's may not.
void emitter::string(const literal& s) {
  if (s.text.find("\xe2\x80") == std::string_view::npos)
    return out_.put_source(s.text);
  std::string text;
  for (std::size_t i = 0; i < s.text.size();) {
    const decoded c = decode_utf8(s.text, i);
    const bool continues_line = !text.empty() && text.back() == '\\';
    if (c.value == line_separator || c.value == paragraph_separator) {
      if (continues_line)
        text.pop_back();
      else
        text += c.value == line_separator ? "\\u2028" : "\\u2029";
    } else {
      text += s.text.substr(i, c.next - i);
    }
    i = c.next;
  }
  out_.put_source(text);
}

void emitter::unary_(const unary& u) {
  if (u.op == "delete" && is(u.operand, node_kind::optional_chain))
    return optional_chain(as<unary>(*u.operand).operand, "true", "delete ");
  if (u.op == "typeof" && is(u.operand, node_kind::identifier) && !as<identifier>(*u.operand).target
      && as<identifier>(*u.operand).name != "arguments") {
    put("typeof ");
    return put(reference(as<identifier>(*u.operand)));
  }
  if (u.op.size() == 1 && out_.last() == u.op[0])
    put(" ");
  put(u.op);
  if (u.op.size() > 1)
    put(" ");
  expression(u.operand, binds::unary);
}

void emitter::update_(const update& u) {
  if (is_constant(u.operand))
    return constant_assignment(as<identifier>(*u.operand), nullptr);
  const bool checked =
      is(u.operand, node_kind::identifier) && as<identifier>(*u.operand).may_be_uninitialized;
  if (!is_special_member(u.operand)) {
    if (checked) {
      put("(");
      identifier_(as<identifier>(*u.operand));
      put(",");
    }
    if (u.prefix) {
      if (out_.last() == u.op[0])
        put(" ");
      put(u.op);
    }
    if (is(u.operand, node_kind::identifier))
      put(reference(as<identifier>(*u.operand)));
    else
      expression(u.operand, binds::call);
    put(u.prefix ? "" : u.op);
    return put(checked ? ")" : "");
  }
  put("(");
  const place p = place_of(u.operand);
  const std::string old = temporary();
  put(old + "=+" + p.read + "," + p.before + old + u.op[0] + "1" + p.behind);
  put(u.prefix ? ")" : "," + old + ")");
}

// Operator chains lean to the left and may be thousands of operands long: no recursion along them.
void emitter::binary_(const binary& b) {
  if (b.op == "?\?")
    return nullish(b);
  if (is(b.left, node_kind::private_name)) {
    put("__os_private_has(");
    expression(b.right, binds::assignment);
    return put("," + private_key(b.left) + ")");
  }
  if (b.op == "**") {
    put("(");
    expression(b.left, binds::primary);
    put("**");
    expression(b.right, binds::primary);
    return put(")");
  }
  std::vector<const binary*> spine{&b};
  for (;;) {
    const node* left = spine.back()->left;
    const bool plain = (left->kind == node_kind::binary || left->kind == node_kind::logical)
                       && binary_strength(as<binary>(*left)) != binds::primary;
    if (!plain || strength(left) < strength(spine.back()))
      break;
    spine.push_back(&as<binary>(*left));
  }
  const bool hide_in = in_for_head_
                       && std::any_of(spine.begin(), spine.end(),
                                      [](const binary* item) { return item->op == "in"; });
  put(hide_in ? "(" : "");
  expression(spine.back()->left, strength(spine.back()));
  for (auto item = spine.rbegin(); item != spine.rend(); ++item) {
    put(" ");
    put((*item)->op);
    put(" ");
    if (may_throw((*item)->right))
      out_.at((*item)->right->begin);
    expression((*item)->right, next(strength(*item)));
  }
  put(hide_in ? ")" : "");
}

void emitter::nullish(const binary& b) {
  const std::string value = temporary();
  put("((" + value + "=");
  expression(b.left, binds::assignment);
  put(")!=null?" + value + ":");
  out_.at(b.right->begin);
  expression(b.right, binds::assignment);
  put(")");
}

void emitter::conditional_(const conditional& c) {
  expression(c.test, binds::or_);
  put("?");
  out_.at(c.consequent->begin);
  expression(c.consequent, binds::assignment);
  put(":");
  out_.at(c.alternate->begin);
  expression(c.alternate, binds::assignment);
}

void emitter::sequence_(const sequence& s) {
  comma_list(s.expressions);
}

void emitter::comma_list(node_list items) {
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i != 0)
      put(",");
    if (may_throw(items[i]) && (i != 0 || out_.last() == '('))
      out_.at(items[i]->begin);
    expression(items[i], binds::assignment);
  }
}

void emitter::array(const array_node& a) {
  for (const node* element : a.elements)
    if (is(element, node_kind::spread))
      return spread_array(a.elements);
  put("[");
  for (std::size_t i = 0; i < a.elements.size(); ++i) {
    if (i != 0)
      put(",");
    if (a.elements[i]) {
      if (may_throw(a.elements[i]))
        out_.at(a.elements[i]->begin);
      expression(a.elements[i], binds::assignment);
    } else if (i + 1 == a.elements.size()) {
      put(",");
    }
  }
  put("]");
}

// __os_spread(0,[a,b],1,iterable,...): 1 before what is to be iterated.
void emitter::spread_array(node_list elements) {
  put("__os_spread(");
  bool in_literal = false;
  for (std::size_t i = 0; i < elements.size(); ++i) {
    const node* element = elements[i];
    if (element)
      out_.at(element->begin);
    if (is(element, node_kind::spread)) {
      put(in_literal ? "],1," : i ? ",1," : "1,");
      in_literal = false;
      expression(as<unary>(*element).operand, binds::assignment);
      continue;
    }
    put(in_literal ? "," : i ? ",0,[" : "0,[");
    in_literal = true;
    const bool last = i + 1 == elements.size() || is(elements[i + 1], node_kind::spread);
    if (element)
      expression(element, binds::assignment);
    else if (last)
      put(",");
  }
  put(in_literal ? "])" : ")");
}

void emitter::yield_(const yield_expression& y) {
  const bool async = frame_->is_async;
  if (y.delegate)
    put(async ? "__os_yield_all_async(" : "__os_yield_all(");
  else
    put(async ? "__os_yield_async(" : "__os_yield(");
  if (y.argument)
    expression(y.argument, binds::assignment);
  put(")");
}

void emitter::await_(const unary& a) {
  put(frame_->is_generator ? "__os_await_in_generator(" : "__os_await(");
  expression(a.operand, binds::assignment);
  put(")");
}

// Functions and classes without a name take that of what they are assigned to.
void emitter::with_name(const node* value, std::string_view name) {
  if (is(value, node_kind::function) && !as<function_node>(*value).name)
    return function_expression(as<function_node>(*value), name, nullptr);
  if (is(value, node_kind::class_) && !as<class_node>(*value).name)
    return class_(as<class_node>(*value), name);
  expression(value, binds::assignment);
}

} // namespace offstage::lowering
