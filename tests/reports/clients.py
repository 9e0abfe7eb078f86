"""Three clients as profiles in a folder: the good one, and two of tests/broken.    clients.py FOLDER"""
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "broken"))
from run import CLIENTS, command
from table import ROWS, Row

NAMES = {"hasty": "python: polls every second", "once-more": "python: polls once more after success"}


def profile(row, folder):
    lines = (CLIENTS / "profile.json").read_text().splitlines()
    outcomes = json.loads("\n".join(line for line in lines if not line.startswith("//")))
    return {"command": command(row, folder), **outcomes}


def main():
    folder = Path(sys.argv[1])
    rows = {"good": Row("python: good", "python", [], None, "REQUIRED", [], [])}
    rows.update((name, next(row for row in ROWS if row.name == of)) for name, of in NAMES.items())
    for name, row in rows.items():
        (folder / f"{name}.json").write_text(json.dumps(profile(row, folder / name)))


if __name__ == "__main__":
    main()
