// SPDX-License-Identifier: MIT
// How HTTP requests become Fetch requests with clients.
#include <doctest/doctest.h>

#include "gateway/request_mapping.hpp"
#include "test/support/http_client.hpp"
#include "test/unit/gateway/gateway_fixture.hpp"

namespace offstage::test {

namespace {

/// A gateway that remembers the requests it intercepted.
struct recording_fixture {
  std::mutex mutex;
  std::vector<fetch_request> seen;
  gateway_fixture gateway{[this](const fetch_request& x) {
    const std::lock_guard guard{mutex};
    seen.push_back(x);
    return fetch_outcome::respond(text_response("ok", x.url.ends_with("/moved") ? 302 : 200));
  }};

  fetch_request last() {
    const std::lock_guard guard{mutex};
    return seen.back();
  }
};

const std::string page = "Accept: text/html\r\nUser-Agent: browser\r\n";

http_request_head head_of(header_list headers) {
  http_request_head head;
  head.method = "GET";
  head.target = "/x";
  head.headers = std::move(headers);
  return head;
}

} // namespace

TEST_CASE("a navigation reserves a client, which is ready once its document is answered") {
  recording_fixture fixture;
  http_client client{fixture.gateway.port()};
  client.get("/page", page);
  const auto request = fixture.last();
  CHECK(request.is_navigation());
  CHECK(request.destination == "document");
  CHECK(request.redirect == redirect_mode::manual);
  CHECK(request.client_id.empty());
  CHECK(request.resulting_client_id.size() == 36);
  CHECK(fixture.gateway.log.wait_for("reserve http://site.test/page"));
  CHECK(fixture.gateway.log.wait_for("ready http://site.test/page"));
}

TEST_CASE("a navigation that is redirected leaves no client behind") {
  recording_fixture fixture;
  http_client client{fixture.gateway.port()};
  CHECK(client.get("/moved", page).status == 302);
  CHECK(fixture.gateway.log.wait_for("client removed"));
  CHECK(fixture.gateway.log.count("ready") == 0);
}

TEST_CASE("a subresource belongs to the page that its referrer names, for the same peer only") {
  recording_fixture fixture;
  http_client client{fixture.gateway.port()};
  client.get("/page", page);
  const auto id = fixture.last().resulting_client_id;
  const std::string referrer = "Referer: http://site.test/page\r\n";
  client.get("/style.css", referrer + "User-Agent: browser\r\n");
  CHECK(fixture.last().client_id == id);
  CHECK(fixture.last().resulting_client_id.empty());
  CHECK(fixture.last().referrer == "http://site.test/page");
  client.get("/style.css", referrer + "User-Agent: another\r\n");
  CHECK(fixture.last().client_id.empty());
  client.get("/style.css", "User-Agent: browser\r\n");
  CHECK(fixture.last().client_id.empty());
}

TEST_CASE("a worker's own script is never intercepted") {
  recording_fixture fixture;
  http_client client{fixture.gateway.port()};
  client.get("/sw.js", "Service-Worker: script\r\n");
  CHECK(fixture.gateway.log.wait_for("fetch GET http://site.test/sw.js"));
  CHECK(fixture.gateway.log.count("intercept") == 0);
}

TEST_CASE("fetch metadata decides mode and destination; its absence leaves Accept to do it") {
  const gateway_site site{"", "http://site.test"};
  header_list headers;
  headers.append("Sec-Fetch-Mode", "cors");
  headers.append("Sec-Fetch-Dest", "font");
  headers.append("Accept", "text/html");
  auto request = map_request(head_of(headers), site);
  REQUIRE(request);
  CHECK(request->mode == request_mode::cors);
  CHECK(request->destination == "font");
  CHECK(request->origin == "http://site.test");
  CHECK(!is_non_subresource(*request));
  headers.set("Sec-Fetch-Dest", "nonsense");
  CHECK(map_request(head_of(headers), site)->destination.empty());
  headers.remove("Sec-Fetch-Mode");
  CHECK(map_request(head_of(headers), site)->is_navigation());
  headers.set("Sec-Fetch-Dest", "worker");
  headers.set("Sec-Fetch-Mode", "same-origin");
  request = map_request(head_of(headers), site);
  CHECK(is_non_subresource(*request));
  CHECK(reserved_client_type(*request) == client_type::worker);
}

TEST_CASE("headers of the connection and of the hop do not reach the worker") {
  header_list headers;
  for (const auto* name : {"Connection", "Keep-Alive", "TE", "Upgrade", "Host", "Content-Length",
                           "Accept-Encoding", "X-Named", "X-Kept"})
    headers.append(name, equal_names(name, "connection") ? "close, x-named" : "1");
  const auto request = map_request(head_of(headers), {"", "http://site.test"});
  REQUIRE(request);
  CHECK(request->headers.size() == 1);
  CHECK(request->headers.has("X-Kept"));
}

TEST_CASE("reloads are told by Cache-Control") {
  header_list headers;
  headers.append("Accept", "text/html");
  headers.append("Cache-Control", "max-age=0");
  auto request = map_request(head_of(headers), {"", "http://site.test"});
  CHECK(request->is_reload);
  CHECK(request->cache == cache_mode::no_cache);
  headers.set("Cache-Control", "no-cache");
  request = map_request(head_of(headers), {"", "http://site.test"});
  CHECK(request->cache == cache_mode::reload);
}

} // namespace offstage::test
