"""Load over HTTP by wrk: one thread, keep-alive connections, a list of prepared requests in turn."""

import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from bench.cores import OTHER_CORE
from bench.load import NoAnswer, RoundFailed, Sample
from bench.load.command import Command
from bench.processes import HOST, Server, Tree

MISSING = "wrk is missing; install it with: apt-get install wrk"

_SCRIPT = Path(__file__).with_name("wrk.lua")
_ANSWER_SECONDS = 60
"""wrk counts an answer that takes longer as an error."""

_QUIET = 0.06
"""Seconds without any CPU time after which a server counts as idle; the kernel counts in hundredths."""

_LONGEST_REST = 5.0
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\r": "\\r", "\n": "\\n"})


def find_wrk() -> str:
    """The path of wrk. Raises ``RoundFailed`` with the line that installs it."""
    path = shutil.which("wrk")
    if path is None:
        raise RoundFailed(MISSING)
    return path


@dataclass(slots=True)
class HttpTarget:
    """A server with the requests it is asked, each a whole HTTP/1.1 message.

    A round goes on in the list where the one before ended: a write that came again before the other one of the same
    asker would change nothing.
    """

    server: Server
    requests: Sequence[bytes]
    sent: int = 0

    @property
    def name(self) -> str:
        """The server's name."""
        return self.server.peer.name

    def memory_mb(self) -> float:
        """Resident memory of the server's processes."""
        return self.server.tree.memory_mb()

    def round(self, concurrency: int, seconds: int, postgres: Tree) -> Sample:
        """One run of wrk; CPU is read once the server is idle again."""
        with tempfile.NamedTemporaryFile("w", suffix=".lua", encoding="utf-8") as file:
            file.write(_lua_list(self.requests))
            file.flush()
            tree = self.server.tree
            before = tree.cpu_seconds(), postgres.cpu_seconds()
            words = [
                find_wrk(),
                "-t1",
                f"-c{concurrency}",
                f"-d{seconds}s",
                f"--timeout={_ANSWER_SECONDS}s",
                "--latency",
            ]
            words += ["-s", str(_SCRIPT), f"http://{HOST}:{self.server.port}"]
            environment = {"BENCH_REQUESTS": file.name, "BENCH_SENT": str(self.sent)}
            done = Command(words, OTHER_CORE, seconds, environment).done()
            _until_idle(tree)
            after = tree.cpu_seconds(), postgres.cpu_seconds()
        found = _result(self.name, done.output)
        # wrk hangs up on the requests that are under way at its end; the server has worked on them all the same.
        worked_on = int(found["answered"]) + concurrency
        self.sent += worked_on
        of_server, of_postgres = (1000 * (end - start) / worked_on for start, end in zip(before, after, strict=True))
        return Sample(
            found["answered"] / found["seconds"],
            found["p50_ms"],
            found["p99_ms"],
            of_server,
            of_postgres,
            1000 * done.cpu_seconds / found["answered"],
        )


def _result(name: str, output: str) -> dict[str, float]:
    line = output.rpartition("RESULT ")[2]
    try:
        found: dict[str, float] = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise RoundFailed(f"{name}: wrk says no figures but: {output[-600:]}") from error
    if found["refused"] or found["lost"]:
        raise RoundFailed(f"{name}: {found['refused']:.0f} answers of a wrong status, {found['lost']:.0f} lost")
    if not found["answered"]:
        raise NoAnswer(f"{name} answers nothing in {found['seconds']:.0f} s")
    return found


def _until_idle(tree: Tree) -> None:
    """Wait until what is under way is over: it would run in the next server's round."""
    deadline = time.monotonic() + _LONGEST_REST
    spent = tree.cpu_seconds()
    while time.monotonic() < deadline:
        time.sleep(_QUIET)
        now = tree.cpu_seconds()
        if now == spent:
            return
        spent = now


def _lua_list(requests: Sequence[bytes]) -> str:
    return "return {\n" + ",\n".join(f'"{raw.decode().translate(_ESCAPES)}"' for raw in requests) + "\n}\n"
