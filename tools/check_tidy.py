#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Sizes, banned words (each with its replacement), comment markers, file headers, dead files."""
import ast
import json
import re
import subprocess
import sys

import house

COLUMNS_MAX = 100
FILE_LINES_MAX = 500
FUNCTION_LINES_MAX = 70
CPP = (".cpp", ".hpp")
SIZED = CPP + (".js", ".py", ".css")
SPDX = "SPDX-License-Identifier: MIT"
LIBRARIES = ("protocol", "config", "storage", "runtime", "actors", "gateway", "app")
TERMINAL = ("app/", "tools/", "test/", "bench/", "examples/",
            "runtime/prelude/compile_")

BANNED = [  # pattern in C++ code, prefixes of paths where it is allowed, what to do instead
    (r"\bcaf::infinite\b|\brequest\([^;]*\binfinite\b", ("test/",),
     "caf::infinite: every request has a timeout from config/limits.hpp or policy_for<>"),
    (r"\bscoped_actor\b", ("test/", "bench/", "app/core.cpp", "app/eval_services.cpp", "examples/"),
     "scoped_actor blocks a thread: use an actor; only the node's start and stop may wait"),
    (r"\bactor_cast<\s*(?:caf::)?actor\s*>", (),
     "actor_cast<actor> forgets the type: pass the typed handle"),
    (r"\bstd::(?:cout|cerr|clog)\b", (), "iostreams: app/ prints with fmt, everybody else logs"),
    (r"\b(?:std::)?(?:v?f?printf|puts|fputs|putchar)\s*\(", TERMINAL,
     "printing: app/ writes to the terminal, everybody else logs"),
    (r"\bnew\s+(?:\(|[A-Za-z_:])|\bnew\s*\(", ("runtime/",),
     "raw new: std::make_unique, std::make_shared or caf::make_counted"),
    (r"(?<!operator )\bdelete\b(?:\s*\[\s*\])?\s+[\w(*:]|\bdelete\s*\[", ("runtime/",),
     "raw delete: give the object to a std::unique_ptr"),
    (r"\b(?:sleep_for|sleep_until|usleep|nanosleep)\s*\(|(?<![\w.>:])(?:::)?sleep\s*\(",
     ("test/support/",), "sleeping: wait for the event itself, with a deadline"),
    (r"^[ \t]*(?:static|thread_local)[ \t]+(?!.*\bconst\b|constexpr\b|assert\b)"
     r"[\w:<>,*& \t]+[ \t&*]\w+[ \t]*(?:=|;|\{)", (),
     "mutable static: make it a member of what owns it"),
    (r"\bstd::regex\b", ("test/",), "std::regex is slow and recursive: parse by hand"),
]
HEADER_BANNED = [
    (r"^using\s+namespace\b(?!\s+std::\w*literals\b)",
     "using namespace in a header: name what you use"),
    (r"\bbool\s+\w+(?:\s*=\s*\w+)?\s*,\s*bool\s+\w+(?![^;{]*\boverride\b)",
     "two bool parameters side by side: enum classes or an options struct"),
]
MARKERS = re.compile(  # a word and a colon that opens a comment, other than the allowed ones
    r"(?://+|/\*+|^[ \t]*\*|#)[ \t]*@?(?P<word>(?i:note|hack|bug|warning|important|optimi[sz]e"
    r"|review|attention|remark|info|hint|careful|danger|tbd|temp|temporary|author|date))"
    r"(?:\([^)\n]*\))?:", re.M)
UNFINISHED = re.compile(r"\b(XXX|FIXME)\b")
TODO = re.compile(r"\bTODO\b(?!\(#\d+\):)")
JS_FUNCTION = re.compile(
    r"(?P<indent>[ \t]*)(?!(?:if|for|while|switch|catch|else|do|try|return (?!.*=>|.*function))\b)"
    r"(?:.*\bfunction\b\s*\*?\s*(?P<name>\w*)|.*=>|(?:static |async |get |set |\*|#)*\w+\s*\()"
    r".*\{\s*$")
PLACES = re.compile(r"(?<![\w.~-])/wor[k]/|\bdeb\.debian\.or[g]|\bregistry\.npmjs\.or[g]")


def comments_and_code(path, text):
    if path.suffix in CPP:
        code, comments = house.split_cpp(text)
        return comments, code
    if path.suffix == ".py":
        return "\n".join(line[line.find("#"):] if re.match(r"\s*#", line) else ""
                         for line in text.split("\n")), ""
    return text, ""


def check_sizes(path, text):
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        if len(line) > COLUMNS_MAX:
            yield number, f"{len(line)} columns, at most {COLUMNS_MAX}"
    count = len(lines) - (lines[-1] == "")
    if count > FILE_LINES_MAX:
        yield count, f"{count} lines, at most {FILE_LINES_MAX}: split it by what it does"


def check_opening(path, text):
    lines = text.split("\n")
    first = 1 if lines[0].startswith("#!") and len(lines) > 1 else 0
    if SPDX not in lines[first]:
        yield first + 1, f"the first line is `{SPDX}` as a comment"
    first_code = next((line for line in lines if line and not line.startswith("//")), "")
    if path.suffix == ".hpp" and first_code != "#pragma once":
        yield 2, "#pragma once is missing before the first line of code"


def check_words(path, code):
    name = path.as_posix()
    for pattern, allowed, advice in BANNED:
        if not name.startswith(allowed):
            for match in re.finditer(pattern, code, re.M):
                yield house.line_of(code, match.start() + len(match.group())
                                    - len(match.group().lstrip())), advice
    if path.suffix == ".hpp":
        for pattern, advice in HEADER_BANNED:
            for match in re.finditer(pattern, code, re.M):
                yield house.line_of(code, match.start()), advice


def check_comments(comments):
    for match in MARKERS.finditer(comments):
        yield (house.line_of(comments, match.start("word")),
               f"marker {match.group('word')}: the markers are Spec, Deviation, Invariant, "
               "Format, TODO(#n)")
    for match in UNFINISHED.finditer(comments):
        yield house.line_of(comments, match.start()), f"{match.group()}: write TODO(#issue):"
    for match in TODO.finditer(comments):
        yield house.line_of(comments, match.start()), "TODO needs its issue: TODO(#n):"


def check_places(text):
    for match in PLACES.finditer(text):
        yield house.line_of(text, match.start()), f"{match.group()} belongs to one machine only"


def python_functions(text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.name, node.lineno, node.end_lineno - node.lineno + 1


def javascript_functions(text):
    """Ends are found by indentation; a module's wrapper, `(function () {`, is no function."""
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        match = JS_FUNCTION.match(line)
        if match and not (match.group("indent") == "" and line.startswith(("(", "!", ";"))):
            close = match.group("indent") + "}"
            end = next((i for i, later in enumerate(lines[number:], number + 1)
                        if later.startswith(close)), number)
            yield match.group("name") or "a function", number, end - number + 1


def cpp_functions(root, paths):
    """(path, name, line, length) of each C++ function."""
    if not paths:
        return
    done = subprocess.run(
        ["ctags", "--output-format=json", "--fields=+ne", "--kinds-c++=f", "-f", "-", "-L", "-"],
        cwd=root, text=True, capture_output=True, check=True,
        input="\n".join(path.as_posix() for path in paths))
    for line in done.stdout.splitlines():
        tag = json.loads(line)
        if "end" in tag:
            yield tag["path"], tag["name"], tag["line"], tag["end"] - tag["line"] + 1


def check_functions(root, paths):
    errors = []
    readers = {".py": python_functions, ".js": javascript_functions}
    found = [(path.as_posix(), *function) for path in paths if path.suffix in readers
             for function in readers[path.suffix](house.read(root, path))]
    try:
        found += cpp_functions(root, [path for path in paths if path.suffix in CPP])
    except FileNotFoundError:
        errors.append("ctags is missing: run tools/setup")
    for path, name, line, length in found:
        if length > FUNCTION_LINES_MAX:
            errors.append(f"{path}:{line}: {name} has {length} lines, at most {FUNCTION_LINES_MAX}")
    return errors


def listed_in_cmake(root, paths):
    """Every source that some CMake file names, relative to the root."""
    listed = set()
    for path in paths:
        if path.name != "CMakeLists.txt" and path.suffix != ".cmake":
            continue
        text = re.sub(r"#[^\n]*", "", house.read(root, path) or "")
        for token in re.findall(r"[^\s()\"]+\.[ch]pp\b", text):
            name = re.sub(r"^\$\{(?:PROJECT_SOURCE_DIR|CMAKE_SOURCE_DIR)\}/", "", token)
            here = re.sub(r"^\$\{CMAKE_CURRENT_SOURCE_DIR\}/", "", token)
            listed |= {name, (path.parent / here).as_posix()}
    return listed


def check_dead(root, paths):
    listed = listed_in_cmake(root, paths)
    for path in paths:
        must = path.suffix == ".cpp" or (path.suffix == ".hpp" and path.parts[0] in LIBRARIES)
        if must and not house.is_fixture(path) and path.as_posix() not in listed:
            yield f"{path}: no CMakeLists.txt lists it"


def check_text(path, text):
    yield from check_places(text)
    if house.is_fixture(path):
        return
    is_script = path.suffix == "" and text.startswith("#!")
    if path.suffix in SIZED:
        yield from check_sizes(path, text)
    if path.suffix in CPP + (".js", ".py") or is_script:
        yield from check_opening(path, text)
    comments, code = comments_and_code(path, text)
    if path.suffix in CPP:
        yield from check_words(path, code)
    if path.suffix in CPP + (".py", ".js"):
        yield from check_comments(comments)


def check(root):
    errors, paths = [], house.files(root)
    for path in paths:
        text = house.read(root, path)
        if text is not None:
            errors += [f"{path}:{line}: {error}" for line, error in sorted(check_text(path, text))]
    measured = [path for path in paths
                if path.suffix in CPP + (".js", ".py") and not house.is_fixture(path)]
    errors += check_functions(root, measured)
    errors += check_dead(root, paths)
    return errors, []


if __name__ == "__main__":
    sys.exit(house.main(check))
