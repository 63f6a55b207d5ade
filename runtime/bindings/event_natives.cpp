// SPDX-License-Identifier: MIT
// What an event's script side tells the native side: answers, ends, errors.
#include "runtime/bindings/natives.hpp"
#include "runtime/bindings/values.hpp"
#include "runtime/engine_text.hpp"
#include "runtime/structured_serialize.hpp"

namespace offstage {

namespace {

event_id event_at(duk_context* ctx, duk_idx_t index) {
  return event_id{static_cast<uint64_t>(duk_get_number(ctx, index))};
}

/// eventDone(id, rejected, reason)
js_result<int> event_done(duk_context* ctx) {
  event_result result;
  if (duk_get_boolean(ctx, 1)) {
    result.status = event_status::rejected;
    result.cause = event_cause::promise_rejected;
    result.error = describe_value(ctx, 2);
  }
  realm::of(ctx).finish(event_at(ctx, 0), std::move(result));
  return 0;
}

/// respond(id, response state)
js_result<int> respond(duk_context* ctx) {
  auto& owner = realm::of(ctx);
  auto response = read_response(ctx, 1);
  if (response)
    owner.respond(event_at(ctx, 0), fetch_outcome::respond(std::move(*response)));
  else
    owner.respond(event_at(ctx, 0), fetch_outcome::network_error("the response could not be sent"));
  return 0;
}

/// refuse(id, reason)
js_result<int> refuse(duk_context* ctx) {
  realm::of(ctx).respond(event_at(ctx, 0),
                         fetch_outcome::network_error(string_at(ctx, 1).value_or("")));
  return 0;
}

js_result<int> fall_back(duk_context* ctx) {
  realm::of(ctx).respond(event_at(ctx, 0), fetch_outcome::fall_back());
  return 0;
}

js_result<int> uncaught(duk_context* ctx) {
  realm::of(ctx).host().uncaught(describe_value(ctx, 0));
  return 0;
}

/// describe(value): one line for a reason text.
js_result<int> describe_in_words(duk_context* ctx) {
  const auto error = describe_value(ctx, 0);
  std::string text = error.message;
  if (duk_is_object(ctx, 0))
    text = to_string(error);
  if (auto pushed = protect(ctx, 1, [&](duk_context* inner) { push_text(inner, text); }); !pushed)
    return pushed.error();
  return 1;
}

/// place(value): [file, line, column] of an error in the author's code.
js_result<int> place(duk_context* ctx) {
  const auto error = describe_value(ctx, 0);
  auto pushed = protect(ctx, 1, [&](duk_context* inner) {
    duk_push_array(inner);
    push_text(inner, error.file);
    duk_put_prop_index(inner, -2, 0);
    duk_push_uint(inner, error.line);
    duk_put_prop_index(inner, -2, 1);
    duk_push_uint(inner, error.column);
    duk_put_prop_index(inner, -2, 2);
  });
  if (!pushed)
    return pushed.error();
  return 1;
}

/// structuredClone(value, between): `between` is called once the value has been written.
js_result<int> clone(duk_context* ctx) {
  auto record = structured_serialize(ctx, 0);
  if (!record)
    return record.error();
  if (duk_is_function(ctx, 1)) {
    auto called = protect(ctx, 0, [](duk_context* inner) {
      duk_dup(inner, 1);
      duk_call(inner, 0);
    });
    if (!called)
      return called.error();
  }
  if (auto read = structured_deserialize(ctx, *record); !read)
    return read.error();
  return 1;
}

duk_ret_t keep_exception(duk_context* ctx) {
  duk_push_global_stash(ctx);
  duk_dup(ctx, 0);
  duk_put_prop_literal(ctx, -2, "DOMException");
  return 0;
}

constexpr native_entry functions[] = {
    {"eventDone", native<event_done>, 3, 3}, {"respond", native<respond>, 2, 2},
    {"refuse", native<refuse>, 2, 2},        {"fallBack", native<fall_back>, 1, 1},
    {"uncaught", native<uncaught>, 1, 1},    {"describe", native<describe_in_words>, 1, 1},
    {"place", native<place>, 1, 1},          {"structuredClone", native<clone>, 2, 2},
    {"keepException", keep_exception, 1, 1},
};

} // namespace

void install_event_natives(duk_context* ctx) {
  push_host(ctx);
  define_natives(ctx, -1, functions);
  duk_pop(ctx);
}

} // namespace offstage
