// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "test/unit/lowering/lowering_test.hpp"

namespace offstage::test {

TEST_CASE("statements end where the grammar inserts a semicolon") {
  CHECK(lowered("a\nb") == "a;b;");
  CHECK(lowered("a\n++b") == "a;++b;");
  CHECK(lowered("{a}") == "{a;}");
  CHECK(lowered("do;while(a)b") == "do {;}while(a);b;");
  CHECK(is_rejected("a b"));
  CHECK(is_rejected("throw\na"));
}

TEST_CASE("a slash divides behind a value and begins a regular expression elsewhere") {
  CHECK(lowered("a / b / c") == "a / b / c;");
  CHECK(lowered("x = a / /b/.c") == "x=a / /b/.c;");
  CHECK(lowered("if(x)/re/.test(y)") == "if(x){/re/.test(y);}");
}

TEST_CASE("an arrow's parameters are read as an expression first") {
  CHECK(lowered("f((a,b)=>a)") == "f(function (a,b){\"!new\";return a});");
  CHECK(lowered("f(()=>({}))") == "f(function (){\"!new\";return {}});");
  CHECK(lowered("f((a,b),c)") == "f((a,b),c);");
  CHECK(is_rejected("f((a,b)\n=>a)"));
  CHECK(is_rejected("(a,)"));
  CHECK(is_rejected("()"));
  CHECK(is_rejected("1+()=>1"));
  CHECK(is_rejected("((a))=>1"));
}

TEST_CASE("async is a name, a modifier or an arrow's head") {
  CHECK(lowered("async(a)") == "async(a);");
  CHECK(lowered("async\nfunction f(){}") == "async;function f(){return;}");
  CHECK(lowered("f(async x=>x)") == "f(__os_async_function(function (x){\"!new\";return "
            "__os_async(function(){\"!new\";return x})}));");
  CHECK(lowered("f(async(x)=>x)") == "f(__os_async_function(function (x){\"!new\";return "
            "__os_async(function(){\"!new\";return x})}));");
}

TEST_CASE("words are reserved only where the language says so") {
  CHECK(lowered("var let=1,of=2,get=3,async=4,await=5,yield=6,static_=7")
        == "var let=1,of=2,get=3,async=4,await=5,yield=6,static_=7;");
  CHECK(is_rejected("'use strict';var let"));
  CHECK(is_rejected("'use strict';var static"));
  CHECK(is_rejected("function* g(){var yield}"));
  CHECK(is_rejected("async function f(){var await}"));
  CHECK(is_rejected("var cl\\u0061ss"));
}

TEST_CASE("the in operator is not looked for in the head of a for") {
  CHECK(lowered("for(var k in o);") != "");
  CHECK(lowered("for(var i=('a' in o);;)break;") == "for(var i=('a' in o);;){break;}");
  CHECK(lowered("for(var i=[a in b];;)break;") == "for(var i=[(a in b)];;){break;}");
}

TEST_CASE("operators bind as they should") {
  CHECK(lowered("x=a+b*c-d") == "x=a + b * c - d;");
  CHECK(lowered("x=(a+b)*c") == "x=(a + b) * c;");
  CHECK(lowered("x=a-(b-c)") == "x=a - (b - c);");
  CHECK(lowered("x=- -a") == "x=- -a;");
  CHECK(lowered("x=a- --b") == "x=a - --b;");
  CHECK(lowered("x=a**b**c") == "x=(a**(b**c));");
  CHECK(is_rejected("-a**b"));
  CHECK(is_rejected("a?\?b||c"));
  CHECK(is_rejected("a&&b?\?c"));
  CHECK_FALSE(is_rejected("a?\?(b||c)"));
}

TEST_CASE("lexical declarations and functions do not stand alone under a statement") {
  CHECK(is_rejected("if(a)let b"));
  CHECK(is_rejected("while(a)const b=1"));
  CHECK(is_rejected("if(a)class B{}"));
  CHECK(is_rejected("while(a)function f(){}"));
  CHECK(is_rejected("'use strict';if(a)function f(){}"));
  CHECK_FALSE(is_rejected("if(a)function f(){}"));
}

TEST_CASE("jumps need somewhere to go") {
  for (const char* bad : {"break", "continue", "return", "a:{continue a}", "a:a:;",
                          "while(1){(function(){break})}", "x:while(1){function f(){break x}}"})
    CHECK_MESSAGE(is_rejected(bad), bad);
  CHECK_FALSE(is_rejected("a:b:for(;;){continue a}"));
  CHECK_FALSE(is_rejected("a:{break a}"));
}

TEST_CASE("patterns refuse what cannot be assigned") {
  for (const char* bad :
       {"[a+b]=c", "({a:1})=b", "({a})=>1;({a}).b=>1", "[...a,b]=c", "({...{a}}={})", "({a=1})",
        "f({a=1})", "let [a]", "const a", "var {a}", "[...a,]=b", "({a(){}}={})", "1=2", "a()=1",
        "++a()", "a?.b=1", "for(let a=1 of b);", "for(let a,b of c);"})
    CHECK_MESSAGE(is_rejected(bad), bad);
  for (const char* good : {"({a=1}={})", "({a=1})=>a", "[a.b,c[d]]=e", "({a:b.c=1}=d)", "[(a)]=b",
                           "for([a,b] of c);", "for({a=1} of b);", "({a:[b]=[]})=>b"})
    CHECK_MESSAGE(!is_rejected(good), good);
}

TEST_CASE("class bodies follow their own rules") {
  for (const char* bad :
       {"class A{constructor(){}constructor(){}}", "class A{get constructor(){}}",
        "class A{constructor(){super()}}", "class A{#a;#a}", "class A{m(){this.#b}}",
        "class A{static prototype(){}}", "class A{constructor=1}", "class A{m(){super()}}",
        "class A{x=arguments}", "class A{static{await 1}}", "class A extends B{m(){delete x}}",
        "class A{get a(b){}}", "class A{set a(){}}", "class A{#constructor}", "x.#a"})
    CHECK_MESSAGE(is_rejected(bad), bad);
  for (const char* good :
       {"class A{static static(){} get get(){} set set(v){} async async(){} *gen(){} async "
        "*ag(){}}",
        "class A{get;set;static;async;x=1;'y'=2;[z]=3}",
        "class A{#a;get #b(){} set #b(v){} m(){return #a in this}}",
        "class A extends B{constructor(){super();(()=>super.x)()}}", "class A{static{this.x=1}}",
        "class A{#x;m(){class B{n(o){return o.#x}}}}"})
    CHECK_MESSAGE(!is_rejected(good), good);
}

TEST_CASE("private members cannot be deleted and parameters cannot wait") {
  CHECK(is_rejected("class A{#x;m(){delete this.#x}}"));
  CHECK(is_rejected("class A{#x;m(){delete this?.a.#x}}"));
  CHECK(is_rejected("function*g(a=yield){}"));
  CHECK(is_rejected("async function f(a=await 1){}"));
  CHECK(is_rejected("({async m(a=await 1){}})"));
  CHECK_FALSE(is_rejected("function*g(a=function*(){yield 1}){}"));
  CHECK_FALSE(is_rejected("async function f(){async(a=1)=>await a}"));
}

TEST_CASE("modules have declarations that scripts have not") {
  const lowering_options module{lowering_goal::module, false};
  CHECK(is_rejected("import a from 'b'"));
  CHECK(is_rejected("export var a"));
  CHECK(is_rejected("import.meta"));
  CHECK_FALSE(is_rejected("import('a')"));
  CHECK_FALSE(is_rejected("import a,{b as c}from'd';import*as e from'f';import'g'", module));
  CHECK_FALSE(is_rejected(
      "export{a as b};var a;export*from'c';export*as d from'e';export default 1", module));
  CHECK_FALSE(is_rejected("await 1;import.meta.url", module));
  CHECK(is_rejected("export{a}", module));
  CHECK(is_rejected("export var a;export{a}", module));
  CHECK(is_rejected("import{a}from'b';var a", module));
  CHECK(is_rejected("{import a from'b'}", module));
  CHECK(is_rejected("with(a);", module));
  CHECK(is_rejected("<!-- a", module));
}

} // namespace offstage::test
