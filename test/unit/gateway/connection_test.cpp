// SPDX-License-Identifier: MIT
// What a connection does with bodies, bad input, slow and vanishing clients.
#include <atomic>
#include <fstream>
#include <future>
#include <random>
#include <thread>

#include <caf/scoped_actor.hpp>
#include <doctest/doctest.h>

#include "test/support/http_client.hpp"
#include "test/unit/gateway/gateway_fixture.hpp"

#include <unistd.h>

namespace offstage::test {

namespace {

using namespace std::chrono_literals;

gateway_options with_limits(gateway_limits limits) {
  gateway_options options;
  options.limits = limits;
  return options;
}

outcome_script echo_body() {
  return [](const fetch_request& x) {
    fetch_response response;
    response.headers.append("X-Kind", x.content.is_stream() ? "stream" : "inline");
    response.content = x.content;
    return fetch_outcome::respond(std::move(response));
  };
}

std::string chunked(std::string_view body, size_t chunk) {
  std::string bytes;
  char size[32];
  for (size_t i = 0; i < body.size(); i += chunk) {
    const auto part = body.substr(i, chunk);
    std::snprintf(size, sizeof size, "%zx;ext=1\r\n", part.size());
    bytes += size + std::string{part} + "\r\n";
  }
  return bytes + "0\r\nTrailer: x\r\n\r\n";
}

std::string pattern(size_t size) {
  std::string bytes(size, '\0');
  for (size_t i = 0; i < size; ++i)
    bytes[i] = static_cast<char>('a' + (i * 7 + i / 251) % 26);
  return bytes;
}

size_t resident_bytes() {
  std::ifstream file{"/proc/self/statm"};
  size_t total = 0;
  size_t resident = 0;
  file >> total >> resident;
  return resident * static_cast<size_t>(::sysconf(_SC_PAGESIZE));
}

} // namespace

TEST_CASE("a short body goes to the worker whole") {
  gateway_fixture fixture{echo_body()};
  http_client client{fixture.port()};
  client.send("POST / HTTP/1.1\r\nHost: s\r\nContent-Length: 5\r\n\r\nhe");
  client.send("llo");
  const auto reply = client.receive();
  CHECK(reply.body == "hello");
  CHECK(reply.header("x-kind") == "inline");
  CHECK(client.get("/").status == 200);
}

TEST_CASE("a chunked body is a stream that comes back unharmed") {
  gateway_fixture fixture{echo_body()};
  http_client client{fixture.port()};
  const auto body = pattern(300'000);
  std::thread sender{[&] {
    client.send("POST / HTTP/1.1\r\nHost: s\r\nTransfer-Encoding: chunked\r\n\r\n"
                + chunked(body, 7919));
  }};
  const auto reply = client.receive();
  sender.join();
  CHECK(reply.body == body);
  CHECK(reply.header("x-kind") == "stream");
  CHECK(client.get("/").status == 200);
}

TEST_CASE("100 MiB go up and come down with bounded memory") {
  gateway_fixture fixture{echo_body()};
  http_client client{fixture.port()};
  constexpr size_t total = size_t{100} << 20;
  const auto piece = pattern(size_t{1} << 20);
  std::thread sender{[&] {
    client.send("POST / HTTP/1.1\r\nHost: s\r\nContent-Length: " + std::to_string(total)
                + "\r\n\r\n");
    for (size_t sent = 0; sent < total; sent += piece.size())
      client.send(piece);
  }};
  auto reply = client.receive_head();
  CHECK(reply.header("content-length") == std::to_string(total));
  const auto before = resident_bytes();
  auto peak = before;
  auto same = true;
  for (size_t got = 0; got < total; got += piece.size()) {
    same = same && client.receive_exactly(piece.size()) == piece;
    peak = std::max(peak, resident_bytes());
  }
  sender.join();
  CHECK(same);
#ifndef __SANITIZE_ADDRESS__ // It keeps freed memory.
  CHECK(peak - before < (size_t{24} << 20));
#endif
}

TEST_CASE("a worker's stream is not pulled beyond the window of a client that does not read") {
  std::atomic<size_t> given = 0;
  gateway_fixture* self = nullptr;
  gateway_fixture fixture{[&](const fetch_request&) {
    fetch_response response;
    response.content = body::of(self->make_source(size_t{64} << 20, 65536, &given));
    return fetch_outcome::respond(std::move(response));
  }};
  self = &fixture;
  http_client reader{fixture.port(), 4096};
  reader.send("GET / HTTP/1.1\r\nHost: s\r\n\r\n");
  CHECK(reader.receive_head().status == 200);
  // Another request of the same loop passes, and then what the kernel takes is taken.
  http_client other{fixture.port()};
  size_t last = 0;
  do {
    last = given;
    other.send("HEAD / HTTP/1.1\r\nHost: s\r\n\r\n");
    other.receive(true);
  } while (given != last);
  CHECK(given < (size_t{8} << 20));
  reader.close();
  CHECK(fixture.log.wait_for("source cancelled"));
}

TEST_CASE("100-continue is sent when the body is wanted, and only then") {
  gateway_fixture fixture{[](const fetch_request& x) -> std::optional<fetch_outcome> {
    if (x.url.ends_with("/refuse"))
      return fetch_outcome::respond(text_response("no", 403));
    fetch_response response;
    response.content = x.content;
    return fetch_outcome::respond(std::move(response));
  }};
  http_client client{fixture.port()};
  const std::string head =
      "HTTP/1.1\r\nHost: s\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n";
  client.send("PUT /take " + head);
  CHECK(client.receive_head().status == 100);
  client.send("abc");
  CHECK(client.receive().body == "abc");
  client.send("PUT /refuse " + head);
  const auto refused = client.receive();
  CHECK(refused.status == 403);
  CHECK(refused.header("connection") == "close");
  CHECK(client.waits_for_close());
}

TEST_CASE("limits answer with what is too large") {
  gateway_limits limits;
  limits.request_head_bytes_max = 4096;
  limits.request_body_bytes_max = 1000;
  gateway_fixture fixture{echo_body(), with_limits(limits)};
  const auto status_of_request = [&](const std::string& bytes) {
    http_client client{fixture.port()};
    client.send(bytes);
    const auto reply = client.receive();
    CHECK(client.waits_for_close());
    return reply.status;
  };
  CHECK(status_of_request("GET /" + std::string(5000, 'x') + " HTTP/1.1\r\nHost: s\r\n\r\n")
        == 431);
  CHECK(status_of_request("GET / HTTP/1.1\r\nHost: s\r\nX: " + std::string(5000, 'x') + "\r\n\r\n")
        == 431);
  CHECK(status_of_request("POST / HTTP/1.1\r\nHost: s\r\nContent-Length: 1001\r\n\r\n") == 413);
  CHECK(status_of_request("POST / HTTP/1.1\r\nHost: s\r\nTransfer-Encoding: chunked\r\n\r\n"
                          + chunked(pattern(1001), 600))
        == 413);
  CHECK(status_of_request("GET / HTTP/2.0\r\nHost: s\r\n\r\n") == 505);
  CHECK(status_of_request("PUT / HTTP/1.1\r\nHost: s\r\nExpect: miracles\r\n\r\n") == 417);
}

TEST_CASE("what two readers could understand differently is refused and the connection closed") {
  gateway_fixture fixture{echo_body()};
  const std::string smuggled = "\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: s\r\n\r\n";
  for (const std::string head : {
           "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
           "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
           "Content-Length: 4\r\nContent-Length: 4\r\n",
           "Content-Length: 4\r\nContent-Length: 5\r\n",
           "Content-Length: 4, 4\r\n",
           "Content-Length: +4\r\n",
           "Content-Length: 0x4\r\n",
           "Content-Length: -1\r\n",
           "Content-Length: 99999999999999999999\r\n",
           "Transfer-Encoding: identity\r\n",
           "Transfer-Encoding: chunked, identity\r\n",
           "Transfer-Encoding: gzip, chunked\r\n",
           "Transfer-Encoding: xchunked\r\n",
           "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
           "Transfer-Encoding : chunked\r\n",
           " Transfer-Encoding: chunked\r\n",
           "Trans\x01"
           "fer: x\r\n",
           "X: a\nTransfer-Encoding: chunked\r\n",
           "X: a\rTransfer-Encoding: chunked\r\n",
           "Host: other\r\n",
           "No colon here\r\n",
       }) {
    CAPTURE(head);
    http_client client{fixture.port()};
    client.send("POST / HTTP/1.1\r\nHost: s\r\n" + head + smuggled);
    const auto reply = client.receive();
    CHECK(reply.status >= 400);
    CHECK(reply.status <= 505);
    CHECK(client.waits_for_close());
  }
  CHECK(fixture.log.count("intercept GET http://site.test/smuggled") == 0);
}

TEST_CASE("methods that no proxy should pass on are refused") {
  gateway_fixture fixture{echo_body()};
  http_client client{fixture.port()};
  for (const std::string method : {"TRACE", "TRACK"}) {
    http_client other{fixture.port()};
    other.send(method + " / HTTP/1.1\r\nHost: s\r\n\r\n");
    CHECK(other.receive().status == 405);
  }
  client.send("CONNECT s:80 HTTP/1.1\r\nHost: s\r\n\r\n");
  CHECK(client.receive().status == 405);
}

TEST_CASE("a client that is slow on purpose is told so and closed") {
  gateway_limits limits;
  limits.head_time_max = 40ms;
  limits.body_idle_max = 40ms;
  limits.linger_time_max = 40ms;
  gateway_fixture fixture{[](const fetch_request&) { return std::nullopt; }, with_limits(limits)};
  http_client head{fixture.port()};
  head.send("GET / HT");
  CHECK(head.receive().status == 408);
  CHECK(head.waits_for_close());
  http_client body{fixture.port()};
  body.send("POST / HTTP/1.1\r\nHost: s\r\nContent-Length: 5\r\n\r\nab");
  CHECK(body.receive().status == 408);
  http_client silent{fixture.port()};
  CHECK(silent.receive_some().empty());
}

TEST_CASE("a stream of the client that stalls while the worker waits for it is ended") {
  gateway_limits limits;
  limits.body_idle_max = 60ms;
  std::promise<int64_t> drained;
  gateway_fixture* self = nullptr;
  gateway_fixture fixture{[&](const fetch_request& x) -> std::optional<fetch_outcome> {
                            drain_body(*self->system, x.content,
                                       [&](int64_t n) { drained.set_value(n); });
                            return std::nullopt;
                          },
                          with_limits(limits)};
  self = &fixture;
  http_client client{fixture.port()};
  client.send("POST / HTTP/1.1\r\nHost: s\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
  CHECK(client.receive().status == 408);
  CHECK(drained.get_future().get() == -1);
  CHECK(fixture.log.wait_for("manager abort"));
}

TEST_CASE("an idle connection is closed after its time") {
  gateway_limits limits;
  limits.keep_alive_max = 40ms;
  gateway_fixture fixture{echo_body(), with_limits(limits)};
  http_client client{fixture.port()};
  CHECK(client.get("/").status == 200);
  CHECK(client.waits_for_close());
}

TEST_CASE("a client that goes away aborts what it asked for") {
  gateway_fixture fixture{[](const fetch_request& x) -> std::optional<fetch_outcome> {
                            if (x.url.ends_with("/network"))
                              return fetch_outcome::fall_back();
                            return std::nullopt;
                          },
                          {},
                          [](const fetch_request&) { return std::nullopt; }};
  {
    http_client client{fixture.port()};
    client.send("GET /worker HTTP/1.1\r\nHost: s\r\n\r\n");
    REQUIRE(fixture.log.wait_for("intercept GET http://site.test/worker"));
  }
  CHECK(fixture.log.wait_for("manager abort"));
  {
    http_client client{fixture.port()};
    client.send("GET /network HTTP/1.1\r\nHost: s\r\n\r\n");
    REQUIRE(fixture.log.wait_for("fetch GET http://site.test/network"));
  }
  CHECK(fixture.log.wait_for("fetcher abort"));
}

TEST_CASE("a body that the worker did not touch goes to the network") {
  gateway_fixture fixture{[](const fetch_request& x) {
                            caf::anon_send(x.content.source, cancel_atom_v);
                            return fetch_outcome::fall_back();
                          },
                          {},
                          [&](const fetch_request& x) {
                            fetch_response response;
                            response.content = x.content;
                            return response;
                          }};
  http_client client{fixture.port()};
  const auto body = pattern(200'000);
  std::thread sender{
      [&] { client.send("PUT / HTTP/1.1\r\nHost: s\r\nContent-Length: 200000\r\n\r\n" + body); }};
  CHECK(client.receive().body == body);
  sender.join();
}

TEST_CASE("a body that the worker has begun to read is not sent to the network without its start") {
  gateway_fixture* self = nullptr;
  gateway_fixture fixture{[&](const fetch_request& x) {
                            caf::scoped_actor reader{*self->system};
                            reader->request(x.content.source, 20s, pull_atom_v, uint32_t{10})
                                .receive([](const body_chunk&) {}, [](const caf::error&) {});
                            return fetch_outcome::fall_back();
                          },
                          {},
                          [](const fetch_request&) { return text_response("never"); }};
  self = &fixture;
  http_client client{fixture.port()};
  client.send("PUT / HTTP/1.1\r\nHost: s\r\nContent-Length: 200000\r\n\r\n" + pattern(1000));
  CHECK(client.receive().status == 502);
  CHECK(fixture.log.count("fetch") == 0);
}

TEST_CASE("an answer that comes before the body was read leaves the connection usable") {
  gateway_fixture fixture{
      [](const fetch_request& x) { return fetch_outcome::respond(text_response(x.method)); }};
  http_client client{fixture.port()};
  client.send("PUT / HTTP/1.1\r\nHost: s\r\nContent-Length: 100000\r\n\r\n");
  CHECK(client.receive().body == "PUT");
  client.send(pattern(100'000));
  CHECK(client.get("/").body == "GET");
}

TEST_CASE("no more connections than allowed are served; the next waits for its turn") {
  gateway_limits limits;
  limits.connections_max = 2;
  gateway_fixture fixture{echo_body(), with_limits(limits)};
  auto one = std::make_unique<http_client>(fixture.port());
  http_client two{fixture.port()};
  CHECK(one->get("/").status == 200);
  CHECK(two.get("/").status == 200);
  http_client three{fixture.port()};
  three.send("GET / HTTP/1.1\r\nHost: s\r\n\r\n");
  CHECK(two.get("/").status == 200);
  CHECK(fixture.server->connection_count() == 2);
  one.reset();
  CHECK(three.receive().status == 200);
}

TEST_CASE("draining finishes what runs, closes what idles and accepts nothing") {
  gateway_fixture* self = nullptr;
  gateway_fixture fixture{[&](const fetch_request& x) {
    fetch_response response;
    if (x.url.ends_with("/long"))
      response.content = body::of(self->make_source(size_t{32} << 20, 65536));
    return fetch_outcome::respond(std::move(response));
  }};
  self = &fixture;
  http_client busy{fixture.port()};
  http_client idle{fixture.port()};
  CHECK(idle.get("/").status == 200);
  busy.send("GET /long HTTP/1.1\r\nHost: s\r\n\r\n");
  auto head = busy.receive_head();
  auto drained = std::async(std::launch::async, [&] { fixture.server->drain(); });
  CHECK(idle.waits_for_close());
  size_t total = 0;
  for (auto some = busy.receive_some(); !some.empty(); some = busy.receive_some())
    total += some.size();
  CHECK(total > (size_t{32} << 20));
  idle.close();
  busy.close();
  drained.get();
  CHECK(fixture.server->connection_count() == 0);
  CHECK_THROWS(http_client{fixture.port()});
}

TEST_CASE("a request on an idle connection is answered while the server drains") {
  gateway_limits limits;
  limits.drain_grace = 10s;
  limits.drain_time_max = 20s;
  gateway_fixture fixture{[](const fetch_request&) { return fetch_outcome::respond({}); },
                          with_limits(limits)};
  http_client idle{fixture.port()};
  CHECK(idle.get("/").status == 200);
  auto drained = std::async(std::launch::async, [&] { fixture.server->drain(); });
  const auto is_closed = [&] {
    try {
      http_client{fixture.port()};
      return false;
    } catch (const std::exception&) {
      return true;
    }
  };
  while (!is_closed())
    std::this_thread::yield();
  const auto reply = idle.get("/late");
  CHECK(reply.status == 200);
  CHECK(reply.header("connection") == "close");
  CHECK(idle.waits_for_close());
  idle.close();
  drained.get();
}

TEST_CASE("draining ends what does not end by itself within the limit") {
  gateway_limits limits;
  limits.drain_time_max = 50ms;
  gateway_fixture fixture{[](const fetch_request&) { return std::nullopt; }, with_limits(limits)};
  http_client client{fixture.port()};
  client.send("GET / HTTP/1.1\r\nHost: s\r\n\r\n");
  REQUIRE(fixture.log.wait_for("intercept GET http://site.test/"));
  fixture.server->drain();
  CHECK(fixture.server->connection_count() == 0);
  CHECK(fixture.log.wait_for("manager abort"));
}

TEST_CASE("damaged requests never harm the server: each is answered with 4xx or 5xx, or closed") {
  gateway_limits limits;
  limits.head_time_max = 30ms;
  limits.body_idle_max = 30ms;
  limits.linger_time_max = 30ms;
  gateway_fixture fixture{echo_body(), with_limits(limits)};
  const std::string seeds[] = {
      "GET /a?b=c HTTP/1.1\r\nHost: site.test\r\nAccept: text/html\r\nConnection: close\r\n\r\n",
      "POST /p HTTP/1.1\r\nHost: s\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
      "5\r\nhello\r\n0\r\n\r\n",
      "PUT /q HTTP/1.1\r\nHost: s\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello",
  };
  const std::string bytes = "\r\n\t :;,/\\\"%#?0aZ-+\x01\x7f\x80\xff";
  std::mt19937 random{20240607};
  const auto below = [&](size_t n) { return random() % n; };
  for (auto round = 0; round < 400; ++round) {
    auto text = seeds[below(3)];
    for (auto edits = 1 + below(4); edits > 0; --edits) {
      const auto at = below(text.size());
      if (const auto kind = below(3); kind == 0)
        text[at] = bytes[below(bytes.size())];
      else if (kind == 1)
        text.erase(at, 1 + below(3));
      else
        text.insert(at, 1 + below(3), bytes[below(bytes.size())]);
    }
    CAPTURE(round);
    CAPTURE(text);
    http_client client{fixture.port()};
    client.send(text);
    const auto reply = client.receive_head();
    REQUIRE(
        (reply.status == 0 || reply.status == 200 || (reply.status >= 400 && reply.status < 506)));
  }
  http_client client{fixture.port()};
  CHECK(client.get("/still").status == 200);
}

} // namespace offstage::test
