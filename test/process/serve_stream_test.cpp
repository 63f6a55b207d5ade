// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstring>

#include <doctest/doctest.h>

#include "test/process/serve_fixture.hpp"

using namespace offstage::test;

namespace {

constexpr size_t body_bytes = size_t{100} << 20;
/// What the node may need beyond its rest for a body, however long that is.
constexpr uint64_t node_growth_kib_max = 72 * 1024;
/// A script's chunks are garbage until its engine collects them.
constexpr uint64_t child_growth_kib_max = 160 * 1024;

constexpr std::string_view worker = R"(
self.addEventListener('install', () => self.skipWaiting());

const relayed = async () => {
  const { body } = await fetch('/big.bin');
  const reader = body.getReader();
  return new Response(new ReadableStream({
    async pull(controller) {
      const { done, value } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  }));
};

// Every eight bytes are their own offset: a chunk that is lost, repeated or torn shows.
const measured = async (request) => {
  let length = 0;
  let right = true;
  for (const reader = request.body.getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) break;
    const first = (8 - length % 8) % 8;
    const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
    if (value.byteLength >= first + 4) right &&= view.getUint32(first, true) === length + first;
    length += value.byteLength;
  }
  return Response.json({ length, right });
};

const store = async () => {
  const cache = await caches.open('big');
  await cache.put('/stored', await fetch('/big.bin'));
  return new Response('stored');
};

self.addEventListener('fetch', (event) => {
  const { pathname } = new URL(event.request.url);
  if (pathname === '/passed') event.respondWith(fetch('/big.bin'));
  else if (pathname === '/relayed') event.respondWith(relayed());
  else if (pathname === '/store') event.respondWith(store());
  else if (pathname === '/stored') event.respondWith(caches.match('/stored'));
  else if (pathname === '/upload') event.respondWith(measured(event.request));
  else event.respondWith(new Response('small'));
});
)";

std::string big_body() {
  std::string bytes(body_bytes, '\0');
  for (uint64_t at = 0; at < body_bytes; at += 8)
    std::memcpy(bytes.data() + at, &at, 8);
  return bytes;
}

/// A node without a worker in front of the directory, and one with the worker in front of that.
struct two_nodes : served_site {
  two_nodes() {
    write("sw.js", worker);
    write("big.bin", body);
    child = node.wait_for_worker();
    node.wait_for("is activated");
    REQUIRE(get(port, "/small").body == "small");
    node_kib = resident_kib(node.pid());
    child_kib = resident_kib(child);
  }

  void check_body(std::string_view path) const {
    const auto reply = get(port, path);
    CHECK(reply.status == 200);
    CHECK(reply.complete);
    CHECK(reply.body.size() == body.size());
    CHECK((reply.body == body));
  }

  void check_memory(std::string_view what) const {
    REQUIRE(is_alive(child));
    const auto node_growth = peak_resident_kib(node.pid()) - node_kib;
    const auto child_growth = peak_resident_kib(child) - child_kib;
    MESSAGE(std::string{what} << ": node " << node_kib / 1024 << " MiB + " << node_growth / 1024
                              << " MiB, child " << child_kib / 1024 << " MiB + "
                              << child_growth / 1024 << " MiB");
    CHECK(node_growth < node_growth_kib_max);
    CHECK(child_growth < child_growth_kib_max);
  }

  std::string body = big_body();
  node_process upstream{{"serve", "--gateway.port=0",
                         "--data-dir=" + (root.path() / "upstream").string(),
                         "--site.upstream=" + directory().string()}};
  node_process node{arguments_for("http://127.0.0.1:" + std::to_string(upstream.port()))};
  uint16_t port = node.port();
  pid_t child = 0;
  uint64_t node_kib = 0;
  uint64_t child_kib = 0;
};

} // namespace

TEST_CASE_FIXTURE(two_nodes, "100 MiB from the network pass through respondWith(fetch())") {
  check_body("/passed");
  check_memory("passed through");
}

TEST_CASE_FIXTURE(two_nodes, "100 MiB are put into a cache and come out again") {
  CHECK(get(port, "/store").body == "stored");
  check_memory("put");
  check_body("/stored");
  check_memory("put and matched");
}

TEST_CASE_FIXTURE(two_nodes, "100 MiB pass through a stream that the script makes") {
  check_body("/relayed");
  check_memory("relayed by script");
}

TEST_CASE_FIXTURE(two_nodes, "100 MiB are uploaded to the script") {
  http_client client{port};
  REQUIRE(client.send("POST /upload HTTP/1.1\r\nHost: site.test\r\nContent-Length: "
                      + std::to_string(body.size()) + "\r\n\r\n"));
  REQUIRE(client.send(body));
  const auto reply = client.receive();
  CHECK(reply.status == 200);
  CHECK(reply.body == R"({"length":104857600,"right":true})");
  check_memory("uploaded");
}

TEST_CASE_FIXTURE(two_nodes, "a client that does not read holds up nothing but itself") {
  {
    http_client slow{port, 4096};
    REQUIRE(slow.send("GET /relayed HTTP/1.1\r\nHost: site.test\r\n\r\n"));
    CHECK(slow.receive_head().status == 200);
    check_body("/relayed");
    CHECK(get(port, "/small").body == "small");
  }
  CHECK(get(port, "/small").body == "small");
  check_memory("beside a client that does not read");
}
