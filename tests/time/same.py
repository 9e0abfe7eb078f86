#!/usr/bin/env -S python3 -B
"""Runs programs one at a time, then eight at once: in simulated time both give the same report.

    BIN=build/dev/bin tests/time/same.py [LANGUAGE...]

That of a program with one thread is the same byte for byte. One with more (Node's collector runs beside
JavaScript) looks at clocks more or less often, a microsecond each: its times may differ by some milliseconds.
Exit codes: 0 good, 1 a report differs, 77 none of the languages is here.
"""
import difflib
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from languages import make, missing
from run import BIN, FIXTURES, WORK_MS

ONE_THREAD = ["python-http.client", "python-requests", "python-asyncio", "php", "shell", "c"]
THREADS = ["node"]
SCENARIOS = [f"doubao:{name}" for name in ("late", "overloaded", "overloaded-date", "slow", "success")]


def report(command, jobs):
    words = [*command, "{base_url}", "{task_id}", "{token}", "{interval}", "date"]
    done = subprocess.run([BIN / "harness", "run", "--fixtures", FIXTURES, "--report", "json", "-j", str(jobs),
                           *SCENARIOS, "--", *words], stdout=subprocess.PIPE, text=True, check=False)
    assert done.returncode <= 1, f"harness run ended with {done.returncode}"
    return done.stdout


def times_apart(one, other):
    """The texts of two reports with all times left out, and the most that one is off the other."""
    worst = 0
    for case, second in zip(one["scenarios"], other["scenarios"]):
        for poll, again in zip(case["runs"][0]["polls"], second["runs"][0]["polls"]):
            for key in [key for key in poll if key.endswith("_ms") and key in again]:
                worst = max(worst, abs(poll.pop(key) - again.pop(key)))
    texts = [[case["runs"][0]["polls"] for case in whole["scenarios"]] for whole in (one, other)]
    return *texts, worst


def is_same(name, one, other):
    if name in THREADS:
        polls, again, worst = times_apart(json.loads(one), json.loads(other))
        if polls == again and worst <= 2 * WORK_MS:
            return True
        print(f"not ok {name}: its times differ by up to {worst} ms, or its polls do")
        return False
    if one == other:
        return True
    lines = (json.dumps(json.loads(text), indent=1).splitlines() for text in (one, other))
    print(f"not ok {name}:", *difflib.unified_diff(*lines, "-j 1", "-j 8", lineterm="", n=1), sep="\n")
    return False


def main():
    wanted = sys.argv[1:] or ONE_THREAD + THREADS
    names = [name for name in wanted if not missing(name)]
    same = True
    with tempfile.TemporaryDirectory() as work:
        for name in names:
            command = make(name, Path(work))
            same = is_same(name, report(command, 1), report(command, 8)) and same
    print(f"compared: {' '.join(names)}; not here: {' '.join(sorted(set(wanted) - set(names))) or 'none'}")
    return 77 if not names else 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
