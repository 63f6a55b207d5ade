// SPDX-License-Identifier: MIT
#include <atomic>
#include <thread>

#include <doctest/doctest.h>

#include "protocol/errors.hpp"
#include "test/support/http_client.hpp"
#include "test/unit/gateway/gateway_fixture.hpp"

namespace offstage::test {

namespace {

using namespace std::chrono_literals;

outcome_script echo_path() {
  return [](const fetch_request& x) {
    return fetch_outcome::respond(text_response(x.method + " " + x.url));
  };
}

std::string request_line(std::string_view path) {
  return "GET " + std::string{path} + " HTTP/1.1\r\nHost: site.test\r\n\r\n";
}

} // namespace

TEST_CASE("a worker's response reaches the HTTP client with status, headers and body") {
  gateway_fixture fixture{[](const fetch_request&) {
    auto response = text_response("made", 201);
    response.headers.append("X-Worker", "yes");
    response.headers.append("Connection", "X-Secret");
    response.headers.append("X-Secret", "hop");
    response.headers.append("Bad\nName", "x");
    response.headers.append("X-Bad", "a\r\nInjected: 1");
    return fetch_outcome::respond(std::move(response));
  }};
  http_client client{fixture.port()};
  const auto reply = client.get("/a");
  CHECK(reply.status == 201);
  CHECK(reply.body == "made");
  CHECK(reply.header("x-worker") == "yes");
  CHECK(reply.header("content-length") == "4");
  CHECK(!reply.header("date").empty());
  CHECK(reply.headers.size() == 4);
}

TEST_CASE("a connection is kept for the next request") {
  gateway_fixture fixture{echo_path()};
  http_client client{fixture.port()};
  for (const auto* path : {"/1", "/2", "/3"})
    CHECK(client.get(path).body == "GET http://site.test" + std::string{path});
  CHECK(fixture.server->connection_count() == 1);
}

TEST_CASE("pipelined requests are answered in order, one at a time") {
  gateway_fixture fixture{echo_path()};
  http_client client{fixture.port()};
  std::string all;
  for (auto i = 0; i < 200; ++i)
    all += request_line("/" + std::to_string(i));
  client.send(all);
  for (auto i = 0; i < 200; ++i)
    REQUIRE(client.receive().body == "GET http://site.test/" + std::to_string(i));
}

TEST_CASE("a request that arrives byte by byte is understood") {
  gateway_fixture fixture{echo_path()};
  http_client client{fixture.port()};
  for (const auto c : request_line("/slow"))
    client.send({&c, 1});
  CHECK(client.receive().body == "GET http://site.test/slow");
}

TEST_CASE("the answer to HEAD has the length and no body") {
  gateway_fixture fixture{echo_path()};
  http_client client{fixture.port()};
  client.send("HEAD /h HTTP/1.1\r\nHost: site.test\r\n\r\n" + request_line("/g"));
  const auto head = client.receive(true);
  CHECK(head.status == 200);
  CHECK(head.header("content-length") == "23");
  CHECK(client.receive().body == "GET http://site.test/g");
}

TEST_CASE("answers that have no body are framed without one") {
  gateway_fixture fixture{[](const fetch_request& x) {
    const auto status = x.url.ends_with("304") ? 304 : 204;
    return fetch_outcome::respond(text_response("never sent", static_cast<uint16_t>(status)));
  }};
  http_client client{fixture.port()};
  CHECK(client.get("/204").status == 204);
  const auto not_modified = client.get("/304");
  CHECK(not_modified.status == 304);
  CHECK(client.get("/204").status == 204);
}

TEST_CASE("HTTP/1.0 gets a body that ends with the connection") {
  gateway_fixture* self = nullptr;
  gateway_fixture fixture{[&](const fetch_request&) {
    fetch_response response;
    response.content = body::of(self->make_source(1000, 100));
    return fetch_outcome::respond(std::move(response));
  }};
  self = &fixture;
  http_client client{fixture.port()};
  client.send("GET / HTTP/1.0\r\n\r\n");
  const auto reply = client.receive();
  CHECK(reply.header("connection") == "close");
  CHECK(reply.header("transfer-encoding").empty());
  CHECK(reply.body.size() == 1000);
}

TEST_CASE("a stream of unknown length is sent in chunks, one of known length with it") {
  gateway_fixture* self = nullptr;
  gateway_fixture fixture{[&](const fetch_request& x) {
    fetch_response response;
    const auto known = x.url.ends_with("known");
    response.content = body::of(self->make_source(100'000, 999), known ? 100'000 : -1);
    return fetch_outcome::respond(std::move(response));
  }};
  self = &fixture;
  http_client client{fixture.port()};
  const auto chunked = client.get("/any");
  CHECK(chunked.header("transfer-encoding") == "chunked");
  CHECK(chunked.body.size() == 100'000);
  CHECK(chunked.complete);
  const auto known = client.get("/known");
  CHECK(known.header("content-length") == "100000");
  CHECK(known.body.size() == 100'000);
}

TEST_CASE("a stream that is shorter or longer than announced ends the connection") {
  gateway_fixture* self = nullptr;
  gateway_fixture fixture{[&](const fetch_request& x) {
    fetch_response response;
    response.content =
        body::of(self->make_source(1000, 100), x.url.ends_with("short") ? 2000 : 500);
    return fetch_outcome::respond(std::move(response));
  }};
  self = &fixture;
  http_client one{fixture.port()};
  const auto cut = one.get("/short");
  CHECK(cut.body.size() == 1000);
  CHECK(!cut.complete);
  http_client other{fixture.port()};
  CHECK(other.get("/long").body.size() == 500);
  CHECK(other.waits_for_close());
}

TEST_CASE("a stream that fails cuts the connection, so that nobody takes it for whole") {
  gateway_fixture* self = nullptr;
  gateway_fixture fixture{[&](const fetch_request&) {
    fetch_response response;
    auto source = self->make_source(1'000'000, 1000);
    caf::anon_send_exit(source, caf::exit_reason::kill);
    response.content = body::of(source);
    return fetch_outcome::respond(std::move(response));
  }};
  self = &fixture;
  http_client client{fixture.port()};
  CHECK(!client.get("/").complete);
}

TEST_CASE("nothing matches and nothing falls back: the network's answer is passed on") {
  gateway_fixture fixture{[](const fetch_request&) { return fetch_outcome::fall_back(); },
                          {},
                          [](const fetch_request& x) {
                            auto response = text_response("from the network");
                            response.status = x.redirect == redirect_mode::manual ? 200 : 500;
                            response.headers.append("Set-Cookie", "a=1");
                            return response;
                          }};
  http_client client{fixture.port()};
  const auto reply = client.get("/n");
  CHECK(reply.status == 200);
  CHECK(reply.body == "from the network");
  CHECK(reply.header("set-cookie") == "a=1");
}

TEST_CASE("a network error of the worker becomes a page that says so, without markup of its own") {
  gateway_fixture fixture{
      [](const fetch_request&) { return fetch_outcome::network_error("rejected <script>"); }};
  http_client client{fixture.port()};
  const auto page = client.get("/", "Accept: text/html\r\n");
  CHECK(page.status == 502);
  CHECK(page.header("content-type") == "text/html; charset=utf-8");
  CHECK(page.body.find("rejected &lt;script>") != std::string::npos);
  CHECK(client.get("/").header("content-type") == "text/plain; charset=utf-8");
}

TEST_CASE("an upstream that cannot be reached is a 502 that names no address") {
  gateway_fixture fixture{[](const fetch_request&) { return fetch_outcome::fall_back(); }};
  http_client client{fixture.port()};
  const auto page = client.get("/");
  CHECK(page.status == 502);
  CHECK(page.body.find("no network here") == std::string::npos);
}

TEST_CASE("a manager that dies leaves no request unanswered") {
  gateway_fixture fixture{[](const fetch_request&) { return std::nullopt; }};
  http_client client{fixture.port()};
  client.send(request_line("/"));
  REQUIRE(fixture.log.wait_for("intercept GET http://site.test/"));
  caf::anon_send_exit(fixture.manager, caf::exit_reason::kill);
  CHECK(client.receive().status == 503);
  CHECK(client.get("/again").status == 503);
}

TEST_CASE("several threads serve connections side by side, each request its own answer") {
  gateway_options options;
  options.io_threads = 3;
  gateway_fixture fixture{echo_path(), options};
  std::atomic<int> wrong = 0;
  std::vector<std::thread> clients;
  for (int client = 0; client < 12; ++client) {
    clients.emplace_back([&, client] {
      http_client connection{fixture.port()};
      for (int i = 0; i < 50; ++i) {
        const auto path = "/" + std::to_string(client) + "/" + std::to_string(i);
        if (connection.get(path).body != "GET http://site.test" + path)
          ++wrong;
      }
    });
  }
  for (auto& client : clients)
    client.join();
  CHECK(wrong == 0);
}

TEST_CASE("sites are told apart by host name") {
  gateway_options options;
  options.sites = {{"one.test", "http://one.test"}, {"two.test:81", "https://two.test"}};
  gateway_fixture fixture{echo_path(), options};
  http_client client{fixture.port()};
  const auto ask = [&](const std::string& host) {
    client.send("GET /x HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    return client.receive();
  };
  CHECK(ask("ONE.test:8080").body == "GET http://one.test/x");
  CHECK(ask("two.test:81").body == "GET https://two.test/x");
  CHECK(ask("three.test").status == 404);
  client.send("GET http://two.test:81/abs HTTP/1.1\r\nHost: one.test\r\n\r\n");
  CHECK(client.receive().body == "GET https://two.test/abs");
}

TEST_CASE("a path cannot leave the site") {
  gateway_fixture fixture{echo_path()};
  http_client client{fixture.port()};
  CHECK(client.get("/a/../../b").body == "GET http://site.test/b");
  CHECK(client.get("//evil.test/x").body == "GET http://site.test//evil.test/x");
  CHECK(client.get("/%2e%2e/%2e%2e/c").body == "GET http://site.test/c");
  CHECK(client.get("/x#y").status == 400);
  CHECK(client.get("nonsense").status == 400);
}

TEST_CASE("an address in use is a configuration error that names it") {
  gateway_fixture fixture{echo_path()};
  gateway_options options;
  options.port = fixture.port();
  options.sites = {{"", "http://site.test"}};
  const auto second = gateway::start(*fixture.system, options, {}, {}, {});
  REQUIRE(!second);
  CHECK(describe(second.error()).find(std::to_string(fixture.port())) != std::string::npos);
}

} // namespace offstage::test
