// SPDX-License-Identifier: MIT
#include "runtime/bindings/script_fetch.hpp"

#include <algorithm>

#include "protocol/errors.hpp"

namespace offstage {

namespace {

js_error network_error(const std::string& url, worker_type type, const std::string& why) {
  if (type == worker_type::module)
    return js_error::type("Failed to fetch module '" + url + "': " + why);
  return js_error::dom("NetworkError", "importScripts failed to load '" + url + "': " + why);
}

} // namespace

// Spec: ServiceWorker#importscripts-method
js_result<void> fetch_scripts(realm& owner, const std::vector<std::string>& urls,
                              worker_type type) {
  import_scripts request;
  for (const auto& item : urls)
    if (!owner.scripts().contains(item)
        && std::ranges::find(request.urls, item) == request.urls.end())
      request.urls.push_back(item);
  if (request.urls.empty())
    return {};
  const auto& first = request.urls.front();
  if (owner.is_installed())
    return network_error(first, type, "it was not imported when the worker was installed");
  auto answer = owner.host().import_now(request);
  if (!answer)
    return network_error(first, type, describe(answer.error()));
  if (const auto* failure = caf::get_if<call_failure>(&*answer)) {
    if (type == worker_type::module)
      return network_error(first, type, failure->message);
    return js_error::dom(failure->name.empty() ? "NetworkError" : failure->name, failure->message);
  }
  const auto* sources = caf::get_if<script_sources>(&*answer);
  if (sources == nullptr || sources->scripts.size() != request.urls.size())
    return network_error(first, type, "the answer is not a list of scripts");
  for (size_t i = 0; i < request.urls.size(); ++i)
    owner.scripts().emplace(request.urls[i], sources->scripts[i].bytes);
  return {};
}

} // namespace offstage
