# SPDX-License-Identifier: MIT
"""The ratchet: what is known to fail, and the comparison of a run with it.

Format: blocks that begin with `[PATH SCOPE]`, or `[PATH]` for all scopes of the test; then one line
for each subtest that does not pass, `STATUS NAME`, with backslash and newline of the name escaped
as in C. The name of the file's own status is `*`. Lines that begin with # are comments.
"""
import re

STATUSES = ("PASS", "FAIL", "TIMEOUT", "NOTRUN", "PRECONDITION_FAILED")
FILE_STATUSES = ("OK", "ERROR", "TIMEOUT", "PRECONDITION_FAILED")
GOOD = ("PASS", "OK")
FILE = "*"

_BLOCK = re.compile(r"\[(\S+)(?: (\w+))?\]$")


def escape(name):
    return name.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")


class Expectations:
    def __init__(self, text=""):
        self._known = {}
        block = None
        for number, line in enumerate(text.split("\n"), 1):
            if not line or line.startswith("#"):
                continue
            match = _BLOCK.match(line)
            if match:
                block = self._known.setdefault((match.group(1), match.group(2)), {})
                continue
            status, space, name = line.partition(" ")
            if block is None or not space or status not in STATUSES + FILE_STATUSES:
                raise ValueError(f"line {number} is neither a block nor `STATUS NAME`: {line}")
            block[name] = status

    def of(self, path, scope):
        """Escaped name to status, of what is known not to pass."""
        return {**self._known.get((path, None), {}), **self._known.get((path, scope), {})}

    def unused(self, ran):
        """Blocks of tests that were not run: {(path, scope)} are the runs there were."""
        return [f"{path} {scope or ''}".strip() for path, scope in self._known
                if not any(path == p and scope in (None, s) for p, s in ran)]


def differences(known, results):
    """Sentences, one for each thing that is not as known. `results` maps names to statuses."""
    found = []
    statuses = {escape(name): status for name, status in results.items()}
    for name, status in statuses.items():
        wanted = known.get(name)
        if wanted is None and status not in GOOD:
            found.append(f"{status}, expected to pass: {name}")
        elif wanted is not None and status in GOOD:
            found.append(f"passes, expected {wanted}; remove it from the expectations: {name}")
        elif wanted is not None and status != wanted:
            found.append(f"{status}, expected {wanted}: {name}")
    found += [f"did not run, expected {wanted}: {name}" for name, wanted in known.items()
              if name not in statuses]
    return found


def render(runs):
    """Expectations that fit the runs, {(path, scope): {name: status}}."""
    blocks = {key: [f"{status} {escape(name)}" for name, status in results.items()
                    if status not in GOOD] for key, results in runs.items()}
    lines, done = [], set()
    for path, scope in blocks:
        if path in done:
            continue
        done.add(path)
        scopes = [key for key in blocks if key[0] == path]
        same = len(scopes) > 1 and all(blocks[key] == blocks[scopes[0]] for key in scopes)
        for key in scopes[:1] if same else scopes:
            if blocks[key]:
                lines += ["", f"[{path}]" if same else f"[{path} {key[1]}]", *blocks[key]]
    return "\n".join(lines[1:]) + "\n"
