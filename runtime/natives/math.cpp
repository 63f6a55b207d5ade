// SPDX-License-Identifier: MIT
// Functions of Math that Duktape leaves out. Their magic is the row in the table.
#include <cmath>
#include <cstdint>

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
}

} // namespace offstage
