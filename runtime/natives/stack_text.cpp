// SPDX-License-Identifier: MIT
// Error.prototype.stack without the engine's own insides: frames of C++ and prelude files go, what
// Duktape adds to a frame
// ("native strict preventsyield") too.
#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>

#include "runtime/engine.hpp"
#include "runtime/engine_text.hpp"
#include "runtime/natives/natives.hpp"

#define OFFSTAGE_ORIGINAL DUK_HIDDEN_SYMBOL("original")

namespace offstage {

namespace {

constexpr std::string_view frame_start = "    at ";

bool is_inside(std::string_view line, std::string_view place) {
  if (place.starts_with("offstage:"))
    return true;
  const auto file = place.substr(0, place.rfind(':'));
  return line.ends_with(" internal")
         && (file.ends_with(".c") || file.ends_with(".cpp") || file.ends_with(".hpp"));
}

// "file:12" of the lowered code as "file:10:3" of its source.
std::string in_source(duk_context* ctx, std::string_view place) {
  const auto colon = place.rfind(':');
  int line = 0;
  if (colon != std::string_view::npos)
    std::from_chars(place.data() + colon + 1, place.data() + place.size(), line);
  if (line <= 0)
    return std::string{place};
  const auto found = source_place_of(ctx, std::string{place.substr(0, colon)}, line);
  return found.file + ":" + std::to_string(found.line)
         + (found.column > 0 ? ":" + std::to_string(found.column) : "");
}

// One frame, rewritten; empty when it is not to be seen.
std::string visible_frame(duk_context* ctx, std::string_view line) {
  const auto open = line.rfind(" (");
  const auto close = line.rfind(')');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open)
    return std::string{line};
  auto name = line.substr(frame_start.size(), open - frame_start.size());
  const auto place = line.substr(open + 2, close - open - 2);
  // The constructor of the error is where it was made, not how script came there.
  if (is_inside(line, place) || (place.empty() && name.ends_with("Error")))
    return {};
  if (name == "[anon]")
    name = "<anonymous>";
  return std::string{frame_start} + std::string{name} + " ("
         + (place.empty() ? "native" : in_source(ctx, place)) + ")";
}

std::string visible_stack(duk_context* ctx, std::string_view stack) {
  std::string out;
  while (!stack.empty()) {
    const auto end = std::min(stack.find('\n'), stack.size());
    const auto line = stack.substr(0, end);
    stack.remove_prefix(std::min(end + 1, stack.size()));
    const auto shown = line.starts_with(frame_start) ? visible_frame(ctx, line) : std::string{line};
    if (shown.empty() && !line.empty())
      continue;
    if (!out.empty())
      out += '\n';
    out += shown;
  }
  return out;
}

js_result<int> stack_getter(duk_context* ctx) {
  auto read = protect(ctx, 1, [](duk_context* inner) {
    duk_push_current_function(inner);
    duk_get_prop_literal(inner, -1, OFFSTAGE_ORIGINAL);
    duk_push_this(inner);
    duk_call_method(inner, 0);
  });
  if (!read)
    return read.error();
  const auto stack = string_at(ctx, -1);
  if (!stack)
    return 1;
  const auto shown = visible_stack(ctx, *stack);
  if (auto pushed = protect(ctx, 1, [&](duk_context* inner) { push_text(inner, shown); }); !pushed)
    return pushed.error();
  return 1;
}

} // namespace

void install_stack_text(duk_context* ctx) {
  duk_get_global_literal(ctx, "Error");
  duk_get_prop_literal(ctx, -1, "prototype");
  duk_push_literal(ctx, "stack");
  duk_get_prop_desc(ctx, -2, 0);
  duk_push_literal(ctx, "stack");
  push_native(ctx, {"get stack", native<stack_getter>, 0, 0});
  duk_get_prop_literal(ctx, -3, "get");
  duk_put_prop_literal(ctx, -2, OFFSTAGE_ORIGINAL);
  duk_def_prop(ctx, -4, DUK_DEFPROP_HAVE_GETTER | DUK_DEFPROP_FORCE);
  duk_pop(ctx);
  duk_del_prop_literal(ctx, -1, "fileName");
  duk_del_prop_literal(ctx, -1, "lineNumber");
  duk_pop_2(ctx);
}

} // namespace offstage
