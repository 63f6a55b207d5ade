# SPDX-License-Identifier: MIT
"""Every rule of tools/check_layers.py fires on a bad tree, and a good tree passes."""
from lint_case import LintCase, cpp, hpp

GOOD = {
    "protocol/url.hpp": hpp("#include <string>"),
    "config/limits.hpp": hpp('#include "protocol/url.hpp"'),
    "storage/database.hpp": hpp('#include "config/limits.hpp"\n#include "protocol/url.hpp"'),
    "storage/database.cpp": cpp('#include "storage/database.hpp"\n#include <rocksdb/db.h>'),
    "runtime/heap.cpp": cpp('#include "config/limits.hpp"\n#include "protocol/url.hpp"\n'
                            "#include <duktape.h>\n#include <unicode/uchar.h>"),
    "protocol/url.cpp": cpp("#include <unicode/uidna.h>"),
    "gateway/server.cpp": cpp('#include "config/limits.hpp"\n#include "protocol/url.hpp"\n'
                              "#include <boost/beast/http.hpp>\n#include <curl/curl.h>"),
    "test/unit/x_test.cpp": cpp('#include <doctest/doctest.h>\n#include "storage/database.hpp"'),
    "storage/CMakeLists.txt": "house_library(storage SOURCES a.cpp DEPENDS protocol config)\n",
}


class LayersTest(LintCase):
    lint = "check_layers.py"

    def with_file(self, path, text):
        return {**GOOD, path: text}

    def test_a_good_tree_passes(self):
        self.assert_clean(GOOD)

    def test_siblings_never_include_each_other(self):
        self.assert_finds(
            self.with_file("storage/a.cpp", cpp('#include "runtime/heap.hpp"')),
            "storage/a.cpp:2: storage must not include runtime (runtime/heap.hpp)")

    def test_nobody_includes_upwards(self):
        self.assert_finds(
            self.with_file("protocol/a.hpp", hpp('#include "config/limits.hpp"')),
            "protocol/a.hpp:3: protocol must not include config (config/limits.hpp)")

    def test_includes_are_spelled_from_the_root(self):
        self.assert_finds(
            self.with_file("protocol/a.cpp", cpp('#include "url.hpp"\n#include "../b/c.hpp"')),
            'protocol/a.cpp:2: "url.hpp" is not spelled from the root',
            'protocol/a.cpp:3: "../b/c.hpp" is not spelled from the root')

    def test_an_include_in_a_comment_is_none(self):
        self.assert_clean(self.with_file("protocol/a.cpp", cpp('// #include "url.hpp"')))

    def test_third_party_headers_stay_at_home(self):
        homes = {"rocksdb/db.h": "bench, storage, test", "duktape.h": "runtime",
                 "pcre2.h": "runtime", "unicode/uidna.h": "protocol, runtime",
                 "boost/asio/post.hpp": "bench, gateway, test",
                 "boost/beast/http.hpp": "bench, gateway, test",
                 "curl/curl.h": "bench, gateway, test", "caf/io/middleman.hpp": "app, test",
                 "seccomp.h": "app", "sys/prctl.h": "app", "spawn.h": "app, bench, test",
                 "sys/wait.h": "app, bench, test", "doctest/doctest.h": "test"}
        for header, home in homes.items():
            with self.subTest(header):
                self.assert_finds(
                    self.with_file("config/a.cpp", cpp(f"#include <{header}>")),
                    f"config/a.cpp:2: <{header}> belongs to {home} only")

    def test_third_party_headers_that_must_stay_out_of_headers(self):
        for folder, header in (("storage", "rocksdb/db.h"), ("gateway", "boost/beast/http.hpp"),
                               ("gateway", "curl/curl.h"), ("protocol", "unicode/uidna.h")):
            with self.subTest(header):
                self.assert_finds(
                    self.with_file(f"{folder}/a.hpp", hpp(f"#include <{header}>")),
                    f"{folder}/a.hpp:3: <{header}> must stay out of headers")

    def test_umbrella_headers_are_banned_with_advice(self):
        for header, advice in (
                ("caf/all.hpp", "include the caf headers that this file uses"),
                ("caf/io/all.hpp", "include the caf headers that this file uses"),
                ("boost/beast.hpp", "include the beast headers that this file uses"),
                ("boost/asio.hpp", "include the asio headers that this file uses"),
                ("iostream",
                 "return values and errors; app/ writes to the terminal, everybody else logs")):
            with self.subTest(header):
                self.assert_finds(
                    self.with_file("test/a.cpp", cpp(f"#include <{header}>")),
                    f"test/a.cpp:2: <{header}> is banned: {advice}")

    def test_quotes_do_not_smuggle_a_banned_header(self):
        self.assert_finds(
            self.with_file("test/a.cpp", cpp('#include "iostream"')),
            "test/a.cpp:2: <iostream> is banned: return values and errors; app/ writes to the "
            "terminal, everybody else logs")

    def test_an_edge_that_nobody_uses_has_to_go(self):
        self.assert_finds(
            self.with_file("actors/a.hpp", hpp('#include "protocol/url.hpp"')),
            "tools/check_layers.py: nothing in actors includes config: remove the edge from LAYERS")

    def test_libraries_link_no_more_than_they_include(self):
        self.assert_finds(
            self.with_file("runtime/CMakeLists.txt",
                           "house_library(runtime\n  SOURCES heap.cpp\n  DEPENDS storage\n"
                           "  LINKS icu)\n"),
            "runtime/CMakeLists.txt:1: runtime must not link storage")
