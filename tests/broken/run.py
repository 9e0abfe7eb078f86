#!/usr/bin/env python3
"""Runs every broken client of table.py and checks that the rule it names catches it.

    BIN=build/bin FIXTURES=fixtures tests/broken/run.py [--whole] [--jobs N] [WORD...]

WORDs choose the clients whose name holds one of them. --whole runs each over every scenario of its
upstreams, as a user would, rather than over the scenarios that its row names: slower, same verdict.
Exit codes: 0 all are caught, 1 one is not, 2 usage, 77 nothing could be run.
"""
import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import table_libraries  # noqa: F401 (adds its rows)
from table import ROWS

HERE = Path(__file__).resolve().parent
CLIENTS = HERE.parent / "clients"
BIN = Path(os.environ.get("BIN", HERE.parents[1] / "build/bin"))
FIXTURES = os.environ.get("FIXTURES", str(HERE.parents[1] / "fixtures"))
PLACE = ["{upstream}", "{base_url}", "{task_id}"]

# language: sources, program it needs
LANGUAGES = {
    "python": (["poll.py"], sys.executable),
    "program": (["create.py", "poll.py"], sys.executable),
    "javascript": (["poll.mjs"], "node"),
    "shell": (["poll.sh"], "jq"),
    "go": (["poll.go", "zego.go"], "go"),
    "c": ([], str(BIN / "taskpoll")),
}


def broken_sources(row, folder):
    """The good client with the row's edits, as files of its own."""
    texts = {name: (CLIENTS / name).read_text() for name in LANGUAGES[row.language][0]}
    for find, replacement in row.edits:
        count = sum(text.count(find) for text in texts.values())
        if count != 1:
            raise SystemExit(f"{row.name}: its text occurs {count} times in {', '.join(texts)}: {find!r}")
        texts = {name: text.replace(find, replacement) for name, text in texts.items()}
    folder.mkdir()
    for name, text in texts.items():
        (folder / name).write_text(text)
    return [str(folder / name) for name in texts]


def command(row, folder):
    if row.language == "c":
        return ["bash", str(CLIENTS / "taskpoll.sh"), *PLACE, "{goal}", "{timeout}", *row.options]
    sources = broken_sources(row, folder)
    if row.language == "go":
        program = str(folder / "poll")
        subprocess.run(["go", "build", "-o", program, *sources], check=True, cwd=folder,
                       env={**os.environ, "CGO_ENABLED": "0", "GO111MODULE": "off"})
        return [program, "-goal", "{goal}", "-timeout", "{timeout}", *PLACE]
    if row.language == "shell":
        return ["bash", *sources, *PLACE, "{goal}", "", "{timeout}"]
    interpreter = LANGUAGES[row.language][1]
    if row.language == "program":
        return [interpreter, sources[0], "{base_url}/v1/video/generations", "{prompt}", "--timeout", "{timeout}",
                "--save", "/dev/null"]
    words = [interpreter, *sources, *PLACE, "--goal", "{goal}", "--timeout", "{timeout}"]
    return words + ["--save", "/dev/null"] if row.language == "python" else words


def run(row, folder, whole):
    """The rules that found something and what it weighs, how long it took, and what was printed."""
    profile = CLIENTS / ("taskpoll.json" if row.language == "c" else "profile.json")
    scenarios = sorted({s.split(":")[0] for s in row.scenarios}) if whole else row.scenarios
    began = time.monotonic()
    done = subprocess.run(
        [BIN / "harness", "run", "--fixtures", FIXTURES, "--report", "tap", "--clock", "events", "-j", "8",
         "--fail-on", "required" if row.weight == "REQUIRED" else "remark", "--profile", profile, *scenarios, "--", *command(row, folder)],
        capture_output=True, text=True, errors="replace", check=False,
        env={**os.environ, "TASKPOLL": str(BIN / "taskpoll"), "PYTHONDONTWRITEBYTECODE": "1"})
    found = re.findall(r"^#   (?:rule|  so) +(\S+) \((\w+)\)", done.stdout, re.MULTILINE)
    return list(dict.fromkeys(found)), time.monotonic() - began, done.stdout + done.stderr


def tell(row, found, seconds, output):
    caught = (row.rule, row.weight) in found and "not ok" in output
    if row.weight == "remark":
        caught = caught and "REQUIRED" not in [weight for _, weight in found]
    others = ", ".join(f"{rule} ({weight})" for rule, weight in found if rule != row.rule)
    print(f"{'caught' if caught else 'MISSED':7} {row.rule:12} {row.name:58} {seconds:5.1f} s"
          + (f"  also: {others}" if others else ""), flush=True)
    if not caught:
        print("".join(f"        {line}\n" for line in output.splitlines()[:40]), end="", flush=True)
    return caught


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--whole", action="store_true")
    parser.add_argument("--jobs", type=int, default=8)
    parser.add_argument("words", nargs="*")
    options = parser.parse_args()
    if shutil.which(str(BIN / "harness")) is None:
        parser.error(f"no harness in {BIN}; BIN says where it is")
    absent = {name for name, (_, program) in LANGUAGES.items() if shutil.which(program) is None}
    for name in sorted(absent):
        print(f"SKIP: no {LANGUAGES[name][1]} here, so no broken clients in {name}")
    rows = [row for row in ROWS if row.language not in absent
            and (not options.words or any(word in row.name for word in options.words))]
    if not rows:
        return 77
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as work, ThreadPoolExecutor(options.jobs) as pool:
        results = pool.map(lambda i: run(rows[i], Path(work) / str(i), options.whole), range(len(rows)))
        caught = sum(tell(row, *result) for row, result in zip(rows, results))
    print(f"{caught} of {len(rows)} broken clients are caught by the rule they name, "
          f"in {time.monotonic() - began:.0f} s")
    return 0 if caught == len(rows) else 1


if __name__ == "__main__":
    sys.exit(main())
