#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Fails when an include crosses the layers the wrong way or a third-party header leaves its home.

LAYERS is exact: an edge that nothing uses has to leave it, and a new edge is a decision that
docs/adr/ records. The same edges bound the DEPENDS of each house_library().
"""
import re
import sys

import house

SIBLINGS = {"storage", "runtime", "actors", "gateway"}
EVERYTHING = {"protocol", "config", "app"} | SIBLINGS
LAYERS = {  # folder: the folders that it may include
    "protocol": set(),
    "config": {"protocol"},
    "storage": {"protocol", "config"},
    "runtime": {"protocol", "config"},
    "actors": {"protocol", "config"},
    "gateway": {"protocol", "config"},
    "app": {"protocol", "config"} | SIBLINGS,
    "test": EVERYTHING,
    "bench": EVERYTHING | {"test"},
    "examples": EVERYTHING,
}
EXACT = {"app"} | SIBLINGS

ANY, SOURCES = (".cpp", ".hpp"), (".cpp",)
OUTSIDE = {"test": ANY, "bench": ANY}
HOMES = {  # prefix of a third-party header: the folders that may include it, and in which files
    "rocksdb/": {"storage": SOURCES, **OUTSIDE},
    "duktape.h": {"runtime": ANY},
    "pcre2.h": {"runtime": ANY},
    "unicode/": {"runtime": ANY, "protocol": SOURCES},
    "boost/asio": {"gateway": ANY, **OUTSIDE},
    "boost/beast": {"gateway": SOURCES, **OUTSIDE},
    "curl/": {"gateway": SOURCES, **OUTSIDE},
    "caf/io/": {"app": ANY, "test": ANY},
    "seccomp.h": {"app": ANY},
    "sys/prctl.h": {"app": ANY},
    "spawn.h": {"app": ANY, **OUTSIDE},
    "sys/wait.h": {"app": ANY, **OUTSIDE},
    "doctest/": {"test": ANY},
}
BANNED = {
    "caf/all.hpp": "include the caf headers that this file uses",
    "caf/io/all.hpp": "include the caf headers that this file uses",
    "boost/beast.hpp": "include the beast headers that this file uses",
    "boost/asio.hpp": "include the asio headers that this file uses",
    "iostream": "return values and errors; app/ writes to the terminal, everybody else logs",
}
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^">\n]+)[">]', re.M)
LIBRARY = re.compile(r"house_library\(\s*(\w+)(.*?)\)", re.S)
SECTION = re.compile(r"\b(SOURCES|HEADERS|DEPENDS|LINKS|PUBLIC_LINKS)\b")


def check_own(at, folder, header, used):
    if header.startswith((".", "/")) or "/" not in header:
        return [f'{at}: "{header}" is not spelled from the root']
    target = header.split("/")[0]
    if target == folder:
        return []
    if target not in LAYERS[folder]:
        return [f"{at}: {folder} must not include {target} ({header})"]
    used.add((folder, target))
    return []


def check_third_party(at, path, header):
    if header in BANNED:
        return [f"{at}: <{header}> is banned: {BANNED[header]}"]
    folder = path.parts[0]
    for prefix, homes in HOMES.items():
        if not header.startswith(prefix):
            continue
        if folder not in homes:
            return [f"{at}: <{header}> belongs to {', '.join(sorted(homes))} only"]
        if path.suffix not in homes[folder]:
            return [f"{at}: <{header}> must stay out of headers"]
    return []


def check_file(path, text, used):
    errors = []
    code, _ = house.split_cpp(text)
    for match in INCLUDE.finditer(code):
        quote, header = match.groups()
        at = f"{path}:{house.line_of(code, match.start(1))}"
        if quote == '"' and header not in BANNED:
            errors += check_own(at, path.parts[0], header, used)
        else:
            errors += check_third_party(at, path, header)
    return errors


# A folder may be built as several libraries; each counts as the folder it lies in.
PARTS = {"engine": "runtime", "lowering": "runtime", "extras": "runtime", "link": "app",
         "child": "app"}


def check_links(path, text):
    """DEPENDS of a library may name the folders that its folder may include, and its parts."""
    errors = []
    for match in LIBRARY.finditer(text):
        folder, body = match.groups()
        folder = PARTS.get(folder, folder)
        sections = SECTION.split(body)
        depends = " ".join(sections[i + 1] for i in range(1, len(sections), 2)
                           if sections[i] == "DEPENDS").split()
        at = f"{path}:{house.line_of(text, match.start())}"
        for target in depends:
            target = PARTS.get(target, target)
            if folder in LAYERS and target != folder and target not in LAYERS[folder]:
                errors.append(f"{at}: {folder} must not link {target}")
    return errors


def check(root):
    errors, used, present = [], set(), set()
    for path in house.files(root):
        folder = path.parts[0]
        if folder not in LAYERS or house.is_fixture(path):
            continue
        if path.suffix in ANY:
            present.add(folder)
            errors += check_file(path, house.read(root, path) or "", used)
        elif path.name == "CMakeLists.txt":
            errors += check_links(path, house.read(root, path) or "")
    for folder in sorted(EXACT & present):
        for target in sorted(LAYERS[folder]):
            if (folder, target) not in used:
                errors.append(f"tools/check_layers.py: nothing in {folder} includes {target}: "
                              "remove the edge from LAYERS")
    return errors, []


if __name__ == "__main__":
    sys.exit(house.main(check))
