#!/usr/bin/env python3
"""poll.py behind a stock retry: requests with urllib3's Retry, set as its documentation shows. What it sends again after
half a second is its library's doing, and no reason to fail it. Same options, same lines."""
import sys

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

import poll

STOCK = Retry(total=2, backoff_factor=0.5, status_forcelist=[500, 502, 503, 504], allowed_methods=["GET", "POST"],
              respect_retry_after_header=True, raise_on_status=False)


class StockService(poll.Service):
    def exchange(self):
        if self.connection is None:
            self.connection = requests.Session()
            self.connection.mount("http://", HTTPAdapter(max_retries=STOCK))
        method, target, headers, body = self.request()
        try:
            reply = self.connection.request(method, self.options.base_url.rstrip("/") + target, data=body, headers=headers,
                                            timeout=poll.ATTEMPT_S, stream=True)
            whole = reply.raw.read(decode_content=True)
            return reply.status_code, reply.headers, whole
        except (OSError, urllib3.exceptions.HTTPError) as lost:
            raise poll.Trouble(f"no reply: {lost!r}") from lost


if __name__ == "__main__":
    poll.Service = StockService
    sys.exit(poll.main())
