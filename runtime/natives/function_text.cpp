// SPDX-License-Identifier: MIT
// Function.prototype.toString: the author's text, which the heap's script maps find by the first
// line of a function's code.
#include "runtime/natives/function_text.hpp"

#include <algorithm>
#include <cstring>
#include <string>

#include "runtime/engine.hpp"
#include "runtime/engine_text.hpp"
#include "runtime/natives/natives.hpp"

namespace offstage {

namespace {

struct code_place {
  std::string file;
  std::uint32_t line = 0;
};

// Format: Duktape's table of lines begins with the count of instructions and the first one's line.
std::uint32_t first_line(duk_context* ctx, duk_idx_t table) {
  duk_size_t size = 0;
  const auto* bytes = static_cast<const unsigned char*>(duk_get_buffer(ctx, table, &size));
  std::uint32_t line = 0;
  if (bytes != nullptr && size >= 2 * sizeof line)
    std::memcpy(&line, bytes + sizeof line, sizeof line);
  return line;
}

code_place code_of(duk_context* ctx, duk_idx_t function) {
  const stack_guard guard{ctx};
  if (!duk_is_ecmascript_function(ctx, function))
    return {};
  const auto read = protect(ctx, 2, [&](duk_context* inner) {
    duk_get_prop_literal(inner, function, OFFSTAGE_FILE_NAME);
    duk_get_prop_literal(inner, function, OFFSTAGE_LINE_TABLE);
  });
  if (!read)
    return {};
  return {string_at(ctx, -2).value_or(""), first_line(ctx, duk_get_top_index(ctx))};
}

// Its own `name`, unless that is an accessor.
std::string own_name(duk_context* ctx, duk_idx_t function) {
  const stack_guard guard{ctx};
  if (!duk_is_ecmascript_function(ctx, function) && !duk_is_c_function(ctx, function))
    return {};
  const auto read = protect(ctx, 1, [&](duk_context* inner) {
    duk_push_literal(inner, "name");
    duk_get_prop_desc(inner, function, 0);
    if (duk_is_object(inner, -1))
      duk_get_prop_literal(inner, -1, "value");
  });
  return read ? string_at(ctx, -1).value_or("") : "";
}

// As the grammar of NativeFunction wants it.
std::string native_text(std::string name) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'
           || c == '$';
  };
  const auto text = name.starts_with("get ") || name.starts_with("set ") ? name.substr(4) : name;
  const auto is_symbol = text.starts_with("[Symbol.") && text.ends_with(']');
  if (!is_symbol && !std::ranges::all_of(text, fits))
    name.clear();
  return "function " + name + "() { [native code] }";
}

js_result<int> to_string(duk_context* ctx) {
  duk_push_this(ctx);
  if (!duk_is_function(ctx, -1))
    return js_error::type("Function.prototype.toString: this is not a function");
  const auto function = duk_get_top_index(ctx);
  const auto code = code_of(ctx, function);
  const auto text = engine::of(ctx).maps().function_text(code.file, code.line);
  const auto shown = text ? std::string{*text} : native_text(own_name(ctx, function));
  if (auto pushed = protect(ctx, 1, [&](duk_context* inner) { push_text(inner, shown); }); !pushed)
    return pushed.error();
  return 1;
}

} // namespace

script_place place_of_function(duk_context* ctx, duk_idx_t function) {
  auto code = code_of(ctx, function);
  if (code.line == 0 || code.file.empty() || code.file.starts_with("offstage:"))
    return {};
  return source_place_of(ctx, std::move(code.file), static_cast<int>(code.line));
}

void install_function_text(duk_context* ctx) {
  constexpr native_entry methods[] = {{"toString", native<to_string>, 0, 0}};
  duk_get_global_literal(ctx, "Function");
  duk_get_prop_literal(ctx, -1, "prototype");
  define_natives(ctx, -1, methods);
  duk_pop_2(ctx);
}

} // namespace offstage
