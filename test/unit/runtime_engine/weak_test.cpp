// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "test/unit/runtime_engine/script_runner.hpp"

namespace offstage::test {

namespace {

std::size_t used_after_collection(script_runner& script) {
  duk_gc(script.js().context(), 0);
  duk_gc(script.js().context(), 0);
  return script.js().heap().stats().used_bytes;
}

} // namespace

TEST_CASE("a weak map keeps neither keys nor values, also when a value points to its key") {
  script_runner script;
  script.run("var map = new WeakMap(); function fill(n) { for (var i = 0; i < n; i++) { var k = "
             "{}; map.set(k, { back: k, text: 'x' + new Array(100).join(i) }); } }"
             "fill(10);");
  const auto before = used_after_collection(script);
  script.run("fill(5000);");
  CHECK(used_after_collection(script) < before + (64u << 10));
}

TEST_CASE("weak collections work on frozen keys and refuse what is no object") {
  script_runner script;
  CHECK(script.evaluate(
            "(function () { var k = Object.freeze({}), m = new WeakMap([[k, 5]]), s = new "
            "WeakSet([k]);"
            " return [m.get(k), m.delete(k), m.has(k), s.has(k), s.has({}), m.get(1)].join(); })()")
        == "5,true,false,true,false,");
  CHECK(script.evaluate("new WeakMap().set('text', 1)").find("TypeError") == 0);
}

TEST_CASE("an object that inherits from a key is not that key") {
  script_runner script;
  CHECK(
      script.evaluate(
          "(function () { var k = {}, m = new WeakMap([[k, 1]]), c = Object.create(k); m.set(c, 2);"
          " return [m.get(k), m.get(c), m.has(Object.create(k))].join(); })()")
      == "1,2,false");
}

TEST_CASE("a proxy and what it stands for are different keys") {
  script_runner script;
  CHECK(script.evaluate(
            "(function () { var k = {}, m = new WeakMap(), p = new Proxy(k, {}), q = new Proxy(k, "
            "{});"
            " m.set(p, 1); var alone = [m.get(p), m.has(k), m.has(q)]; m.set(k, 2); m.set(q, 3);"
            " m.set(p, 4); return alone.concat(m.get(p), m.get(k), m.get(q), m.delete(q), m.has(q),"
            " m.get(p)).join(); })()")
        == "1,false,false,4,2,3,true,false,4");
}

TEST_CASE("a proxy may stand for a proxy") {
  script_runner script;
  CHECK(script.evaluate(
            "(function () { var log = [], t = {a: 1}, p = new Proxy(t, { get: function (o, k) {"
            " log.push('get ' + k); return o[k]; }, has: function (o, k) { log.push('has ' + k);"
            " return k in o; }, deleteProperty: function (o, k) { log.push('delete ' + k);"
            " return delete o[k]; }, set: function (o, k, v) { log.push('set ' + k); o[k] = v;"
            " return true; } }), q = new Proxy(p, {}); q.b = 2;"
            " return [q.a, 'b' in q, delete q.a, t.b, Object.keys(t), log].join(); })()")
        == "1,true,true,2,b,set b,get a,has b,delete a");
  CHECK(script.evaluate("(function () { var f = new Proxy(new Proxy(function (x) { return x + 1; },"
                        " {}), {}); return f(1); })()")
        == "2");
}

TEST_CASE("a weak reference lets go and the registry says so once") {
  script_runner script;
  script.run("var registry = new FinalizationRegistry(function (held) { print('gone', held); });"
             "var target = { big: 1 }, other = {}, ref = new WeakRef(target); "
             "registry.register(target, 'target'); registry.register(other, 'other', other);"
             "print(ref.deref() === target); registry.unregister(other);");
  CHECK(script.evaluate("ref.deref() === target") == "true");
  CHECK(script.run("target = null; other = null;") == "gone target\n");
  CHECK(script.run("print(ref.deref());") == "undefined\n");
}

} // namespace offstage::test
