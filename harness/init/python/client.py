#!/usr/bin/env python3
"""Waits for one video task to end, politely:  client.py BASE_URL TASK_ID [TIMEOUT_S]

The token is in MOCK_TOKEN. The last line is "url: ...", "failed: ...", "error: ..." or "gave up: ...", the exit code 0, 3, 4 or 5.
"""
import email.utils
import http.client
import json
import os
import random
import sys
import time
from urllib.parse import quote, urlsplit

INTERVAL_S = 5      # between polls, as the service documents it
BACKOFF_MAX_S = 60
TROUBLES_MAX = 8    # exchanges in a row that told nothing of the task
ATTEMPT_S = 60      # for one exchange


class Refused(Exception):
    """The service said no, and would say so again."""


class Trouble(Exception):
    """The exchange told nothing of the task: ask again, later."""

    def __init__(self, why, retry_after=None):
        super().__init__(why)
        self.retry_after = retry_after


def seconds_of(retry_after):
    """Retry-After in seconds from now, in both its forms; None when absent or malformed."""
    text = (retry_after or "").strip()
    if text.isdecimal():
        return int(text)
    try:
        return max(0, email.utils.parsedate_to_datetime(text).timestamp() - time.time())
    except (TypeError, ValueError):
        return None


def read(reply):
    """State ("running", "succeeded", "failed") and URL or reason. An error may come with status 200."""
    if isinstance(reply.get("error"), dict) and "data" not in reply:
        raise Refused(reply["error"].get("message"))
    if reply.get("code") is not None and str(reply["code"]).lower() != "success":
        raise Refused(f"{reply['code']} {reply.get('message')}")
    record = reply.get("data")
    status = record.get("status") if isinstance(record, dict) else None
    if not status or not isinstance(status, str):
        raise Trouble("no status in the reply")
    if status.lower() in ("success", "succeeded"):
        urls = [record.get(key) for key in ("result_url", "url", "fail_reason")]
        return "succeeded", next((u for u in urls if str(u).startswith(("http://", "https://"))), "")
    if status.lower() in ("failure", "failed"):
        error = record.get("error") or {}
        return "failed", record.get("fail_reason") or error.get("message") or ""
    return "running", status    # a word that nobody has told of yet: still running


def poll(base, task_id):
    """State and text of the task, and how long the service asks to be left alone."""
    kind = http.client.HTTPSConnection if base.scheme == "https" else http.client.HTTPConnection
    connection = kind(base.netloc, timeout=ATTEMPT_S)
    try:
        connection.request("GET", f"{base.path.rstrip('/')}/v1/video/generations/{quote(task_id, safe='')}",
                           headers={"Authorization": "Bearer " + os.environ.get("MOCK_TOKEN", "")})
        reply = connection.getresponse()
        status, retry_after, body = reply.status, seconds_of(reply.headers.get("Retry-After")), reply.read()
    except (OSError, http.client.HTTPException) as lost:
        raise Trouble(f"no reply: {lost!r}") from lost
    finally:
        connection.close()
    if status in (408, 425, 429) or status >= 500:
        raise Trouble(f"HTTP {status}", retry_after)
    if not 200 <= status < 300:
        raise Refused(f"HTTP {status} {body[:200].decode(errors='replace')}")
    try:
        reply = json.loads(body)
    except ValueError:
        reply = None
    if not isinstance(reply, dict):
        raise Trouble("the reply is no JSON object", retry_after)
    return *read(reply), retry_after


def backoff(troubles):
    return random.uniform(INTERVAL_S, min(BACKOFF_MAX_S, INTERVAL_S * 2 ** (troubles - 1)))


def wait_for(base, task_id, timeout):
    """The line to print and the exit code."""
    started, troubles, first = time.monotonic(), 0, True
    while True:
        try:
            state, text, retry_after = poll(base, task_id)
            if state == "succeeded":
                return "url: " + text, 0
            if state == "failed":
                return "failed: " + text, 3
            troubles = 0
        except Refused as refused:
            text, retry_after = str(refused), None
            if not first or ("HTTP 404" not in text and "task_not_exist" not in text):
                return f"error: {text}", 4
            troubles = 1    # it may be too new to be found: once more
        except Trouble as trouble:
            text, retry_after, troubles = str(trouble), trouble.retry_after, troubles + 1
        first = False
        wait = backoff(troubles) if troubles else INTERVAL_S
        if retry_after is not None:
            wait = max(INTERVAL_S, retry_after)
        if troubles > TROUBLES_MAX or time.monotonic() - started + wait > timeout:
            return f"gave up: {text}", 5
        time.sleep(wait)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    line, code = wait_for(urlsplit(sys.argv[1]), sys.argv[2], float(sys.argv[3]) if len(sys.argv) > 3 else 3600)
    print(line)
    sys.exit(code)
