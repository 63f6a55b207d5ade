#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs the tests *.any.js of this folder in `offstage eval` and compares with expectations.txt.

A subtest that fails and is not known to fails the run, and so does one that is known to fail and
passes. docs/TESTING.md says how to add a test.
"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import expectations
import tests

HERE = pathlib.Path(__file__).parent


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", required=True, type=pathlib.Path, help="the binary offstage")
    parser.add_argument("--packages", required=True, type=pathlib.Path,
                        help="where npm has installed the packages of package.json")
    parser.add_argument("--root", type=pathlib.Path, default=HERE, help="the folder of tests")
    parser.add_argument("--expectations", type=pathlib.Path,
                        help="default: expectations.txt in the folder of tests")
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--scope", choices=tests.SCOPES, help="run in this scope only")
    parser.add_argument("--verbose", action="store_true", help="say why each subtest fails")
    parser.add_argument("--update", action="store_true", help="write the expectations anew")
    parser.add_argument("only", nargs="*", help="run only tests whose path has one of these in it")
    return parser.parse_args()


def read_report(lines):
    """({name: status}, {name: message}, complete) of what harness/report.js printed."""
    statuses, messages, complete = {}, {}, False
    for line in lines:
        if not line.startswith("conformance "):
            continue
        _, kind, text = line.split(" ", 2)
        record = json.loads(text)
        is_file = kind == "file"
        name = expectations.FILE if is_file else record["name"]
        known = expectations.FILE_STATUSES if is_file else expectations.STATUSES
        statuses[name] = known[record["status"]]
        messages[name] = record["message"]
        complete = complete or is_file
    return statuses, messages, complete


def run(program, packages, test, scope):
    """Runs one test; a file that does not come to its end is an ERROR of the file."""
    with tempfile.TemporaryDirectory() as scratch:
        errors = tempfile.TemporaryFile(mode="w+", encoding="utf-8", errors="replace")
        process = subprocess.Popen(
            tests.command(program, test, scope, packages, scratch), stdout=subprocess.PIPE,
            stderr=errors, stdin=subprocess.DEVNULL, text=True, encoding="utf-8", errors="replace")
        lines = []
        for line in process.stdout:
            lines.append(line.rstrip("\n"))
            if line.startswith("conformance file "):
                break
        process.kill()
        process.wait()
        statuses, messages, complete = read_report(lines)
        if not complete:
            errors.seek(0)
            statuses[expectations.FILE] = "ERROR"
            messages[expectations.FILE] = "no end of the test: " + errors.read()[-2000:]
        elif len(statuses) == 1:
            statuses[expectations.FILE] = "ERROR"
            messages[expectations.FILE] = "the file has no subtest"
        errors.close()
        return statuses, messages


def main():
    options = arguments()
    known_file = options.expectations or options.root / "expectations.txt"
    known = expectations.Expectations(known_file.read_text(encoding="utf-8"))
    wanted = [(test, scope) for test in tests.find(options.root) for scope in test.scopes
              if options.scope in (None, scope)
              and (not options.only or any(part in test.path for part in options.only))]
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        done = list(pool.map(
            lambda each: run(options.program, options.packages.resolve(), *each), wanted))
    passed = failed = unexpected = 0
    runs = {}
    for (test, scope), (statuses, messages) in zip(wanted, done):
        runs[test.path, scope] = statuses
        subtests = [status for name, status in statuses.items() if name != expectations.FILE]
        passed += subtests.count("PASS")
        failed += len(subtests) - subtests.count("PASS")
        found = expectations.differences(known.of(test.path, scope), statuses)
        unexpected += len(found)
        if found or options.verbose:
            print(f"{test.path} in {scope}: {subtests.count('PASS')} of {len(subtests)} pass")
        for each in found:
            print(f"  {each}")
        for name, message in messages.items():
            if message and options.verbose:
                print(f"    {name}: {message}")
    if options.update and not options.only and options.scope is None:
        known_file.write_text("# Subtests that are known not to pass. test/conformance/run.py "
                              "--update writes this file.\n\n" + expectations.render(runs),
                              encoding="utf-8")
        unexpected = 0
    elif not options.only and options.scope is None:
        for block in known.unused(runs):
            unexpected += 1
            print(f"expectations of a test that does not exist: {block}")
    print(f"{len(runs)} runs of test files, {passed} subtests pass, {failed} do not, "
          f"{unexpected} differ from the expectations")
    return 1 if unexpected or not runs else 0


if __name__ == "__main__":
    sys.exit(main())
