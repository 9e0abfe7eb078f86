"""Runs become cells, cells become the tables of docs/libraries.md. No cell depends on chance in a library's waits."""
from measure import BODY

STATUSES = ("404", "408", "409", "425", "429", "500", "502", "503", "504")
ENDLESS = 12              # a status is told that often; who then still asks would ask for ever
AT_ONCE_MS = 20           # simulated time passes when a program looks at a clock, hardly when it computes
NOT_AGAIN = "—"
# How much later than asked still counts as asked: a date has whole seconds, and some add chance.
LATE_MS = 1100

AFTER = {
    "7 s": ("seconds", 7000), "an hour": ("hour", 3600000), "a date in 7 s": ("date", 7000), "a date past": ("past", 0),
    "0": ("zero", 0), "1.5": ("decimal", 1500), "unreadable": ("unreadable", None),
}
LOST = {"cut": "cut", "cut, kept": "kept-cut", "nothing": "empty", "nothing, kept": "kept-empty", "reset": "reset"}


def gaps(run):
    """Milliseconds from the end of each reply to the poll after it."""
    polls = run["polls"]
    return [max(0, after["began_ms"] - before["ended_ms"]) for before, after in zip(polls, polls[1:])]


# -- Statuses --------------------------------------------------------------------------------------

def seconds(ms):
    return f"{round(ms / 1000, 1):g}"


def pauses(again):
    """What is seen in the waits of all statuses together: chance shows when two of them differ."""
    waits = [list(column) for column in zip(*(gaps(run) for run in again))]
    if not waits:
        return NOT_AGAIN
    if max(max(column) for column in waits) < AT_ONCE_MS:
        return "none"
    means = [sum(column) / len(column) for column in waits]
    if all(max(column) - min(column) <= AT_ONCE_MS for column in waits):
        more = ", …" if len(means) > 4 else ""
        return ", ".join(seconds(mean) for mean in means[:4]) + more + " s"
    return "with chance, growing" if means[-1] > 1.9 * means[0] else "with chance"


def statuses(runs):
    again = [status for status in STATUSES if runs[status]["poll_count"] > 1]
    if not again:
        return ["none", NOT_AGAIN, NOT_AGAIN]
    counts = sorted({min(ENDLESS, runs[status]["poll_count"] - 1) for status in again})
    often = " or ".join("for ever" if count == ENDLESS else str(count) for count in counts)
    return ["all" if len(again) == len(STATUSES) else " ".join(again), often, pauses([runs[status] for status in again])]


# -- Retry-After -----------------------------------------------------------------------------------

def obeys(run, asked_ms):
    if run["poll_count"] < 2:
        return "not again"
    wait = gaps(run)[0]
    if asked_ms and asked_ms <= wait <= asked_ms + (LATE_MS if asked_ms > 2000 else 50):
        return "**waits it**"
    return "at once" if wait < AT_ONCE_MS else "own pause"


def retry_after(runs):
    """Judged on a 503, or where that is not asked again, on a 429."""
    for status in ("503", "429"):
        told = [obeys(runs[f"{status}-{name}"], asked) for name, asked in AFTER.values()]
        if set(told) != {"not again"}:
            both = any(runs["429-seconds"]["poll_count"] > 1 and runs["503-seconds"]["poll_count"] > 1 for _ in told)
            return [status + (", 429" if both and status == "503" else ""), *told]
    return [NOT_AGAIN] * (1 + len(AFTER))


# -- Lost replies ----------------------------------------------------------------------------------

def outcome(line):
    """What a driver made of it: a line "got STATUS BYTES" or "error NAME"."""
    words = line.split()
    if not words or words[0] != "got":
        return "error" if words else "it ended without a word"
    length = int(words[2])
    if length == len(BODY):
        return "whole"
    if length > len(BODY):
        return "**two bodies glued**"
    return "**half passes**" if length else "**nothing passes**"


def lost(run, urls):
    lines = run["output"].strip().splitlines()
    told = outcome(lines[urls - 1] if len(lines) >= urls else "")
    again = run["poll_count"] - urls
    if told == "whole":
        return "asked again" if again else "came whole"
    return told + (", asked again" if again else "")


def losses(runs):
    return [lost(runs[name], 2 if name.startswith("kept") else 1) for name in LOST.values()]


# -- Tables ----------------------------------------------------------------------------------------

HEADS = {
    "statuses": ["asked again", "how often", "pauses"],
    "retry-after": ["on", *AFTER],
    "lost": list(LOST),
    "versions": ["version", "for a polite poller"],
}


def lines(row, version, runs):
    """{table: the row's line}"""
    cells = {"statuses": statuses(runs), "retry-after": retry_after(runs), "lost": losses(runs),
             "versions": [version, row.advice]}
    return {table: "| " + " | ".join([f"{row.language}: {row.name}", *told]) + " |" for table, told in cells.items()}


def head(table):
    words = ["library", *HEADS[table]]
    return ["| " + " | ".join(words) + " |", "|" + "---|" * len(words)]
