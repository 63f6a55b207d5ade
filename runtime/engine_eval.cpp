// SPDX-License-Identifier: MIT
// What the engine's own eval, direct or not, asks before it compiles.
#include <utility>

#include "runtime/engine.hpp"
#include "runtime/engine_text.hpp"

namespace offstage {

namespace {

// Leaves the code to compile, if it is another than that at index 0.
js_result<int> lower_source(duk_context* ctx) {
  auto& js = engine::of(ctx);
  const auto source = string_at(ctx, 0);
  if (!js.hooks().lower || !source)
    return 0;
  auto lowered = js.hooks().lower(*source);
  if (lowered.error)
    return syntax_error(ctx, *lowered.error, lowered.place);
  js.maps().add_eval(std::move(lowered.map));
  if (auto pushed = protect(ctx, 1, [&](duk_context* inner) { push_text(inner, lowered.code); });
      !pushed)
    return pushed.error();
  return 1;
}

void push_name(duk_context* ctx) {
  const auto& name = engine::of(ctx).maps().last_eval();
  duk_push_lstring(ctx, name.data(), name.size());
}

} // namespace

} // namespace offstage

extern "C" void offstage_lower_eval(void* running) {
  auto* ctx = static_cast<duk_context*>(running);
  if (offstage::native<offstage::lower_source>(ctx) > 0)
    duk_replace(ctx, 0);
}

extern "C" void offstage_push_eval_name(void* running) {
  offstage::push_name(static_cast<duk_context*>(running));
}
