// SPDX-License-Identifier: MIT
// Lowered programs in the engine: what they do.
#include <doctest/doctest.h>

#include "runtime/lowering/helpers.hpp"
#include "test/unit/lowering/lowered_runner.hpp"
#include "test/unit/lowering/lowering_test.hpp"

namespace offstage::test {
namespace {

std::string printed(std::string_view source) {
  return lowered_runner{}.run_source(source);
}

} // namespace

TEST_CASE("every helper is there") {
  script_runner runner;
  for (const lowering::helper& h : lowering::helpers)
    if (h.name.substr(0, 5) == "__os_")
      CHECK_MESSAGE(runner.evaluate("typeof " + std::string(h.name)) != "undefined", h.name);
}

TEST_CASE("errors tell the place in the source") {
  const auto place = [](std::string_view source) {
    return lowered_runner{}.place_of_error(source);
  };
  CHECK(place("const a = [\n  1,\n];\nasync function* g() {}\nclass B {\n  #x = 1;\n  m() "
              "{\n    this.nothing();\n  }\n}\n\nnew B().m();\n")
        == "8:10");
  CHECK(place("let a;\n a.b.c;") == "2:4");
  CHECK(place("let a = {};\nf(1,\n  a.b.c, 2); function f() {}") == "3:7");
  CHECK(place("let a = {}; 1 + a.x.y + 2;") == "1:21");
  CHECK(place("  missing;") == "1:3");
  CHECK(place("let x = 1 + missing;") == "1:13");
  CHECK(place("(() => { throw new Error('x'); })();") == "1:16");
  CHECK(place("const f = async () => {}; f(); let o = { m() {\n\n return null.x } };\no.m()")
        == "3:14");
  CHECK(place("'\xf0\x9f\x98\x80'; null.x;") == "1:12");
  CHECK(place("{ x; let x; }") == "1:3");
  CHECK(place("const c = 1;\n  c = 2;") == "2:3");
  CHECK(place("for (const x of [1])\n  x.y.z;") == "2:7");
  CHECK(place("let [a] = [];\nlet { b } = a;") == "2:7");
  CHECK(place("class A { constructor() { null.x } }\nnew A;") == "1:32");
  CHECK(place("`${null.x}`;") == "1:9");
  CHECK(place("a\n  ?.b; var a = 1, c = a?.b.c;") == "2:28");
}

TEST_CASE("stacks have the places of all frames") {
  CHECK(printed("function outer() {\n  inner(1,\n    2);\n}\nfunction inner() { print(new "
                "Error('e').stack); return 1; }\nouter();")
        == "Error: e\n    at inner (test.js:5:26)\n    at outer (test.js:2:3)\n    at global "
           "(test.js:6:1)\n");
}

TEST_CASE("a call behind return is a frame as well") {
  CHECK(printed("function a() { return b(); }\nfunction b() { return new Error('e').stack; }\n"
                "print(a().split('\\n').length)")
        == "4\n");
}

TEST_CASE("functions give their source text") {
  const auto text = [](const std::string& expression) {
    return printed("print((" + expression + ").toString())");
  };
  for (const std::string source :
       {"function  f ( a ) { /* c */ }", "async  function () { await 1 }", "function* g(){yield}",
        "( a , b ) => a + b", "async x => x", "x => ({ x })", "class  A extends  Object { x = 1 }",
        "class { constructor ( ) { } m() {} }", "() => () => {}", "function () { return () => 1 }"})
    CHECK(text(source) == source + "\n");
  CHECK(text("(() => { function inner ( ) { } return inner })()") == "function inner ( ) { }\n");
  CHECK(text("{ async  * m ( a ) { } }.m") == "async  * m ( a ) { }\n");
  CHECK(text("{ [ 'a' + 1 ] ( ) { } }.a1") == "[ 'a' + 1 ] ( ) { }\n");
  CHECK(text("class { static  async  m ( ) { } }.m") == "async  m ( ) { }\n");
  CHECK(text("Object.getOwnPropertyDescriptor({ get  x ( ) { return 1 } }, 'x').get")
        == "get  x ( ) { return 1 }\n");
  CHECK(text("new Function('a', 'b', 'return a')") == "function anonymous(a,b\n) {\nreturn a\n}\n");
  CHECK(text("eval('1; ( a ) => a')") == "( a ) => a\n");
  CHECK(text("(0, eval)('( a ) => a')") == "( a ) => a\n");
  CHECK(text("Array.prototype.map") == "function map() { [native code] }\n");
  CHECK(text("(function f() {}).bind()") == "function () { [native code] }\n");
  CHECK(printed("try { Function.prototype.toString.call({}) } catch (e) { print(e.name) }")
        == "TypeError\n");
}

TEST_CASE("only functions made to construct are constructors") {
  CHECK(printed("for (const f of [() => 1, async function () {}, function* () {}, { m() {} }.m,"
                " class { static m() {} }.m, async () => {}, { ['x' + 1]() {} }.x1,"
                " Object.getOwnPropertyDescriptor({ get a() {} }, 'a').get])"
                " try { new f; print('made') } catch (e) {"
                " if (!(e instanceof TypeError)) print(e) }")
        == "");
  CHECK(printed("print(Reflect.ownKeys((a) => 1).join(), Reflect.ownKeys(function f() {"
                "'use strict' }).sort().join(), Reflect.ownKeys(class { static x() {} }).sort()"
                ".join())")
        == "length length,name,prototype length,name,prototype,x\n");
}

TEST_CASE("each kind of function has its constructor") {
  CHECK(
      printed("const kind = (f) => [Object.prototype.toString.call(f), f.constructor.name].join();"
              "print(kind(async () => {}), kind(async function () {}), kind(function* () {}),"
              " kind(async function* () {}), kind({ async m() {} }.m));"
              "const G = (function* () {}).constructor; print([...G('a', 'yield a; yield 2')(1)]);"
              "const A = (async () => {}).constructor; A('return await 3')().then(print);")
      == "[object AsyncFunction],AsyncFunction [object AsyncFunction],AsyncFunction "
         "[object GeneratorFunction],GeneratorFunction "
         "[object AsyncGeneratorFunction],AsyncGeneratorFunction "
         "[object AsyncFunction],AsyncFunction\n1,2\n3\n");
}

TEST_CASE("eval lowers, however it is called") {
  CHECK(printed("let a = 1; print(eval('let b = a + 1; `${b}`'), typeof b);"
                "print((0, eval)('typeof a'), globalThis.eval('[...\"xy\"].length'));"
                "(() => { eval('var c = 3'); print(c) })();"
                "try { eval('let let = 1') } catch (e) { print(e.name) }"
                "print(eval(5), [1].map(eval).join(), eval(...['1 + 1']))")
        == "2 undefined\nnumber 2\n3\nSyntaxError\n5 1 2\n");
}

TEST_CASE("strings of one statement may have the wide line ends") {
  CHECK(printed("print(eval('\"\xe2\x80\xa8\"').length, eval('\\'\xe2\x80\xa9\\'').length)")
        == "1 1\n");
}

TEST_CASE("a variable is dead until its declaration, wherever that stands") {
  const auto dies = [](const std::string& source) {
    CHECK_MESSAGE(printed("try { " + source + "; print('lives') } catch (e) { print(e.name) }")
                      == "ReferenceError\n",
                  source);
  };
  dies("switch (1) { case 0: let z; case 1: z = 1 }");
  dies("switch (1) { case 0: let z; case 1: (() => z)() }");
  dies("(function (a = b, b) {})()");
  dies("(function (a = () => b, c = a(), b = 1) {})()");
  dies("(async (a = b, b) => {}); (function ({ x = y }, y = 1) {})({})");
  CHECK(printed("switch (0) { case 0: let z = 5; print(z) } (function (a, b = a) { print(b) })(7);"
                "(function (a = () => b, b = 2) { print(a()) })()")
        == "5\n7\n2\n");
}

TEST_CASE("functions are named after where they are stored") {
  CHECK(printed("const o = { ['x' + 1]: () => {}, 'a b': () => {}, 2: class {}, [Symbol('s')]: 1,"
                " ['c' + 1]: class { static name = 'own' } };"
                "class A { 'q r' = () => {}; ['k' + 1] = () => {}; static ['s' + 1] = class {} }"
                "const a = new A;"
                "print(o.x1.name, o['a b'].name, o[2].name, o.c1.name, a['q r'].name, a.k1.name,"
                " A.s1.name)")
        == "x1 a b 2 own q r k1 s1\n");
}

TEST_CASE("arguments are not tied to parameters that are more than names") {
  CHECK(printed("print((function (a, b = 1) { arguments[0] = 2; return a })(1),"
                " (function (a) { arguments[0] = 2; return a })(1))")
        == "1 2\n");
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
