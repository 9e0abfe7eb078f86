#!/usr/bin/env -S python3 -B
"""Claims about the cells and the comparison of run.py, on runs that are made up: no library is asked."""
import contextlib
import io
import unittest
from types import SimpleNamespace

import run
import told
from measure import BODY

ROW = SimpleNamespace(language="C", name="made up", advice="none")
WHOLE = f"got 200 {len(BODY)}\n"


def polls(*waits, output=WHOLE):
    """A run whose polls take no time and are that many milliseconds apart."""
    times = [sum(waits[:at]) for at in range(len(waits) + 1)]
    return {"poll_count": len(times), "output": output, "polls": [{"began_ms": at, "ended_ms": at} for at in times]}


def quiet(**runs):
    """All scenarios, asked once each, but for those given: s503 is 503, s503_zero is 503-zero."""
    every = {status: polls() for status in told.STATUSES}
    every |= {f"{status}-{name}": polls() for status in ("503", "429") for name, _ in told.AFTER.values()}
    every |= {name: polls() for name in told.LOST.values()}
    return every | {name.removeprefix("s").replace("_", "-"): one for name, one in runs.items()}


class Cells(unittest.TestCase):
    def test_statuses_asked_again_are_named_and_their_waits_told(self):
        runs = quiet(s502=polls(1000, 2000), s503=polls(1000, 2000))
        self.assertEqual(told.statuses(runs), ["502 503", "2", "1, 2 s"])

    def test_two_waits_that_differ_are_chance(self):
        runs = quiet(s502=polls(400, 900), s503=polls(500, 2000))
        self.assertEqual(told.statuses(runs)[2], "with chance, growing")

    def test_who_asks_twelve_times_may_ask_for_ever(self):
        self.assertEqual(told.statuses(quiet(s503=polls(*[0] * 12))), ["503", "12 or more", "none"])

    def test_a_wait_is_obeyed_from_the_millisecond_it_was_told(self):
        for wait, cell in ((6999, "own pause"), (7000, "**waits it**"), (8100, "**waits it**"), (8101, "own pause"), (10, "at once")):
            self.assertEqual(told.obeys(quiet(s503_seconds=polls(wait)), "503-seconds", 7000), cell)

    def test_no_second_request_is_giving_up(self):
        self.assertEqual(told.retry_after(quiet(s429_zero=polls(0)))[:2], ["429", "gives up"])

    def test_what_differs_between_503_and_429_is_told_of_both(self):
        runs = quiet(s503_seconds=polls(1000), s429_seconds=polls(7000))
        self.assertEqual(told.retry_after(runs)[:2], ["503, 429", "own pause; 429: **waits it**"])

    def test_who_asks_neither_again_has_no_line(self):
        self.assertIsNone(told.lines(ROW, "1", quiet())["retry-after"])

    def test_who_is_spared_is_said_to_have_not_come_back(self):
        runs = {name: one for name, one in quiet().items() if not name.startswith(("503-", "429-"))}
        self.assertEqual(told.retry_after(runs), ["it did not come back from one of these, and is sent none", *["—"] * 7])
        self.assertEqual(told.after_refusal(runs), "—")

    def test_half_a_body_two_bodies_and_none_are_told_apart(self):
        for length, cell in ((30, "**half passes**"), (2 * len(BODY), "**two bodies glued**"), (0, "**nothing passes**")):
            self.assertEqual(told.lost(polls(output=f"got 200 {length}\n"), 1), cell)

    def test_what_a_library_logs_is_no_outcome(self):
        self.assertEqual(told.lost(polls(0, output="INFO: error\n" + WHOLE), 1), "asked again")
        self.assertEqual(told.lost(polls(output="Killed\n"), 1), "it ended without a word")


def page(lines):
    parts = [f"<!-- {table} -->\n" + "\n".join([*told.head(table), *([line] if line else [])]) + f"\n<!-- /{table} -->"
             for table, line in lines.items()]
    return "\n".join(parts)


def differing(before, after):
    with contextlib.redirect_stderr(io.StringIO()) as said:
        return run.compare(page(before), [(ROW, after)]), said.getvalue()


class Comparison(unittest.TestCase):
    def test_the_same_behaviour_is_no_difference(self):
        lines = told.lines(ROW, "1", quiet())
        self.assertEqual(differing(lines, lines), (0, ""))

    def test_another_behaviour_of_the_same_version_is_a_difference(self):
        count, said = differing(told.lines(ROW, "1", quiet()), told.lines(ROW, "1", quiet(s503=polls(1000))))
        self.assertEqual(count, 1)
        self.assertIn("DIFFERS: statuses", said)

    def test_a_line_that_goes_or_comes_is_a_difference(self):
        some, none = told.lines(ROW, "1", quiet(s503_zero=polls(0))), told.lines(ROW, "1", quiet())
        self.assertEqual((differing(some, none)[0], differing(none, some)[0]), (1, 1))

    def test_another_behaviour_of_another_version_is_told_alone(self):
        count, said = differing(told.lines(ROW, "1", quiet()), told.lines(ROW, "2", quiet(s503=polls(1000))))
        self.assertEqual(count, 0)
        self.assertIn("another version: C: made up: the page has 1, here is 2", said)


if __name__ == "__main__":
    unittest.main()
