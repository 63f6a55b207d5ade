# SPDX-License-Identifier: MIT
"""Every rule of tools/check_spec.py and tools/check_docs.py fires, and good trees pass."""
from lint_case import LintCase, cpp

LIST = {"docs/spec/ServiceWorker.txt": "update-algorithm\ninstall-algorithm\ndom-cache\n"}


class SpecTest(LintCase):
    lint = "check_spec.py"

    def test_known_anchors_pass_and_are_counted(self):
        tree = {**LIST, "actors/a.cpp": cpp("// Spec: ServiceWorker#update-algorithm, "
                                            "ServiceWorker#dom-cache")}
        self.assertEqual((0, ["spec: ServiceWorker: 1 of 2 algorithms and 2 anchors are "
                              "referenced"]), self.run_lint(tree))

    def test_tests_and_documents_count_for_nothing(self):
        tree = {**LIST, "test/a.cpp": cpp("// Spec: ServiceWorker#update-algorithm"),
                "docs/a.md": "write `Spec:` and `Spec: ServiceWorker#update-algorithm`\n"}
        self.assertEqual((0, ["spec: ServiceWorker: 0 of 2 algorithms and 0 anchors are "
                              "referenced"]), self.run_lint(tree))

    def test_unknown_anchors(self):
        self.assert_finds({**LIST, "actors/a.cpp": cpp("// Spec: ServiceWorker#nothing")},
                          "actors/a.cpp:2: ServiceWorker has no anchor nothing")

    def test_unknown_specifications(self):
        self.assert_finds(
            {**LIST, "runtime/js/a.js": "// Spec: Fetsch#x\n"},
            "runtime/js/a.js:1: no docs/spec/Fetsch.txt for the specification Fetsch")

    def test_a_spec_marker_without_an_anchor(self):
        self.assert_finds({**LIST, "actors/a.cpp": cpp("// Spec: the update algorithm")},
                          "actors/a.cpp:2: `Spec:` needs <name>#<anchor>")

    def test_raw_addresses_of_specifications(self):
        self.assert_finds(
            {**LIST, "actors/a.cpp": cpp("// see https://fetch.spec.whatwg.org/#x")},
            "actors/a.cpp:2: write `Spec: <name>#<anchor>` instead of a URL")


class DocsTest(LintCase):
    lint = "check_docs.py"

    def test_good_documents_pass(self):
        self.assert_clean({
            "README.md": "[a](docs/a.md) [b](docs/a.md#the-first-part) [c](#here) "
                         "[d](https://example.com/x)\n# Here\n`docs/a.md` `docs/` `docs/*.md` "
                         "`docs/{a,b}.md` `docs/a.md:12` `text/html` `a/b`\n"
                         "```\n`docs/none.md` [x](none.md)\n```\n",
            "docs/a.md": "[back](../README.md)\n## The first part\n", "docs/b.md": "x\n"})

    def test_links_that_lead_nowhere(self):
        self.assert_finds({"README.md": "x\n[a](docs/a.md) ![b](b.png)\n"},
                          "README.md:2: the link docs/a.md leads nowhere",
                          "README.md:2: the link b.png leads nowhere")

    def test_headings_that_are_gone(self):
        self.assert_finds({"README.md": "[a](docs/a.md#x)\n", "docs/a.md": "# Y\n"},
                          "README.md:1: docs/a.md has no heading for #x")

    def test_paths_that_are_gone(self):
        self.assert_finds({"README.md": "`docs/b.md` `docs/{a,c}.md` `docs/*.txt`\n",
                           "docs/a.md": "x\n"},
                          "README.md:1: `docs/b.md` does not exist",
                          "README.md:1: `docs/c.md` does not exist",
                          "README.md:1: `docs/*.txt` does not exist")
