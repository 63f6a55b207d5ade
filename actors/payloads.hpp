// SPDX-License-Identifier: MIT
#pragma once

// Finds every body and every byte sequence inside a message that crosses an instance link, so that
// both ends convert them in one place. `visit_one` is called with body& or shared_bytes& and
// answers whether to go on; each_payload answers whether all were visited.

#include <algorithm>

#include <caf/variant.hpp>

#include "protocol/events.hpp"
#include "protocol/instance.hpp"
#include "protocol/outcomes.hpp"
#include "protocol/service.hpp"

namespace offstage {

template <class F>
bool each_payload(fetch_request& x, F& visit_one) {
  return visit_one(x.content);
}

template <class F>
bool each_payload(fetch_response& x, F& visit_one) {
  return visit_one(x.content);
}

template <class F>
bool each_payload(fetch_outcome& x, F& visit_one) {
  return visit_one(x.response.content);
}

template <class F>
bool each_payload(structured_clone& x, F& visit_one) {
  return visit_one(x.bytes);
}

template <class F>
bool each_payload(body_chunk& x, F& visit_one) {
  return visit_one(x.bytes);
}

template <class F>
bool each_payload(script_source& x, F& visit_one) {
  return visit_one(x.bytes) && visit_one(x.artifact);
}

template <class F>
bool each_payload(script_artifact& x, F& visit_one) {
  return visit_one(x.bytes);
}

template <class F>
bool each_payload(cache_entry& x, F& visit_one) {
  return each_payload(x.request, visit_one) && each_payload(x.response, visit_one);
}

template <class T, class F>
bool each_payload(std::vector<T>& xs, F& visit_one) {
  return std::ranges::all_of(xs, [&](T& x) { return each_payload(x, visit_one); });
}

template <class F>
bool each_payload(script_sources& x, F& visit_one) {
  return each_payload(x.scripts, visit_one);
}

template <class F>
bool each_payload(instance_constructor& x, F& visit_one) {
  return each_payload(x.script, visit_one) && each_payload(x.imports, visit_one);
}

template <class F>
bool each_payload(cache_result& x, F& visit_one) {
  return each_payload(x.requests, visit_one) && each_payload(x.responses, visit_one);
}

template <class F>
bool each_payload(cache_operation& x, F& visit_one) {
  if (auto* query = caf::get_if<cache_query>(&x))
    return each_payload(query->request, visit_one);
  if (auto* match = caf::get_if<cache_storage_match>(&x))
    return each_payload(match->request, visit_one);
  if (auto* put = caf::get_if<cache_put>(&x))
    return each_payload(put->entries, visit_one);
  if (auto* remove = caf::get_if<cache_remove>(&x))
    return each_payload(remove->request, visit_one);
  return true;
}

template <class F>
bool each_payload(idb_request& x, F& visit_one) {
  auto* submit = caf::get_if<idb_submit>(&x);
  return submit == nullptr || std::ranges::all_of(submit->operations, [&](idb_operation& one) {
           auto* put = caf::get_if<idb_put>(&one);
           return put == nullptr || visit_one(put->value);
         });
}

template <class F>
bool each_payload(idb_record& x, F& visit_one) {
  return visit_one(x.value);
}

template <class F>
bool each_payload(idb_result& x, F& visit_one) {
  auto* results = caf::get_if<idb_results>(&x);
  return results == nullptr || std::ranges::all_of(results->outcomes, [&](idb_outcome& one) {
           auto* found = caf::get_if<idb_records>(&one);
           return found == nullptr || each_payload(found->records, visit_one);
         });
}

template <class F>
bool each_payload(worker_event& x, F& visit_one) {
  if (auto* fetch = caf::get_if<fetch_event>(&x))
    return each_payload(fetch->request, visit_one);
  if (auto* message = caf::get_if<message_event>(&x))
    return each_payload(message->data, visit_one);
  if (auto* push = caf::get_if<push_event>(&x))
    return visit_one(push->data);
  return true;
}

template <class F>
bool each_payload(service_request& x, F& visit_one) {
  if (auto* fetch = caf::get_if<network_fetch>(&x))
    return each_payload(fetch->request, visit_one);
  if (auto* cache = caf::get_if<cache_call>(&x))
    return each_payload(cache->operation, visit_one);
  if (auto* message = caf::get_if<client_post_message>(&x))
    return each_payload(message->message, visit_one);
  if (auto* message = caf::get_if<worker_post_message>(&x))
    return each_payload(message->message, visit_one);
  if (auto* database = caf::get_if<idb_call>(&x))
    return each_payload(database->request, visit_one);
  return true;
}

template <class F>
bool each_payload(service_result& x, F& visit_one) {
  if (auto* response = caf::get_if<fetch_response>(&x))
    return each_payload(*response, visit_one);
  if (auto* scripts = caf::get_if<script_sources>(&x))
    return each_payload(*scripts, visit_one);
  if (auto* cache = caf::get_if<cache_result>(&x))
    return each_payload(*cache, visit_one);
  if (auto* database = caf::get_if<idb_answer>(&x))
    return each_payload(database->result, visit_one);
  return true;
}

} // namespace offstage
