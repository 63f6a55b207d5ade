// SPDX-License-Identifier: MIT
#include <algorithm>

#include <doctest/doctest.h>

#include "test/unit/lowering/lowering_test.hpp"

namespace offstage::test {

TEST_CASE("what the engine knows stays as it is") {
  CHECK(lowered("var a={b:1,get c(){return 2}},d=[1,,2];")
        == "var a={b:1,get c(){return 2;}},d=[1,,2];");
  CHECK(lowered("try{a}catch(e){b}finally{c}") == "try{a;}catch(e){b;}finally{c;}");
}

TEST_CASE("an optional chain evaluates each part once") {
  CHECK(lowered_in_function("return a?.b") == "var _$1;return ((_$1=a)==null?void 0:_$1.b);");
  CHECK(lowered_in_function("a.b?.(c)")
        == "var _$1,_$2;((_$1=(_$2=a).b)==null?void 0:_$1.call(_$2,c));");
  CHECK(lowered_in_function("delete a?.b") == "var _$1;((_$1=a)==null?true:delete _$1.b);");
}

TEST_CASE("logical assignment assigns only if it must") {
  CHECK(lowered_in_function("a.b||=c") == "var _$1;(_$1=a,_$1.b||(_$1.b=c));");
  CHECK(lowered_in_function("a?\?=b") == "var _$1;((_$1=a)!=null?_$1:(a=b));");
}

TEST_CASE("templates convert as templates do") {
  CHECK(lowered("x=`a${b}c`") == "x=\"a\".concat(b,\"c\");");
  CHECK(lowered("x=`\\`\\u{1f600}\\n\"`") == "x=\"\\`\\ud83d\\ude00\\n\\\"\";");
  CHECK(lowered("x=`a\nb`;\ny") == "x=\"a\\nb\";y;");
}

TEST_CASE("functions take the name of what they are assigned to unless their body means something "
          "else by it") {
  CHECK(lowered_in_function("var a=()=>1") == "var a=function a(){\"!new\";return 1};");
  CHECK(lowered_in_function("var a=()=>a")
        == "var a=__os_name(function (){\"!new\";return a},\"a\");");
}

TEST_CASE("arrow functions use the this and arguments of the function around") {
  CHECK(lowered_in_function("return ()=>[this,arguments]")
        == "var _$this=this,_$args=arguments;return function (){\"!new\";return [_$this,_$args]};");
  CHECK(lowered("f(()=>this)") == "f(function (){\"!new\";return globalThis});");
}

TEST_CASE(
    "parameters beyond the first default are taken from arguments so that length stays right") {
  CHECK(lowered("function f(a,b=1,...c){}")
        == "function f(a){var b,_$1,c;b=(_$1=arguments[1])===void "
           "0?1:_$1;c=__os_rest_parameter(arguments,2);return;}");
}

TEST_CASE("unneeded helpers are not called") {
  const std::string code = lowered("class A{m(){}}new A().m();var [a]=b");
  CHECK(code.find("__os_private") == std::string::npos);
  CHECK(code.find("__os_super") == std::string::npos);
}

TEST_CASE("a module says what it requests and exports") {
  const lowering_result result =
      lower_script("import a,{b as c}from'x';import*as d from'y';export{c as "
                   "e};export*from'x';export default 1;await a",
                   {lowering_goal::module, false});
  REQUIRE(std::holds_alternative<lowered_script>(result));
  const auto& module = std::get<lowered_script>(result);
  CHECK(module.requests == std::vector<std::string>{"x", "y"});
  REQUIRE(module.imports.size() == 3);
  CHECK(module.imports[1].imported == "b");
  CHECK(module.imports[2].imported == "*");
  REQUIRE(module.exports.size() == 3);
  CHECK(module.exports[0].exported == "e");
  CHECK(module.exports[1].request == 0);
  CHECK(module.exports[2].exported == "default");
  CHECK(module.has_top_level_await);
}

} // namespace offstage::test
