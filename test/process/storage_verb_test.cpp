// SPDX-License-Identifier: MIT
#include <filesystem>

#include <doctest/doctest.h>

#include "test/process/eval_fixture.hpp"
#include "test/process/serve_fixture.hpp"

using namespace offstage::test;

namespace {

constexpr std::string_view worker = R"(
self.addEventListener('install', (event) => event.waitUntil(
    caches.open('pages').then((cache) => cache.put('/kept', new Response('kept "text"')))));
self.addEventListener('fetch', (event) => event.respondWith(new Response('from the worker')));
)";

struct stored_site : served_site {
  stored_site() { write("sw.js", worker); }

  std::string directory_of_data() const { return data().string(); }

  void fill() const {
    node_process node{arguments()};
    const auto port = node.port();
    node.wait_for("is activated");
    CHECK(get(port, "/").body == "from the worker");
    node.signal(SIGTERM);
    CHECK(node.wait_for_exit() == 0);
  }

  eval_outcome storage(const std::vector<std::string>& words) const {
    return shell.run_verb("storage", words);
  }

  eval_fixture shell;
};

} // namespace

TEST_CASE_FIXTURE(stored_site, "a data directory can be checked, counted and written out") {
  fill();
  const auto checked = storage({"check", directory_of_data()});
  CHECK(checked.code == 0);
  CHECK(checked.out.find("nothing is wrong") != std::string::npos);
  CHECK(checked.out.find("entries          1") != std::string::npos);
  const auto counted = storage({"stats", directory_of_data()});
  CHECK(counted.code == 0);
  CHECK(counted.out.find("https://site.example: 1 registrations, 1 caches") != std::string::npos);
  const auto written = storage({"export", directory_of_data()});
  CHECK(written.code == 0);
  CHECK(written.out.find(R"({"kind":"registration","origin":"https://site.example")")
        != std::string::npos);
  CHECK(written.out.find(R"("name":"pages")") != std::string::npos);
  CHECK(written.out.find(R"("body":"kept \"text\"")") != std::string::npos);
  CHECK(written.out.find(R"({"kind":"script","sha256":")") != std::string::npos);
}

TEST_CASE_FIXTURE(stored_site, "a started worker leaves the artifact of its script") {
  if (std::getenv("OFFSTAGE_TEST_STRATEGY") != nullptr)
    return;
  fill();
  const auto counted = storage({"check", directory_of_data()});
  CHECK(counted.out.find("artifacts        1") != std::string::npos);
}

TEST_CASE_FIXTURE(stored_site, "a directory that a node uses is refused") {
  node_process node{arguments()};
  node.port();
  const auto refused = storage({"check", directory_of_data()});
  CHECK(refused.code == 3);
  CHECK(refused.says("is in use by another process"));
}

TEST_CASE_FIXTURE(stored_site, "what is no data directory is refused by name and left alone") {
  const auto missing = storage({"check", shell.path("missing")});
  CHECK(missing.code == 3);
  CHECK(missing.says("missing is not a directory"));
  std::filesystem::create_directory(shell.path("empty"));
  const auto empty = storage({"stats", shell.path("empty")});
  CHECK(empty.code == 3);
  CHECK(empty.says("empty holds no data of Offstage"));
  CHECK(std::filesystem::is_empty(shell.path("empty")));
}

TEST_CASE_FIXTURE(stored_site, "wrong words get the usage") {
  CHECK(storage({}).code == 2);
  CHECK(storage({"check"}).code == 2);
  const auto unknown = storage({"mend", directory_of_data()});
  CHECK(unknown.code == 2);
  CHECK(unknown.says("'mend' is not check, stats or export"));
  const auto help = storage({"--help"});
  CHECK(help.code == 0);
  CHECK(help.out.find("usage: offstage storage check|stats|export DIR") != std::string::npos);
}
