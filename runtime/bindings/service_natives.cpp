// SPDX-License-Identifier: MIT
// Calls to the parent other than the Cache's. Each native takes a callback last and gives the
// call's number, with which it can be aborted.
#include "runtime/bindings/enum_names.hpp"
#include "runtime/bindings/natives.hpp"
#include "runtime/bindings/values.hpp"
#include "runtime/engine_text.hpp"
#include "runtime/structured_serialize.hpp"

namespace offstage {

namespace {

js_result<int> start(duk_context* ctx, service_request request, duk_idx_t callback) {
  auto id = realm::of(ctx).start_call(ctx, std::move(request), callback);
  if (!id)
    return id.error();
  duk_push_uint(ctx, *id);
  return 1;
}

/// fetch(request state, callback)
js_result<int> network(duk_context* ctx) {
  auto request = read_request(ctx, 0);
  if (!request)
    return request.error();
  if (request->referrer == "about:client")
    request->referrer = realm::of(ctx).constructor().script.url;
  return start(ctx, network_fetch{std::move(*request)}, 1);
}

js_result<int> abort_call(duk_context* ctx) {
  realm::of(ctx).abort_call(duk_get_uint(ctx, 0));
  return 0;
}

/// clientsMatchAll(includeUncontrolled, type, callback)
js_result<int> match_all(duk_context* ctx) {
  client_query query;
  query.include_uncontrolled = duk_get_boolean(ctx, 0) != 0;
  query.type = enum_of<client_type>(string_at(ctx, 1).value_or("")).value_or(client_type::window);
  return start(ctx, clients_match_all{query}, 2);
}

js_result<int> get_client(duk_context* ctx) {
  auto id = to_utf8(ctx, 0);
  if (!id)
    return id.error();
  return start(ctx, clients_get{std::move(*id)}, 1);
}

js_result<int> claim(duk_context* ctx) {
  return start(ctx, clients_claim{}, 0);
}

/// postToClient(id, value, transfer, callback)
js_result<int> post_to_client(duk_context* ctx) {
  auto id = to_utf8(ctx, 0);
  if (!id)
    return id.error();
  auto message = structured_serialize(ctx, 1);
  if (!message)
    return message.error();
  return start(ctx, client_post_message{std::move(*id), std::move(*message)}, 2);
}

/// postToWorker(id, value, callback)
js_result<int> post_to_worker(duk_context* ctx) {
  const auto id = static_cast<uint64_t>(duk_get_number_default(ctx, 0, 0));
  auto message = structured_serialize(ctx, 1);
  if (!message)
    return message.error();
  return start(ctx, worker_post_message{worker_id{id}, std::move(*message)}, 2);
}

js_result<int> skip(duk_context* ctx) {
  return start(ctx, skip_waiting{}, 0);
}

js_result<int> update(duk_context* ctx) {
  return start(ctx, registration_update{}, 0);
}

js_result<int> unregister(duk_context* ctx) {
  return start(ctx, registration_unregister{}, 0);
}

/// storageEstimate(callback)
js_result<int> estimate(duk_context* ctx) {
  return start(ctx, storage_estimate{}, 0);
}

/// registration(): the descriptor as it is at the moment.
duk_ret_t registration(duk_context* ctx) {
  push_registration(ctx, realm::of(ctx).registration());
  return 1;
}

constexpr native_entry functions[] = {
    {"fetch", native<network>, 2, 2},
    {"abortCall", native<abort_call>, 1, 1},
    {"clientsMatchAll", native<match_all>, 3, 3},
    {"clientsGet", native<get_client>, 2, 2},
    {"clientsClaim", native<claim>, 1, 1},
    {"postToClient", native<post_to_client>, 3, 3},
    {"postToWorker", native<post_to_worker>, 3, 3},
    {"skipWaiting", native<skip>, 1, 1},
    {"updateRegistration", native<update>, 1, 1},
    {"unregister", native<unregister>, 1, 1},
    {"storageEstimate", native<estimate>, 1, 1},
    {"registration", registration, 0, 0},
};

} // namespace

void install_service_natives(duk_context* ctx) {
  push_host(ctx);
  define_natives(ctx, -1, functions);
  duk_pop(ctx);
}

} // namespace offstage
