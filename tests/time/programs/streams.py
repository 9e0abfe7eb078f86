"""asyncio: streams without a library, and the loop's timers."""
import asyncio
import sys
from urllib.parse import urlsplit

from polling import HEADERS, POLLS_MAX, TIMEOUT_S, URL, is_done, wait_s


async def exchange():
    """Retry-After and body of one reply."""
    parts = urlsplit(URL)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        lines = [f"GET {parts.path} HTTP/1.1", f"Host: {parts.netloc}", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in HEADERS.items()]
        writer.write("\r\n".join(lines + ["", ""]).encode())
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
        fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
        return fields.get("Retry-After"), body
    finally:
        writer.close()


async def main():
    for _ in range(POLLS_MAX):
        retry_after = None
        try:
            retry_after, body = await asyncio.wait_for(exchange(), TIMEOUT_S)
            if is_done(body):
                return 0
        except asyncio.TimeoutError:
            pass
        await asyncio.sleep(wait_s(retry_after))
    return 1


sys.exit(asyncio.run(main()))
