"""Measures libraries: what a driver does in each scenario of fixtures/, by the harness's own report, in simulated time.

A reset is what no fault of the mock plays: for it alone a server of ours (reset_server) stands in, in real time.
"""
import json
import os
import shutil
import socket
import struct
import subprocess
import threading
from pathlib import Path

from libraries import HERE, environment

ROOT = HERE.parents[1]
BIN = Path(os.environ.get("BIN", ROOT / "build/dev/bin")).resolve()
FIXTURES = HERE / "fixtures"
MODULES = ROOT / "build/libraries"
URL = "{base_url}/task/{task_id}"
BODY = (FIXTURES / "service/replies/done.http").read_bytes().split(b"\n\n", 1)[1]
CLIENTS_AT_ONCE = 32      # of one harness run
VERSION_S, RESET_S = 60, 120


# -- What is here ------------------------------------------------------------------------------------

def install_modules():
    """The packages of package-lock.json, into the build folder; what is there is left alone."""
    lock = HERE / "package-lock.json"
    installed = MODULES / "installed.json"
    if installed.exists() and installed.read_bytes() == lock.read_bytes():
        return
    if not shutil.which("npm"):
        return
    MODULES.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, MODULES / name)
    done = subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
                          cwd=MODULES, check=False)
    if done.returncode == 0:
        shutil.copy(lock, installed)


def made(row, out):
    """The words that start the row's driver, built where it must be; None: it cannot be."""
    def filled(parts):
        return [part.replace("{out}", str(out)) for part in parts]

    out.mkdir()
    if row.build:
        if not shutil.which(row.build[0]):
            return None
        built = subprocess.run(filled(row.build), env=environment(MODULES), cwd=out, check=False, capture_output=True)
        if built.returncode != 0:
            return None
    return filled(row.command) if shutil.which(filled(row.command)[0]) else None


def version(row, command):
    """The library's own version, or Debian's of its package; "": it is not here."""
    if row.package and shutil.which("dpkg-query"):
        asked = ["dpkg-query", "-W", "-f", "${source:Upstream-Version}", row.package]
    else:
        asked = command
    told = subprocess.run(asked, env=environment(MODULES), check=False, capture_output=True, text=True, timeout=VERSION_S)
    return told.stdout.strip() if told.returncode == 0 else ""


# -- In simulated time -------------------------------------------------------------------------------

def harness(commands, urls, scenarios, folder):
    """{row: {scenario: run}} of the harness's report; each driver is given that many URLs, all the same."""
    words = [str(BIN / "harness"), "run", "--fixtures", str(FIXTURES), "--report", f"json={folder}/report.json",
             "--report", "tap", *scenarios]
    for name, command in commands.items():
        path = folder / f"{name}.json"
        path.write_text(json.dumps({"command": command + [URL] * urls, "auth": "none", "limit": "10h"}))
        words += ["--profile", str(path)]
    done = subprocess.run(words, env=environment(MODULES), check=False, capture_output=True, text=True)
    if done.returncode not in (0, 1):
        raise SystemExit(f"libraries: harness run: {done.stderr.strip()}")
    runs = {}
    for scenario in json.loads((folder / "report.json").read_text())["scenarios"]:
        if scenario["runs"]:
            runs.setdefault(scenario["client"], {})[scenario["scenario"]] = scenario["runs"][0]
    return runs


def scenarios(kept, spared):
    """Those named kept-* have a good exchange before, on the same connection; 503-zero and the like a Retry-After."""
    names = sorted(path.stem for path in (FIXTURES / "service/scenarios").glob("*.json"))
    return [f"service:{name}" for name in names
            if name.startswith("kept-") == kept and not (spared and name.startswith(("429-", "503-")))]


def in_simulated_time(commands, spared, folder):
    """{row: {scenario: run}}; of the rows in `spared`, none with a Retry-After."""
    runs = {name: {} for name in commands}
    for some in ([name for name in commands if name not in spared], [name for name in commands if name in spared]):
        for at in range(0, len(some), CLIENTS_AT_ONCE):
            batch = {name: commands[name] for name in some[at:at + CLIENTS_AT_ONCE]}
            for urls in (1, 2):
                asked = scenarios(kept=urls == 2, spared=some[0] in spared)
                for name, told in harness(batch, urls, asked, folder).items():
                    runs[name].update(told)
    return runs


def unclear(runs):
    """The scenarios of a row that the harness does not vouch for."""
    return [name for name, run in runs.items() if run.get("inconclusive")]


def again(runs, commands, folder):
    """What was unclear once, on a busy machine, is asked once more, alone."""
    for row, own in runs.items():
        for name in unclear(own):
            urls = 2 if name.startswith("kept-") else 1
            own.update(harness({row: commands[row]}, urls, [f"service:{name}"], folder).get(row, {}))


# -- In real time --------------------------------------------------------------------------------------

class ResetServer:
    """Resets the first connection once it has read a request, and answers the others."""

    def __init__(self):
        self.requests = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = "http://127.0.0.1:%d/task/reset" % self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection:
                self.answer(connection)

    def answer(self, connection):
        head = b""
        while b"\r\n\r\n" not in head:
            some = connection.recv(4096)
            if not some:
                return
            head += some
        self.requests += 1
        if self.requests == 1:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n"
                           b"Connection: close\r\n\r\n%s" % (len(BODY), BODY))

    def close(self):
        self.listener.close()


def reset(command):
    """As a run of the harness: how many polls, and what the driver printed."""
    server = ResetServer()
    told = subprocess.run([*command, server.url], env=environment(MODULES), check=False, capture_output=True, text=True,
                          timeout=RESET_S)
    server.close()
    return {"poll_count": server.requests, "output": told.stdout}
