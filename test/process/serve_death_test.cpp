// SPDX-License-Identifier: MIT
#include <algorithm>
#include <csignal>

#include <doctest/doctest.h>

#include "test/process/serve_fixture.hpp"

using namespace offstage::test;

namespace {

// Entering is visible in the log; what a first attempt leaves behind is a cache named after it.
constexpr std::string_view worker = R"(
let count = 0;
self.addEventListener('install', () => self.skipWaiting());
const handle = async (path, request) => {
  if (path === '/counter') return new Response(`count ${++count}`);
  if (path === '/echo') return new Response(`${request.method} ${await request.text()}`);
  if (path === '/hang') {
    console.log('entered hang');
    await new Promise((resolve) => setTimeout(resolve, 60000));
  }
  if (path === '/once') {
    if (await caches.has('attempt')) return new Response('again');
    await caches.open('attempt');
    console.log('entered once');
    await new Promise((resolve) => setTimeout(resolve, 60000));
  }
  if (path === '/stream') {
    const chunk = new Uint8Array(1024).fill(97);
    return new Response(new ReadableStream({ pull: (to) => new Promise((resolve) =>
      setTimeout(() => { to.enqueue(chunk); resolve(); }, 1)) }));
  }
  return new Response('other');
};
self.addEventListener('fetch', (event) =>
  event.respondWith(handle(new URL(event.request.url).pathname, event.request)));
)";

constexpr std::string_view slow_to_start = R"(
const end = Date.now() + 500;
while (Date.now() < end) { }
)";

struct mortal_worker : served_site {
  mortal_worker() { write("sw.js", worker); }

  /// A node with an activated worker that has answered once.
  struct running {
    explicit running(const mortal_worker& site, const std::vector<std::string>& more = {})
        : node{site.arguments(more)}, port{node.port()} {
      child = node.wait_for_worker();
      node.wait_for("is activated");
      CHECK(get(port, "/counter").body == "count 1");
    }

    node_process node;
    uint16_t port;
    pid_t child = 0;
  };
};

bool ask(http_client& client, std::string_view method, std::string_view path,
         std::string_view body = {}) {
  const auto length =
      method == "GET" ? "" : "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return client.send(std::string{method} + " " + std::string{path}
                     + " HTTP/1.1\r\nHost: site.test\r\n" + length + "\r\n" + std::string{body});
}

} // namespace

TEST_CASE_FIXTURE(mortal_worker, "a worker killed while idle is replaced, every time") {
  running x{*this};
  auto child = x.child;
  for (int round = 0; round < 5; ++round) {
    CAPTURE(round);
    ::kill(child, SIGKILL);
    REQUIRE(wait_until_gone(child));
    const auto reply = get(x.port, "/counter");
    CHECK(reply.status == 200);
    CHECK(reply.body == "count 1");
    const auto next = x.node.wait_for_worker();
    CHECK(next != child);
    child = next;
  }
}

TEST_CASE_FIXTURE(mortal_worker, "requests that come while the worker dies are all answered") {
  running x{*this};
  for (int round = 0; round < 10; ++round) {
    CAPTURE(round);
    const auto children = x.node.workers();
    http_client client{x.port};
    for (const auto child : children)
      ::kill(child, SIGKILL);
    CHECK(client.get("/counter").status == 200);
  }
}

TEST_CASE_FIXTURE(mortal_worker, "a worker killed while starting is started again") {
  write("sw.js", std::string{slow_to_start} + std::string{worker});
  running x{*this};
  ::kill(x.child, SIGKILL);
  REQUIRE(wait_until_gone(x.child));
  http_client client{x.port};
  REQUIRE(ask(client, "GET", "/counter"));
  const auto starting = x.node.wait_for_worker_besides({x.child});
  ::kill(starting, SIGKILL);
  const auto reply = client.receive();
  CHECK(reply.status == 200);
  CHECK(reply.body == "count 1");
  const auto answering = x.node.wait_for_worker();
  CHECK(answering != starting);
  CHECK(x.node.output().find("runs in process " + std::to_string(starting) + "\n")
        == std::string::npos);
}

TEST_CASE_FIXTURE(mortal_worker,
                  "a worker that keeps being killed while starting fails its requests, then "
                  "recovers") {
  write("sw.js", std::string{slow_to_start} + std::string{worker});
  running x{*this};
  std::vector<pid_t> killed{x.child};
  ::kill(x.child, SIGKILL);
  REQUIRE(wait_until_gone(x.child));
  http_client client{x.port};
  REQUIRE(ask(client, "GET", "/counter"));
  for (int attempt = 0; attempt < 3; ++attempt) {
    killed.push_back(x.node.wait_for_worker_besides(killed));
    ::kill(killed.back(), SIGKILL);
  }
  CHECK(client.receive().status == 502);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{15};
  int status = 0;
  while (status != 200 && std::chrono::steady_clock::now() < deadline)
    status = get(x.port, "/counter").status;
  CHECK(status == 200);
}

TEST_CASE_FIXTURE(mortal_worker, "an event that the script has not seen is answered by a fresh "
                                 "worker, whatever its method") {
  for (const auto* method : {"GET", "POST"}) {
    CAPTURE(method);
    mortal_worker site;
    running x{site};
    REQUIRE(stop_process(x.child));
    http_client first{x.port};
    http_client second{x.port};
    REQUIRE(ask(first, method, "/echo", method == std::string{"POST"} ? "body" : ""));
    REQUIRE(ask(second, method, "/counter"));
    // A page that no worker sees: its answer says that the node has taken the requests before it.
    CHECK(get(x.port, "/sw.js", "Service-Worker: script\r\n").status == 200);
    ::kill(x.child, SIGKILL);
    const auto echo = first.receive();
    CHECK(echo.status == 200);
    CHECK(echo.body == (method == std::string{"POST"} ? "POST body" : "GET "));
    const auto counter = second.receive();
    CHECK(counter.status == 200);
    CHECK(counter.body == "count 1");
  }
}

TEST_CASE_FIXTURE(mortal_worker, "a GET that the script has seen is tried once more") {
  running x{*this};
  http_client client{x.port};
  REQUIRE(ask(client, "GET", "/once"));
  x.node.wait_for("entered once");
  ::kill(x.child, SIGKILL);
  const auto reply = client.receive();
  CHECK(reply.status == 200);
  CHECK(reply.body == "again");

  http_client hanging{x.port};
  REQUIRE(ask(hanging, "GET", "/hang"));
  for (int attempt = 0; attempt < 2; ++attempt) {
    x.node.wait_for("entered hang");
    for (const auto child : x.node.workers())
      ::kill(child, SIGKILL);
  }
  CHECK(hanging.receive().status == 502);
  CHECK(get(x.port, "/counter").body == "count 1");
}

TEST_CASE_FIXTURE(mortal_worker, "a POST that the script has seen fails and is not repeated") {
  running x{*this};
  http_client client{x.port};
  REQUIRE(ask(client, "POST", "/once", "order"));
  x.node.wait_for("entered once");
  ::kill(x.child, SIGKILL);
  CHECK(client.receive().status == 502);
  CHECK(get(x.port, "/once").body == "again");
  const auto& text = x.node.output();
  CHECK(text.find("entered once") == text.rfind("entered once"));
}

TEST_CASE_FIXTURE(mortal_worker, "a body whose worker is killed ends broken, and only it") {
  running x{*this};
  http_client streaming{x.port};
  http_client waiting{x.port};
  REQUIRE(ask(streaming, "GET", "/stream"));
  CHECK(streaming.receive_head().status == 200);
  CHECK_FALSE(streaming.receive_exactly(4096).empty());
  REQUIRE(ask(waiting, "GET", "/once"));
  x.node.wait_for("entered once");
  ::kill(x.child, SIGKILL);
  // Everything up to the close is chunks; the last one, which is empty, is missing.
  std::string rest;
  for (auto bytes = streaming.receive_some(); !bytes.empty(); bytes = streaming.receive_some())
    rest += bytes;
  CHECK_FALSE(rest.ends_with("0\r\n\r\n"));
  CHECK(streaming.waits_for_close());
  CHECK(waiting.receive().body == "again");
  CHECK(get(x.port, "/counter").status == 200);
}

TEST_CASE_FIXTURE(mortal_worker, "workers go on without the zygote") {
  running x{*this};
  const auto all = descendants_of(x.node.pid());
  const auto zygote =
      std::ranges::find_if(all, [](pid_t pid) { return name_of(pid) == "offstage-zygote"; });
  REQUIRE(zygote != all.end());
  ::kill(*zygote, SIGKILL);
  CHECK(wait_until_gone(x.child));
  CHECK(get(x.port, "/counter").body == "count 1");
  CHECK(x.node.wait_for_worker() != x.child);
  x.node.signal(SIGTERM);
  CHECK(x.node.wait_for_exit() == 0);
}

TEST_CASE_FIXTURE(mortal_worker, "nothing survives a node that is killed in the middle of its "
                                 "work, and its successor has everything") {
  std::vector<pid_t> family;
  {
    running x{*this, {"--worker.strategy=per_worker"}};
    http_client streaming{x.port};
    http_client entered{x.port};
    REQUIRE(ask(streaming, "GET", "/stream"));
    CHECK(streaming.receive_head().status == 200);
    REQUIRE(ask(entered, "GET", "/once"));
    x.node.wait_for("entered once");
    family = descendants_of(x.node.pid());
    CHECK(family.size() >= 2);
    x.node.signal(SIGKILL);
    CHECK(x.node.wait_for_exit() == 128 + SIGKILL);
  }
  for (const auto pid : family)
    CHECK(wait_until_gone(pid));
  std::filesystem::remove(directory() / "sw.js");
  node_process next{arguments()};
  const auto port = next.port();
  CHECK(next.output().find("1 registration restored") != std::string::npos);
  CHECK(get(port, "/once").body == "again");
  CHECK(get(port, "/counter").body == "count 1");
}
