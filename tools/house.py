# SPDX-License-Identifier: MIT
"""What the lints share: the files of the house, and C++ without its comments and literals."""
import pathlib
import re
import subprocess
import sys

NOT_OURS = {"build", "node_modules", "__pycache__", ".git"}


def files(root):
    """Every file of the work tree as a path relative to root: what git knows or would add."""
    listed = subprocess.run(
        ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True, text=True, check=False)
    inside = subprocess.run(["git", "-C", str(root), "rev-parse", "--show-prefix"],
                            capture_output=True, text=True, check=False)
    if listed.returncode == 0 and inside.returncode == 0 and not inside.stdout.strip():
        names = [name for name in listed.stdout.split("\0") if name]
        found = [pathlib.PurePath(name) for name in names if (root / name).is_file()]
    else:
        found = [path.relative_to(root) for path in root.rglob("*") if path.is_file()]
    return sorted(path for path in found if not NOT_OURS & set(path.parts))


def is_fixture(path):
    """Data that tests feed to the programs: kept as it is, held to no style."""
    return path.parts[0] == "test" and "fixtures" in path.parts


def read(root, path):
    """The text of a file, or None when it is not text."""
    try:
        return (root / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


_TOKENS = re.compile(
    r"""(?P<comment>//(?:\\\n|[^\n])*|/\*.*?\*/)
      |(?P<raw>\bu?8?[LU]?R"(?P<mark>[^()\s\\]{0,16})\(.*?\)(?P=mark)")
      |(?P<string>"(?:\\.|[^"\\\n])*")
      |(?P<char>(?<![0-9A-Fa-f_])'(?:\\.|[^'\\\n])+')""", re.S | re.X)


def _blank(text):
    return re.sub(r"[^\n]", " ", text)


def split_cpp(text):
    """Returns (code, comments): both as long as the text, each with the other blanked out.

    String and character literals are blank in both; include lines keep their file names.
    """
    code, comments, end = [], [], 0
    for token in _TOKENS.finditer(text):
        between = text[end:token.start()]
        code.append(between)
        comments.append(_blank(between))
        body = token.group()
        line = text[text.rfind("\n", 0, token.start()) + 1:token.start()]
        is_include = re.fullmatch(r"\s*#\s*include\s*", line) is not None
        code.append(body if is_include else _blank(body))
        comments.append(body if token.group("comment") else _blank(body))
        end = token.end()
    code.append(text[end:])
    comments.append(_blank(text[end:]))
    return "".join(code), "".join(comments)


def main(check):
    """Runs check(root) -> (errors, summary lines) as a program of one argument, the root."""
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    errors, summary = check(root)
    for line in errors + summary:
        print(line)
    return 1 if errors else 0
