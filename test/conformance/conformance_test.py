# SPDX-License-Identifier: MIT
import unittest

import expectations
import run
import tests


class MetaLines(unittest.TestCase):
    def test_a_test_without_meta_lines_runs_in_both_scopes(self):
        test = tests.Test(".", "a/b.any.js", "// SPDX-License-Identifier: MIT\ntest();\n")
        self.assertEqual(test.scopes, ("worker", "serviceworker"))
        self.assertEqual(test.seconds, tests.SECONDS)

    def test_global_script_and_timeout_are_taken(self):
        test = tests.Test(".", "a/b.any.js", "// META: global=window,serviceworker\n"
                          "// META: script=../x.js\n// META: timeout=long\n")
        self.assertEqual(test.scopes, ("serviceworker",))
        self.assertEqual(test.scripts, ["../x.js"])
        self.assertEqual(test.seconds, tests.SECONDS_LONG)

    def test_meta_lines_end_with_the_first_line_of_code(self):
        test = tests.Test(".", "a/b.any.js", "'use strict';\n// META: global=serviceworker\n")
        self.assertEqual(test.scopes, ("worker", "serviceworker"))


class Ratchet(unittest.TestCase):
    def test_an_unknown_failure_and_a_known_failure_that_passes_both_differ(self):
        known = expectations.Expectations("[a.any.js]\nFAIL one\n").of("a.any.js", "worker")
        self.assertEqual(expectations.differences(known, {"one": "FAIL", "*": "OK"}), [])
        self.assertEqual(len(expectations.differences(known, {"one": "PASS"})), 1)
        self.assertEqual(len(expectations.differences(known, {"one": "FAIL", "two": "FAIL"})), 1)
        self.assertEqual(len(expectations.differences(known, {"one": "TIMEOUT"})), 1)

    def test_a_known_failure_that_did_not_run_differs(self):
        known = expectations.Expectations("[a.any.js]\nFAIL one\n").of("a.any.js", "worker")
        self.assertEqual(len(expectations.differences(known, {"*": "ERROR"})), 2)

    def test_a_block_of_one_scope_adds_to_that_of_all(self):
        known = expectations.Expectations("[a]\nFAIL one\n[a worker]\nTIMEOUT two\n")
        self.assertEqual(known.of("a", "worker"), {"one": "FAIL", "two": "TIMEOUT"})
        self.assertEqual(known.of("a", "serviceworker"), {"one": "FAIL"})

    def test_a_line_that_says_nothing_is_refused(self):
        with self.assertRaises(ValueError):
            expectations.Expectations("FAIL no block\n")
        with self.assertRaises(ValueError):
            expectations.Expectations("[a]\nbroken\n")

    def test_what_is_rendered_is_read_back(self):
        runs = {("a", "worker"): {"x\ny": "FAIL", "z": "PASS", "*": "OK"},
                ("a", "serviceworker"): {"x\ny": "FAIL"}, ("b", "worker"): {"q": "NOTRUN"}}
        known = expectations.Expectations(expectations.render(runs))
        for (path, scope), results in runs.items():
            self.assertEqual(expectations.differences(known.of(path, scope), results), [])
        self.assertEqual(known.unused({("b", "worker"): {}}), ["a"])


class Reports(unittest.TestCase):
    def test_a_report_without_its_end_is_not_complete(self):
        line = 'conformance subtest {"name": "a", "status": 1, "message": "m"}'
        statuses, messages, complete = run.read_report(["noise", line])
        self.assertEqual((statuses, messages, complete), ({"a": "FAIL"}, {"a": "m"}, False))

    def test_the_status_of_the_file_ends_a_report(self):
        lines = ['conformance file {"status": 0, "message": ""}']
        self.assertEqual(run.read_report(lines), ({"*": "OK"}, {"*": ""}, True))


if __name__ == "__main__":
    unittest.main()
