// SPDX-License-Identifier: MIT
// Programs whose expected output is Node's: fixtures/NAME.js and NAME.txt.
#include <fstream>
#include <iterator>
#include <sstream>

#include <doctest/doctest.h>

#include "test/unit/runtime_engine/script_runner.hpp"

namespace offstage::test {

namespace {

std::string read(const std::string& name) {
  std::ifstream in{OFFSTAGE_FIXTURES "/" + name, std::ios::binary};
  REQUIRE(in.good());
  return {std::istreambuf_iterator<char>{in}, {}};
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in{text};
  for (std::string line; std::getline(in, line);)
    lines.push_back(line);
  return lines;
}

} // namespace

TEST_CASE("programs print what they print in Node") {
  for (const std::string name : {"builtins", "promise", "regexp"}) {
    CAPTURE(name);
    script_runner script;
    const auto printed = lines_of(script.run(read(name + ".js")));
    const auto expected = lines_of(read(name + ".txt"));
    CHECK(printed.size() == expected.size());
    for (std::size_t i = 0; i < std::min(printed.size(), expected.size()); ++i)
      CHECK(printed[i] == expected[i]);
  }
}

} // namespace offstage::test
