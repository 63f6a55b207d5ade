# SPDX-License-Identifier: MIT
"""What a test file asks for in its META lines, and what is given to the program to run it."""
import json
import pathlib
import re

SCOPES = ("worker", "serviceworker")
# What `META: global=` may name, and the scopes that we have of it.
GLOBALS = {
    "dedicatedworker": ("worker",),
    "dedicatedworker-module": (),
    "serviceworker": ("serviceworker",),
    "serviceworker-module": (),
    "worker": SCOPES,
    "any": SCOPES,
}
SECONDS = 10
SECONDS_LONG = 60
META = re.compile(r"//\s*META:\s*([\w-]+)=(.*)")


class Test:
    """One *.any.js file. `path` is relative to the folder of tests, with slashes."""

    def __init__(self, root, path, text):
        self.root = pathlib.Path(root)
        self.path = path
        self.text = text
        self.scopes, self.scripts, self.seconds = SCOPES, [], SECONDS
        for line in text.split("\n"):
            match = META.match(line)
            if match:
                self._take(match.group(1), match.group(2).strip())
            elif not line.startswith("//"):
                break

    def _take(self, key, value):
        if key == "global":
            named = {scope for name in value.split(",") for scope in GLOBALS.get(name.strip(), ())}
            self.scopes = tuple(scope for scope in SCOPES if scope in named)
        elif key == "script":
            self.scripts.append(value)
        elif key == "timeout":
            self.seconds = SECONDS_LONG if value == "long" else SECONDS

    def file_of(self, script, packages):
        """Where a script of a META line is: of the harness, of the folder of tests, or nearby."""
        harness = packages / "node_modules/wpt-runner/testharness"
        if script == "/resources/WebIDLParser.js":
            return harness / "webidl2.js"
        if script.startswith("/resources/") and (harness / script[11:]).is_file():
            return harness / script[11:]
        if script.startswith("/"):
            return self.root / script[1:]
        return self.root / pathlib.PurePosixPath(self.path).parent / script

    def needs_interfaces(self):
        return "/resources/idlharness.js" in self.scripts


def find(root):
    for path in sorted(pathlib.Path(root).rglob("*.any.js")):
        if not {"node_modules", "fixtures"} & set(path.parts):
            name = path.relative_to(root).as_posix()
            yield Test(root, name, path.read_text(encoding="utf-8"))


def interfaces_script(test, packages):
    """A script that gives idl_test() the texts of all specifications that the test may mean."""
    folder = packages / "node_modules/@webref/idl"
    named = re.findall(r"""['"]([\w.-]+)['"]""", test.text)
    texts = {name: (folder / f"{name}.idl").read_text(encoding="utf-8")
             for name in named if (folder / f"{name}.idl").is_file()}
    return ("(function() {\nvar texts = " + json.dumps(texts) + ";\n"
            "self.fetch_spec = function(spec) {\n"
            "  return texts[spec] === undefined\n"
            "             ? Promise.reject(new Error('no interfaces of ' + spec))\n"
            "             : Promise.resolve({spec: spec, idl: texts[spec]});\n};\n})();\n")


def command(program, test, scope, packages, scratch):
    """The program's arguments for one test in one scope. Writes what it needs into `scratch`."""
    here = pathlib.Path(__file__).parent
    harness = packages / "node_modules/wpt-runner/testharness/testharness.js"
    files = [here / "harness/before.js", harness, here / "harness/report.js"]
    files += [test.file_of(script, packages) for script in test.scripts]
    if test.needs_interfaces():
        interfaces = pathlib.Path(scratch) / "interfaces.js"
        interfaces.write_text(interfaces_script(test, packages), encoding="utf-8")
        files.append(interfaces)
    files += [test.root / test.path, here / "harness/after.js"]
    kind = "worker" if scope == "worker" else "serviceworker"
    page = test.path[:-len(".js")] + f".{kind}.js"
    return [str(program), "eval", f"--scope={scope}", f"--time-limit={test.seconds + 10}",
            f"--url=https://web-platform.test/{page}", *map(str, files)]
