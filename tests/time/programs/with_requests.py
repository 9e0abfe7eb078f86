"""The package requests, with its pool of connections."""
import sys
import time

import requests

from polling import HEADERS, POLLS_MAX, TIMEOUT_S, URL, is_done, wait_s

session = requests.Session()
session.trust_env = False
for _ in range(POLLS_MAX):
    retry_after = None
    try:
        reply = session.get(URL, headers=HEADERS, timeout=TIMEOUT_S)
        retry_after = reply.headers.get("Retry-After")
        if is_done(reply.content):
            sys.exit(0)
    except requests.exceptions.Timeout:
        pass
    time.sleep(wait_s(retry_after))
sys.exit(1)
