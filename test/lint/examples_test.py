# SPDX-License-Identifier: MIT
"""What examples/offline_notes names exists: a worker that cannot precache is never installed."""
import json
import pathlib
import re
import unittest

SITE = pathlib.Path(__file__).resolve().parents[2] / "examples" / "offline_notes"
EXTERNAL = re.compile(r"(?:src|href)=\"(?:https?:)?//|url\((?:https?:)?//|@import|from \"http")


def strings_of(name, source):
    """The string literals of `const NAME = [...]`."""
    return re.findall(r'"([^"]*)"', re.search(rf"const {name} = \[(.*?)\];", source, re.S)[1])


class OfflineNotesTest(unittest.TestCase):
    def setUp(self):
        self.worker = (SITE / "sw.js").read_text(encoding="utf-8")

    def test_the_worker_keeps_files_that_exist(self):
        guide = [f"guide/{name}.json" for name in strings_of("GUIDE", self.worker)]
        for path in strings_of("SHELL", self.worker) + guide:
            with self.subTest(path):
                self.assertTrue((SITE / path).exists())

    def test_every_file_of_the_site_is_kept(self):
        kept = set(strings_of("SHELL", self.worker))
        kept |= {f"guide/{name}.json" for name in strings_of("GUIDE", self.worker)}
        files = {path.relative_to(SITE).as_posix() for path in SITE.rglob("*") if path.is_file()}
        self.assertEqual({"index.html", "sw.js", "README.md"}, files - kept)

    def test_pages_name_files_that_exist_and_nothing_from_elsewhere(self):
        for page in SITE.glob("*.html"):
            text = page.read_text(encoding="utf-8")
            for path in re.findall(r'(?:src|href)="([^"#]+)"', text):
                with self.subTest(f"{page.name}: {path}"):
                    self.assertTrue(path == "whoami" or (SITE / path).exists())
        for path in SITE.rglob("*.*"):
            with self.subTest(path.name):
                self.assertIsNone(EXTERNAL.search(path.read_text(encoding="utf-8")))

    def test_the_guide_is_complete(self):
        index = json.loads((SITE / "guide/index.json").read_text(encoding="utf-8"))
        self.assertEqual(strings_of("GUIDE", self.worker)[1:], [entry["id"] for entry in index])
        for entry in index:
            page = json.loads((SITE / f"guide/{entry['id']}.json").read_text(encoding="utf-8"))
            self.assertEqual(entry["title"], page["title"])
            self.assertTrue(page["text"])
