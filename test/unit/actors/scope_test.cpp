// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "actors/recent_intercepts.hpp"
#include "actors/scope.hpp"
#include "actors/scope_map.hpp"
#include "actors/soft_update.hpp"
#include "protocol/errors.hpp"

using namespace offstage;

namespace {

caf::expected<checked_request> check(const std::string& script, const std::string& scope) {
  registration_request request;
  request.script_url = script;
  request.scope = scope;
  return check_registration(request);
}

} // namespace

TEST_CASE("the default scope is the script's directory, and fragments are dropped") {
  const auto checked = check("https://a.example/dir/sw.js#x", "");
  REQUIRE(checked);
  CHECK(checked->request.script_url == "https://a.example/dir/sw.js");
  CHECK(checked->request.scope == "https://a.example/dir/");
  CHECK(checked->key.origin == "https://a.example");
}

TEST_CASE("bad URLs are type errors, insecure and foreign ones security errors") {
  const auto type_error = caf::make_error(worker_error::type_error);
  const auto security_error = caf::make_error(worker_error::security_error);
  CHECK(check("nonsense", "").error() == type_error);
  CHECK(check("ftp://a.example/sw.js", "").error() == type_error);
  CHECK(check("https://a.example/a%2fb/sw.js", "").error() == type_error);
  CHECK(check("https://a.example/sw.js", "/a%5Cb/").error() == type_error);
  CHECK(check("http://a.example/sw.js", "").error() == security_error);
  CHECK(check("https://a.example/sw.js", "https://b.example/").error() == security_error);
  CHECK(check("http://localhost/sw.js", ""));
}

TEST_CASE("Service-Worker-Allowed widens the scope, within its origin only") {
  header_list headers;
  const std::string script = "https://a.example/deep/sw.js";
  CHECK(scope_allowed("https://a.example/deep/er", script, headers));
  CHECK_FALSE(scope_allowed("https://a.example/", script, headers));
  headers.set("Service-Worker-Allowed", "/");
  CHECK(scope_allowed("https://a.example/", script, headers));
  headers.set("Service-Worker-Allowed", "https://b.example/");
  CHECK_FALSE(scope_allowed("https://a.example/deep/", script, headers));
}

TEST_CASE("a Content-Type is JavaScript by its essence") {
  header_list headers;
  CHECK_FALSE(is_javascript(headers));
  headers.set("Content-Type", " Text/JavaScript ; charset=utf-8");
  CHECK(is_javascript(headers));
  headers.set("Content-Type", "text/javascriptx");
  CHECK_FALSE(is_javascript(headers));
}

TEST_CASE("the longest scope of the same origin matches") {
  scope_map<int> map;
  const storage_key key{"https://a.example"};
  map.insert(key, "https://a.example/", 1);
  map.insert(key, "https://a.example/b/", 2);
  CHECK(*map.match("https://a.example/b/c") == 2);
  CHECK(*map.match("https://a.example/b") == 1);
  CHECK(map.match("https://a.example.evil/") == nullptr);
  map.erase(key, "https://a.example/b/");
  CHECK(*map.match("https://a.example/b/c") == 1);
}

TEST_CASE("only so many intercepts are remembered, the newest ones") {
  recent_intercepts<int> recent{2};
  const int asker = 0;
  for (int i = 1; i <= 3; ++i)
    recent.add(&asker, call_id{static_cast<uint64_t>(i)}, i);
  CHECK(recent.size() == 2);
  CHECK(recent.find(&asker, call_id{1}) == nullptr);
  CHECK(*recent.find(&asker, call_id{3}) == 3);
}

TEST_CASE("a soft update starts its timer once and keeps the stronger need") {
  soft_update update;
  CHECK(update.ask(soft_update_need::time_check));
  CHECK_FALSE(update.ask(soft_update_need::forced));
  CHECK_FALSE(update.ask(soft_update_need::time_check));
  CHECK(update.take() == soft_update_need::forced);
  CHECK(update.ask(soft_update_need::time_check));
  CHECK(update.take() == soft_update_need::time_check);
}
