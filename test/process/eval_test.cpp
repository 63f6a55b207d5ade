// SPDX-License-Identifier: MIT
#include "test/process/eval_fixture.hpp"

#include <sys/stat.h>

using namespace offstage::test;

namespace {

constexpr int done = 0;
constexpr int uncaught = 1;
constexpr int usage = 2;
constexpr int time_limit = 3;
constexpr int memory_limit = 4;

} // namespace

TEST_CASE_FIXTURE(eval_fixture, "a script that prints exits with 0") {
  const auto outcome = eval("console.log('hello', [1, 2]); console.error('aside');");
  CHECK(outcome.code == done);
  CHECK(outcome.out == "hello [ 1, 2 ]\n");
  CHECK(outcome.err == "aside\n");
}

TEST_CASE_FIXTURE(eval_fixture, "the standard input is a file, too") {
  write("stdin", "console.log(location.href); null.x;");
  const auto outcome = run({"-"});
  CHECK(outcome.code == uncaught);
  CHECK(outcome.out == "https://eval.example/stdin\n");
  CHECK(outcome.err.starts_with("stdin:1:34: Uncaught TypeError"));
}

TEST_CASE_FIXTURE(eval_fixture, "scripts share one global with its lexical declarations") {
  const auto first = write("first.js", "'use strict'; let a = 1; const b = 2; class C {} "
                                       "function f() { return a + b; }");
  const auto second = write("second.js", "a = 5; undeclared = 1; "
                                         "console.log(f(), typeof C);");
  const auto outcome = run({first, second});
  CHECK(outcome.code == done);
  CHECK(outcome.out == "7 function\n");
  CHECK(outcome.err == "");
}

TEST_CASE_FIXTURE(eval_fixture, "microtasks come before timers, and timers in order of time") {
  const auto outcome = eval(R"(
    setTimeout(() => console.log('later'), 20);
    setTimeout(() => console.log('soon'), 0);
    Promise.resolve().then(() => console.log('microtask'));
    console.log('script');
  )");
  CHECK(outcome.code == done);
  CHECK(outcome.out == "script\nmicrotask\nsoon\nlater\n");
}

TEST_CASE_FIXTURE(eval_fixture, "microtasks of a script run before the next script") {
  const auto first = write("1.js", "Promise.resolve().then(() => console.log('microtask'));");
  const auto second = write("2.js", "console.log('second');");
  CHECK(run({first, second}).out == "microtask\nsecond\n");
}

TEST_CASE_FIXTURE(eval_fixture, "an uncaught error ends the run with its place and stack") {
  const auto outcome = eval("\nfunction f() {\n  throw new RangeError('no');\n}\n"
                            "setTimeout(() => console.log('never'), 0);\nf();\n");
  CHECK(outcome.code == uncaught);
  CHECK(outcome.out == "");
  CHECK(outcome.err.starts_with(path("script.js") + ":3:9: Uncaught RangeError: no\n"));
  CHECK(outcome.says("at f (" + path("script.js") + ":3:9)"));
  CHECK(outcome.says(path("script.js") + ":6:1)"));
}

TEST_CASE_FIXTURE(eval_fixture, "tasks run on after an uncaught error in one of them") {
  const auto outcome = eval("setTimeout(() => { throw new Error('first'); }, 0);"
                            "setTimeout(() => console.log('second'), 1);");
  CHECK(outcome.code == uncaught);
  CHECK(outcome.out == "second\n");
  CHECK(outcome.says("first"));
}

TEST_CASE_FIXTURE(eval_fixture, "scripts after one that threw do not run") {
  const auto first = write("1.js", "throw new Error('first');");
  const auto second = write("2.js", "console.log('second');");
  const auto outcome = run({first, second});
  CHECK(outcome.code == uncaught);
  CHECK(outcome.out == "");
}

TEST_CASE_FIXTURE(eval_fixture, "an error that a listener cancels is no uncaught error") {
  const auto outcome = eval("addEventListener('error', (e) => { console.log(e.message);"
                            " e.preventDefault(); }); throw new Error('mine');");
  CHECK(outcome.code == done);
  CHECK(outcome.out.find("mine") != std::string::npos);
  CHECK(outcome.err == "");
}

TEST_CASE_FIXTURE(eval_fixture, "a rejection that nobody handles is an uncaught error") {
  const auto outcome = eval("\nasync function f() {\n  await 1;\n  throw new TypeError('async');\n"
                            "}\nf();\n");
  CHECK(outcome.code == uncaught);
  CHECK(outcome.err.starts_with(path("script.js") + ":4:9: Uncaught TypeError: async\n"));
}

TEST_CASE_FIXTURE(eval_fixture, "values that are no errors are told when nobody catches them") {
  const auto outcome = eval("throw 'just text';");
  CHECK(outcome.code == uncaught);
  CHECK(outcome.says("just text"));
}

TEST_CASE_FIXTURE(eval_fixture, "a syntax error has line and column of the source") {
  const auto outcome = eval("let fine = 1;\nlet a = ;\n");
  CHECK(outcome.code == uncaught);
  CHECK(outcome.err.starts_with(path("script.js") + ":2:9: Uncaught SyntaxError: "));
}

TEST_CASE_FIXTURE(eval_fixture, "an endless loop ends at the time limit") {
  const auto outcome = eval("console.log('before'); for (;;) {}", {"--time-limit=0.3"});
  CHECK(outcome.code == time_limit);
  CHECK(outcome.out == "before\n");
  CHECK(outcome.says("time limit"));
}

TEST_CASE_FIXTURE(eval_fixture, "a script that cannot be caught by itself ends at the limit") {
  CHECK(eval("for (;;) { try { for (;;) {} } catch (e) {} }", {"--time-limit", "0.3"}).code
        == time_limit);
  CHECK(eval("setInterval(() => {}, 10);", {"--time-limit", "0.3"}).code == time_limit);
}

TEST_CASE_FIXTURE(eval_fixture, "a script that needs too much memory ends at the memory limit") {
  const auto outcome =
      eval("const all = []; for (;;) all.push(new Array(1000).fill('x'));", {"--memory-limit=16"});
  CHECK(outcome.code == memory_limit);
  CHECK(outcome.says("memory limit"));
  CHECK(eval("const all = []; for (;;) try { all.push('x'.repeat(1e5) + all.length); } catch {}",
             {"--memory-limit=16"})
            .code
        == memory_limit);
}

TEST_CASE_FIXTURE(eval_fixture, "a line of output is whole, however long it is") {
  const auto outcome = eval("console.log('x'.repeat(100000)); console.error('y'.repeat(100000));");
  CHECK(outcome.code == 0);
  CHECK(outcome.out == std::string(100'000, 'x') + "\n");
  CHECK(outcome.err == std::string(100'000, 'y') + "\n");
}

TEST_CASE_FIXTURE(eval_fixture, "limits say where the script was") {
  const std::vector<std::string> time{"--time-limit=0.3"};
  const auto looped = eval("\nfor (;;)\n  isNaN(1);", time);
  CHECK((looped.says("script.js:3:3: the time limit is over")
         || looped.says("script.js:2:1: the time limit is over")));
  CHECK(eval("\nfunction f() { Promise.resolve().then(f); }\nf();", time).says("script.js:2:16: "));
  CHECK(eval("(async () => {\n  for (;;) await 1;\n})();", time).says("script.js:2:"));
  const std::vector<std::string> memory{"--memory-limit=16"};
  const auto full =
      eval("\nconst all = [];\nfor (;;) all.push(new Array(1000).fill('x'));", memory);
  CHECK(full.code == memory_limit);
  CHECK(full.says("script.js:3:"));
}

TEST_CASE_FIXTURE(eval_fixture, "close() ends the script's tasks, not its own") {
  const auto outcome = eval("setTimeout(() => console.log('never'), 0);"
                            "Promise.resolve().then(() => console.log('microtask'));"
                            "close(); console.log('after');");
  CHECK(outcome.code == done);
  CHECK(outcome.out == "after\nmicrotask\n");
}

TEST_CASE_FIXTURE(eval_fixture, "the default scope is that of a dedicated worker") {
  const auto outcome = eval(R"(
    console.log(self instanceof DedicatedWorkerGlobalScope, String(self));
    for (const name of ['ServiceWorkerGlobalScope', 'clients', 'registration', 'skipWaiting',
                        'FetchEvent', 'oninstall'])
      if (name in self) console.log('has', name);
    addEventListener('install', () => console.log('never'));
    console.log(location.href, origin, isSecureContext, typeof caches, typeof fetch);
  )");
  CHECK(outcome.code == done);
  CHECK(outcome.out
        == "true [object DedicatedWorkerGlobalScope]\n"
           "https://eval.example/script.js https://eval.example true object function\n");
}

TEST_CASE_FIXTURE(eval_fixture, "a service worker gets its install event after the scripts") {
  const auto first = write("1.js", R"(
    addEventListener('install', (event) => event.waitUntil((async () => {
      console.log('install', event instanceof InstallEvent || event instanceof ExtendableEvent);
      await new Promise((resolve) => setTimeout(resolve, 5));
      await skipWaiting();
      console.log((await clients.matchAll()).length, registration.scope);
    })()));
    addEventListener('activate', () => console.log('never'));
  )");
  const auto second = write("2.js", "console.log('second');");
  const auto outcome =
      run({"--scope=serviceworker", "--url=https://a.example/x/sw.js", first, second});
  CHECK(outcome.code == done);
  CHECK(outcome.out == "second\ninstall true\n0 https://a.example/x/\n");
  CHECK(outcome.err == "");
}

TEST_CASE_FIXTURE(eval_fixture, "an installation that fails is an uncaught error") {
  const std::vector<std::string> options{"--scope=serviceworker"};
  const auto rejected =
      eval("oninstall = (e) => e.waitUntil(Promise.reject(new Error('x')));", options);
  CHECK(rejected.code == uncaught);
  CHECK(rejected.says("install failed"));
  CHECK(rejected.says("Error: x"));
  const auto stuck = eval("oninstall = (e) => e.waitUntil(new Promise(() => {}));", options);
  CHECK(stuck.code == uncaught);
  CHECK(stuck.says("never settles"));
}

TEST_CASE_FIXTURE(eval_fixture, "usage errors say what is wrong") {
  CHECK(run({}).code == usage);
  CHECK(run({"--help"}).code == done);
  CHECK(run({path("missing.js")}).says("missing.js"));
  for (const auto* wrong : {"--scope=window", "--url=about:blank", "--time-limit=0",
                            "--memory-limit=1", "--resolve=host", "--nothing"}) {
    CAPTURE(wrong);
    CHECK(eval("", {wrong}).code == usage);
  }
}

TEST_CASE_FIXTURE(eval_fixture, "SIGTERM ends a script that waits") {
  const auto script = write("script.js", "console.log('up'); setInterval(() => {}, 1000);");
  REQUIRE(::mkfifo(path("stdout").c_str(), 0600) == 0);
  const auto output = ::open(path("stdout").c_str(), O_RDWR);
  const auto pid = spawn({OFFSTAGE_PROGRAM, "eval", script});
  char first = 0;
  REQUIRE(::read(output, &first, 1) == 1);
  ::close(output);
  ::kill(pid, SIGTERM);
  int status = 0;
  REQUIRE(::waitpid(pid, &status, 0) == pid);
  CHECK((WIFEXITED(status) && WEXITSTATUS(status) == 128 + SIGTERM));
}
