// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "actors/client_table.hpp"

using namespace offstage;
using namespace std::chrono_literals;

namespace {

const storage_key key{"https://a.example"};
const std::string scope = "https://a.example/";
constexpr client_table::time_point zero{};

client_descriptor page(const std::string& id, const std::string& path = "") {
  client_descriptor result;
  result.id = id;
  result.url = scope + path;
  result.key = key;
  result.ready = true;
  return result;
}

std::string ids(const std::vector<client_descriptor>& list) {
  std::string result;
  for (const auto& client : list)
    result += client.id;
  return result;
}

} // namespace

TEST_CASE("focused windows come first, then windows by creation, then workers") {
  client_table table{10};
  auto worker = page("w");
  worker.type = client_type::worker;
  table.put(worker, zero);
  table.put(page("a"), zero);
  table.put(page("b"), zero);
  auto focused = page("c");
  focused.focused = true;
  table.put(focused, zero);
  CHECK(ids(table.list(key, scope, {true, client_type::all})) == "cabw");
  CHECK(ids(table.list(key, scope, {true, client_type::window})) == "cab");
  CHECK(ids(table.list(key, scope, {false, client_type::all})).empty());
}

TEST_CASE("claim takes ready clients of the scope, but not from a longer scope") {
  client_table table{10};
  table.put(page("a"), zero);
  auto reserved = page("r");
  reserved.ready = false;
  table.put(reserved, zero);
  auto deeper = page("d", "deep/");
  deeper.controller_scope = scope + "deep/";
  table.put(deeper, zero);
  const auto changes = table.control(key, scope, "");
  REQUIRE(changes.size() == 1);
  CHECK(changes.front().id == "a");
  CHECK(changes.front().after == scope);
  CHECK(table.control(key, scope, "").empty());
}

TEST_CASE("the oldest client is forgotten for a new one, and its controller is told") {
  client_table table{2};
  auto first = page("a");
  first.controller_scope = scope;
  table.put(first, zero);
  table.put(page("b"), zero);
  const auto changes = table.put(page("c"), zero);
  REQUIRE(changes.size() == 2);
  CHECK(changes.front().id == "a");
  CHECK(changes.front().gone);
  CHECK(changes.front().before == scope);
  CHECK(table.size() == 2);
}

TEST_CASE("clients that nobody uses are forgotten, used ones are not") {
  client_table table{10};
  table.put(page("a"), zero);
  table.put(page("b"), zero);
  CHECK(table.find("b", zero + 500s) != nullptr);
  CHECK(table.forget_unused_since(zero + 100s).size() == 1);
  CHECK(table.find("a", zero) == nullptr);
}

TEST_CASE("a page is found by its URL and the tag of its peer, the most recent one") {
  client_table table{10};
  table.put(page("p1-old", "x"), zero);
  table.put(page("p1-new", "x"), zero);
  table.put(page("p2", "x"), zero);
  CHECK(table.find_page(key, scope + "x", "p1", zero)->id == "p1-new");
  CHECK(table.find_page(key, scope + "y", "p1", zero) == nullptr);
}
