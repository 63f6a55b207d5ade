# SPDX-License-Identifier: MIT
"""A small source tree on disk, and one lint run over it."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

TOOLS = pathlib.Path(__file__).resolve().parents[2] / "tools"
LICENCE = "SPDX-License-Identifier: MIT"


def cpp(body):
    return f"// {LICENCE}\n{body}\n"


def hpp(body):
    return f"// {LICENCE}\n#pragma once\n{body}\n"


def cmake(*sources):
    return "house_library(x SOURCES " + " ".join(sources) + ")\n"


class LintCase(unittest.TestCase):
    lint = ""

    def run_lint(self, tree):
        """Writes {path: text}, runs the lint, returns (exit status, output lines)."""
        with tempfile.TemporaryDirectory() as name:
            root = pathlib.Path(name)
            for path, text in tree.items():
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_text(text, encoding="utf-8")
            done = subprocess.run([sys.executable, "-B", str(TOOLS / self.lint), str(root)],
                                  capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual("", done.stderr)
        return done.returncode, done.stdout.splitlines()

    def assert_finds(self, tree, *expected):
        """The lint fails and reports exactly these lines (summary lines aside)."""
        status, lines = self.run_lint(tree)
        self.assertEqual(sorted(expected), sorted(line for line in lines
                                                  if not line.startswith("spec: ")))
        self.assertEqual(1, status)

    def assert_clean(self, tree):
        status, lines = self.run_lint(tree)
        self.assertEqual([], [line for line in lines if not line.startswith("spec: ")])
        self.assertEqual(0, status)
