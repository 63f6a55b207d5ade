#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks every `Spec: <name>#<anchor>` against docs/spec/<name>.txt, and prints what is covered."""
import re
import sys

import house

SUFFIXES = (".cpp", ".hpp", ".js", ".md")
SPEC = re.compile(r"\bSpec:[ \t]*([^\n]*)")
ANCHOR = re.compile(r"([A-Za-z][\w.-]*)#([^\s,;`|)\]]+)")
LOOSE = re.compile(r"https?://(?:w3c\.github\.io|www\.w3\.org/TR|[a-z]+\.spec\.whatwg\.org)")


def lists(root):
    return {path.stem: set((root / path).read_text(encoding="utf-8").split())
            for path in house.files(root)
            if path.parts[:2] == ("docs", "spec") and path.suffix == ".txt"}


def check_line(at, line, known, seen, is_prose):
    errors = []
    if LOOSE.search(line):
        errors.append(f"{at}: write `Spec: <name>#<anchor>` instead of a URL")
    for match in SPEC.finditer(line):
        anchors = ANCHOR.findall(match.group(1))
        if not anchors and not is_prose:
            errors.append(f"{at}: `Spec:` needs <name>#<anchor>")
        for name, anchor in anchors:
            anchor = anchor.rstrip(".:")
            if name not in known:
                errors.append(f"{at}: no docs/spec/{name}.txt for the specification {name}")
            elif anchor not in known[name]:
                errors.append(f"{at}: {name} has no anchor {anchor}")
            else:
                seen.setdefault(name, set()).add(anchor)
    return errors


def check(root):
    known, seen, errors = lists(root), {}, []
    for path in house.files(root):
        if path.suffix not in SUFFIXES or house.is_fixture(path):
            continue
        counted = seen if path.suffix != ".md" and path.parts[0] != "test" else {}
        for number, line in enumerate((house.read(root, path) or "").split("\n"), 1):
            errors += check_line(f"{path}:{number}", line, known, counted, path.suffix == ".md")
    summary = []
    for name, anchors in sorted(known.items()):
        algorithms = {anchor for anchor in anchors if anchor.endswith("-algorithm")}
        referenced = seen.get(name, set())
        if algorithms:
            summary.append(f"spec: {name}: {len(algorithms & referenced)} of {len(algorithms)} "
                           f"algorithms and {len(referenced)} anchors are referenced")
        else:
            summary.append(f"spec: {name}: {len(referenced)} anchors are referenced")
    return errors, summary


if __name__ == "__main__":
    sys.exit(house.main(check))
