# SPDX-License-Identifier: MIT
"""Every rule of tools/check_tidy.py fires on a bad tree, and a good tree passes."""
from lint_case import LICENCE, LintCase, cmake, cpp, hpp

PRINTING = "printing: app/ writes to the terminal, everybody else logs"
MARKERS = "the markers are Spec, Deviation, Invariant, Format, TODO(#n)"
GOOD_CODE = r"""
// Invariant: one owner. TODO(#12): widen it.
// Format: a line says new thing, delete it, static int x = 1; sleep_for(1s), std::cout.
static const char* const name = "new widget; delete it; printf(1) // XXX";
static int twice(int value) { return 2 * value; }
struct box {
  box(const box&) = delete;
  box& operator=(const box&) = delete;
  static constexpr int size = 100'000;
  static box make(int size);
};
const auto raw = R"js(static int mutable_ = 1; new Foo(); delete x[0];)js";
"""


class TidyTest(LintCase):
    lint = "check_tidy.py"

    def assert_code_finds(self, code, *expected, path="actors/a.cpp"):
        """The lint finds these in one C++ file whose second line is the code's first."""
        text = hpp(code) if path.endswith(".hpp") else cpp(code)
        folder, _, name = path.partition("/")
        self.assert_finds({path: text, f"{folder}/CMakeLists.txt": cmake(name)},
                          *(f"{path}:{line}" for line in expected))

    def assert_code_passes(self, code, path="actors/a.cpp"):
        text = hpp(code) if path.endswith(".hpp") else cpp(code)
        folder, _, name = path.partition("/")
        self.assert_clean({path: text, f"{folder}/CMakeLists.txt": cmake(name)})

    def test_a_good_tree_passes(self):
        self.assert_clean({
            "actors/a.cpp": cpp(GOOD_CODE),
            "actors/a.hpp": hpp("using namespace std::chrono_literals;\n"
                                "int a(bool quick, int count);\n"
                                "void launch(unit* u, bool lazy, bool hide) override;\n"
                                "inline int b() {\n  using namespace std::chrono;\n}"),
            "actors/CMakeLists.txt": cmake("a.cpp", "a.hpp"),
            "tools/run": f"#!/bin/sh\n# {LICENCE}\n", "runtime/js/x.js": f"// {LICENCE}\nx();\n",
            "test/fixtures/long.js": "x();" * 100 + "\n", "docs/a.md": "x" * 200 + "\n"})

    def test_long_lines(self):
        self.assert_code_finds("// " + "x" * 98, "2: 101 columns, at most 100")

    def test_long_files(self):
        self.assert_code_finds("\n" * 499, "501: 501 lines, at most 500: split it by what it does")

    def test_long_functions_in_cpp(self):
        self.assert_code_finds("int f() {\n" + "  g();\n" * 69 + "}",
                               "2: f has 71 lines, at most 70")
        self.assert_code_passes("int f() {\n" + "  g();\n" * 68 + "}")

    def test_long_functions_in_javascript_and_python(self):
        self.assert_finds(
            {"runtime/js/a.js": f"// {LICENCE}\nfunction f() {{\n" + "  g();\n" * 69 + "}\n",
             "runtime/js/b.js": f"// {LICENCE}\nclass A {{\n  async m(x) {{\n" + "    g();\n" * 69
                                + "  }\n}\n",
             "runtime/js/c.js": f"// {LICENCE}\n(function () {{\n" + "  g();\n" * 69 + "})();\n",
             "tools/a.py": f"# {LICENCE}\ndef f():\n" + "    g()\n" * 70},
            "runtime/js/a.js:2: f has 71 lines, at most 70",
            "runtime/js/b.js:3: a function has 71 lines, at most 70",
            "tools/a.py:2: f has 71 lines, at most 70")

    def test_the_licence_line_comes_first(self):
        no_licence = f"the first line is `{LICENCE}` as a comment"
        self.assert_finds(
            {"actors/a.cpp": "int a;\n", "actors/CMakeLists.txt": cmake("a.cpp"),
             "tools/a.py": "a = 1\n", "tools/b": "#!/bin/sh\ntrue\n", "runtime/js/a.js": "a();\n"},
            f"actors/a.cpp:1: {no_licence}", f"tools/a.py:1: {no_licence}",
            f"tools/b:2: {no_licence}", f"runtime/js/a.js:1: {no_licence}")

    def test_headers_are_included_once(self):
        self.assert_finds({"actors/a.hpp": cpp("int a();"),
                           "actors/CMakeLists.txt": cmake("a.hpp")},
                          "actors/a.hpp:2: #pragma once is missing before the first line of code")

    def test_requests_without_a_timeout(self):
        advice = "caf::infinite: every request has a timeout from config/limits.hpp or policy_for<>"
        self.assert_code_finds("auto t = caf::infinite;", f"2: {advice}")
        self.assert_code_finds("self->request(peer, infinite, get_atom_v);", f"2: {advice}")
        self.assert_code_passes("auto t = caf::infinite;", path="test/a.cpp")

    def test_blocking_actors(self):
        self.assert_code_finds("caf::scoped_actor self{system};",
                               "2: scoped_actor blocks a thread: use an actor; only the node's "
                               "start and stop may wait")
        self.assert_code_passes("caf::scoped_actor self{system};", path="app/core.cpp")

    def test_untyped_handles(self):
        self.assert_code_finds("auto x = caf::actor_cast<caf::actor>(y);",
                               "2: actor_cast<actor> forgets the type: pass the typed handle")

    def test_streams_and_printing(self):
        self.assert_code_finds("void f() { std::cerr << 1; }",
                               "2: iostreams: app/ prints with fmt, everybody else logs")
        self.assert_code_finds('void f() { std::printf("x"); }', f"2: {PRINTING}")
        self.assert_code_passes('void f() { std::printf("x"); snprintf(b, 2, "x"); }',
                                path="app/a.cpp")

    def test_raw_new_and_delete(self):
        self.assert_code_finds(
            "int* a = new int(1);\nvoid f() { delete a; delete[] a; }",
            "2: raw new: std::make_unique, std::make_shared or caf::make_counted",
            "3: raw delete: give the object to a std::unique_ptr",
            "3: raw delete: give the object to a std::unique_ptr")

    def test_sleeping(self):
        advice = "sleeping: wait for the event itself, with a deadline"
        self.assert_code_finds("void f() { std::this_thread::sleep_for(x); ::usleep(1); }",
                               f"2: {advice}", f"2: {advice}", path="test/a.cpp")

    def test_mutable_statics(self):
        advice = "mutable static: make it a member of what owns it"
        self.assert_code_finds("static int count = 0;\nvoid f() {\n  static std::vector<int> m;\n}",
                               f"2: {advice}", f"4: {advice}")

    def test_standard_regular_expressions(self):
        self.assert_code_finds("std::regex r;",
                               "2: std::regex is slow and recursive: parse by hand")

    def test_headers_open_no_namespaces(self):
        self.assert_code_finds("using namespace std;",
                               "3: using namespace in a header: name what you use",
                               path="actors/a.hpp")

    def test_neighbouring_bools(self):
        self.assert_code_finds(
            "void f(bool quick, bool quiet);",
            "3: two bool parameters side by side: enum classes or an options struct",
            path="actors/a.hpp")

    def test_unknown_markers(self):
        self.assert_code_finds("// NOTE: x\n/* Hack: y */\n// CAREFUL: z",
                               f"2: marker NOTE: {MARKERS}", f"3: marker Hack: {MARKERS}",
                               f"4: marker CAREFUL: {MARKERS}")

    def test_unfinished_work(self):
        self.assert_code_finds("// XXX why\n// FIXME: x\n// TODO: later\n// TODO(#3): fine",
                               "2: XXX: write TODO(#issue):", "3: FIXME: write TODO(#issue):",
                               "4: TODO needs its issue: TODO(#n):")

    def test_places_of_one_machine(self):
        for place in ("/wor" + "k/", "deb.debian" + ".org", "registry.npmjs" + ".org"):
            with self.subTest(place):
                self.assert_finds({"docs/a.md": f"see {place}\n"},
                                  f"docs/a.md:1: {place} belongs to one machine only")
        self.assert_clean({"docs/a.md": "a net" + "work/process split\n"})

    def test_dead_files(self):
        self.assert_finds({"actors/a.cpp": cpp("int a;"), "actors/b.hpp": hpp("int b();"),
                           "actors/CMakeLists.txt": "# a.cpp\n"},
                          "actors/a.cpp: no CMakeLists.txt lists it",
                          "actors/b.hpp: no CMakeLists.txt lists it")

    def test_sources_may_be_listed_from_anywhere(self):
        self.assert_clean({"actors/a.cpp": cpp("int a;"), "actors/b.cpp": cpp("int b;"),
                           "actors/CMakeLists.txt": cmake("${CMAKE_CURRENT_SOURCE_DIR}/a.cpp"),
                           "test/CMakeLists.txt": cmake("${PROJECT_SOURCE_DIR}/actors/b.cpp")})
