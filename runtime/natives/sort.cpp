// SPDX-License-Identifier: MIT
// sort(array, compare): stable, in place, of a dense array without undefined. A bottom-up merge
// sort over numbers of elements; both index arrays are Duktape buffers because the comparison may
// throw.
#include <algorithm>
#include <cstring>

#include "runtime/engine_native.hpp"
#include "runtime/natives/natives.hpp"

namespace offstage {

namespace {

// Stack positions while sorting.
constexpr duk_idx_t array_at = 0;
constexpr duk_idx_t compare_at = 1;
constexpr duk_idx_t values_at = 2; // a copy of the elements: the comparison cannot disturb it
constexpr duk_idx_t keys_at = 3;   // their strings, when there is no comparison

// CESU-8 compares like UTF-16 units.
bool string_after(duk_context* ctx, duk_uarridx_t a, duk_uarridx_t b) {
  duk_size_t a_size = 0;
  duk_size_t b_size = 0;
  duk_get_prop_index(ctx, keys_at, a);
  duk_get_prop_index(ctx, keys_at, b);
  const auto* a_text = duk_get_lstring(ctx, -2, &a_size);
  const auto* b_text = duk_get_lstring(ctx, -1, &b_size);
  const auto order = std::memcmp(a_text, b_text, std::min(a_size, b_size));
  duk_pop_2(ctx);
  return order > 0 || (order == 0 && a_size > b_size);
}

bool compares_after(duk_context* ctx, duk_uarridx_t a, duk_uarridx_t b) {
  duk_dup(ctx, compare_at);
  duk_get_prop_index(ctx, values_at, a);
  duk_get_prop_index(ctx, values_at, b);
  duk_call(ctx, 2);
  const auto order = duk_to_number(ctx, -1);
  duk_pop(ctx);
  return order > 0;
}

bool is_after(duk_context* ctx, bool by_text, duk_uarridx_t a, duk_uarridx_t b) {
  return by_text ? string_after(ctx, a, b) : compares_after(ctx, a, b);
}

struct run_bounds {
  duk_uarridx_t begin;
  duk_uarridx_t middle;
  duk_uarridx_t end;
};

void merge(duk_context* ctx, bool by_text, const duk_uarridx_t* from, duk_uarridx_t* to,
           run_bounds run) {
  auto left = run.begin;
  auto right = run.middle;
  // Two runs already in order are the common case of nearly sorted input.
  if (run.middle < run.end && !is_after(ctx, by_text, from[run.middle - 1], from[run.middle])) {
    std::copy(from + run.begin, from + run.end, to + run.begin);
    return;
  }
  for (auto at = run.begin; at < run.end; ++at) {
    const bool take_right =
        left >= run.middle || (right < run.end && is_after(ctx, by_text, from[left], from[right]));
    to[at] = take_right ? from[right++] : from[left++];
  }
}

duk_uarridx_t* push_indices(duk_context* ctx, duk_uarridx_t count) {
  auto* indices =
      static_cast<duk_uarridx_t*>(duk_push_fixed_buffer(ctx, count * sizeof(duk_uarridx_t)));
  for (duk_uarridx_t i = 0; i < count; ++i)
    indices[i] = i;
  return indices;
}

void copy_values(duk_context* ctx, duk_uarridx_t count, bool by_text) {
  duk_push_bare_array(ctx);
  duk_push_bare_array(ctx);
  for (duk_uarridx_t i = 0; i < count; ++i) {
    duk_get_prop_index(ctx, array_at, i);
    if (by_text) {
      duk_dup_top(ctx);
      duk_to_string(ctx, -1);
      duk_put_prop_index(ctx, keys_at, i);
    }
    duk_put_prop_index(ctx, values_at, i);
  }
}

duk_ret_t sort_array(duk_context* ctx) {
  const auto count = static_cast<duk_uarridx_t>(duk_get_length(ctx, array_at));
  const auto by_text = duk_is_undefined(ctx, compare_at) != 0;
  copy_values(ctx, count, by_text);
  auto* from = push_indices(ctx, count);
  auto* to = push_indices(ctx, count);
  for (duk_uarridx_t width = 1; width < count; width *= 2) {
    for (duk_uarridx_t begin = 0; begin < count; begin += 2 * width)
      merge(ctx, by_text, from, to,
            {begin, std::min(begin + width, count), std::min(begin + 2 * width, count)});
    std::swap(from, to);
  }
  for (duk_uarridx_t i = 0; i < count; ++i) {
    duk_get_prop_index(ctx, values_at, from[i]);
    duk_put_prop_index(ctx, array_at, i);
  }
  duk_dup(ctx, array_at);
  return 1;
}

constexpr native_entry functions[] = {{"sort", sort_array, 2, 2}};

} // namespace

void install_sort(duk_context* ctx) {
  push_host(ctx);
  define_natives(ctx, -1, functions);
  duk_pop(ctx);
}

} // namespace offstage
