// SPDX-License-Identifier: MIT
// Functions of Math that Duktape leaves out; their magic is the row in the table. And numbers with
// more digits than Duktape writes.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "runtime/engine_native.hpp"
#include "runtime/natives/native_state.hpp"
#include "runtime/natives/natives.hpp"

#include <sys/random.h>

namespace offstage {

namespace {

using real_function = double (*)(double);

double round_to_float(double value) {
  return static_cast<double>(static_cast<float>(value));
}

// The library's result may be one unit off for perfect cubes.
double cube_root(double value) {
  const auto root = std::cbrt(value);
  const auto rounded = std::round(root);
  return rounded * rounded * rounded == value ? rounded : root;
}

struct math_row {
  const char* name;
  real_function function;
};

constexpr math_row rows[] = {
    {"acosh", [](double x) { return std::acosh(x); }},
    {"asinh", [](double x) { return std::asinh(x); }},
    {"atanh", [](double x) { return std::atanh(x); }},
    {"cbrt", cube_root},
    {"cosh", [](double x) { return std::cosh(x); }},
    {"expm1", [](double x) { return std::expm1(x); }},
    {"fround", round_to_float},
    {"log1p", [](double x) { return std::log1p(x); }},
    {"sinh", [](double x) { return std::sinh(x); }},
    {"tanh", [](double x) { return std::tanh(x); }},
};

duk_ret_t call_row(duk_context* ctx) {
  const auto& row = rows[duk_get_current_magic(ctx)];
  duk_push_number(ctx, row.function(duk_to_number(ctx, 0)));
  return 1;
}

bool seed(native_state& state) {
  static_assert(sizeof state.random <= 256, "longer reads may be cut short");
  state.random_seeded = ::getrandom(state.random, sizeof state.random, 0) == sizeof state.random;
  // The generator never leaves zero.
  state.random[0] |= 1;
  return state.random_seeded;
}

// xorshift128+: enough for a function that promises nothing to secrets.
std::uint64_t next(std::uint64_t (&state)[2]) {
  auto first = state[0];
  const auto second = state[1];
  state[0] = second;
  first ^= first << 23;
  state[1] = first ^ second ^ (first >> 18) ^ (second >> 5);
  return state[1] + second;
}

// Duktape's own is seeded when the heap is made: copies of a heap would draw the same numbers.
duk_ret_t random(duk_context* ctx) {
  auto& state = state_of(ctx);
  if (!state.random_seeded && !seed(state))
    return duk_error(ctx, DUK_ERR_ERROR, "there are no random numbers");
  constexpr int fraction_bits = 53;
  duk_push_number(ctx, std::ldexp(static_cast<double>(next(state.random) >> (64 - fraction_bits)),
                                  -fraction_bits));
  return 1;
}

// ECMAScript since 2018: Duktape writes 20 digits, one more with toPrecision.
constexpr int engine_digits_max = 20;
constexpr int digits_max = 100;
constexpr double fixed_max = 1e21;

#define OFFSTAGE_SHORT DUK_HIDDEN_SYMBOL("short")

// From C's 1.5e+07 to 1.5e+7.
void push_exponential(duk_context* ctx, const char* text) {
  const std::string_view whole{text};
  const auto mark = whole.find('e');
  auto digits = whole.substr(mark + 2);
  while (digits.size() > 1 && digits[0] == '0')
    digits.remove_prefix(1);
  duk_push_lstring(ctx, whole.data(), mark + 2);
  duk_push_lstring(ctx, digits.data(), digits.size());
  duk_concat(ctx, 2);
}

enum class number_form : std::uint8_t { fixed, exponential, precision };

bool is_long(number_form form, double value, double digits) {
  if (!std::isfinite(value) || (form == number_form::fixed && std::fabs(value) >= fixed_max))
    return false;
  return digits > engine_digits_max + (form == number_form::precision ? 1 : 0)
         && digits <= digits_max;
}

// toFixed, toExponential, toPrecision. What the engine can write is left to it.
duk_ret_t number_text(duk_context* ctx) {
  const auto form = static_cast<number_form>(duk_get_current_magic(ctx));
  duk_push_this(ctx);
  const auto value = duk_is_number(ctx, -1) ? duk_get_number(ctx, -1) : std::nan("");
  const auto digits = duk_is_number(ctx, 0) ? std::trunc(duk_get_number(ctx, 0)) : 0;
  if (!is_long(form, value, digits)) {
    duk_push_current_function(ctx);
    duk_get_prop_literal(ctx, -1, OFFSTAGE_SHORT);
    duk_dup(ctx, 1);
    duk_dup(ctx, 0);
    duk_call_method(ctx, 1);
    return 1;
  }
  const auto count = static_cast<int>(digits);
  char text[160];
  if (form == number_form::fixed) {
    std::snprintf(text, sizeof text, "%.*f", count, value == 0 ? 0.0 : value);
    duk_push_string(ctx, text);
    return 1;
  }
  const auto behind_point = form == number_form::precision ? count - 1 : count;
  std::snprintf(text, sizeof text, "%.*e", behind_point, value == 0 ? 0.0 : value);
  const auto exponent = std::atoi(std::strchr(text, 'e') + 1);
  if (form == number_form::exponential || exponent < -6 || exponent >= count) {
    push_exponential(ctx, text);
    return 1;
  }
  std::snprintf(text, sizeof text, "%.*f", count - 1 - exponent, value == 0 ? 0.0 : value);
  duk_push_string(ctx, text);
  return 1;
}

constexpr native_entry number_methods[] = {
    {"toFixed", number_text, 1, 1, static_cast<int>(number_form::fixed)},
    {"toExponential", number_text, 1, 1, static_cast<int>(number_form::exponential)},
    {"toPrecision", number_text, 1, 1, static_cast<int>(number_form::precision)},
};

void install_number_methods(duk_context* ctx) {
  duk_get_global_literal(ctx, "Number");
  duk_get_prop_literal(ctx, -1, "prototype");
  for (const auto& method : number_methods) {
    duk_get_prop_string(ctx, -1, method.name);
    define_natives(ctx, -2, {&method, 1});
    duk_get_prop_string(ctx, -2, method.name);
    duk_insert(ctx, -2);
    duk_put_prop_literal(ctx, -2, OFFSTAGE_SHORT);
    duk_pop(ctx);
  }
  duk_pop_2(ctx);
}

constexpr native_entry random_entry[] = {{"random", random, 0, 0}};

} // namespace

void install_math(duk_context* ctx) {
  duk_get_global_literal(ctx, "Math");
  duk_int_t magic = 0;
  for (const auto& row : rows) {
    const native_entry entry[] = {{row.name, call_row, 1, 1, magic++}};
    define_natives(ctx, -1, entry);
  }
  define_natives(ctx, -1, random_entry);
  duk_pop(ctx);
  install_number_methods(ctx);
}

} // namespace offstage
