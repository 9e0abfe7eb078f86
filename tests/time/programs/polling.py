"""What the programs in Python share: how a reply is read, and how long to wait then."""
import email.utils
import sys
import time

BASE_URL, TASK_ID, TOKEN, INTERVAL, MODE = sys.argv[1:]
URL = f"{BASE_URL}/v1/video/generations/{TASK_ID}"
HEADERS = {"Authorization": f"Bearer {TOKEN}"}
TIMEOUT_S = 2 if MODE == "timeout" else 60
POLLS_MAX = 50


def is_done(body):
    return b'"status": "success"' in body


def wait_s(retry_after):
    """Seconds until the next poll, after a reply with this Retry-After, or None."""
    if MODE == "date" and retry_after:
        return max(0, email.utils.parsedate_to_datetime(retry_after).timestamp() - time.time())
    return float(INTERVAL) - (0.05 if MODE == "hasty" else 0)
