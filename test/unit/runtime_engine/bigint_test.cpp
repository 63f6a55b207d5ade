// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "runtime/engine_limits.hpp"
#include "runtime/natives/big_integer.hpp"
#include "test/unit/runtime_engine/script_runner.hpp"

namespace offstage::test {

namespace {

std::string computed(int operation, const std::string& x, const std::string& y) {
  big_integer result;
  const auto failed =
      big_integer::operate(operation, *big_integer::parse(x), *big_integer::parse(y), result);
  return failed == big_error::none ? result.text(10).substr(0, 30) : "error";
}

} // namespace

TEST_CASE("integers of any size divide towards zero and shift towards minus infinity") {
  CHECK(computed('/', "-36893488147419103233", "2") == "-18446744073709551616");
  CHECK(computed('%', "-36893488147419103233", "2") == "-1");
  CHECK(computed('r', "-36893488147419103233", "1") == "-18446744073709551617");
  CHECK(computed('l', "-1", "70") == "-1180591620717411303424");
  CHECK(computed('r', "-5", "1000000000000") == "-1");
  CHECK(computed('/', "1", "0") == "error");
  CHECK(computed('e', "2", "-1") == "error");
}

TEST_CASE("bitwise operations see the two's complement") {
  CHECK(computed('&', "-1180591620717411303424", "1180591620717411303429")
        == "1180591620717411303424");
  CHECK(computed('|', "-1180591620717411303424", "5") == "-1180591620717411303419");
  CHECK(computed('^', "-1", "1180591620717411303424") == "-1180591620717411303425");
}

TEST_CASE("a number too large for the limit is an error, however it would come about") {
  const auto bits = std::to_string(bigint_bits_max);
  CHECK(computed('l', "1", bits) == "error");
  CHECK(computed('e', "2", bits) == "error");
  CHECK(computed('l', "0", bits) == "0");
  CHECK(computed('e', "-1", "1000000000000000000001") == "-1");
}

TEST_CASE("conversion to double rounds to nearest, ties to even") {
  CHECK(big_integer::parse("9007199254740993")->to_double() == 9007199254740992.0);
  CHECK(big_integer::parse("9007199254740995")->to_double() == 9007199254740996.0);
  CHECK(big_integer::parse("-36893488147419107329")->to_double() == -36893488147419111424.0);
  CHECK(big_integer::from_double(1e22).text(10) == "10000000000000000000000");
}

TEST_CASE("the engine's operators know BigInt") {
  script_runner script;
  CHECK(script.evaluate("typeof BigInt(1)") == "bigint");
  CHECK(script.evaluate("BigInt(1) === BigInt('0x1')") == "true");
  CHECK(script.evaluate("String(BigInt('99999999999999999999') * BigInt(-3) - BigInt(7))")
        == "-300000000000000000004");
  CHECK(script.evaluate("[BigInt(2) > 1, BigInt(1) == '1', BigInt(0) ? 1 : 2].join()")
        == "true,true,2");
  CHECK(script.evaluate("(function () { var o = {a: BigInt(5)}; return [o.a++, --o.a].join(); })()")
        == "5,5");
  CHECK(script.evaluate("BigInt(1) + 1").find("TypeError") == 0);
  CHECK(script.evaluate("+BigInt(1)").find("TypeError") == 0);
  CHECK(script.evaluate("JSON.stringify(BigInt(1))").find("TypeError") == 0);
  CHECK(script.evaluate("({1: 'one'})[BigInt(1)]") == "one");
}

TEST_CASE("natives are not constructors and inherit from Function.prototype") {
  script_runner script;
  CHECK(script.evaluate("Object.getPrototypeOf(Map.prototype.get) === Function.prototype")
        == "true");
  CHECK(script.evaluate("new (new Map()).get(1)").find("TypeError") == 0);
  CHECK(script.evaluate("Object.getOwnPropertyNames(function f() { 'use strict'; }).sort().join()")
        == "length,name,prototype");
}

} // namespace offstage::test
