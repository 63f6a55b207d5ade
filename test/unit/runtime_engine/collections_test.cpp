// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "test/unit/runtime_engine/script_runner.hpp"

namespace offstage::test {

TEST_CASE("an iterator goes on where it was though the map grew, shrank and was compacted") {
  script_runner script;
  CHECK(script.run(
            "var m = new Map(), i; for (i = 0; i < 100; i++) m.set('k' + i, i);"
            "var it = m.values(); for (i = 0; i < 50; i++) it.next();"
            "for (i = 0; i < 60; i++) m.delete('k' + i);"
            "for (i = 100; i < 1000; i++) m.set('k' + i, i);"
            "var rest = []; for (var r = it.next(); !r.done; r = it.next()) rest.push(r.value);"
            "print(rest[0], rest.length, rest[rest.length - 1], m.size);"
            "m.set('again', 1); print(it.next().done);")
        == "60 940 999 940\ntrue\n");
}

TEST_CASE("a map that cannot grow stays as it was") {
  script_runner script{8u << 20};
  CHECK(script.evaluate("(function () { var m = new Map(), n = 0; try { for (;;) { m.set('key ' + "
                        "n, n); n++; } } catch (e) {}"
                        " return m.size === n && m.get('key 0') === 0 && !m.has('key ' + n); })()")
        == "true");
}

TEST_CASE("numbers, strings and objects are told apart as keys") {
  script_runner script;
  CHECK(script.evaluate(
            "(function () { var o = {}; var m = new Map([[1, 'a'], ['1', 'b'], [true, 'c'], [null, "
            "'d'], [undefined, 'e'], [o, 'f'], [Symbol.iterator, 'g'], [1.5, 'h']]);"
            " return [m.get(1), m.get('1'), m.get(true), m.get(null), m.get(undefined), m.get(o), "
            "m.get(Symbol.iterator), m.get(3 / 2), m.get({})].join(''); })()")
        == "abcdefgh");
}

} // namespace offstage::test
