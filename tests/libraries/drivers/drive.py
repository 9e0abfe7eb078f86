"""One GET a URL by a library of Python: drive.py LIBRARY URL...; for each a line, "got STATUS BYTES" or "error NAME".

Without a URL: the library's version. A function a library (docs/libraries.md says what "-polite" ones switch on);
it returns what asks for one URL and gives status and body.
"""
import sys

RETRIED = (408, 425, 429, 500, 502, 503, 504)


def urllib():
    import urllib.error
    import urllib.request

    def get(url):
        try:
            with urllib.request.urlopen(url) as reply:
                return reply.status, reply.read()
        except urllib.error.HTTPError as told:
            return told.code, told.read()
    return get, "Python " + sys.version.split()[0]


def requests():
    import requests as library
    session = library.Session()

    def get(url):
        reply = session.get(url)
        return reply.status_code, reply.content
    return get, library.__version__


def requests_polite():
    import requests as library
    from requests.adapters import HTTPAdapter
    from urllib3.util.retry import Retry
    session = library.Session()
    session.mount("http://", HTTPAdapter(max_retries=Retry(
        5, status_forcelist=RETRIED, backoff_factor=1, raise_on_status=False)))

    def get(url):
        reply = session.get(url)
        return reply.status_code, reply.content
    return get, library.__version__


def urllib3():
    import urllib3 as library
    pool = library.PoolManager()

    def get(url):
        reply = pool.request("GET", url)
        return reply.status, reply.data
    return get, library.__version__


def urllib3_polite():
    import urllib3 as library
    pool = library.PoolManager(retries=library.util.Retry(
        5, status_forcelist=RETRIED, backoff_factor=1, raise_on_status=False))

    def get(url):
        reply = pool.request("GET", url, preload_content=False, enforce_content_length=True)
        return reply.status, reply.read()
    return get, library.__version__


def httpx(retries=0):
    import httpx as library
    client = library.Client(transport=library.HTTPTransport(retries=retries)) if retries else library.Client()

    def get(url):
        reply = client.get(url)
        return reply.status_code, reply.content
    return get, library.__version__


def httpx_retries():
    return httpx(3)


def aiohttp():
    import asyncio
    import aiohttp as library
    loop = asyncio.new_event_loop()

    async def open_session():
        return library.ClientSession()
    session = loop.run_until_complete(open_session())

    async def ask(url):
        async with session.get(url) as reply:
            return reply.status, await reply.read()
    return lambda url: loop.run_until_complete(ask(url)), library.__version__


def raising():
    """What is retried by the libraries that retry functions: urllib, which raises for 400 and above."""
    import urllib.request

    def get(url):
        with urllib.request.urlopen(url) as reply:
            return reply.status, reply.read()
    return get


def tenacity():
    import importlib.metadata
    import tenacity as library
    return library.retry(raising()), importlib.metadata.version("tenacity")


def tenacity_polite():
    import http.client
    import importlib.metadata
    import tenacity as library

    def may_pass(error):
        return getattr(error, "code", None) in RETRIED if hasattr(error, "code") \
            else isinstance(error, (OSError, http.client.HTTPException))

    backoff = library.wait_random_exponential(multiplier=1, max=60)

    def wait(state):
        asked = getattr(state.outcome.exception(), "headers", None)
        asked = asked and asked.get("Retry-After")
        return float(asked) if asked and asked.isdecimal() else backoff(state)
    return library.retry(retry=library.retry_if_exception(may_pass), stop=library.stop_after_attempt(6),
                         wait=wait, reraise=True)(raising()), importlib.metadata.version("tenacity")


def backoff():
    import importlib.metadata
    import backoff as library
    return library.on_exception(library.expo, Exception, max_tries=6)(raising()), importlib.metadata.version("backoff")


def main():
    library = sys.argv[1].replace("-", "_")
    get, version = globals()[library]()
    if len(sys.argv) == 2:
        print(version)
    for url in sys.argv[2:]:
        try:
            status, body = get(url)
            print("got", status, len(body))
        except Exception as error:
            print("error", type(error).__name__)


main()
