// SPDX-License-Identifier: MIT
#pragma once

// A node in front of a site in a directory, with data of its own, for tests of the whole program.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "test/support/http_client.hpp"
#include "test/support/node_process.hpp"
#include "test/support/temp_directory.hpp"

namespace offstage::test {

/// Headers of a page that a browser asks for.
inline constexpr std::string_view navigation = "Accept: text/html\r\nSec-Fetch-Mode: navigate\r\n"
                                               "Sec-Fetch-Dest: document\r\n";

struct served_site {
  temp_directory root;

  served_site() { std::filesystem::create_directories(directory()); }

  std::filesystem::path directory() const { return root.path() / "site"; }
  std::filesystem::path data() const { return root.path() / "data"; }

  void write(const std::string& name, std::string_view text) const {
    const auto file = directory() / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream{file, std::ios::binary} << text;
  }

  /// Arguments of a node in front of the directory; the worker is /sw.js.
  std::vector<std::string> arguments(const std::vector<std::string>& more = {}) const {
    return arguments_for(directory().string(), more);
  }

  std::vector<std::string> arguments_for(const std::string& upstream,
                                         const std::vector<std::string>& more = {}) const {
    std::vector<std::string> all{"serve",
                                 "--gateway.port=0",
                                 "--data-dir=" + data().string(),
                                 "--site.upstream=" + upstream,
                                 "--site.origin=https://site.example",
                                 "--site.service-worker=/sw.js"};
    // The suite runs once for every spawn strategy: see strategy_suite() in CMakeLists.txt.
    if (const auto* strategy = std::getenv("OFFSTAGE_TEST_STRATEGY"))
      all.push_back(std::string{"--worker.strategy="} + strategy);
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
};

/// A GET as a client of one of several sites sends it.
inline http_reply get_from(uint16_t port, std::string_view host, std::string_view path) {
  http_client client{port};
  client.send("GET " + std::string{path} + " HTTP/1.1\r\nHost: " + std::string{host} + "\r\n\r\n");
  return client.receive();
}

inline http_reply get(uint16_t port, std::string_view path, std::string_view headers = {}) {
  return http_client{port}.get(path, headers);
}

} // namespace offstage::test
