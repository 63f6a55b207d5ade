// SPDX-License-Identifier: MIT
// BigInt: the constructor and its functions.
#include "runtime/natives/bigint.hpp"

#include <cmath>

#include "runtime/engine_limits.hpp"
#include "runtime/engine_native.hpp"
#include "runtime/natives/big_integer.hpp"
#include "runtime/natives/natives.hpp"

#include <offstage_duk.h>

namespace offstage {

namespace {

constexpr double radix_min = 2;
constexpr double radix_max = 36;
constexpr double index_max = 9007199254740991.0;

js_result<int> push_from_double(duk_context* ctx) {
  return push_bigint(ctx, big_integer::from_double(duk_get_number(ctx, -1)));
}

duk_ret_t bigint_constructor(duk_context* ctx) {
  if (duk_is_constructor_call(ctx))
    return duk_type_error(ctx, "BigInt is not a constructor");
  duk_to_primitive(ctx, 0, DUK_HINT_NUMBER);
  if (!duk_is_number(ctx, 0)) {
    to_bigint(ctx);
    return 1;
  }
  const auto value = duk_get_number(ctx, 0);
  if (!std::isfinite(value) || value != std::trunc(value))
    return duk_range_error(
        ctx, "The number %s cannot be converted to a BigInt because it is not an integer",
        duk_safe_to_string(ctx, 0));
  run_or_throw(ctx, push_from_double);
  return 1;
}

js_result<int> push_text_of_radix(duk_context* ctx) {
  return push_bytes(ctx, bigint_at(ctx, -2).text(duk_get_int(ctx, -1)));
}

duk_ret_t bigint_to_string(duk_context* ctx) {
  offstage_duk_push_this_bigint(ctx);
  duk_insert(ctx, 0);
  const auto radix = duk_is_undefined(ctx, 1) ? 10.0 : std::trunc(duk_to_number(ctx, 1));
  if (!(radix >= radix_min && radix <= radix_max))
    return duk_range_error(ctx, "toString() radix must be between 2 and 36");
  duk_push_int(ctx, static_cast<int>(radix));
  duk_replace(ctx, 1);
  run_or_throw(ctx, push_text_of_radix);
  return 1;
}

// As en-US writes it, which is what Number.prototype.toLocaleString falls back to as well.
js_result<int> push_grouped(duk_context* ctx) {
  auto text = bigint_at(ctx, -1).text(10);
  const auto first = text[0] == '-' ? 1u : 0u;
  for (auto at = text.size(); at > first + 3;) {
    at -= 3;
    text.insert(at, 1, ',');
  }
  return push_bytes(ctx, text);
}

duk_ret_t bigint_to_locale_string(duk_context* ctx) {
  offstage_duk_push_this_bigint(ctx);
  run_or_throw(ctx, push_grouped);
  return 1;
}

duk_ret_t bigint_value_of(duk_context* ctx) {
  offstage_duk_push_this_bigint(ctx);
  return 1;
}

// Stack: [bits value].
js_result<int> push_as_bits(duk_context* ctx) {
  const auto is_signed = duk_get_current_magic(ctx) != 0;
  const auto count = static_cast<std::uint64_t>(duk_get_number(ctx, 0));
  const auto value = bigint_at(ctx, 1);
  if (!is_signed && value.is_negative() && count > std::uint64_t{bigint_bits_max})
    return bigint_error(big_error::too_big);
  return push_bigint(ctx, value.as_bits(count, is_signed));
}

duk_ret_t bigint_as_bits(duk_context* ctx) {
  const auto bits = duk_to_number(ctx, 0);
  const auto count = std::isnan(bits) ? 0 : std::trunc(bits);
  if (!(count >= 0 && count <= index_max))
    return duk_range_error(ctx, "Invalid value: not (convertible to) a safe integer");
  duk_push_number(ctx, count);
  duk_replace(ctx, 0);
  duk_to_primitive(ctx, 1, DUK_HINT_NUMBER);
  to_bigint(ctx);
  run_or_throw(ctx, push_as_bits);
  return 1;
}

// The lowering's literal: digits as they stand in the source, without separators and suffix.
duk_ret_t bigint_literal(duk_context* ctx) {
  duk_require_string(ctx, 0);
  run_or_throw(ctx, parse_bigint);
  if (duk_is_undefined(ctx, -1))
    return duk_syntax_error(ctx, "Invalid BigInt literal");
  return 1;
}

constexpr native_entry statics[] = {{"asIntN", bigint_as_bits, 2, 2, 1},
                                    {"asUintN", bigint_as_bits, 2, 2, 0}};
constexpr native_entry methods[] = {{"toString", bigint_to_string, 0, 1},
                                    {"toLocaleString", bigint_to_locale_string, 0, 0},
                                    {"valueOf", bigint_value_of, 0, 0}};
} // namespace

void install_bigint(duk_context* ctx) {
  push_native(ctx, {"BigInt", bigint_constructor, 1, 1});
  define_natives(ctx, -1, statics);
  offstage_duk_push_bigint_prototype(ctx);
  for (const auto* name : {"constructor", "toString", "valueOf"})
    duk_del_prop_string(ctx, -1, name);
  define_natives(ctx, -1, methods);
  define_tag(ctx, "BigInt");
  link_constructor(ctx);
  define_global(ctx, "BigInt");
  push_native(ctx, {"__big", bigint_literal, 1, 1});
  define_global(ctx, "__big");
  install_bigint_operators(ctx);
}

} // namespace offstage
