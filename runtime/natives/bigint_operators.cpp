// SPDX-License-Identifier: MIT
// What the engine's operators and conversions call when they meet a BigInt: declared in
// runtime/duktape/offstage_duk.h.
#include <cmath>
#include <cstring>
#include <limits>

#include "runtime/engine_native.hpp"
#include "runtime/natives/big_integer.hpp"
#include "runtime/natives/bigint.hpp"
#include "runtime/natives/natives.hpp"

#include <offstage_duk.h>

namespace offstage {

namespace {

bool operate_small(duk_context* ctx, int operation, std::int64_t x, std::int64_t y) {
  std::int64_t result = 0;
  switch (operation) {
  case '+':
    result = x + y; // 56 bits each
    break;
  case '-':
    result = x - y;
    break;
  case '*':
    if (__builtin_mul_overflow(x, y, &result))
      return false;
    break;
  case '/':
  case '%':
    if (y == 0)
      return false;
    result = operation == '/' ? x / y : x % y;
    break;
  case '&':
    result = x & y;
    break;
  case '|':
    result = x | y;
    break;
  case '^':
    result = x ^ y;
    break;
  default:
    return false;
  }
  push_small_bigint(ctx, result);
  return true;
}

// Stack: [x y operation]; the result is pushed.
js_result<int> operate_big(duk_context* ctx) {
  big_integer result;
  const auto failed =
      big_integer::operate(duk_get_int(ctx, -1), bigint_at(ctx, -3), bigint_at(ctx, -2), result);
  if (failed != big_error::none)
    return bigint_error(failed);
  return push_bigint(ctx, result);
}

void refuse_mixing(duk_context* ctx) {
  static_cast<void>(
      duk_type_error(ctx, "Cannot mix BigInt and other types, use explicit conversions"));
}

void operate_binary(duk_context* ctx, int operation) {
  if (!offstage_duk_is_bigint(ctx, -1) || !offstage_duk_is_bigint(ctx, -2))
    refuse_mixing(ctx);
  if (operation == 'u')
    static_cast<void>(duk_type_error(ctx, "BigInts have no unsigned right shift, use >> instead"));
  std::int64_t x = 0;
  std::int64_t y = 0;
  if (!read_small_bigint(ctx, -2, x) || !read_small_bigint(ctx, -1, y)
      || !operate_small(ctx, operation, x, y)) {
    duk_push_int(ctx, operation);
    run_or_throw(ctx, operate_big);
    duk_remove(ctx, -2);
  }
  duk_replace(ctx, -3);
  duk_pop(ctx);
}

js_result<int> push_decimal(duk_context* ctx) {
  return push_bytes(ctx, bigint_at(ctx, -1).text(10));
}

js_result<int> push_double(duk_context* ctx) {
  duk_push_number(ctx, bigint_at(ctx, -1).to_double());
  return 1;
}

// makeBigIntArray(float64Array, signed)
duk_ret_t make_array(duk_context* ctx) {
  offstage_duk_make_bigint_array(ctx, 0, duk_get_boolean(ctx, 1));
  duk_dup(ctx, 0);
  return 1;
}

duk_ret_t to_bigint_native(duk_context* ctx) {
  duk_to_primitive(ctx, 0, DUK_HINT_NUMBER);
  to_bigint(ctx);
  return 1;
}

constexpr native_entry host_functions[] = {{"makeBigIntArray", make_array, 2, 2},
                                           {"toBigInt", to_bigint_native, 1, 1}};

} // namespace

void install_bigint_operators(duk_context* ctx) {
  push_host(ctx);
  define_natives(ctx, -1, host_functions);
  duk_pop(ctx);
}

} // namespace offstage

using namespace offstage;

extern "C" void offstage_bigint_operate(duk_context* ctx, int operation) {
  switch (operation) {
  case 'n':
    push_small_bigint(ctx, 0);
    duk_insert(ctx, -2);
    return operate_binary(ctx, '-');
  case '~': // -1 - x
    push_small_bigint(ctx, -1);
    duk_insert(ctx, -2);
    return operate_binary(ctx, '-');
  case 'i':
  case 'd':
    push_small_bigint(ctx, 1);
    return operate_binary(ctx, operation == 'i' ? '+' : '-');
  default:
    return operate_binary(ctx, operation);
  }
}

namespace {

int order_between(double x, double y) {
  return std::isnan(x) || std::isnan(y) ? 2 : x < y ? -1 : x > y ? 1 : 0;
}

// The order of a BigInt and a double, exactly.
int order_of(const big_integer& x, double y) {
  if (std::isnan(y) || std::isinf(y))
    return std::isnan(y) ? 2 : y > 0 ? -1 : 1;
  const auto whole = std::trunc(y);
  const auto order = x.compare(big_integer::from_double(whole));
  return order != 0 ? order : order_between(whole, y);
}

// Stack: [x y], one of them a BigInt; the order is pushed.
js_result<int> push_order(duk_context* ctx) {
  const auto first = offstage_duk_is_bigint(ctx, -2) != 0;
  const auto second = offstage_duk_is_bigint(ctx, -1) != 0;
  int order = 0;
  if (first && second)
    order = bigint_at(ctx, -2).compare(bigint_at(ctx, -1));
  else if (first)
    order = order_of(bigint_at(ctx, -2), duk_get_number(ctx, -1));
  else
    order = order_of(bigint_at(ctx, -1), duk_get_number(ctx, -2));
  if (!first && order != 2)
    order = -order;
  duk_push_int(ctx, order);
  return 1;
}

// A string operand becomes a BigInt, any other a number. False: it says no integer.
bool make_comparable(duk_context* ctx, duk_idx_t index) {
  if (offstage_duk_is_bigint(ctx, index))
    return true;
  if (duk_is_string(ctx, index) && !duk_is_symbol(ctx, index)) {
    duk_dup(ctx, index);
    run_or_throw(ctx, parse_bigint);
    duk_remove(ctx, -2);
    duk_replace(ctx, index - 1);
    return !duk_is_undefined(ctx, index);
  }
  duk_to_number(ctx, index);
  return true;
}

} // namespace

extern "C" int offstage_bigint_compare(duk_context* ctx) {
  int order = 2;
  if (make_comparable(ctx, -2) && make_comparable(ctx, -1)) {
    std::int64_t x = 0;
    std::int64_t y = 0;
    if (offstage_duk_is_bigint(ctx, -2) && offstage_duk_is_bigint(ctx, -1)
        && read_small_bigint(ctx, -2, x) && read_small_bigint(ctx, -1, y)) {
      order = x < y ? -1 : x > y ? 1 : 0;
    } else {
      run_or_throw(ctx, push_order);
      order = duk_get_int(ctx, -1);
      duk_pop(ctx);
    }
  }
  duk_pop_2(ctx);
  return order;
}

extern "C" void offstage_bigint_to_decimal(duk_context* ctx) {
  run_or_throw(ctx, push_decimal);
  duk_remove(ctx, -2);
}

extern "C" void offstage_bigint_to_double(duk_context* ctx) {
  run_or_throw(ctx, push_double);
  duk_remove(ctx, -2);
}

namespace {

js_result<int> push_from_bits(duk_context* ctx) {
  const auto* bytes = static_cast<const char*>(duk_get_pointer(ctx, -1));
  return push_bigint(ctx, big_integer::from_bytes({bytes, 8}, false));
}

js_result<int> push_low_bits(duk_context* ctx) {
  auto* bits = static_cast<std::uint64_t*>(duk_get_pointer(ctx, -1));
  *bits = bigint_at(ctx, -2).low_bits();
  duk_push_undefined(ctx);
  return 1;
}

} // namespace

extern "C" void offstage_bigint_from_bits(duk_context* ctx, const void* bits, int is_signed) {
  std::uint64_t value = 0;
  std::memcpy(&value, bits, sizeof value);
  if (is_signed != 0
      || value <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
    return push_small_bigint(ctx, static_cast<std::int64_t>(value));
  const auto big_endian = __builtin_bswap64(value);
  duk_push_pointer(ctx, const_cast<std::uint64_t*>(&big_endian));
  run_or_throw(ctx, push_from_bits);
  duk_remove(ctx, -2);
}

extern "C" void offstage_bigint_to_bits(duk_context* ctx, duk_idx_t index, void* bits) {
  duk_dup(ctx, index);
  duk_to_primitive(ctx, -1, DUK_HINT_NUMBER);
  to_bigint(ctx);
  std::uint64_t value = 0;
  std::int64_t small = 0;
  if (read_small_bigint(ctx, -1, small)) {
    value = static_cast<std::uint64_t>(small);
  } else {
    duk_push_pointer(ctx, &value);
    run_or_throw(ctx, push_low_bits);
    duk_pop_2(ctx);
  }
  duk_pop(ctx);
  std::memcpy(bits, &value, sizeof value);
}
