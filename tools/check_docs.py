#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Links between documents resolve, and every path that a document names in backticks exists."""
import posixpath
import re
import sys

import house

LINK = re.compile(r"(?<!\!)\[[^\]\n]*\]\(([^)\s]+)\)")
IMAGE = re.compile(r"\!\[[^\]\n]*\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
PATH = re.compile(r"[\w.*{},-]+(?:/[\w.*{},-]+)*/?")
FENCE = re.compile(r"^(```|~~~).*?^\1", re.M | re.S)
EXAMPLES = re.compile(r"NNNN|xxx|\.\.\.")


def slug(heading):
    """The anchor that a heading gets: lower case, spaces to hyphens, punctuation dropped."""
    kept = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return kept.replace(" ", "-")


def anchors_of(text):
    return {slug(match.group(1)) for match in re.finditer(r"^#+\s+(.*)$", text, re.M)}


def expand(pattern):
    """`a.{hpp,cpp}` names two files."""
    match = re.search(r"\{([^{}]*)\}", pattern)
    if not match:
        return [pattern]
    return [name for choice in match.group(1).split(",")
            for name in expand(pattern[:match.start()] + choice + pattern[match.end():])]


def check_link(root, path, target):
    if re.match(r"[a-z]+:", target):
        return None
    name, _, anchor = target.partition("#")
    to = path.as_posix()
    if name:
        to = posixpath.normpath(posixpath.join(path.parent.as_posix(), name))
    if not (root / to).exists():
        return f"the link {target} leads nowhere"
    if anchor and to.endswith(".md") and anchor not in anchors_of(house.read(root, to)):
        return f"{to} has no heading for #{anchor}"
    return None


def check_path(root, code, folders):
    """A backticked word counts as a path when it starts with a folder of the house."""
    word = code.split(":")[0]
    if not PATH.fullmatch(word) or "/" not in word or EXAMPLES.search(word):
        return None
    if word.split("/")[0] not in folders:
        return None
    for name in expand(word.rstrip("/")):
        exists = any(root.glob(name)) if "*" in name else (root / name).exists()
        if not exists:
            return f"`{name}` does not exist"
    return None


def check_document(root, path, text, folders):
    prose = FENCE.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)
    found = [(match.start(), check_link(root, path, match.group(1)))
             for pattern in (LINK, IMAGE) for match in pattern.finditer(prose)]
    found += [(match.start(), check_path(root, match.group(1), folders))
              for match in CODE.finditer(prose)]
    return [f"{path}:{house.line_of(text, offset)}: {error}"
            for offset, error in sorted(found, key=lambda item: item[0]) if error]


def check(root):
    paths = house.files(root)
    folders = {path.parts[0] for path in paths if len(path.parts) > 1}
    errors = []
    for path in paths:
        if path.suffix == ".md" and not house.is_fixture(path):
            errors += check_document(root, path, house.read(root, path) or "", folders)
    return errors, []


if __name__ == "__main__":
    sys.exit(house.main(check))
