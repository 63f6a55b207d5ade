// SPDX-License-Identifier: MIT
#include <new>

#include <doctest/doctest.h>

#include "test/unit/runtime_engine/script_runner.hpp"

namespace offstage::test {

namespace {

struct counted {
  explicit counted(int& live) : live_(live) { ++live_; }
  ~counted() { --live_; }
  counted(const counted&) = delete;
  counted& operator=(const counted&) = delete;
  int& live_;
};

int& live_of(duk_context* ctx) {
  duk_push_global_stash(ctx);
  duk_get_prop_string(ctx, -1, "live");
  auto* live = static_cast<int*>(duk_get_pointer(ctx, -1));
  duk_pop_2(ctx);
  return *live;
}

js_result<int> failing(duk_context* ctx) {
  const counted object{live_of(ctx)};
  if (auto text = to_utf8(ctx, 0); !text)
    return text.error();
  if (duk_get_top(ctx) > 1)
    throw std::bad_alloc{};
  return js_error::type("no");
}

void define_failing(script_runner& script, int& live) {
  REQUIRE(protect(script.js().context(), 0, [&](duk_context* ctx) {
    duk_push_global_stash(ctx);
    duk_push_pointer(ctx, &live);
    duk_put_prop_string(ctx, -2, "live");
    push_native(ctx, {"failing", native<failing>, 1});
    duk_put_global_string(ctx, "failing");
  }));
}

} // namespace

TEST_CASE("what a native owns is destroyed however it fails") {
  int live = 0;
  script_runner script;
  define_failing(script, live);
  CHECK(script.evaluate("failing('x')") == "TypeError: no");
  CHECK(script.evaluate("failing('x', 1)") == "RangeError: out of memory");
  CHECK(script.evaluate("failing({ toString: function () { throw new URIError('mine'); } })")
        == "URIError: mine");
  CHECK(live == 0);
}

TEST_CASE("a native has the name and length it was given, and neither shows up in a loop") {
  int live = 0;
  script_runner script;
  define_failing(script, live);
  CHECK(script.evaluate("[failing.name, failing.length, Object.keys(failing).length].join()")
        == "failing,1,0");
}

TEST_CASE("a callback that the host calls has its microtasks run before the next") {
  script_runner script;
  script.run("function first() { print('first'); Promise.resolve().then(function () { print('its "
             "microtask'); }); }"
             "function second() { print('second'); }");
  auto* ctx = script.js().context();
  const stack_guard guard{ctx};
  for (const auto* name : {"first", "second"}) {
    duk_get_global_string(ctx, name);
    duk_push_undefined(ctx);
    CHECK(script.js().call(ctx, 0));
  }
}

TEST_CASE("bytecode of a script runs as the script does") {
  script_runner script;
  std::vector<std::byte> bytecode;
  auto* ctx = script.js().context();
  const stack_guard guard{ctx};
  REQUIRE(compile_script(script.js(), {"var made = 6 * 7;", "cached.js"}, bytecode));
  REQUIRE(evaluate_bytecode(script.js(), bytecode));
  CHECK(script.evaluate("made") == "42");
}

} // namespace offstage::test
