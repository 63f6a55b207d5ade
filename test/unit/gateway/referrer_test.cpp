// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "gateway/fetch_limits.hpp"
#include "gateway/preflight_cache.hpp"
#include "gateway/referrer.hpp"

namespace offstage::test {

namespace {

constexpr const char* page = "https://user:pass@a.example/path?query#fragment";
constexpr const char* whole = "https://a.example/path?query";
constexpr const char* origin = "https://a.example/";

std::string referrer(std::string_view policy, std::string_view target) {
  return referrer_for(*url::parse(page), *url::parse(target), policy).value_or("none");
}

} // namespace

TEST_CASE("each referrer policy tells what it has to") {
  constexpr const char* same = "https://a.example/x";
  constexpr const char* other = "https://b.example/";
  constexpr const char* plain = "http://b.example/";
  struct row {
    const char* policy;
    const char* to_same;
    const char* to_other;
    const char* to_plain;
  };
  for (const auto& [policy, to_same, to_other, to_plain] : {
           row{"", whole, origin, "none"},
           row{"strict-origin-when-cross-origin", whole, origin, "none"},
           row{"no-referrer", "none", "none", "none"},
           row{"no-referrer-when-downgrade", whole, whole, "none"},
           row{"same-origin", whole, "none", "none"},
           row{"origin", origin, origin, origin},
           row{"strict-origin", origin, origin, "none"},
           row{"origin-when-cross-origin", whole, origin, origin},
           row{"unsafe-url", whole, whole, whole},
       }) {
    CAPTURE(policy);
    CHECK(referrer(policy, same) == to_same);
    CHECK(referrer(policy, other) == to_other);
    CHECK(referrer(policy, plain) == to_plain);
  }
}

TEST_CASE("a long referrer is its origin, one without http is none") {
  const auto source =
      url::parse("https://a.example/" + std::string(limits::referrer_bytes_max, 'x'));
  CHECK(referrer_for(*source, *source, "unsafe-url") == origin);
  CHECK(!referrer_for(*url::parse("about:client"), *source, "unsafe-url"));
}

TEST_CASE("the last known policy of a header counts") {
  header_list response;
  CHECK(policy_of_header(response).empty());
  response.append("Referrer-Policy", "origin, new-policy");
  CHECK(policy_of_header(response) == "origin");
  response.append("Referrer-Policy", "No-Referrer ,");
  CHECK(policy_of_header(response) == "no-referrer");
}

TEST_CASE("a preflight's permission is kept for as long as the server says") {
  preflight_cache cache;
  fetch_request request;
  request.origin = "https://a.example";
  request.method = "PUT";
  header_list answer;
  const auto now = preflight_cache::time_point{} + std::chrono::hours{1};
  const std::string target = "https://b.example/";
  CHECK(!cache.permits(request, target, {}, now));
  cache.keep(request, target, {"x-a"}, answer, now);
  CHECK(cache.permits(request, target, {"x-a"}, now + std::chrono::seconds{4}));
  CHECK(!cache.permits(request, target, {"x-a"}, now + limits::preflight_age_default));
  CHECK(!cache.permits(request, target, {"x-a", "x-b"}, now));
  CHECK(!cache.permits(request, target + "other", {}, now));
  request.credentials = credentials_mode::include;
  CHECK(!cache.permits(request, target, {}, now));
  answer.append("Access-Control-Max-Age", "0");
  cache.keep(request, target, {}, answer, now);
  CHECK(!cache.permits(request, target, {}, now));
  answer.set("Access-Control-Max-Age", "999999999");
  cache.keep(request, target, {}, answer, now);
  CHECK(cache.permits(request, target, {}, now + std::chrono::hours{1}));
  CHECK(!cache.permits(request, target, {}, now + limits::preflight_age_max));
  cache.forget(request, target);
  CHECK(!cache.permits(request, target, {}, now));
}

} // namespace offstage::test
