// SPDX-License-Identifier: MIT
#include <algorithm>
#include <charconv>

#include "runtime/engine.hpp"
#include "runtime/engine_text.hpp"

// Where a SyntaxError of the compiler is.
#define OFFSTAGE_PLACE DUK_HIDDEN_SYMBOL("place")

namespace offstage {

namespace {

std::string cut(std::string text) {
  if (text.size() > script_error_text_bytes_max)
    text.resize(script_error_text_bytes_max);
  return text;
}

// The text of one property, empty when it is missing or reading it throws.
std::string text_of(duk_context* ctx, duk_idx_t index, const char* property) {
  stack_guard guard{ctx};
  const auto read = protect(ctx, 1, [&](duk_context* inner) {
    duk_get_prop_string(inner, index, property);
    if (!duk_is_undefined(inner, -1) && !duk_is_symbol(inner, -1))
      duk_to_string(inner, -1);
  });
  return read ? cut(string_at(ctx, -1).value_or("")) : "";
}

std::string text_of_value(duk_context* ctx, duk_idx_t index) {
  stack_guard guard{ctx};
  const auto read = protect(ctx, 1, [&](duk_context* inner) {
    duk_dup(inner, index);
    duk_safe_to_string(inner, -1);
  });
  return read ? cut(string_at(ctx, -1).value_or("")) : "";
}

// The number behind the last colon, which is cut off with it; 0 if there is none.
int take_number(std::string_view& text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos)
    return 0;
  int value = 0;
  const auto* end = text.data() + text.size();
  if (std::from_chars(text.data() + colon + 1, end, value).ptr != end || value <= 0)
    return 0;
  text = text.substr(0, colon);
  return value;
}

// "at f (file:12:3)": the first frame with a line is where it happened.
void place_from_stack(thrown_error& error) {
  const std::string_view stack = error.stack;
  for (std::size_t at = stack.find('('); at != std::string_view::npos;
       at = stack.find('(', at + 1)) {
    const auto end = stack.find_first_of(")\n", at);
    const auto place = stack.substr(at + 1, end == std::string_view::npos ? end : end - at - 1);
    auto file = place;
    const auto last = take_number(file);
    const auto before = take_number(file);
    if (last <= 0)
      continue;
    error.file = file;
    error.line = before > 0 ? before : last;
    error.column = before > 0 ? last : 0;
    return;
  }
}

bool place_of_syntax(duk_context* ctx, duk_idx_t index, thrown_error& error) {
  stack_guard guard{ctx};
  bool found = false;
  const auto read = protect(ctx, 3, [&](duk_context* inner) {
    found = duk_get_prop_literal(inner, index, OFFSTAGE_PLACE) != 0;
    const auto place = duk_get_top_index(inner);
    if (!found)
      return duk_set_top(inner, place + 3);
    for (duk_uarridx_t i = 0; i < 3; ++i)
      duk_get_prop_index(inner, place, i);
  });
  if (!read || !found)
    return false;
  error.file = string_at(ctx, -3).value_or("");
  error.line = duk_get_int(ctx, -2);
  error.column = duk_get_int(ctx, -1);
  return true;
}

// False if there is no such frame. Nothing that script may have put in the way is called: no
// execution limit holds here.
bool read_frame(duk_context* ctx, duk_int_t level, script_place& place) {
  stack_guard guard{ctx};
  bool found = false;
  const auto read = protect(ctx, 1, [&](duk_context* inner) {
    duk_inspect_callstack_entry(inner, level);
    found = duk_is_object(inner, -1) != 0;
    if (!found)
      return;
    duk_get_prop_literal(inner, -1, "lineNumber");
    place.line = duk_get_int_default(inner, -1, 0);
    duk_get_prop_literal(inner, -2, "function");
    duk_get_prop_literal(inner, -1, OFFSTAGE_FILE_NAME);
  });
  place.file = read && found ? cut(string_at(ctx, -1).value_or("")) : "";
  return read && found;
}

} // namespace

script_place running_place(duk_context* ctx) {
  script_place place;
  for (duk_int_t level = -1; level >= -js_frames_searched_max && read_frame(ctx, level, place);
       --level)
    if (place.line > 0 && !place.file.empty() && !place.file.starts_with("offstage:"))
      return source_place_of(ctx, std::move(place.file), place.line);
  return {};
}

script_place source_place_of(duk_context* ctx, std::string file, int line) {
  const auto found = engine::of(ctx).maps().find(file, static_cast<std::uint32_t>(line));
  return {std::move(file), static_cast<int>(found.line), static_cast<int>(found.column)};
}

thrown_error describe_error(duk_context* ctx, duk_idx_t index) {
  index = duk_normalize_index(ctx, index);
  thrown_error error;
  if (!duk_is_object(ctx, index)) {
    error.message = text_of_value(ctx, index);
    return error;
  }
  error.name = text_of(ctx, index, "name");
  error.message = text_of(ctx, index, "message");
  error.stack = text_of(ctx, index, "stack");
  if (!place_of_syntax(ctx, index, error))
    place_from_stack(error);
  return error;
}

js_error syntax_error(duk_context* ctx, const std::string& message, const script_place& place) {
  push_error(ctx, js_error::syntax(message));
  static_cast<void>(protect(ctx, 0, [&](duk_context* inner) {
    duk_push_array(inner);
    push_text(inner, place.file);
    duk_put_prop_index(inner, -2, 0);
    duk_push_int(inner, place.line);
    duk_put_prop_index(inner, -2, 1);
    duk_push_int(inner, place.column);
    duk_put_prop_index(inner, -2, 2);
    duk_put_prop_literal(inner, -2, OFFSTAGE_PLACE);
  }));
  return js_error::thrown();
}

} // namespace offstage
