"""Runs become cells, cells become the tables of docs/libraries.md. No cell depends on chance in a library's waits."""
import re

from measure import BODY

STATUSES = ("404", "408", "409", "425", "429", "500", "502", "503", "504")
TOLD = 12                 # a status is told that often: who asks as often again is not known to stop
AT_ONCE_MS = 150          # simulated time passes when a program looks at a clock: some look ten thousand times
CHANCE_MS = 30            # how far apart two waits are that chance has made
NOTHING = "—"
WORDLESS = "it ended without a word"
# How much later than asked still counts as asked: a date has whole seconds, and some add up to a fifth by chance.
LATE_MS, LATE_BY_CHANCE = 1100, 0.25

AFTER = {
    "7 s": ("seconds", 7000), "an hour": ("hour", 3600000), "a date in 7 s": ("date", 7000), "a date past": ("past", 0),
    "0": ("zero", 0), "6.5": ("decimal", 6500), "unreadable": ("unreadable", None),
}
LOST = {"cut": "cut", "cut, kept": "kept-cut", "nothing": "empty", "nothing, kept": "kept-empty", "reset": "reset"}


def gaps(run):
    """Milliseconds from the end of each reply to the poll after it."""
    polls = run["polls"]
    return [max(0, after["began_ms"] - before["ended_ms"]) for before, after in zip(polls, polls[1:])]


# -- Statuses --------------------------------------------------------------------------------------

def waits_of(runs):
    """The first, second, … waits of all statuses that are asked again."""
    return [list(column) for column in zip(*(gaps(runs[status]) for status in STATUSES if runs[status]["poll_count"] > 1))]


def has_chance(runs):
    return any(max(column) - min(column) > CHANCE_MS for column in waits_of(runs))


def seconds(ms):
    return str(round(ms / 1000)) if ms >= 950 else f"{ms / 1000:.1f}" if ms >= AT_ONCE_MS else "0"


def pauses(runs):
    waits = waits_of(runs)
    if max(max(column) for column in waits) < AT_ONCE_MS:
        return "none"
    means = [sum(column) / len(column) for column in waits]
    if has_chance(runs):
        return "with chance, growing" if means[-1] > 1.9 * means[0] else "with chance"
    return ", ".join(seconds(mean) for mean in means[:4]) + (", …" if len(means) > 4 else "") + " s"


def statuses(runs):
    again = [status for status in STATUSES if runs[status]["poll_count"] > 1]
    if not again:
        return ["none", NOTHING, NOTHING]
    counts = sorted({min(TOLD, runs[status]["poll_count"] - 1) for status in again})
    often = " or ".join(f"{count} or more" if count == TOLD else str(count) for count in counts)
    return ["all" if len(again) == len(STATUSES) else " ".join(again), often, pauses(runs)]


# -- Retry-After -----------------------------------------------------------------------------------

def obeys(runs, name, asked_ms):
    run = runs[name]
    if run["poll_count"] < 2:
        return "gives up"
    wait = gaps(run)[0]
    late = max(LATE_MS, asked_ms * LATE_BY_CHANCE) if asked_ms and has_chance(runs) else LATE_MS
    if asked_ms and asked_ms <= wait <= asked_ms + late:
        return "**waits it**"
    # Chance may make a pause of its own short, but seldom that short.
    return "at once" if wait < (5 if has_chance(runs) else AT_ONCE_MS) else "own pause"


def retry_after(runs):
    """On 503 and on 429; both in one cell where they differ."""
    told = {}
    if "503-seconds" not in runs:
        return ["it did not come back from one of these, and is sent none", *[NOTHING] * len(AFTER)]
    for status in ("503", "429"):
        cells = [obeys(runs, f"{status}-{name}", asked) for name, asked in AFTER.values()]
        if set(cells) != {"gives up"}:
            told[status] = cells
    if len(told) == 2:
        pairs = zip(told["503"], told["429"])
        return ["503, 429", *(one if one == other else f"{one}; 429: {other}" for one, other in pairs)]
    return [status for status in told] + [cell for cells in told.values() for cell in cells]


# -- Lost replies ----------------------------------------------------------------------------------

def outcome(run, nth):
    """What a driver made of its nth URL: a line "got STATUS BYTES" or "error NAME", among what a library may print."""
    lines = re.findall(r"^(?:got \d+ \d+|error .*)$", run["output"], re.M)
    if len(lines) < nth:
        return WORDLESS
    if lines[nth - 1].startswith("error"):
        return "error"
    length = int(lines[nth - 1].split()[2])
    if length == len(BODY):
        return "whole"
    if length > len(BODY):
        return "**two bodies glued**"
    return "**half passes**" if length else "**nothing passes**"


def lost(run, urls):
    told = outcome(run, urls)
    again = run["poll_count"] > urls
    if told == "whole":
        return "asked again" if again else "came whole"
    return told + (", asked again" if again else "")


def after_refusal(runs):
    """A 503 or 429, then the task: what of the two comes out."""
    for name in ("503-seconds", "429-seconds"):
        if name in runs and runs[name]["poll_count"] > 1:
            told = outcome(runs[name], 1)
            return "the answer" if told == "whole" else told
    return NOTHING


def losses(row, runs):
    cells = [lost(runs[name], 2 if name.startswith("kept") else 1) for name in LOST.values()]
    if row.language == "shell":  # a process a request: no connection is kept
        cells[1] = cells[3] = NOTHING
    return [*cells, after_refusal(runs)]


# -- Tables ----------------------------------------------------------------------------------------

HEADS = {
    "statuses": ["asked again", "how often", "pauses"],
    "retry-after": ["on", *AFTER],
    "lost": [*LOST, "refused, then answered"],
    "versions": ["version", "for a polite poller"],
}


def lines(row, version, runs):
    """{table: the row's line}, or None where it has nothing to say."""
    cells = {"statuses": statuses(runs), "retry-after": retry_after(runs), "lost": losses(row, runs),
             "versions": [version, row.advice]}
    return {table: "| " + " | ".join([f"{row.language}: {row.name}", *told]) + " |" if told else None
            for table, told in cells.items()}


def head(table):
    words = ["library", *HEADS[table]]
    return ["| " + " | ".join(words) + " |", "|" + "---|" * len(words)]
