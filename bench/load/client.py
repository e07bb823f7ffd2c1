"""The load generator's process: reads one job a line, sends its requests over keep-alive connections, prints what
it measured. Every answer is checked byte for byte against the one that was compared before."""

import asyncio
import gc
import sys
import time
from base64 import b64decode
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

import orjson
import uvloop

LONGEST_SECONDS = 120.0
"""After this a round is given up: a server that does not answer must not hang the bench."""


@dataclass(slots=True)
class Round:
    """One round under way. Once its time is over no request is sent any more; those under way are waited for."""

    requests: list[bytes]
    answers: list[int]
    seconds: float
    under_way: int
    done: asyncio.Future[None]
    sent: int = 0
    ends: float = 0.0
    latencies: list[float] = field(default_factory=list)

    def next_request(self) -> int | None:
        """The number of the request that comes next; ``None`` once the time is over."""
        if time.perf_counter() >= self.ends:
            self.under_way -= 1
            if self.under_way == 0 and not self.done.done():
                self.done.set_result(None)
            return None
        number = self.sent % len(self.requests)
        self.sent += 1
        return number

    def fail(self, reason: str) -> None:
        """Give up: one wrong answer makes the round worthless."""
        if not self.done.done():
            self.done.set_exception(ValueError(reason))


class Connection(asyncio.Protocol):
    """One keep-alive connection: a request, its answer, the next request."""

    def __init__(self, this_round: Round) -> None:
        self._round = this_round
        self._received = b""
        self._length = -1
        self._number = 0
        self._started = 0.0

    def connection_made(self, transport: Any) -> None:
        """Connected; nothing is sent before all connections are."""
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Lost or, when the round is over, closed by us."""
        self._round.fail(f"the server closed the connection: {exc}")

    def close(self) -> None:
        """Hang up."""
        self._transport.close()

    def send(self) -> None:
        """Send the next request, if there is one."""
        number = self._round.next_request()
        if number is not None:
            self._number = number
            self._started = time.perf_counter()
            self._transport.write(self._round.requests[number])

    def data_received(self, data: bytes) -> None:
        """Take a piece of the answer; when it is whole, check it and go on."""
        self._received = received = self._received + data if self._received else data
        if self._length < 0:
            self._length = _answer_length(received)
            if self._length < 0:
                return
        if len(received) < self._length:
            return
        self._round.latencies.append(time.perf_counter() - self._started)
        if not received.startswith(b"HTTP/1.1 200"):
            self._round.fail(f"not 200 but: {received[:400]!r}")
            return
        if crc32(body_of(received)) != self._round.answers[self._number]:
            self._round.fail(f"another answer than the one that was compared: {received[:400]!r}")
            return
        self._received, self._length = b"", -1
        self.send()


def _answer_length(received: bytes) -> int:
    """Length of head and body together; -1 while the head is not complete."""
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return -1
    head = received[:end].lower()
    start = head.find(b"content-length:")
    if start < 0:
        raise ValueError(f"an answer without Content-Length: {received[:400]!r}")
    line = head[start + len(b"content-length:") : end]
    return end + 4 + int(line.partition(b"\r\n")[0])


def body_of(received: bytes) -> bytes:
    """The body of a whole answer."""
    return received[received.find(b"\r\n\r\n") + 4 :]


async def run(job: dict[str, Any]) -> dict[str, Any]:
    """Carry out one job; latencies in seconds, sorted."""
    loop = asyncio.get_running_loop()
    requests = [b64decode(request) for request in job["requests"]]
    this_round = Round(requests, job["answers"], job["seconds"], job["concurrency"], loop.create_future())
    connections = [
        (await loop.create_connection(lambda: Connection(this_round), job["host"], job["port"]))[1]
        for _ in range(job["concurrency"])
    ]
    cpu, started = time.process_time(), time.perf_counter()
    this_round.ends = started + this_round.seconds
    try:
        for connection in connections:
            connection.send()
        async with asyncio.timeout(LONGEST_SECONDS):
            await this_round.done
        ended = time.perf_counter()
    except TimeoutError:
        return {"failed": f"no answer within {LONGEST_SECONDS:.0f} s"}
    except ValueError as error:
        return {"failed": str(error)}
    finally:
        for connection in connections:
            connection.close()
    return {
        "answered": len(this_round.latencies),
        "seconds": ended - started,
        "cpu_seconds": time.process_time() - cpu,
        "latencies": sorted(this_round.latencies),
    }


def main() -> None:
    """Serve jobs until the input ends."""
    gc.disable()
    for line in sys.stdin.buffer:
        try:
            result = uvloop.run(run(orjson.loads(line)))
        except (OSError, ValueError) as error:
            result = {"failed": str(error)}
        sys.stdout.buffer.write(orjson.dumps(result) + b"\n")
        sys.stdout.buffer.flush()
        gc.collect()


if __name__ == "__main__":
    main()
