// SPDX-License-Identifier: MIT
// The network fetcher against an origin server on loopback.
#include <atomic>
#include <future>

#include <caf/scoped_actor.hpp>
#include <doctest/doctest.h>

#include "gateway/network_fetcher.hpp"
#include "protocol/errors.hpp"
#include "test/support/origin_server.hpp"
#include "test/unit/gateway/gateway_fixture.hpp"

namespace offstage::test {

namespace {

using namespace std::chrono_literals;

struct fetcher_fixture {
  explicit fetcher_fixture(fetcher_options options = {}) : system(config), self(system) {
    fetcher = std::move(*network_fetcher::start(system, std::move(options)));
  }

  fetch_response fetch(fetch_request request) {
    fetch_response response = fetch_response::network_error("the fetcher did not answer");
    self->request(fetcher->actor(), 20s, fetch_atom_v, call_id{++last_call}, std::move(request))
        .receive([&](fetch_response& x) { response = std::move(x); },
                 [&](const caf::error& e) { response.reason = describe(e); });
    return response;
  }

  fetch_response get(const std::string& url, request_mode mode = request_mode::no_cors,
                     const std::string& origin = {}) {
    return fetch(request_for(url, mode, origin));
  }

  static fetch_request request_for(const std::string& url, request_mode mode,
                                   const std::string& origin = {}) {
    fetch_request request;
    request.url = url;
    request.mode = mode;
    request.origin = origin;
    return request;
  }

  /// The whole body; "error" if the stream fails.
  std::string text_of(const body& content) {
    if (!content.is_stream())
      return content.bytes.to_string();
    std::string text;
    auto last = false;
    while (!last)
      self->request(content.source, 20s, pull_atom_v, uint32_t{100'000})
          .receive(
              [&](const body_chunk& chunk) {
                text += chunk.bytes.view();
                last = chunk.last;
              },
              [&](const caf::error&) {
                text = "error";
                last = true;
              });
    return text;
  }

  protocol_config config;
  caf::actor_system system;
  caf::scoped_actor self;
  std::unique_ptr<network_fetcher> fetcher;
  uint64_t last_call = 0;
};

void echo(const origin_request& x, const origin_server::sender& send) {
  auto text = x.method + " " + x.target + "\n";
  for (const auto& [name, value] : x.headers)
    text += name + ": " + value + "\n";
  send(reply_bytes(200, "X-Origin: yes\r\n", text + "\n" + x.body));
}

bool has_line(const std::string& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

} // namespace

TEST_CASE("a fetch gives status, headers, URL list and body") {
  origin_server origin{echo};
  fetcher_fixture fixture;
  const auto response = fixture.get(origin.origin() + "/a?b#c");
  CHECK(response.type == response_type::basic);
  CHECK(response.status == 200);
  CHECK(response.status_text == "Reply");
  CHECK(response.headers.get("x-origin") == "yes");
  CHECK(response.url_list == std::vector<std::string>{origin.origin() + "/a?b"});
  const auto text = fixture.text_of(response.content);
  CHECK(text.starts_with("GET /a?b\n"));
  CHECK(has_line(text, "user-agent: Offstage/0.1"));
  CHECK(has_line(text, "accept: */*"));
}

TEST_CASE("connections are used again") {
  origin_server origin{echo};
  fetcher_fixture fixture;
  for (auto i = 0; i < 5; ++i)
    CHECK(fixture.get(origin.origin() + "/").status == 200);
  CHECK(origin.connection_count() == 1);
}

TEST_CASE("bodies are sent, whole or as streams") {
  origin_server origin{echo};
  fetcher_fixture fixture;
  auto request = fetcher_fixture::request_for(origin.origin() + "/up", request_mode::same_origin);
  request.method = "PATCH";
  request.headers.append("Content-Type", "text/x-test");
  request.content = body::of(shared_bytes{std::string{"inline"}});
  auto text = fixture.text_of(fixture.fetch(request).content);
  CHECK(text.starts_with("PATCH /up\n"));
  CHECK(has_line(text, "content-type: text/x-test"));
  CHECK(text.ends_with("\ninline"));

  gateway_fixture sources{[](const fetch_request&) { return fetch_outcome::fall_back(); }};
  request.method = "POST";
  request.content = body::of(sources.make_source(300'000, 4'000), 300'000);
  text = fixture.text_of(fixture.fetch(request).content);
  CHECK(has_line(text, "content-length: 300000"));
  CHECK(text.ends_with("\n" + std::string(300'000, 'b')));
  request.content = body::of(sources.make_source(1'000, 10));
  text = fixture.text_of(fixture.fetch(request).content);
  CHECK(has_line(text, "transfer-encoding: chunked"));
  CHECK(text.ends_with("\n" + std::string(1'000, 'b')));
}

TEST_CASE("redirects are followed, refused or handed over, as the request asks") {
  origin_server origin{[](const origin_request& x, const origin_server::sender& send) {
    if (x.target == "/start")
      send(reply_bytes(302, "Location: middle?x\r\n", "moved"));
    else if (x.target == "/middle?x")
      send(reply_bytes(307, "Location: /end\r\n", ""));
    else if (x.target == "/loop")
      send(reply_bytes(301, "Location: /loop\r\n", ""));
    else if (x.target == "/away")
      send(reply_bytes(301, "Location: file:///etc/passwd\r\n", ""));
    else
      echo(x, send);
  }};
  fetcher_fixture fixture;
  auto request = fetcher_fixture::request_for(origin.origin() + "/start", request_mode::navigate);
  request.method = "POST";
  request.content = body::of(shared_bytes{std::string{"data"}});
  request.headers.append("Content-Type", "text/plain");
  const auto followed = fixture.fetch(request);
  const auto text = fixture.text_of(followed.content);
  CHECK(text.starts_with("GET /end\n"));
  CHECK(text.find("content-type") == std::string::npos);
  CHECK(followed.url_list.size() == 3);
  request.redirect = redirect_mode::error;
  CHECK(fixture.fetch(request).is_network_error());
  request.redirect = redirect_mode::manual;
  const auto handed = fixture.fetch(request);
  CHECK(handed.type == response_type::opaque_redirect);
  CHECK(handed.status == 302);
  CHECK(handed.headers.get("Location") == "middle?x");
  CHECK(fixture.get(origin.origin() + "/loop").reason == "there are too many redirects");
  CHECK(fixture.get(origin.origin() + "/away").is_network_error());
}

TEST_CASE("credentials of one origin do not follow a redirect to another") {
  origin_server other{echo};
  origin_server origin{[&](const origin_request&, const origin_server::sender& send) {
    send(reply_bytes(307, "Location: " + other.origin() + "/x\r\n", ""));
  }};
  fetcher_fixture fixture;
  auto request =
      fetcher_fixture::request_for(origin.origin() + "/", request_mode::no_cors, origin.origin());
  request.credentials = credentials_mode::include;
  request.headers.append("Cookie", "secret=1");
  request.headers.append("Authorization", "Basic secret");
  const auto response = fixture.fetch(request);
  CHECK(response.type == response_type::opaque);
  CHECK(fixture.text_of(response.content).find("secret") == std::string::npos);
}

TEST_CASE("a cross-origin response is opaque, or filtered if the server allows it") {
  std::string allow;
  origin_server origin{[&](const origin_request& x, const origin_server::sender& send) {
    send(reply_bytes(200,
                     "X-Shown: 1\r\nX-Hidden: 2\r\nSet-Cookie: a=b\r\n"
                     "Access-Control-Expose-Headers: x-shown\r\n"
                         + allow,
                     x.header("origin")));
  }};
  fetcher_fixture fixture;
  const auto url = origin.origin() + "/";
  CHECK(fixture.get(url, request_mode::no_cors, "http://page.test").type == response_type::opaque);
  CHECK(fixture.get(url, request_mode::same_origin, "http://page.test").is_network_error());
  CHECK(fixture.get(url, request_mode::cors, "http://page.test").is_network_error());
  allow = "Access-Control-Allow-Origin: http://page.test\r\n";
  const auto response = fixture.get(url, request_mode::cors, "http://page.test");
  CHECK(response.type == response_type::cors);
  CHECK(response.headers.get("x-shown") == "1");
  CHECK(!response.headers.has("x-hidden"));
  CHECK(!response.headers.has("set-cookie"));
  CHECK(fixture.text_of(response.content) == "http://page.test");
  auto request = fetcher_fixture::request_for(url, request_mode::cors, "http://page.test");
  request.credentials = credentials_mode::include;
  CHECK(fixture.fetch(request).is_network_error());
  allow += "Access-Control-Allow-Credentials: true\r\n";
  CHECK(fixture.fetch(request).type == response_type::cors);
  CHECK(fixture.get(url, request_mode::cors, origin.origin()).type == response_type::basic);
}

TEST_CASE("a request that is not simple asks first") {
  std::atomic<int> puts = 0;
  std::string allow_methods = "PUT";
  origin_server origin{[&](const origin_request& x, const origin_server::sender& send) {
    const std::string origin_line = "Access-Control-Allow-Origin: *\r\n";
    if (x.method == "OPTIONS") {
      CHECK(x.header("access-control-request-method") == "PUT");
      CHECK(x.header("access-control-request-headers") == "x-custom");
      send(reply_bytes(200,
                       origin_line + "Access-Control-Allow-Methods: " + allow_methods
                           + "\r\nAccess-Control-Allow-Headers: X-Custom\r\n"
                             "Access-Control-Max-Age: 0\r\n",
                       ""));
    } else {
      ++puts;
      send(reply_bytes(200, origin_line, "done"));
    }
  }};
  fetcher_fixture fixture;
  auto request =
      fetcher_fixture::request_for(origin.origin() + "/", request_mode::cors, "http://page.test");
  request.method = "PUT";
  request.headers.append("X-Custom", "1");
  CHECK(fixture.text_of(fixture.fetch(request).content) == "done");
  allow_methods = "DELETE";
  CHECK(fixture.fetch(request).is_network_error());
  CHECK(puts == 1);
}

TEST_CASE("a compressed body arrives decompressed and without the headers that described it") {
  // "hello hello hello hello\n" by gzip -9n.
  const std::string packed{"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff\xcb\x48\xcd\xc9"
                           "\xc9\x57\xc8\x40\x27\xb9\x00\x00\x88\x59\x0b\x18\x00\x00\x00",
                           29};
  origin_server origin{[&](const origin_request& x, const origin_server::sender& send) {
    CHECK(x.header("accept-encoding").find("gzip") != std::string::npos);
    send(reply_bytes(200, "Content-Encoding: gzip\r\n", packed));
  }};
  fetcher_fixture fixture;
  const auto response = fixture.get(origin.origin() + "/");
  CHECK(!response.headers.has("content-encoding"));
  CHECK(!response.headers.has("content-length"));
  CHECK(fixture.text_of(response.content).starts_with("hello hello"));
}

TEST_CASE("a long body is held back while nobody reads it") {
  std::atomic<size_t> sent = 0;
  std::promise<void> gone;
  std::promise<void> dropped;
  constexpr size_t total = size_t{64} << 20;
  origin_server origin{[&](const origin_request& x, const origin_server::sender& send) {
    send("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(total) + "\r\n\r\n");
    const std::string piece(65'536, 'x');
    auto alive = true;
    for (size_t done = 0; alive && done < total; done += piece.size()) {
      alive = send(piece);
      sent += piece.size();
    }
    if (x.target == "/cancelled")
      gone.set_value();
    if (x.target == "/dropped")
      dropped.set_value();
  }};
  fetcher_fixture fixture;
  auto response = fixture.get(origin.origin() + "/cancelled");
  CHECK(response.content.length == static_cast<int64_t>(total));
  CHECK(fixture.get(origin.origin() + "/other").status == 200);
  CHECK(sent < total);
  caf::anon_send(response.content.source, cancel_atom_v);
  CHECK(gone.get_future().wait_for(20s) == std::future_status::ready);
  fixture.get(origin.origin() + "/dropped");
  CHECK(dropped.get_future().wait_for(20s) == std::future_status::ready);
  const auto whole = fixture.get(origin.origin() + "/whole");
  CHECK(fixture.text_of(whole.content).size() == total);
}

TEST_CASE("an aborted fetch is a network error at once") {
  std::promise<void> asked;
  origin_server origin{
      [&](const origin_request&, const origin_server::sender&) { asked.set_value(); }};
  fetcher_fixture fixture;
  auto pending = fixture.self->request(
      fixture.fetcher->actor(), 20s, fetch_atom_v, call_id{7},
      fetcher_fixture::request_for(origin.origin() + "/", request_mode::no_cors));
  asked.get_future().wait();
  fixture.self->send(fixture.fetcher->actor(), abort_atom_v, call_id{7});
  pending.receive([](const fetch_response& x) { CHECK(x.reason == "the fetch was aborted"); },
                  [](const caf::error&) { CHECK(false); });
}

TEST_CASE("what cannot be fetched is a network error") {
  fetcher_fixture fixture;
  CHECK(fixture.get("http://127.0.0.1:" + std::to_string(unused_port()) + "/").is_network_error());
  CHECK(fixture.get("http://127.0.0.1:25/").reason == "the port is blocked");
  CHECK(fixture.get("ftp://127.0.0.1/").is_network_error());
  CHECK(fixture.get("no url").is_network_error());
  CHECK(fixture.get("http://unknown.invalid/").is_network_error());
}

TEST_CASE("an answer that ends early or is no HTTP fails") {
  origin_server origin{[](const origin_request& x, const origin_server::sender& send) {
    if (x.target == "/garbage")
      send("this is not HTTP at all\r\n\r\n");
    else if (x.target == "/head")
      send("HTTP/1.1 200 OK\r\nX: " + std::string(400'000, 'x') + "\r\n\r\n");
    else
      send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nshort");
    send({});
  }};
  fetcher_fixture fixture;
  CHECK(fixture.get(origin.origin() + "/garbage").is_network_error());
  CHECK(fixture.get(origin.origin() + "/head").is_network_error());
  const auto cut = fixture.get(origin.origin() + "/cut");
  CHECK((cut.is_network_error() || fixture.text_of(cut.content) == "error"));
}

TEST_CASE("fetches beyond the limit wait for their turn") {
  std::promise<void> first_asked;
  std::promise<void> go;
  auto released = go.get_future().share();
  origin_server origin{[&](const origin_request& x, const origin_server::sender& send) {
    if (x.target == "/first") {
      first_asked.set_value();
      released.wait();
    }
    send(reply_bytes(200, "", x.target));
  }};
  fetcher_options options;
  options.fetches_max = 1;
  fetcher_fixture fixture{options};
  const auto ask = [&](const char* path, uint64_t id) {
    return fixture.self->request(
        fixture.fetcher->actor(), 20s, fetch_atom_v, call_id{id},
        fetcher_fixture::request_for(origin.origin() + path, request_mode::no_cors));
  };
  auto first = ask("/first", 1);
  first_asked.get_future().wait();
  auto second = ask("/second", 2);
  CHECK(origin.connection_count() == 1);
  go.set_value();
  for (auto* x : {&first, &second})
    x->receive([](const fetch_response& y) { CHECK(y.status == 200); },
               [](const caf::error&) { CHECK(false); });
}

TEST_CASE("a fetcher that ends answers what is pending") {
  std::promise<void> asked;
  origin_server origin{
      [&](const origin_request&, const origin_server::sender&) { asked.set_value(); }};
  fetcher_fixture fixture;
  const auto actor = fixture.fetcher->actor();
  auto pending = fixture.self->request(
      actor, 20s, fetch_atom_v, call_id{1},
      fetcher_fixture::request_for(origin.origin() + "/", request_mode::no_cors));
  asked.get_future().wait();
  fixture.fetcher.reset();
  pending.receive([](const fetch_response& x) { CHECK(x.is_network_error()); },
                  [](const caf::error&) { CHECK(false); });
  fixture.self
      ->request(actor, 20s, fetch_atom_v, call_id{2},
                fetcher_fixture::request_for(origin.origin() + "/", request_mode::no_cors))
      .receive([](const fetch_response&) { CHECK(false); }, [](const caf::error& e) { CHECK(e); });
}

} // namespace offstage::test
