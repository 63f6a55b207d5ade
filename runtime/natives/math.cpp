// SPDX-License-Identifier: MIT
// Functions of Math that Duktape leaves out. Their magic is the row in the table.
#include <cmath>

#include "runtime/engine_native.hpp"
#include "runtime/natives/natives.hpp"

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

} // namespace

void install_math(duk_context* ctx) {
  duk_get_global_literal(ctx, "Math");
  duk_int_t magic = 0;
  for (const auto& row : rows) {
    const native_entry entry[] = {{row.name, call_row, 1, 1, magic++}};
    define_natives(ctx, -1, entry);
  }
  duk_pop(ctx);
}

} // namespace offstage
