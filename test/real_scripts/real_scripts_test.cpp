// SPDX-License-Identifier: MIT

// Service workers that nobody here wrote, unmodified: each evaluates; the complete ones install,
// activate, precache and answer with the site gone.

#include <csignal>

#include <doctest/doctest.h>

#include "test/process/serve_fixture.hpp"

using namespace offstage::test;

namespace {

/// A copy of a laid-out site, so that a test may take the site away.
struct real_site : served_site {
  explicit real_site(const std::string& name) {
    std::filesystem::copy(std::filesystem::path{OFFSTAGE_REAL_SCRIPTS} / name, directory(),
                          std::filesystem::copy_options::recursive
                              | std::filesystem::copy_options::overwrite_existing);
  }

  /// The site itself: a node without a worker that serves the directory.
  std::vector<std::string> origin_arguments() const {
    return {"serve", "--gateway.port=0", "--data-dir=" + (root.path() / "origin").string(),
            "--site.upstream=" + directory().string()};
  }
};

/// Whether the worker has all files once it is activated, or fetches them in idle time later.
enum class precaching { at_install, in_idle_time };

void answers_offline(const std::string& name, precaching when = precaching::at_install) {
  CAPTURE(name);
  const real_site site{name};
  node_process origin{site.origin_arguments()};
  const auto upstream = "http://127.0.0.1:" + std::to_string(origin.port());
  {
    node_process node{site.arguments_for(upstream)};
    const auto port = node.port();
    node.wait_for("is activated", std::chrono::seconds{60});
    CHECK(get(port, "/index.html", navigation).body.find("index of " + name) != std::string::npos);
    CHECK(get(port, "/data.json").body.find(name) != std::string::npos);
    if (when == precaching::in_idle_time)
      CHECK(get(port, "/assets/app.js").body.find("console.log") != std::string::npos);
    origin.signal(SIGKILL);
    origin.wait_for_exit();
    CHECK(get(port, "/index.html", navigation).body.find("index of " + name) != std::string::npos);
    CHECK(get(port, "/assets/app.js").body.find("console.log") != std::string::npos);
    CHECK(get(port, "/data.json").body.find(name) != std::string::npos);
    node.signal(SIGTERM);
    CHECK(node.wait_for_exit() == 0);
    CAPTURE(node.output());
    CHECK(node.output().find("uncaught") == std::string::npos);
  }
  node_process again{site.arguments_for(upstream)};
  const auto page = get(again.port(), "/index.html", navigation);
  CHECK(page.body.find("index of " + name) != std::string::npos);
}

void evaluates(const std::string& name) {
  CAPTURE(name);
  const real_site site{name};
  node_process node{site.arguments()};
  const auto port = node.port();
  node.wait_for("is activated", std::chrono::seconds{60});
  CHECK(get(port, "/index.html", navigation).body.find("index of " + name) != std::string::npos);
  CHECK(node.output().find("uncaught") == std::string::npos);
}

} // namespace

TEST_CASE("Workbox generateSW, production build, answers offline") {
  answers_offline("workbox_production");
}

TEST_CASE("Workbox generateSW, development build, answers offline") {
  answers_offline("workbox_development");
}

TEST_CASE("Workbox modules loaded by workbox-sw answer offline") {
  answers_offline("workbox_sw");
}

TEST_CASE("Angular's ngsw-worker answers offline") {
  answers_offline("ngsw", precaching::in_idle_time);
}

TEST_CASE("msw's mockServiceWorker installs and passes requests through") {
  evaluates("msw");
}

TEST_CASE("idb, dexie, localforage and firebase load by importScripts") {
  for (const auto* name : {"idb", "dexie", "localforage", "firebase"})
    evaluates(name);
}
