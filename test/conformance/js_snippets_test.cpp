// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "test/conformance/js_snippets.hpp"
#include "test/unit/lowering/lowered_runner.hpp"

namespace offstage::test {
namespace {

const std::string folder = OFFSTAGE_CONFORMANCE_FOLDER;

std::string evaluate(const std::string& source) {
  return lowered_runner{}.run_source(source);
}

} // namespace

TEST_CASE("the snippets of modern JavaScript pass but for those listed") {
  const std::vector<snippet> snippets = read_snippets(folder, evaluate);
  REQUIRE(snippets.size() == 106);
  std::set<std::string> expected = read_expected_failures(folder);
  for (const snippet& s : snippets) {
    CAPTURE(s.name);
    const bool expected_to_fail = expected.erase(s.name) != 0;
    // A pass of a listed snippet is an error too: take it off the list.
    CHECK(passes(s, evaluate) != expected_to_fail);
  }
  CHECK_MESSAGE(expected.empty(), "the list names snippets that do not exist");
}

} // namespace offstage::test
