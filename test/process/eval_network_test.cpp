// SPDX-License-Identifier: MIT
#include "test/process/eval_fixture.hpp"
#include "test/process/serve_fixture.hpp"

using namespace offstage::test;

namespace {

constexpr size_t big_bytes = size_t{3} << 20;

/// A node whose worker echoes, in front of a directory with a few files.
struct eval_with_node : eval_fixture {
  served_site site;
  std::optional<node_process> node;
  std::string port;
  std::string base;

  eval_with_node() {
    site.write("sw.js", R"(
      oninstall = () => skipWaiting();
      onfetch = (event) => {
        if (event.request.url.endsWith('/echo'))
          event.respondWith(event.request.text().then((text) => new Response('echo ' + text.length
              + ' ' + text.slice(0, 10))));
      };
    )");
    site.write("data.txt", "data");
    site.write("library.js", "const fromLibrary = 'imported';");
    site.write("broken.js", "\nlet = = 1;");
    site.write("big.bin", std::string(big_bytes, 'b'));
    node.emplace(site.arguments());
    port = std::to_string(node->port());
    base = "http://127.0.0.1:" + port + "/";
    node->wait_for("is activated");
  }

  eval_outcome eval_there(std::string_view script, std::vector<std::string> more = {}) const {
    more.push_back("--url=" + base + "main.js");
    return eval(script, std::move(more));
  }
};

} // namespace

TEST_CASE_FIXTURE(eval_with_node, "fetch asks the network and reads long bodies") {
  const auto outcome = eval_there(R"(
    (async () => {
      const response = await fetch('data.txt');
      console.log(response.status, await response.text());
      console.log((await (await fetch('/big.bin')).arrayBuffer()).byteLength);
      console.log((await fetch('/missing')).status);
    })();
  )");
  CHECK(outcome.code == 0);
  CHECK(outcome.out == "200 data\n3145728\n404\n");
  CHECK(outcome.err == "");
}

TEST_CASE_FIXTURE(eval_with_node, "a body that the script produces is uploaded") {
  const auto outcome = eval_there(R"(
    let left = 40;
    const body = new ReadableStream({
      pull(controller) {
        if (left-- === 0) return controller.close();
        return new Promise((resolve) => setTimeout(resolve, 1)).then(
            () => controller.enqueue(new Uint8Array(4096).fill(97)));
      },
    });
    fetch('/echo', { method: 'POST', body, duplex: 'half' })
        .then((response) => response.text()).then((text) => console.log(text));
    fetch('/echo', { method: 'POST', body: 'short' })
        .then((response) => response.text()).then((text) => console.log(text));
  )");
  CHECK(outcome.code == 0);
  CHECK(outcome.out.find("echo 163840 aaaaaaaaaa\n") != std::string::npos);
  CHECK(outcome.out.find("echo 5 short\n") != std::string::npos);
  CHECK(outcome.err == "");
}

TEST_CASE_FIXTURE(eval_with_node, "importScripts loads from the network, wherever the host is") {
  CHECK(eval_there("importScripts('library.js', 'data.txt');").code == 1);
  const auto imported = eval_there("importScripts('library.js'); console.log(fromLibrary);");
  CHECK(imported.code == 0);
  CHECK(imported.out == "imported\n");
  const auto elsewhere = eval("importScripts('http://cdn.example/library.js');"
                              "console.log(fromLibrary);",
                              {"--resolve", "cdn.example:127.0.0.1:" + port});
  CHECK(elsewhere.code == 0);
  CHECK(elsewhere.out == "imported\n");
  const auto broken = eval_there("importScripts('broken.js');");
  CHECK(broken.code == 1);
  CHECK(broken.says("SyntaxError"));
  CHECK(broken.says("broken.js:2"));
}

TEST_CASE_FIXTURE(eval_with_node, "a failed fetch is a TypeError, an aborted one an AbortError") {
  const auto outcome = eval(R"(
    (async () => {
      await fetch('http://127.0.0.1:9/').catch((e) => console.log(e.name));
      const controller = new AbortController();
      const fetched = fetch('http://127.0.0.1:9/', { signal: controller.signal });
      controller.abort();
      await fetched.catch((e) => console.log(e.name));
    })();
  )");
  CHECK(outcome.code == 0);
  CHECK(outcome.out == "TypeError\nAbortError\n");
}

TEST_CASE_FIXTURE(eval_with_node, "caches keep what is put, streams from network and script too") {
  const auto outcome = eval_there(R"(
    (async () => {
      const cache = await caches.open('v1');
      await cache.put('/text', new Response('text', { headers: { 'X-A': 'b' } }));
      const hit = await caches.match('/text');
      console.log(await hit.text(), hit.headers.get('x-a'));
      await cache.put('/big', await fetch('/big.bin'));
      console.log((await (await cache.match('/big')).blob()).size);
      let left = 20;
      const made = new ReadableStream({
        async pull(controller) {
          await new Promise((resolve) => setTimeout(resolve, 1));
          if (left-- === 0) controller.close();
          else controller.enqueue(new Uint8Array(1000));
        },
      });
      await cache.put('/made', new Response(made));
      console.log((await (await cache.match('/made')).arrayBuffer()).byteLength);
      console.log((await cache.keys()).length, await caches.has('v2'));
    })();
  )");
  CHECK(outcome.code == 0);
  CHECK(outcome.out == "text b\n3145728\n20000\n3 false\n");
  CHECK(outcome.err == "");
}

TEST_CASE_FIXTURE(eval_fixture, "caches are forgotten, or kept in a directory") {
  const auto script = "caches.keys().then((names) => { console.log(names.join());"
                      " return caches.open('kept'); });";
  const auto temporary = root / "tmp";
  std::filesystem::create_directories(temporary);
  ::setenv("TMPDIR", temporary.c_str(), 1);
  CHECK(eval(script).out == "\n");
  CHECK(eval(script).out == "\n");
  CHECK(std::filesystem::is_empty(temporary));
  ::unsetenv("TMPDIR");
  const auto data = "--data-dir=" + (root / "data");
  CHECK(eval(script, {data}).out == "\n");
  const auto second = eval(script, {data});
  CHECK(second.code == 0);
  CHECK(second.out == "kept\n");
}
