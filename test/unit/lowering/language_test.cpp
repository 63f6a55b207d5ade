// SPDX-License-Identifier: MIT
// Lowered programs in the engine: what they do.
#include <doctest/doctest.h>

#include "runtime/lowering/helpers.hpp"
#include "test/unit/lowering/lowering_test.hpp"
#include "test/unit/runtime_engine/script_runner.hpp"

namespace offstage::test {
namespace {

std::string printed(std::string_view source) {
  script_runner runner;
  return runner.run(lowered(source));
}

} // namespace

TEST_CASE("every helper is there") {
  script_runner runner;
  for (const lowering::helper& h : lowering::helpers)
    if (h.name.substr(0, 5) == "__os_")
      CHECK_MESSAGE(runner.evaluate("typeof " + std::string(h.name)) != "undefined", h.name);
}

TEST_CASE("errors tell the line of the source") {
  script_runner runner;
  runner.run(lowered("const a = [\n  1,\n];\nasync function* g() {}\nclass B {\n  #x = 1;\n  m() "
                     "{\n    this.nothing();\n  }\n}\n\nnew B().m();\n"));
  REQUIRE(runner.failed());
  CHECK(runner.error().line == 8);
}

TEST_CASE("coroutines run inside of native callbacks") {
  CHECK(printed("let s='';[1,2].map(async x=>{await "
                "null;s+=x});'ab'.replace(/./g,c=>{(async()=>{await 0;s+=c})();return c});"
                "Promise.resolve().then(()=>{}).then(()=>print(s))")
        == "12ab\n");
  CHECK(printed("function*g(){for(let i=0;;i++)yield i}const "
                "it=g();print([0,0,0].map(()=>it.next().value).join())")
        == "0,1,2\n");
  CHECK(printed("print([3,1,2].sort((a,b)=>{const i=(function*(){yield a-b})();return "
                "i.next().value}).join())")
        == "1,2,3\n");
}

TEST_CASE("a chain of thousands of awaits unwinds") {
  CHECK(printed("async function d(n){return n?1+await d(n-1):0}d(3000).then(v=>print(v))")
        == "3000\n");
}

TEST_CASE("generators return, throw and delegate") {
  CHECK(printed("function*g(){try{yield 1;yield 2}finally{print('f')}}for(const x of "
                "g()){print(x);break}")
        == "1\nf\n");
  CHECK(printed("function*g(){try{yield 1}catch(e){print('no')}}const "
                "i=g();i.next();print(JSON.stringify(i.return(5)))")
        == "{\"value\":5,\"done\":true}\n");
  CHECK(printed(
            "function*a(){try{yield 1}finally{yield 2}}function*b(){yield*a()}const i=b();i.next();"
            "print(JSON.stringify([i.return(7),i.next()]))")
        == "[{\"value\":2,\"done\":false},{\"done\":true}]\n");
  CHECK(printed("function*r(n){if(n){yield*r(n-1);yield n}}print([...r(200)].length)") == "200\n");
}

TEST_CASE("for await closes its iterator and finally runs") {
  CHECK(printed("(async()=>{for await(const x of (async function*(){try{yield 1;yield "
                "2}finally{await null;print('f')}})()){"
                "print(x);break}print('end')})()")
        == "1\nf\nend\n");
}

TEST_CASE("labels work across awaits") {
  CHECK(printed("(async()=>{let s='';a:for(const i of[1,2,3]){for(const j of[1,2]){await "
                "0;if(j===2)continue a;if(i===3)break a;"
                "s+=i}}print(s)})()")
        == "12\n");
}

TEST_CASE("await costs as many microtasks as it should") {
  CHECK(
      printed(
          "const "
          "l=[];(async()=>{l.push('a');await(async()=>{l.push('b')})();l.push('c')})();l.push('d');"
          "Promise.resolve().then(()=>l.push(1)).then(()=>l.push(2)).then(()=>print(l.join('')))")
      == "abdc12\n");
}

TEST_CASE("reads before initialization and writes to constants throw") {
  CHECK(printed("try{a}catch(e){print(e.name)}let a=1;print(a)") == "ReferenceError\n1\n");
  CHECK(printed("function f(){return b}try{f()}catch(e){print(e.name)}const b=2;print(f())")
        == "ReferenceError\n2\n");
  CHECK(printed("const c=1;try{c++}catch(e){print(e.name,c)}") == "TypeError 1\n");
  CHECK(printed("try{new A}catch(e){print(e.name)}class A{}") == "ReferenceError\n");
}

TEST_CASE("each iteration has its own variables") {
  CHECK(printed("const f=[];for(let i=0;i<4;i++){f.push(()=>i);i++}print(f.map(x=>x()).join())")
        == "1,3\n");
  CHECK(printed("const f=[];for(const k of'ab'){function g(){return h()+k}function h(){return "
                "k}f.push(g)}"
                "print(f.map(x=>x()).join())")
        == "aa,bb\n");
  CHECK(printed("const f=[];let i=0;while(i<2){let j=i++;class C{static "
                "v=()=>j}f.push(C)}print(f[0].v(),f[1].v())")
        == "0 1\n");
}

TEST_CASE("functions in blocks are seen where sloppy code sees them") {
  CHECK(printed("print(typeof f);{function f(){}}print(typeof f)") == "undefined\nfunction\n");
  CHECK(printed("'use strict';{print(f());function f(){return 1}}print(typeof f)")
        == "1\nundefined\n");
}

TEST_CASE("classes construct, extend and refuse") {
  CHECK(printed("class A{constructor(){this.n=new.target.name}}class B extends A{}print(new "
                "A().n,new B().n);"
                "try{A()}catch(e){print(e.name)}")
        == "A B\nTypeError\n");
  CHECK(printed("class A extends "
                "Object{constructor(){try{this.x}catch(e){print(e.name)}super();this.x=1}}print("
                "new A().x)")
        == "ReferenceError\n1\n");
  CHECK(
      printed(
          "class A{constructor(){return{v:1}}}class B extends A{w=2}const b=new B();print(b.v,b.w)")
      == "1 2\n");
  CHECK(printed("class A{#x=1;static has(o){return #x in o}get x(){return this.#x}set "
                "x(v){this.#x=v}}const a=new A();a.x+=4;"
                "print(a.x,A.has(a),A.has({}));try{A.prototype.x}catch(e){print(e.name)}")
        == "5 true false\nTypeError\n");
  CHECK(printed("class A{static #n=0;static next(){return ++A.#n}}print(A.next(),A.next())")
        == "1 2\n");
  CHECK(printed("class A{['a'+1](){return 1}static['s']=2;*g(){yield 3}get 'q r'(){return "
                "4}if(){return 5}}const a=new A();"
                "print(a.a1(),A.s,a.g().next().value,a['q r'],a.if(),a.if.name)")
        == "1 2 3 4 5 if\n");
  CHECK(printed("class E extends Error{constructor(m){super(m);this.name='E'}}try{throw new "
                "E('x')}catch(e){"
                "print(e instanceof E,e instanceof Error,String(e))}")
        == "true true E: x\n");
}

TEST_CASE("super reaches accessors with the right this") {
  CHECK(printed("class A{get v(){return this.k}set v(x){this.k=x}}class B extends A{get v(){return "
                "super.v+1}set v(x){super.v=x*2}}"
                "const b=new B();b.v=4;print(b.v,b.k)")
        == "9 8\n");
  CHECK(printed("const o={__proto__:{f(){return this.n}},n:3,f(){return super.f()+1}};print(o.f())")
        == "4\n");
}

TEST_CASE("destructuring takes defaults, rests and computed keys") {
  CHECK(printed("const{a,b:{c=5,...r},...z}={a:1,b:{d:2},y:9};print(a,c,r.d,z.y)") == "1 5 2 9\n");
  CHECK(printed("let a=1,b=2;[a,b]=[b,a];const k='x';const{[k]:v=3}={};print(a,b,v)") == "2 1 3\n");
  CHECK(printed("try{const{a}=null}catch(e){print(e.name)}try{const[a]={}}catch(e){print(e.name)}")
        == "TypeError\nTypeError\n");
}

TEST_CASE("names of functions are what the language says") {
  CHECK(printed("const a=()=>{},b=class{},o={c(){},d:()=>{},['e']:function(){}};let "
                "f;f=function(){};const{g=()=>{}}={};"
                "print([a,b,o.c,o.d,f,g].map(x=>x.name).join())")
        == "a,b,c,d,f,g\n");
}

TEST_CASE("tagged templates keep their strings") {
  CHECK(printed("const t=s=>s;const "
                "f=()=>t`a\\n${1}b`;print(f()===f(),f().raw[0],f().length,Object.isFrozen(f()))")
        == "true a\\n 2 true\n");
}

TEST_CASE("eval completes with the value of its last statement") {
  CHECK(lowered("let a=1;a+1", {lowering_goal::eval, false}).find("__os_lexical")
        == std::string::npos);
}

} // namespace offstage::test
