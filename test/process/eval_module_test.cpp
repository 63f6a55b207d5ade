// SPDX-License-Identifier: MIT
#include "test/process/eval_fixture.hpp"

using namespace offstage::test;

namespace {

struct module_fixture : eval_fixture {
  eval_outcome module(std::string_view text, std::vector<std::string> options = {}) const {
    options.push_back("--module");
    options.push_back(write("main.mjs", text));
    return run(options);
  }

  std::string printed(std::string_view text) const {
    const auto outcome = module(text);
    return outcome.code == 0 ? outcome.out : outcome.out + outcome.err;
  }
};

} // namespace

TEST_CASE_FIXTURE(module_fixture, "a module imports all kinds of exports of files beside it") {
  std::filesystem::create_directory(path("lib"));
  write("lib/a.mjs", R"(
    export let n = 1;
    export function up() { n++; }
    export default class Thing {}
    export const { x, y: [z] } = { x: 'x', y: ['z'] };
    const hidden = 'h'; export { hidden as shown, hidden as "any name" };
    export * as inner from '../inner.mjs';
    export * from '../inner.mjs';
  )");
  write("inner.mjs",
        "export const deep = 'deep'; export default 1; export { up } from './lib/a.mjs'");
  CHECK(printed(R"(
    import Thing, { n, up, x, z, shown, "any name" as any, inner, deep } from './lib/a.mjs';
    import * as all from './lib/a.mjs';
    import './lib/a.mjs';
    up();
    console.log(n, all.n, Thing.name, x, z, shown, any, inner.deep, deep);
    console.log(Object.keys(all).join(), Object.prototype.toString.call(all), 'n' in all);
    console.log(Object.getPrototypeOf(all), Object.isExtensible(all), all.missing);
    try { all.n = 5; } catch (e) { console.log(e.name); }
    try { n = 5; } catch (e) { console.log(e.name); }
    console.log(this, typeof Thing);
  )")
        == "2 2 Thing x z h h deep deep\n"
           "any name,deep,default,inner,n,shown,up,x,z [object Module] true\n"
           "null false undefined\nTypeError\nTypeError\nundefined function\n");
}

TEST_CASE_FIXTURE(module_fixture, "modules that import each other see functions, not values") {
  write("b.mjs", R"(
    import { f, value, Klass } from './main.mjs';
    console.log(f());
    for (const read of [() => value, () => Klass, () => d])
      try { read(); } catch (e) { console.log(e.name); }
    import d from './main.mjs';
    export const late = () => value + d;
  )");
  CHECK(printed(R"(
    import { late } from './b.mjs';
    export function f() { return 'hoisted'; }
    export const value = 1;
    export class Klass {}
    export default 40 + 1;
    console.log(late());
  )") == "hoisted\nReferenceError\nReferenceError\nReferenceError\n42\n");
}

TEST_CASE_FIXTURE(module_fixture, "this of a module is undefined wherever it stands") {
  CHECK(printed(R"(
    try { class A { [this.x]() {} } } catch (e) { console.log(e.name); }
    try { new this.x; } catch (e) { console.log(e.name); }
    console.log([(() => this)(), `${this}`, typeof this, this ?? 'none'].join());
  )") == "TypeError\nTypeError\n,undefined,undefined,none\n");
}

TEST_CASE_FIXTURE(module_fixture, "default functions are hoisted and named default") {
  write("a.mjs",
        "import m from './main.mjs'; console.log(m.name, m()); export default async () => 1;");
  write("g.mjs", "export default function* () { yield 1; }");
  CHECK(printed(R"(
    import a from './a.mjs';
    import g from './g.mjs';
    export default function () { return 'early'; }
    console.log(a.name, g.name, [...g()].length);
  )") == "default early\ndefault default 1\n");
}

TEST_CASE_FIXTURE(module_fixture, "a module is evaluated once, after what it imports") {
  write("a.mjs", "console.log('a'); export const a = 1;");
  write("b.mjs", "import './a.mjs'; console.log('b');");
  CHECK(printed("console.log('main'); import './b.mjs'; import './a.mjs'; import './a.mjs?again';"
                "const one = await import('./a.mjs'), two = await import('./a.mjs');"
                "console.log(one === two, one.a);")
        == "a\nb\na\nmain\ntrue 1\n");
}

TEST_CASE_FIXTURE(module_fixture, "top-level await delays who imports, not who does not") {
  write("slow.mjs", "console.log('slow 1'); await new Promise((r) => setTimeout(r, 5));"
                    "console.log('slow 2'); export const slow = 's';");
  write("fast.mjs", "console.log('fast');");
  write("after.mjs", "import { slow } from './slow.mjs'; console.log('after', slow);");
  CHECK(printed("import './after.mjs'; import './fast.mjs'; console.log('main');"
                "for await (const x of [1, Promise.resolve(2)]) console.log(x);")
        == "slow 1\nfast\nslow 2\nafter s\nmain\n1\n2\n");
  const auto stuck = module("await new Promise(() => {});");
  CHECK(stuck.code == 1);
  CHECK(stuck.says("top-level await never settles"));
}

TEST_CASE_FIXTURE(module_fixture, "several files are evaluated one after the other") {
  const auto first = write("1.mjs", "await new Promise((r) => setTimeout(r, 5));"
                                    "globalThis.shared = 1; var mine = 1;");
  const auto second = write("2.mjs", "console.log(shared, typeof mine);");
  const auto classic = write("0.js", "var common = 'c'; let lexical = 'l';");
  CHECK(run({"--module", first, second}).out == "1 undefined\n");
  const auto third = write("3.mjs", "console.log(common, lexical);");
  CHECK(run({classic, "--module", third}).out == "c l\n");
}

TEST_CASE_FIXTURE(module_fixture, "import() gives the namespace, from scripts too") {
  write("a.mjs", "export const a = import.meta.url; throw_if?.(); var throw_if;");
  write("bad.mjs", "throw new RangeError('bad');");
  write("syntax.mjs", "\nlet a a;");
  CHECK(printed(R"(
    const a = await import('./a.mjs');
    const url = new URL('a.mjs', import.meta.url).href;
    console.log(a.a === url, a.a === import.meta.resolve('./a.mjs'));
    for (const specifier of ['./bad.mjs', './bad.mjs', './syntax.mjs', 'bare', 'about:blank'])
      await import(specifier).catch((e) => console.log(e.name));
    const [x, y] = await Promise.allSettled([import('./bad.mjs'), import('./bad.mjs')]);
    console.log(x.reason === y.reason);
    import('./a.mjs').then(() => console.log('later')); console.log('now');
  )")
        == "true "
           "true\nRangeError\nRangeError\nSyntaxError\nTypeError\nTypeError\ntrue\nnow\nlater\n");
  const auto script = eval("import('./a.mjs').then((ns) => console.log(ns.a));",
                           {"--url=https://a.example/x/script.js"});
  CHECK(script.out == "https://a.example/x/a.mjs\n");
}

TEST_CASE_FIXTURE(module_fixture, "what cannot be linked is a SyntaxError where it was asked for") {
  write("a.mjs", "export const a = 1; export * from './b.mjs'; export * from './c.mjs';");
  write("b.mjs", "export const twice = 1;");
  write("c.mjs", "export const twice = 1;");
  const auto missing = module("import { a } from './a.mjs';\nimport { b } from './a.mjs';");
  CHECK(missing.code == 1);
  CHECK(missing.says("main.mjs:2"));
  CHECK(missing.says(
      "SyntaxError: The requested module './a.mjs' does not provide an export named 'b'"));
  CHECK(module("import { twice } from './a.mjs';").says("SyntaxError"));
  CHECK(printed("import * as a from './a.mjs'; console.log('twice' in a);") == "false\n");
  CHECK(module("import './none.mjs';", {"--resolve=eval.example:127.0.0.1:9"}).says("TypeError"));
  CHECK(module("import 'bare';").says("TypeError"));
  write("bad.mjs", "\n\n  let let = 1;");
  CHECK(module("import './bad.mjs';").says("bad.mjs:3:"));
}

TEST_CASE_FIXTURE(module_fixture, "errors of modules have their place") {
  const auto thrown = module("\n\nnull.x;");
  CHECK(thrown.code == 1);
  CHECK(thrown.says("main.mjs:3"));
  const auto late = module("await 1;\nnull.x;");
  CHECK(late.code == 1);
  CHECK(late.says("main.mjs:2"));
  CHECK(module("await 1; addEventListener('error', (e) => { console.log(e.message);"
               " e.preventDefault(); }); throw new Error('mine');")
            .out.find("mine")
        != std::string::npos);
}

TEST_CASE_FIXTURE(module_fixture, "service workers have static imports only") {
  write("dep.mjs", "export const name = 'dep';");
  const std::vector<std::string> options{"--scope=serviceworker"};
  CHECK(module("import { name } from './dep.mjs';"
               "import('./dep.mjs').catch((e) => console.log(name, e.name));"
               "oninstall = () => console.log('install');",
               options)
            .out
        == "dep TypeError\ninstall\n");
  write("awaits.mjs", "await 1;");
  const auto waits = module("import './awaits.mjs'; console.log('never');", options);
  CHECK(waits.code == 1);
  CHECK(waits.out == "");
  CHECK(waits.says("top-level await"));
}
