#!/usr/bin/env -S python3 -B
"""Runs programs of many languages in simulated time, and checks what time they saw.

    BIN=build/dev/bin tests/time/run.py [--jobs N] [--times N] [LANGUAGE...]

Without words: all languages of languages.py. Those that are not on this machine are left out, by name.
--jobs: programs at once (1). --times: the whole that often (1).
Exit codes: 0 good, 1 a language saw a wrong time, 2 usage, 77 none of the languages is here.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from languages import ALL, make, missing

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BIN = Path(os.environ.get("BIN", ROOT / "build/bin"))
FIXTURES = os.environ.get("FIXTURES", str(ROOT / "fixtures"))
INTERVAL_MS, TIMEOUT_MS = 5000, 2000
# What a program's own work may cost: simulated time passes when it looks at a clock, a microsecond a look.
WORK_MS = 5


# -- What is wrong with one run; "" when nothing is ---------------------------------------------------

def gaps_ms(polls):
    """From the end of each reply to the poll after it."""
    return [after["began_ms"] - before["ended_ms"] for before, after in zip(polls, polls[1:])]


def exact(run):
    wrong = [gap for gap in gaps_ms(run["polls"]) if not INTERVAL_MS <= gap <= INTERVAL_MS + WORK_MS]
    return f"gaps of {wrong} ms" if wrong or run["verdict"] != "passed" else ""


def hasty(run):
    rules = {finding["rule"] for finding in run["findings"]}
    return "" if rules == {"interval"} else f"findings: {sorted(rules)}"


def timeout(run):
    polls = run["polls"]
    if len(polls) != 3 or run["verdict"] != "passed":
        return f"{len(polls)} polls"
    beyond = polls[2]["began_ms"] - polls[1]["began_ms"] - TIMEOUT_MS - INTERVAL_MS
    # A library that cuts what is left to whole milliseconds gives up one too early.
    return "" if -1 <= beyond <= WORK_MS else f"it asked again {beyond} ms after its time"


def date(run):
    if run["verdict"] != "passed":
        return f"findings: {run['findings']}"
    late = [gap - poll["retry_after_ms"] for poll, gap in zip(run["polls"], gaps_ms(run["polls"]))
            if "retry_after_ms" in poll]
    if len(late) != 2:
        return "no two dates"
    return "" if all(0 <= ms < 1000 for ms in late) else f"{late} ms beyond the dates"


# mode: its scenario, of doubao/scenarios
MODES = {exact: "interval", hasty: "interval", timeout: "timeout", date: "date"}


# -- Runs -----------------------------------------------------------------------------------------

def profiles(commands, mode, folder):
    """A profile for each language: the program in one mode."""
    for name, command in commands.items():
        words = [*command, "{base_url}", "{task_id}", "{token}", "{interval}", mode]
        path = folder / f"{name}.json"
        path.write_text(json.dumps({"command": words}))
        yield from ("--profile", path)


def tell(name, check, why, run):
    print(f"not ok {name} {check.__name__}: {why}")
    print(f"    verdict {run['verdict']}, {run['reported']['why']}", *(f["text"] for f in run["findings"]), sep="; ")
    for poll in run["polls"]:
        print(f"    {poll['began_ms']:7} .. {poll['ended_ms']:7} ms  {poll['reply']}")
    print("".join(f"    {line}\n" for line in run.get("output", "").splitlines()[-10:]), end="", flush=True)


def judge(commands, check, scenario, jobs):
    """The names of the languages that saw a wrong time, which are told."""
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [BIN / "harness", "run", "--fixtures", FIXTURES, "--report", "json", "-j", str(jobs),
             *profiles(commands, check.__name__, Path(folder)), HERE / f"doubao/scenarios/{scenario}.json"],
            stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode > 1:
        raise SystemExit(f"harness run ended with {done.returncode}")
    for case in json.loads(done.stdout)["scenarios"]:
        # A report of one client does not name it at each scenario.
        name = case.get("client") if case.get("client") in commands else next(iter(commands))
        why = check(case["runs"][0])
        if why:
            tell(name, check, why, case["runs"][0])
            wrong.append(name)
    return wrong


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("languages", nargs="*", metavar="LANGUAGE")
    options = parser.parse_args()
    for name in options.languages:
        if name not in ALL:
            parser.error(f"{name} is none of {' '.join(ALL)}")
    names = []
    for name in options.languages or ALL:
        if missing(name):
            print(f"SKIP: no {missing(name)} here, so not {name}")
        else:
            names.append(name)
    if not names:
        return 77
    wrong, began = [], time.monotonic()
    with tempfile.TemporaryDirectory() as work:
        commands = {name: make(name, Path(work)) for name in names}
        for turn in range(options.times):
            for check, scenario in MODES.items():
                wrong += [f"{name} {check.__name__}" for name in judge(commands, check, scenario, options.jobs)]
    runs = len(names) * len(MODES) * options.times
    print(f"{runs - len(wrong)} of {runs} runs saw the right time, in {time.monotonic() - began:.0f} s"
          + "".join(f"\n    wrong: {name} {wrong.count(name)} times" for name in sorted(set(wrong))))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
