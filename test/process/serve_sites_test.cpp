// SPDX-License-Identifier: MIT
#include <csignal>
#include <optional>
#include <set>
#include <thread>

#include <doctest/doctest.h>

#include "test/process/serve_fixture.hpp"

using namespace offstage::test;

namespace {

constexpr std::string_view caching_worker = R"(
self.addEventListener('install', (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open('v1').then((cache) => cache.addAll(['/page.html'])));
});
self.addEventListener('fetch', (event) => {
  const { pathname } = new URL(event.request.url);
  if (pathname === '/wait') {
    const { search } = new URL(event.request.url);
    console.log(`took ${search};`);
    event.respondWith(new Promise((resolve) =>
      setTimeout(() => resolve(new Response(`waited ${search}`)), 30)));
  } else {
    event.respondWith(caches.match(event.request).then((hit) => hit ?? fetch(event.request)));
  }
});
)";

/// A site behind HTTP: a node without a worker in front of a directory.
struct upstream_site : served_site {
  upstream_site() {
    write("sw.js", caching_worker);
    write("page.html", "<p>page</p>");
    write("other.txt", "other");
    start_upstream();
  }

  void start_upstream() {
    upstream.emplace(std::vector<std::string>{"serve",
                                              "--gateway.port=" + std::to_string(upstream_port),
                                              "--data-dir=" + (root.path() / "upstream").string(),
                                              "--site.upstream=" + directory().string()});
    upstream_port = upstream->port();
  }

  void stop_upstream() {
    upstream->signal(SIGKILL);
    CHECK(upstream->wait_for_exit() == 128 + SIGKILL);
  }

  std::vector<std::string> node_arguments() const {
    return arguments_for("http://127.0.0.1:" + std::to_string(upstream_port));
  }

  uint16_t upstream_port = 0;
  std::optional<node_process> upstream;
};

/// Requests of one client until the node is gone.
struct client_tally {
  std::string name;
  int sent = 0;
  std::set<std::string> answered;
  int torn = 0; ///< Answers that began and did not end as they should.

  /// Sends one request after the other, on one connection as long as it may be kept.
  void run(uint16_t port) {
    try {
      while (true) {
        http_client client{port};
        while (ask(client)) {
        }
      }
    } catch (const std::runtime_error&) {
      // Nobody listens any more: the end.
    }
  }

private:
  bool ask(http_client& client) {
    const auto mark = "?" + name + "-" + std::to_string(sent++);
    if (!client.send("GET /wait" + mark + " HTTP/1.1\r\nHost: site.test\r\n\r\n"))
      return false;
    const auto reply = client.receive();
    if (reply.status == 0)
      return false;
    if (reply.complete && reply.body == "waited " + mark)
      answered.insert(mark);
    else
      ++torn;
    return reply.header("connection") != "close";
  }
};

/// What the worker says that it took.
std::set<std::string> taken(const std::string& output) {
  std::set<std::string> marks;
  constexpr std::string_view before = "took ";
  for (auto at = output.find(before); at != std::string::npos; at = output.find(before, at + 1)) {
    const auto start = at + before.size();
    marks.insert(output.substr(start, output.find(';', start) - start));
  }
  return marks;
}

} // namespace

TEST_CASE_FIXTURE(upstream_site, "a cached site answers while its upstream is gone, and the rest "
                                 "is an error until it is back") {
  node_process node{node_arguments()};
  const auto port = node.port();
  node.wait_for("is activated");
  CHECK(get(port, "/other.txt").body == "other");
  stop_upstream();
  CHECK(get(port, "/page.html", navigation).body == "<p>page</p>");
  CHECK(get(port, "/other.txt").status == 502);
  start_upstream();
  CHECK(get(port, "/other.txt").body == "other");
}

TEST_CASE_FIXTURE(upstream_site, "a worker whose upstream is down is registered when it is up") {
  stop_upstream();
  node_process node{node_arguments()};
  const auto port = node.port();
  CHECK(node.wait_for("cannot register").find("next try in 1 s") != std::string::npos);
  CHECK(get(port, "/page.html", navigation).status == 502);
  start_upstream();
  node.wait_for("is activated");
  stop_upstream();
  CHECK(get(port, "/page.html", navigation).body == "<p>page</p>");
}

TEST_CASE_FIXTURE(served_site, "sites of one file are told apart by their host names") {
  std::string text = "data-dir = " + data().string() + "\n[gateway]\nport = 0\n";
  for (const std::string name : {"one", "two", "three"}) {
    write(name + "/sw.js", std::string{caching_worker} + "// " + name);
    write(name + "/page.html", name);
    write(name + "/" + name + ".txt", "only here");
    text += "[site]\nhost = " + name + ".test\norigin = https://" + name
            + ".test\nupstream = " + (directory() / name).string() + "\nservice-worker = /sw.js\n";
  }
  write("plain/page.html", "plain");
  text += "[site]\nupstream = " + (directory() / "plain").string() + "\n";
  write("../offstage.conf", text);
  node_process node{{"serve", "--config=" + (root.path() / "offstage.conf").string()}};
  const auto port = node.port();
  for (int site = 0; site < 3; ++site)
    node.wait_for("is activated");
  CHECK(node.workers().size() == 3);
  for (const std::string name : {"one", "two", "three"}) {
    CAPTURE(name);
    std::filesystem::remove(directory() / name / "page.html");
    CHECK(get_from(port, name + ".test", "/page.html").body == name);
    CHECK(get_from(port, name + ".test:" + std::to_string(port), "/page.html").body == name);
    CHECK(get_from(port, name + ".test", "/" + name + ".txt").body == "only here");
  }
  CHECK(get_from(port, "one.test", "/two.txt").status == 404);
  CHECK(get_from(port, "elsewhere.test", "/page.html").body == "plain");
}

TEST_CASE_FIXTURE(upstream_site, "no request is lost when a node is told to stop under load") {
  node_process node{node_arguments()};
  const auto port = node.port();
  node.wait_for("is activated");
  std::vector<client_tally> tallies(20);
  std::vector<std::thread> threads;
  for (auto& tally : tallies) {
    tally.name = "c" + std::to_string(threads.size());
    threads.emplace_back([&] { tally.run(port); });
  }
  for (int i = 0; i < 10; ++i) {
    CHECK(get(port, "/wait?main").body == "waited ?main");
    node.drain_output();
  }
  node.signal(SIGTERM);
  for (auto& thread : threads)
    thread.join();
  CHECK(node.wait_for_exit(std::chrono::seconds{5}) == 0);
  std::set<std::string> answered{"?main"};
  for (auto& tally : tallies) {
    CHECK(tally.torn == 0);
    CHECK_FALSE(tally.answered.empty());
    answered.merge(tally.answered);
  }
  int lost = 0;
  for (const auto& mark : taken(node.output()))
    lost += answered.contains(mark) ? 0 : 1;
  MESSAGE(answered.size() << " requests answered, " << lost << " taken and lost");
  CHECK(taken(node.output()).size() > 20);
  CHECK(lost == 0);
}
