// SPDX-License-Identifier: MIT
#include <csignal>

#include <doctest/doctest.h>

#include "test/process/serve_fixture.hpp"

using namespace offstage::test;

namespace {

constexpr std::string_view worker = R"(
const started = Date.now();
let count = 0;
self.addEventListener('install', (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open('v1').then((cache) => cache.addAll(['/page.html', '/data.txt'])));
});
self.addEventListener('activate', (event) => event.waitUntil(clients.claim()));
self.addEventListener('fetch', (event) => {
  const { pathname } = new URL(event.request.url);
  if (pathname === '/counter') event.respondWith(new Response(`count ${++count}`));
  else if (pathname === '/loop') { for (;;) {} }
  else if (pathname === '/error') event.respondWith(Promise.reject(new Error('no')));
  else if (pathname === '/slow') event.respondWith(new Promise((resolve) =>
    setTimeout(() => resolve(new Response('slow')), 500)));
  else if (pathname === '/log') {
    console.log('logged', { a: 1 });
    event.respondWith(new Response('logged'));
  }
  else if (pathname === '/throw') {
    setTimeout(() => { throw new TypeError('late'); }, 0);
    event.respondWith(new Response('ok'));
  }
  else event.respondWith(caches.match(event.request).then((hit) => hit ?? fetch(event.request)));
});
)";

struct served_worker : served_site {
  served_worker() {
    write("sw.js", worker);
    write("page.html", "<p>page</p>");
    write("data.txt", "data");
    write("plain.txt", "plain");
  }
};

} // namespace

TEST_CASE_FIXTURE(served_worker,
                  "a worker is registered, activated and answers HTTP from a process of its own") {
  node_process node{arguments()};
  const auto port = node.port();
  const auto child = node.wait_for_worker();
  node.wait_for("is activated");
  CHECK(child != node.pid());
  CHECK(is_alive(child));
  CHECK(get(port, "/counter").body == "count 1");
  CHECK(get(port, "/counter").body == "count 2");
  CHECK(get(port, "/plain.txt").body == "plain");
  const auto missing = get(port, "/missing");
  CHECK(missing.status == 404);
  CHECK(get(port, "/error").status == 502);
  node.signal(SIGTERM);
  CHECK(node.wait_for_exit() == 0);
  CHECK(wait_until_gone(child));
}

TEST_CASE_FIXTURE(
    served_worker,
    "what is cached answers after the site is gone, also after a restart of the node") {
  {
    node_process node{arguments()};
    const auto port = node.port();
    node.wait_for("is activated");
    std::filesystem::remove(directory() / "page.html");
    CHECK(get(port, "/page.html", navigation).body == "<p>page</p>");
    node.signal(SIGTERM);
    CHECK(node.wait_for_exit() == 0);
  }
  std::filesystem::remove(directory() / "sw.js");
  node_process node{arguments()};
  const auto port = node.port();
  CHECK(get(port, "/page.html", navigation).body == "<p>page</p>");
  CHECK(get(port, "/data.txt").body == "data");
}

TEST_CASE_FIXTURE(served_worker, "a killed idle worker is replaced by the next request") {
  node_process node{arguments()};
  const auto port = node.port();
  const auto child = node.wait_for_worker();
  node.wait_for("is activated");
  CHECK(get(port, "/counter").body == "count 1");
  ::kill(child, SIGKILL);
  CHECK(wait_until_gone(child));
  CHECK(get(port, "/counter").body == "count 1");
  CHECK(node.wait_for_worker() != child);
}

TEST_CASE_FIXTURE(served_worker,
                  "a killed node leaves no worker behind and its successor has everything") {
  pid_t child = 0;
  {
    node_process node{arguments()};
    node.port();
    child = node.wait_for_worker();
    node.wait_for("is activated");
    node.signal(SIGKILL);
    CHECK(node.wait_for_exit() == 128 + SIGKILL);
  }
  CHECK(wait_until_gone(child));
  std::filesystem::remove(directory() / "data.txt");
  node_process node{arguments()};
  CHECK(node.wait_for("restored").find("1 registration restored") != std::string::npos);
  CHECK(get(node.port(), "/data.txt").body == "data");
}

TEST_CASE_FIXTURE(served_worker,
                  "SIGTERM lets running requests finish and exits with 0 within five seconds") {
  node_process node{arguments()};
  const auto port = node.port();
  node.wait_for("is activated");
  http_client slow{port};
  REQUIRE(slow.send("GET /slow HTTP/1.1\r\nHost: site.example\r\n\r\n"));
  CHECK(get(port, "/counter").body == "count 1");
  node.signal(SIGTERM);
  const auto reply = slow.receive();
  CHECK(reply.status == 200);
  CHECK(reply.body == "slow");
  CHECK(node.wait_for_exit(std::chrono::seconds{5}) == 0);
}

TEST_CASE_FIXTURE(served_worker,
                  "console output and uncaught errors reach the log with file and line") {
  node_process node{arguments()};
  const auto port = node.port();
  node.wait_for("is activated");
  CHECK(get(port, "/log").body == "logged");
  CHECK(node.wait_for("logged").find("https://site.example/sw.js:17") != std::string::npos);
  CHECK(get(port, "/throw").body == "ok");
  CHECK(node.wait_for("uncaught TypeError: late").find("https://site.example/sw.js:21")
        != std::string::npos);
}

TEST_CASE("bad usage names what is wrong and exits with 2") {
  node_process no_site{{"serve"}};
  CHECK(no_site.wait_for_exit() == 2);
  CHECK(no_site.output().find("site.upstream: nothing to serve") != std::string::npos);
  node_process bad_verb{{"sreve"}};
  CHECK(bad_verb.wait_for_exit() == 2);
  CHECK(bad_verb.output().find("there is no verb 'sreve'") != std::string::npos);
  node_process help{{"serve", "--help"}};
  CHECK(help.wait_for_exit() == 0);
  CHECK(help.output().find("--site.upstream=URL|DIR") != std::string::npos);
}

TEST_CASE_FIXTURE(served_worker, "a port that is taken is a clear error") {
  node_process first{arguments()};
  const auto port = first.port();
  served_worker other;
  node_process second{other.arguments({"--gateway.port=" + std::to_string(port)})};
  CHECK(second.wait_for_exit() == 1);
  CHECK(second.output().find(std::to_string(port)) != std::string::npos);
}

namespace {

struct served_module : served_site {
  served_module() {
    write("sw.js", "import { answer } from './lib/answer.js'; import './lib/setup.js';"
                   "oninstall = () => skipWaiting();"
                   "onfetch = (event) => { if (event.request.url.endsWith('/answer'))"
                   " event.respondWith(new Response(answer())); };");
    write("lib/answer.js", "import { version } from '../version.js';"
                           "export function answer() { return `${version} ${globalThis.ready}`; }");
    write("lib/setup.js", "globalThis.ready = import.meta.url;");
    write("version.js", "export let version = 1;");
  }

  std::vector<std::string> module_arguments() const {
    return arguments({"--site.service-worker-type=module"});
  }
};

} // namespace

TEST_CASE_FIXTURE(served_module, "a module worker starts again from storage, without the network") {
  const std::string first = "1 https://site.example/lib/setup.js";
  {
    node_process node{module_arguments()};
    const auto port = node.port();
    node.wait_for("is activated");
    CHECK(get(port, "/answer").body == first);
    node.signal(SIGTERM);
    CHECK(node.wait_for_exit() == 0);
  }
  std::filesystem::remove(directory() / "version.js");
  std::filesystem::remove(directory() / "lib/answer.js");
  node_process node{module_arguments()};
  CHECK(get(node.port(), "/answer").body == first);
}

TEST_CASE_FIXTURE(served_module, "a module that awaits or cannot be linked is no service worker") {
  write("version.js", "export let version = await 1;");
  {
    node_process node{module_arguments()};
    node.wait_for("top-level await");
  }
  write("version.js", "export let other = 1;");
  node_process node{module_arguments()};
  node.wait_for("does not provide an export named 'version'");
}
