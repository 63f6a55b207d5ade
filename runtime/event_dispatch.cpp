// SPDX-License-Identifier: MIT
#include "runtime/event_dispatch.hpp"

#include "runtime/bindings/ready_script.hpp"
#include "runtime/bindings/script_lowering.hpp"
#include "runtime/bindings/values.hpp"
#include "runtime/engine_text.hpp"
#include "runtime/structured_serialize.hpp"

namespace offstage {

namespace {

event_result failed(event_status status, event_cause cause, script_error error = {}) {
  event_result result;
  result.status = status;
  result.cause = cause;
  result.error = std::move(error);
  return result;
}

/// Makes the event object with function `maker` of the prelude, called with the event's number and
/// `arguments` values that `push` pushes, and leaves it on the stack.
template <class Push>
bool make_event(realm& owner, event_id id, const char* maker, duk_idx_t arguments, Push&& push) {
  auto& open = owner.events()[id];
  open.is_extendable = true;
  const auto made = protect(owner.js().context(), 1, [&](duk_context* ctx) {
    owner.push_function(ctx, maker);
    duk_push_number(ctx, static_cast<double>(id));
    push(ctx);
    duk_call(ctx, arguments + 1);
    open.object = owner.handles().keep(ctx, -1);
    open.has_object = true;
  });
  if (made)
    return true;
  auto error = describe_value(owner.js().context(), -1);
  owner.host().entered(id);
  owner.finish(id, failed(event_status::aborted, event_cause::terminated, std::move(error)));
  return false;
}

/// Calls function `name` with the global object or undefined, and the event below on the stack.
/// True if script may go on and the answer is true.
bool call_with_event(realm& owner, const char* name, bool with_target) {
  auto* ctx = owner.js().context();
  const stack_guard guard{ctx};
  const auto pushed = protect(ctx, 4, [&](duk_context* inner) {
    const auto event = duk_get_top_index(inner);
    owner.push_function(inner, name);
    duk_push_undefined(inner);
    duk_push_global_object(inner);
    duk_dup(inner, event);
  });
  if (!pushed)
    return false;
  if (!with_target)
    duk_remove(ctx, -2);
  return owner.succeeded(owner.call(ctx, with_target ? 2 : 1))
         && duk_get_boolean_default(ctx, -1, 1) && owner.stopped() == stop_cause::none;
}

/// (ServiceWorker: fire-functional-event), the part in the worker. The event is on the stack.
void run_listeners(realm& owner, event_id id) {
  owner.host().entered(id);
  auto more = call_with_event(owner, "begin", true);
  while (more)
    more = call_with_event(owner, "step", false);
  if (owner.stopped() == stop_cause::none)
    call_with_event(owner, "endExtendable", false);
}

template <class Push>
void dispatch_extendable(realm& owner, event_id id, const char* maker, duk_idx_t arguments,
                         Push&& push) {
  const stack_guard guard{owner.js().context()};
  if (make_event(owner, id, maker, arguments, push))
    run_listeners(owner, id);
}

void no_arguments(duk_context*) {}

std::vector<std::string> event_types(realm& owner) {
  auto* ctx = owner.js().context();
  const stack_guard guard{ctx};
  std::vector<std::string> types;
  const auto listed = protect(ctx, 1, [&](duk_context* inner) {
    owner.push_function(inner, "eventTypes");
    duk_call(inner, 0);
  });
  if (!listed)
    return types;
  const auto count = static_cast<duk_uarridx_t>(duk_get_length(ctx, -1));
  for (duk_uarridx_t i = 0; i < count; ++i) {
    const stack_guard item{ctx};
    if (protect(ctx, 1, [&](duk_context* inner) { duk_get_prop_index(inner, -1, i); }))
      types.push_back(string_at(ctx, -1).value_or(""));
  }
  return types;
}

script_error evaluate_module(realm& owner) {
  const auto& script = owner.constructor().script;
  owner.scripts().emplace(script.url, script.bytes);
  auto* ctx = owner.js().context();
  const stack_guard guard{ctx};
  const auto pushed = protect(ctx, 3, [&](duk_context* inner) {
    owner.push_function(inner, "runModuleNow");
    duk_push_undefined(inner);
    push_text(inner, script.url);
  });
  if (!pushed)
    return describe_value(ctx, -1);
  const auto outcome = owner.call(ctx, 1);
  return outcome ? script_error{} : protocol_error(*outcome.error);
}

script_error evaluate(realm& owner) {
  const auto& script = owner.constructor().script;
  if (owner.constructor().type == worker_type::module)
    return evaluate_module(owner);
  const auto main = ready_script::prepare(owner, script.url, script.bytes);
  if (const auto* error = std::get_if<lowering_error>(&main))
    return error_of(*error, script.url);
  const stack_guard guard{owner.js().context()};
  const auto outcome =
      owner.js().evaluate([&](duk_context* ctx) { std::get<ready_script>(main).push(ctx); });
  owner.note(owner.js().heap().cause());
  if (outcome)
    return {};
  owner.note(outcome.error->stopped);
  return protocol_error(*outcome.error);
}

} // namespace

// Spec: ServiceWorker#run-service-worker-algorithm
void dispatch(realm& owner, event_id id, const evaluate_script& event) {
  owner.events()[id] = {};
  owner.host().entered(id);
  event_result result;
  result.evaluation.error = evaluate(owner);
  result.evaluation.evaluated = !result.evaluation.error;
  if (result.evaluation.error) {
    result.status = event_status::rejected;
    result.cause = event_cause::script_threw;
    result.error = result.evaluation.error;
  } else if (event.first_evaluation) {
    result.evaluation.event_types = event_types(owner);
  }
  owner.finish(id, std::move(result));
}

void dispatch(realm& owner, event_id id, const install_event&) {
  dispatch_extendable(owner, id, "makeInstall", 0, no_arguments);
}

void dispatch(realm& owner, event_id id, const activate_event&) {
  dispatch_extendable(owner, id, "makeActivate", 0, no_arguments);
}

// As the ServiceWorker specification has it (create-fetch-event-and-dispatch).
void dispatch(realm& owner, event_id id, const fetch_event& event) {
  owner.events()[id].is_fetch = true;
  dispatch_extendable(owner, id, "makeFetch", 3, [&](duk_context* ctx) {
    push_request(ctx, owner, event.request);
    push_text(ctx, event.request.client_id);
    push_text(ctx, event.request.resulting_client_id);
  });
}

// A message that cannot be read is an event too. (HTML: dom-messageport-postmessage)
void dispatch(realm& owner, event_id id, const message_event& event) {
  auto* ctx = owner.js().context();
  const stack_guard guard{ctx};
  const auto readable = static_cast<bool>(structured_deserialize(ctx, event.data));
  const auto data = duk_get_top_index(ctx);
  dispatch_extendable(owner, id, "makeMessage", 5, [&](duk_context* inner) {
    duk_push_boolean(inner, readable);
    if (readable)
      duk_dup(inner, data);
    else
      duk_push_null(inner);
    push_text(inner, event.origin);
    if (event.source.id.empty())
      duk_push_null(inner);
    else
      push_client(inner, event.source);
    push_worker(inner, event.source_worker);
  });
}

void dispatch(realm& owner, event_id id, const push_event& event) {
  dispatch_extendable(owner, id, "makePush", 1, [&](duk_context* ctx) {
    if (event.has_data)
      push_bytes(ctx, event.data.view());
    else
      duk_push_null(ctx);
  });
}

void dispatch(realm& owner, event_id id, const sync_event& event) {
  dispatch_extendable(owner, id, "makeSync", 2, [&](duk_context* ctx) {
    push_text(ctx, event.tag);
    duk_push_boolean(ctx, event.last_chance);
  });
}

void abort_fetch(realm& owner, event_id id) {
  const auto at = owner.events().find(id);
  if (at == owner.events().end() || !at->second.is_fetch || !at->second.has_object)
    return;
  const auto object = at->second.object;
  owner.call_function("abortFetch", 1,
                      [&](duk_context* ctx) { owner.handles().push(ctx, object); });
}

} // namespace offstage
