// SPDX-License-Identifier: MIT
#include <algorithm>
#include <chrono>
#include <csignal>

#include <doctest/doctest.h>

#include "test/process/serve_fixture.hpp"

using namespace offstage::test;

namespace {

constexpr std::string_view good_worker = R"(
let count = 0;
self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('fetch', (event) => event.respondWith(new Response(`good ${++count}`)));
)";

// One attack per path; each on a line of its own, so that the log can say which it was.
constexpr std::string_view bad_worker = R"(
self.addEventListener('install', () => self.skipWaiting());
const attacks = {
  '/loop': () => { for (;;) { } },
  '/loop-after-await': async () => { await null; for (;;) { } },
  '/loop-in-timer': () => new Promise(() => setTimeout(() => { for (;;) { } }, 1)),
  '/loop-in-generator': () => { const g = (function* () { for (;;) { } })(); g.next(); },
  '/loop-in-catch': () => { for (;;) { try { for (;;) { } } catch { } finally { } } },
  '/loop-in-native': () => { const a = new Array(100000).fill(1); for (;;) a.sort(() => 0); },
  '/microtasks': () => { const again = () => Promise.resolve().then(again); return again(); },
  '/strings': () => { const all = []; for (;;) all.push('x'.repeat(100000) + all.length); },
  '/doubling': () => { let s = 'x'; for (;;) s += s; },
  '/buffers': () => { const all = []; for (;;) all.push(new Uint8Array(1 << 20)); },
  '/objects': () => { const all = []; for (;;) all.push({ a: [all.length] }); },
  '/closures': async () => {
    const all = [];
    for (;;) { try { for (;;) all.push(() => all); } catch { } }
  },
  '/recursion': () => { const f = (n) => f(n + 1) + 1; return f(0); },
  '/recursion-native': () => { const f = () => [1].map(f); return f(); },
  '/recursion-getter': () => { const o = { get x() { return o.x; } }; return o.x; },
  '/recursion-json': () => JSON.parse('['.repeat(1000000)),
  '/recursion-proxy': () => {
    let p = {}; for (let i = 0; i < 1e5; ++i) p = new Proxy(p, {}); return p.x;
  },
  '/recursion-clone': () => {
    let o = {}; for (let i = 0; i < 1e6; ++i) o = { o }; return structuredClone(o);
  },
  '/recursion-eval': () => { eval('('.repeat(1000000)); },
  '/recursion-regexp': () => { new RegExp('('.repeat(1000000) + ')'.repeat(1000000)).test('a'); },
  '/regexp': () => { if (!/^(a+)+$/.test('a'.repeat(40) + 'b')) throw new Error('no match'); },
  '/regexp-loop': () => { for (;;) /^(a|a)*$/.test('a'.repeat(40) + 'b'); },
};
self.addEventListener('fetch', (event) => {
  const { pathname } = new URL(event.request.url);
  const attack = attacks[pathname];
  if (!attack) event.respondWith(new Response('alive'));
  else event.respondWith((async () => new Response(`${await attack()}`))());
});
)";

int line_of(std::string_view text, std::string_view part) {
  const auto at = text.find(part);
  REQUIRE(at != std::string_view::npos);
  return 1 + static_cast<int>(std::ranges::count(text.substr(0, at), '\n'));
}

struct two_sites : served_site {
  two_sites() {
    write("good/sw.js", good_worker);
    write("bad/sw.js", bad_worker);
  }

  std::string configuration() const {
    const auto site = [this](const std::string& name) {
      return "[site]\nhost = " + name + ".test\norigin = https://" + name
             + ".test\nupstream = " + (directory() / name).string() + "\nservice-worker = /sw.js\n";
    };
    write("../offstage.conf", "data-dir = " + data().string()
                                  + "\n[gateway]\nport = 0\n[worker]\nexecution-s = 1\n"
                                    "heap-mb = 32\n"
                                  + site("good") + site("bad"));
    return (root.path() / "offstage.conf").string();
  }
};

struct running_sites : two_sites {
  running_sites() {
    node.wait_for("is activated");
    node.wait_for("is activated");
    CHECK(get_from(port, "good.test", "/").body == "good 1");
  }

  node_process node{{"serve", "--config=" + configuration()}};
  uint16_t port = node.port();
};

} // namespace

namespace {

/// Sends an attack, checks that the good site answers meanwhile, and gives the attack's answer.
http_reply run_attack(running_sites& x, const std::string& path) {
  http_client client{x.port};
  REQUIRE(client.send("GET " + path + " HTTP/1.1\r\nHost: bad.test\r\n\r\n"));
  const auto begin = std::chrono::steady_clock::now();
  CHECK(get_from(x.port, "good.test", "/").status == 200);
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::milliseconds{900});
  auto reply = client.receive();
  // Whoever comes next has a worker that works.
  const auto next = get_from(x.port, "bad.test", "/next");
  CHECK(next.status == 200);
  CHECK(next.body == "alive");
  return reply;
}

std::string place_of(const std::string& path) {
  return "(https://bad.test/sw.js:" + std::to_string(line_of(bad_worker, "'" + path + "'")) + ":";
}

} // namespace

TEST_CASE_FIXTURE(running_sites, "script that does not return is stopped at its limit; the log "
                                 "says where it was") {
  for (const auto* path : {"/loop", "/loop-after-await", "/loop-in-timer", "/loop-in-generator",
                           "/loop-in-catch", "/loop-in-native"}) {
    CAPTURE(path);
    const auto begin = std::chrono::steady_clock::now();
    CHECK(run_attack(*this, path).status == 502);
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds{4});
    const auto line = node.wait_for("the script ran too long");
    CHECK(line.find(place_of(path)) != std::string::npos);
  }
  for (const auto* path : {"/microtasks", "/regexp-loop"}) {
    CAPTURE(path);
    CHECK(run_attack(*this, path).status == 502);
    node.wait_for("uncaught ");
  }
}

TEST_CASE_FIXTURE(running_sites, "script that takes all memory fails alone") {
  for (const auto* path : {"/strings", "/doubling", "/buffers", "/objects"}) {
    CAPTURE(path);
    CHECK(run_attack(*this, path).status == 502);
    node.wait_for("uncaught ");
    for (const auto child : node.workers())
      CHECK(peak_resident_kib(child) < 160 * 1024);
  }
  CHECK(run_attack(*this, "/closures").status == 502);
  CHECK(get_from(port, "good.test", "/").body.starts_with("good "));
  CHECK(peak_resident_kib(node.pid()) < 300 * 1024);
}

TEST_CASE_FIXTURE(running_sites, "endless recursion and expensive regular expressions are "
                                 "exceptions with a place") {
  for (const auto* path :
       {"/recursion", "/recursion-native", "/recursion-getter", "/recursion-json", "/regexp"}) {
    CAPTURE(path);
    CHECK(run_attack(*this, path).status == 502);
    const auto line = node.wait_for("uncaught ");
    CHECK(line.find(place_of(path)) != std::string::npos);
  }
  for (const auto* path :
       {"/recursion-proxy", "/recursion-clone", "/recursion-eval", "/recursion-regexp"}) {
    CAPTURE(path);
    run_attack(*this, path);
  }
}

TEST_CASE_FIXTURE(two_sites, "a main script that breaks a limit is refused with its place, and "
                             "the other site runs") {
  const std::vector<std::pair<std::string, std::string>> scripts{
      {"\nfor (;;) { }", "sw.js:2"},
      {"\n\nconst all = []; for (;;) all.push('x'.repeat(100000) + all.length);", "sw.js:3"},
      {"\nconst f = () => f() + 1;\nf();", "sw.js:2"},
      {"\n\n\nif (!/^(a+)+$/.test('a'.repeat(40) + 'b')) throw new Error('no');", "sw.js:4"},
  };
  for (const auto& [script, place] : scripts) {
    CAPTURE(script);
    two_sites sites;
    sites.write("good/index.html", "good, before its worker is active");
    sites.write("bad/sw.js", script);
    node_process node{{"serve", "--config=" + sites.configuration()}};
    const auto port = node.port();
    const auto line = node.wait_for("cannot register https://bad.test/sw.js");
    CAPTURE(line);
    CHECK(line.find(place) != std::string::npos);
    CHECK(get_from(port, "good.test", "/").status == 200);
    node.signal(SIGTERM);
    CHECK(node.wait_for_exit() == 0);
  }
}
