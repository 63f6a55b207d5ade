// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "runtime/lowering/lowering.hpp"
#include "test/conformance/js_snippets.hpp"
#include "test/unit/runtime_engine/script_runner.hpp"

namespace offstage::test {
namespace {

const std::string folder = OFFSTAGE_CONFORMANCE_FOLDER;

std::string evaluate(const std::string& source) {
  const lowering_result result = lower_script(source);
  if (const auto* error = std::get_if<lowering_error>(&result))
    return "SyntaxError: " + error->message;
  script_runner runner;
  runner.js().hooks().lower = [](std::string_view text, lower_goal) -> lower_result {
    const lowering_result inner = lower_script(text, {lowering_goal::eval, false});
    if (const auto* error = std::get_if<lowering_error>(&inner))
      return {{}, error->message, {}};
    return {std::get<lowered_script>(inner).code, std::nullopt, {}};
  };
  return runner.run(std::get<lowered_script>(result).code);
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
