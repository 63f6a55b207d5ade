// SPDX-License-Identifier: MIT
// Upstreams: a directory that answers like a server, and another server behind the site's name.
#include <filesystem>
#include <fstream>

#include <caf/scoped_actor.hpp>
#include <doctest/doctest.h>

#include "gateway/network_fetcher.hpp"
#include "protocol/errors.hpp"
#include "test/support/http_client.hpp"
#include "test/support/origin_server.hpp"
#include "test/unit/gateway/gateway_fixture.hpp"

#include <sys/stat.h>
#include <unistd.h>

namespace offstage::test {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

void write_file(const fs::path& path, std::string_view text) {
  fs::create_directories(path.parent_path());
  std::ofstream{path, std::ios::binary} << text;
}

/// A site in a temporary directory, with a secret beside it, behind a real gateway and fetcher.
struct site_fixture {
  explicit site_fixture(std::string upstream = {}) : system(config) {
    write_file(root / "secret.txt", "secret");
    write_file(root / "site/index.html", "<p>home");
    write_file(root / "site/a b.js", "1;");
    write_file(root / "site/sub/index.html", "sub");
    write_file(root / "site/empty/x.css", "");
    write_file(root / "site/.git/config", "secret");
    write_file(root / "site/.well-known/x.json", "{}");
    write_file(root / "site/long.bin", std::string(300'000, 'l'));
    fs::create_symlink(root / "secret.txt", root / "site/link.txt");
    fs::create_directory_symlink(root, root / "site/up");
    ::mkfifo((root / "site/pipe").c_str(), 0600);
    fetcher_options options;
    options.sites = {{"http://site.test", upstream.empty() ? (root / "site").string() : upstream}};
    fetcher = std::move(*network_fetcher::start(system, options));
    manager = system.spawn([]() -> caf::behavior {
      return {
          [](intercept_atom, call_id, const fetch_request&) { return fetch_outcome::fall_back(); }};
    });
    clients = system.spawn([]() -> caf::behavior {
      return {[](put_atom, const client_descriptor& x) { return x; },
              [](remove_atom, const std::string&) {}};
    });
    gateway_options server_options;
    server_options.port = 0;
    server_options.sites = {{"", "http://site.test"}};
    server = std::move(*gateway::start(system, server_options,
                                       caf::actor_cast<service_worker_manager_actor>(manager),
                                       caf::actor_cast<clients_actor>(clients), fetcher->actor()));
  }

  ~site_fixture() {
    server.reset();
    fetcher.reset();
    caf::anon_send_exit(manager, caf::exit_reason::kill);
    caf::anon_send_exit(clients, caf::exit_reason::kill);
    fs::remove_all(root);
  }

  static fs::path make_root() {
    std::string name = fs::temp_directory_path() / "offstage_site_XXXXXX";
    return ::mkdtemp(name.data());
  }

  fs::path root = make_root();
  protocol_config config;
  caf::actor_system system;
  std::unique_ptr<network_fetcher> fetcher;
  caf::actor manager;
  caf::actor clients;
  std::unique_ptr<gateway> server;
};

} // namespace

TEST_CASE("a directory is served with media types, index files and lengths") {
  site_fixture fixture;
  http_client client{fixture.server->port()};
  const auto home = client.get("/?x=1");
  CHECK(home.status == 200);
  CHECK(home.body == "<p>home");
  CHECK(home.header("content-type") == "text/html; charset=utf-8");
  CHECK(client.get("/a%20b.js").header("content-type") == "text/javascript; charset=utf-8");
  CHECK(client.get("/sub/").body == "sub");
  const auto moved = client.get("/sub?q");
  CHECK(moved.status == 301);
  CHECK(moved.header("location") == "/sub/?q");
  CHECK(client.get("/empty/x.css").body.empty());
  CHECK(client.get("/.well-known/x.json").status == 200);
  CHECK(client.get("/long.bin").body.size() == 300'000);
  client.send("HEAD /long.bin HTTP/1.1\r\nHost: s\r\n\r\n");
  CHECK(client.receive(true).header("content-length") == "300000");
  client.send("POST / HTTP/1.1\r\nHost: s\r\nContent-Length: 1\r\n\r\nx");
  CHECK(client.receive().status == 405);
}

TEST_CASE("nothing outside of a directory, hidden in it or linked from it is served") {
  site_fixture fixture;
  http_client client{fixture.server->port()};
  for (const auto* path :
       {"/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/%2e%2e%2fsecret.txt",
        "/sub/../../secret.txt", "/sub/..%2f..%2fsecret.txt", "/link.txt", "/up/secret.txt",
        "/up/site/index.html", "/.git/config", "/%2egit/config", "/pipe", "/index.html%00.js",
        "/..\\secret.txt", "/..%5csecret.txt", "/index.html/", "/empty/", "/none"}) {
    CAPTURE(path);
    const auto reply = client.get(path);
    CHECK(reply.status == 404);
    CHECK(reply.body.find("secret") == std::string::npos);
  }
}

TEST_CASE("conditions and ranges of a file are honoured") {
  site_fixture fixture;
  http_client client{fixture.server->port()};
  const auto whole = client.get("/long.bin");
  const auto tag = whole.header("etag");
  REQUIRE(!tag.empty());
  CHECK(client.get("/long.bin", "If-None-Match: " + tag + "\r\n").status == 304);
  CHECK(client.get("/long.bin", "If-None-Match: \"x\"\r\n").status == 200);
  CHECK(
      client.get("/long.bin", "If-Modified-Since: " + whole.header("last-modified") + "\r\n").status
      == 304);
  const auto part = client.get("/long.bin", "Range: bytes=10-19\r\n");
  CHECK(part.status == 206);
  CHECK(part.body.size() == 10);
  CHECK(part.header("content-range") == "bytes 10-19/300000");
  CHECK(client.get("/long.bin", "Range: bytes=-5\r\n").header("content-range")
        == "bytes 299995-299999/300000");
  CHECK(client.get("/long.bin", "Range: bytes=300000-\r\n").status == 416);
  CHECK(client.get("/long.bin", "Range: bytes=1-2,4-5\r\n").status == 200);
}

TEST_CASE("another server behind the site sees its own paths; its redirects stay on the site") {
  origin_server origin{[](const origin_request& x, const origin_server::sender& send) {
    if (x.target == "/base/go")
      send(reply_bytes(302, "Location: http://" + x.header("host") + "/base/there?a#b\r\n", ""));
    else if (x.target == "/base/away")
      send(reply_bytes(302, "Location: http://elsewhere.test/\r\n", ""));
    else
      send(reply_bytes(200, "Set-Cookie: a=1\r\n",
                       x.method + " " + x.target + " " + x.header("cookie") + x.body));
  }};
  site_fixture fixture{origin.origin() + "/base/"};
  http_client client{fixture.server->port()};
  CHECK(client.get("/x?y", "Cookie: c=d\r\n").body == "GET /base/x?y c=d");
  const auto redirect = client.get("/go");
  CHECK(redirect.status == 302);
  CHECK(redirect.header("location") == "/there?a#b");
  CHECK(client.get("/away").header("location") == "http://elsewhere.test/");
  client.send("POST /form HTTP/1.1\r\nHost: s\r\nContent-Length: 3\r\n\r\nabc");
  CHECK(client.receive().body == "POST /base/form abc");
}

TEST_CASE("an upstream that stops is a 502") {
  site_fixture fixture{"http://127.0.0.1:" + std::to_string(unused_port())};
  http_client client{fixture.server->port()};
  CHECK(client.get("/").status == 502);
  CHECK(client.get("/").status == 502);
}

TEST_CASE("an upstream that is neither a URL nor a directory is refused by name") {
  protocol_config config;
  caf::actor_system system{config};
  fetcher_options options;
  options.sites = {{"http://site.test", "/no/such/directory"}};
  const auto started = network_fetcher::start(system, options);
  REQUIRE(!started);
  CHECK(describe(started.error()).find("/no/such/directory") != std::string::npos);
}

} // namespace offstage::test
