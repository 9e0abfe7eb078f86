#!/usr/bin/env -S python3 -B
"""Measures how HTTP, retry and polling libraries behave, and prints the tables of docs/libraries.md.

    BIN=build/dev/bin tests/libraries/run.py [--check | --write] [--fast] [LIBRARY...]

LIBRARY: a word of a row's name; without any, all rows. --fast: those that ci/setup brings, and no package of npm is
installed. --check: compares with docs/libraries.md and says what differs; of another version than the page's it is told, and
fails nothing. --write: puts what was measured there; a row that could not be measured stays as it is.
Packages of npm go into build/libraries. Libraries that are not here are left out, by name.
Exit codes: 0 good, 1 a row differs, 2 usage, 77 none of the libraries is here.
"""
import argparse
import re
import sys
import tempfile
from pathlib import Path

import measure
import told
from libraries import FAST, ROWS

PAGE = measure.ROOT / "docs/libraries.md"


def say(text):
    print(text, file=sys.stderr, flush=True)


def measured(rows, folder):
    """[(row, {table: line})] of the rows that are here."""
    commands, versions = {}, {}
    for number, row in enumerate(rows):
        command = measure.made(row, folder / str(number))
        versions[number] = measure.version(row, command) if command else ""
        if versions[number]:
            commands[str(number)] = command
        else:
            say(f"left out: {row.language}: {row.name} is not here")
    spared = {name for name in commands if rows[int(name)].spared}
    runs = measure.in_simulated_time(commands, spared, folder)
    measure.again(runs, commands, folder)
    results = []
    for name, command in commands.items():
        row, own = rows[int(name)], runs[name]
        if measure.unclear(own):
            say(f"left out: {row.language}: {row.name} is unclear in {', '.join(measure.unclear(own))}")
            continue
        own["reset"] = measure.reset(command)
        if any(told.outcome(run, 1) == told.WORDLESS for run in own.values()):
            say(f"it did not come back from every answer: {row.language}: {row.name}")
        results.append((row, told.lines(row, versions[int(name)], own)))
    return results


def name_of(line):
    return line.split(" | ")[0].removeprefix("| ")


def table_of(page, table):
    """The lines between the table's marks."""
    found = re.search(f"<!-- {table} -->\n(.*?)<!-- /{table} -->", page, re.S)
    if not found:
        raise SystemExit(f"libraries: {PAGE}: no <!-- {table} --> … <!-- /{table} -->")
    return found.group(1).splitlines()


def cells(line):
    return line.strip("| ").split(" | ") if line else []


def compare(page, results):
    """Says what differs from the page; how many lines do. Of another version it is told, and counts for nothing."""
    old = {table: {name_of(line): line for line in table_of(page, table)} for table in told.HEADS}
    differ = 0
    for _, lines in results:
        name = name_of(lines["versions"])
        was = cells(old["versions"].get(name))
        other = was[1:2] not in ([], cells(lines["versions"])[1:2])
        if other:
            say(f"another version: {name}: the page has {was[1]}, here is {cells(lines['versions'])[1]}")
        for table, now in lines.items():
            if old[table].get(name) != now:
                say(f"{'differs' if other else 'DIFFERS'}: {table}\n  page {old[table].get(name)}\n  here {now}")
                differ += not other
    return differ


def write(results):
    """The page with the measured rows, in the order of libraries.py."""
    page = PAGE.read_text()
    for table in told.HEADS:
        lines = {name_of(line): line for line in table_of(page, table)[2:]}
        lines.update({name_of(new["versions"]): new[table] for _, new in results})
        kept = [line for row in ROWS if (line := lines.get(f"{row.language}: {row.name}"))]
        text = "\n".join([*told.head(table), *kept])
        page = re.sub(f"(<!-- {table} -->\n).*?(<!-- /{table} -->)", lambda at, text=text: f"{at[1]}{text}\n{at[2]}", page, flags=re.S)
    PAGE.write_text(page)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--fast", action="store_true")
    parser.add_argument("words", nargs="*")
    options = parser.parse_args()
    rows = [row for row in ROWS if (row.name in FAST if options.fast else True)
            and (not options.words or any(word in f"{row.language}: {row.name}" for word in options.words))]
    if not rows:
        parser.error(f"no library has one of {options.words} in its name")
    if not options.fast:
        measure.install_modules()
    with tempfile.TemporaryDirectory() as folder:
        results = measured(rows, Path(folder))
    if not results:
        return 77
    if options.write:
        write(results)
    if options.check:
        differ = compare(PAGE.read_text(), results)
        print(f"{len(results)} of {len(rows)} libraries measured, {differ} lines differ from docs/libraries.md")
        return 1 if differ else 0
    for table in told.HEADS:
        print("\n".join([*told.head(table), *(lines[table] for _, lines in results if lines[table]), ""]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
