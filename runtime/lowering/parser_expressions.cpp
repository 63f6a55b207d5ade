// SPDX-License-Identifier: MIT
// Operators, by falling precedence from assignment to postfix.
#include <algorithm>
#include <array>

#include "runtime/lowering/parser.hpp"

namespace offstage::lowering {
namespace {

constexpr int exponent_precedence = 11;

struct operator_rule {
  std::string_view text;
  int precedence;
};

constexpr std::array<operator_rule, 24> operator_rules{{
    {"?\?", 1},
    {"||", 1},
    {"&&", 2},
    {"|", 3},
    {"^", 4},
    {"&", 5},
    {"==", 6},
    {"!=", 6},
    {"===", 6},
    {"!==", 6},
    {"<", 7},
    {">", 7},
    {"<=", 7},
    {">=", 7},
    {"<<", 8},
    {">>", 8},
    {">>>", 8},
    {"+", 9},
    {"-", 9},
    {"*", 10},
    {"/", 10},
    {"%", 10},
    {"**", exponent_precedence},
    {"", 0},
}};

constexpr std::array<std::string_view, 16> assignment_operators{
    "=",   "+=",   "-=", "*=", "/=", "%=",  "**=", "<<=",
    ">>=", ">>>=", "&=", "|=", "^=", "&&=", "||=", "?\?="};

int precedence_of(const token& t, bool in_allowed) {
  if (t.kind == token_kind::name && !t.escaped)
    return t.text == "instanceof" || (t.text == "in" && in_allowed) ? 7 : 0;
  if (t.kind != token_kind::punctuator)
    return 0;
  for (const operator_rule& rule : operator_rules)
    if (rule.text == t.text)
      return rule.precedence;
  return 0;
}

bool is_logical(std::string_view op) {
  return op == "&&" || op == "||" || op == "?\?";
}

bool is_private(const node* n) {
  if (is(n, node_kind::optional_chain))
    n = as<unary>(*n).operand;
  return is(n, node_kind::member) && is(as<member>(*n).property, node_kind::private_name);
}

bool is_bare_arrow(const node& value) {
  return value.kind == node_kind::function && as<function_node>(value).is_arrow()
         && !value.parenthesized;
}

} // namespace

node* parser::expression() {
  node* first = assignment();
  if (!at(","))
    return first;
  auto* out = make<sequence>(node_kind::sequence, *first);
  std::vector<node*> items{first};
  while (eat(","))
    items.push_back(assignment());
  out->expressions = memory_.copy(items);
  return out;
}

// An expression that cannot turn out to be a pattern later.
node* parser::whole_expression() {
  const setting<std::optional<token>> no_cover(pending_cover_, std::nullopt);
  node* out = expression();
  check_no_pending_cover();
  return out;
}

node* parser::whole_assignment() {
  const setting<std::optional<token>> no_cover(pending_cover_, std::nullopt);
  node* out = assignment();
  check_no_pending_cover();
  return out;
}

node* parser::assignment() {
  const level deeper(*this);
  if (at_word("yield") && context_.is_generator)
    return yield_();
  arrow_allowed_at_ = current_.begin;
  const std::optional<token> outer_cover = std::exchange(pending_cover_, std::nullopt);
  node* out = conditional_();
  if (!is_bare_arrow(*out))
    out = assignment_tail(out);
  if (!pending_cover_)
    pending_cover_ = outer_cover;
  return out;
}

node* parser::assignment_tail(node* left) {
  const bool assigns =
      current_.kind == token_kind::punctuator
      && std::find(assignment_operators.begin(), assignment_operators.end(), current_.text)
             != assignment_operators.end();
  if (!assigns)
    return left;
  auto* out = make<binary>(node_kind::assignment, *left);
  out->op = current_.text;
  if (out->op == "=") {
    left = to_pattern(left, target_role::assignment);
    pending_cover_.reset();
  } else {
    check_no_pending_cover();
    check_simple_target(*left, target_role::assignment);
  }
  advance();
  out->left = left;
  out->right = assignment();
  return out;
}

node* parser::yield_() {
  auto* out = make<yield_expression>(node_kind::yield, current_);
  if (context_.in_parameters)
    fail("yield is not allowed in parameters");
  advance();
  const bool has_operand = !current_.newline_before && current_.kind != token_kind::end && !at(")")
                           && !at("]") && !at("}") && !at(",") && !at(";") && !at(":")
                           && !at_word("in") && !at_word("of");
  if (!has_operand)
    return out;
  out->delegate = eat("*");
  out->argument = assignment();
  return out;
}

node* parser::conditional_() {
  node* test = binary_(0);
  if (is_bare_arrow(*test) || !at("?"))
    return test;
  auto* out = make<conditional>(node_kind::conditional, *test);
  advance();
  out->test = test;
  {
    const setting<bool> in_again(in_allowed_, true);
    out->consequent = assignment();
  }
  expect(":");
  out->alternate = assignment();
  return out;
}

node* parser::binary_(int precedence_min) {
  node* left = nullptr;
  if (current_.kind == token_kind::private_name) {
    left = private_name_reference();
    if (!at_word("in") || precedence_min >= 7)
      fail_unexpected();
  } else {
    left = unary_();
  }
  if (is_bare_arrow(*left))
    return left;
  for (std::uint32_t nullish_links = 0;;) {
    const int precedence = precedence_of(current_, in_allowed_);
    if (precedence <= precedence_min)
      return left;
    const token op = current_;
    if (precedence == exponent_precedence && left->kind == node_kind::unary && !left->parenthesized)
      fail("a unary operand of ** needs parentheses");
    advance();
    auto* out = make<binary>(is_logical(op.text) ? node_kind::logical : node_kind::binary, *left);
    out->op = op.text;
    out->left = left;
    // The other operators are emitted without recursion along their left side.
    if (op.text == "?\?" && ++nullish_links > lowering_limits::chain_links_max)
      fail_at(op, "the program is nested too deeply");
    const bool right_associative = precedence == exponent_precedence;
    if (right_associative) {
      const level deeper(*this);
      out->right = binary_(precedence - 1);
    } else {
      out->right = binary_(precedence);
    }
    const auto mixes = [&](const node& side) {
      return side.kind == node_kind::logical && !side.parenthesized
             && (as<binary>(side).op == "?\?") != (op.text == "?\?");
    };
    if (out->kind == node_kind::logical && (mixes(*out->left) || mixes(*out->right))
        && (op.text == "?\?"
            || as<binary>(mixes(*out->left) ? *out->left : *out->right).op == "?\?"))
      fail_at(op, "?\? cannot be mixed with || and && without parentheses");
    left = out;
  }
}

node* parser::unary_() {
  static constexpr std::array<std::string_view, 4> signs{"!", "~", "+", "-"};
  const bool sign = current_.kind == token_kind::punctuator
                    && std::find(signs.begin(), signs.end(), current_.text) != signs.end();
  if (sign || at_word("typeof") || at_word("void") || at_word("delete")) {
    const level deeper(*this);
    auto* out = make<unary>(node_kind::unary, current_);
    out->op = current_.text;
    advance();
    out->operand = unary_();
    if (out->op == "delete" && context_.strict && is(out->operand, node_kind::identifier))
      fail_at(*out, "delete of a variable is not allowed in strict mode");
    if (out->op == "delete" && is_private(out->operand))
      fail_at(*out, "a private member cannot be deleted");
    return out;
  }
  if (at("++") || at("--")) {
    const level deeper(*this);
    auto* out = make<update>(node_kind::update, current_);
    out->op = current_.text;
    out->prefix = true;
    advance();
    out->operand = unary_();
    check_simple_target(*out->operand, target_role::assignment);
    return out;
  }
  if (at_word("await") && context_.is_async)
    return await_();
  return postfix();
}

node* parser::await_() {
  const level deeper(*this);
  auto* out = make<unary>(node_kind::await, current_);
  if (context_.in_parameters)
    fail("await is not allowed in parameters");
  if (context_.static_block)
    fail("await is not allowed in a static block");
  has_top_level_await_ = has_top_level_await_ || !context_.in_function;
  advance();
  out->operand = unary_();
  return out;
}

node* parser::postfix() {
  node* operand = left_hand_side();
  if ((!at("++") && !at("--")) || current_.newline_before || is_bare_arrow(*operand))
    return operand;
  check_simple_target(*operand, target_role::assignment);
  auto* out = make<update>(node_kind::update, *operand);
  out->op = current_.text;
  out->operand = operand;
  advance();
  return out;
}

} // namespace offstage::lowering
