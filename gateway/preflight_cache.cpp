// SPDX-License-Identifier: MIT
#include "gateway/preflight_cache.hpp"

#include <algorithm>
#include <charconv>

#include "gateway/cors.hpp"
#include "gateway/fetch_limits.hpp"

namespace offstage {

namespace {

// Spec: Fetch#concept-cache-max-age
std::chrono::seconds age_of(const header_list& answer) {
  const auto value = answer.get("Access-Control-Max-Age").value_or("");
  int64_t seconds = 0;
  const auto* end = value.data() + value.size();
  const auto parsed = std::from_chars(value.data(), end, seconds);
  if (value.empty() || parsed.ec != std::errc{} || parsed.ptr != end || seconds < 0)
    return limits::preflight_age_default;
  return std::min(std::chrono::seconds{seconds}, limits::preflight_age_max);
}

template <class Map>
bool holds(const Map& map, const std::string& name, preflight_cache::time_point now) {
  const auto found = map.find(name);
  return found != map.end() && found->second > now;
}

} // namespace

preflight_cache::key preflight_cache::key_of(const fetch_request& request,
                                             const std::string& target) {
  return {request.origin, target, request.credentials == credentials_mode::include};
}

bool preflight_cache::permits(const fetch_request& request, const std::string& target,
                              const std::vector<std::string>& names, time_point now) {
  const auto found = permissions_.find(key_of(request, target));
  if (found == permissions_.end())
    return false;
  const auto& known = found->second;
  return (is_safelisted_method(request.method) || holds(known.methods, request.method, now))
         && std::ranges::all_of(names, [&](const auto& x) { return holds(known.names, x, now); });
}

void preflight_cache::keep(const fetch_request& request, const std::string& target,
                           const std::vector<std::string>& names, const header_list& answer,
                           time_point now) {
  const auto until = now + age_of(answer);
  if (until <= now)
    return;
  if (permissions_.size() >= limits::preflights_kept_max)
    permissions_.clear();
  auto& known = permissions_[key_of(request, target)];
  if (known.names.size() + names.size() > limits::preflight_names_max)
    known.names.clear();
  if (known.methods.size() >= limits::preflight_names_max)
    known.methods.clear();
  known.methods[request.method] = until;
  for (const auto& name : names)
    known.names[name] = until;
}

void preflight_cache::forget(const fetch_request& request, const std::string& target) {
  permissions_.erase(key_of(request, target));
}

} // namespace offstage
