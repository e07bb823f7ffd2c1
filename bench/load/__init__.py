"""The load generator, in a process of its own on the core that the measured server does not use."""

import math
import select
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import orjson

from bench.cores import OTHER_CORE, on

NAME = "own keep-alive HTTP/1.1 client on uvloop (bench/load)"


PATIENCE = 60.0
"""Seconds past its end after which a round without figures is given up."""


class RoundFailed(Exception):
    """A round gave no figures: a wrong answer, a lost connection, or no answer at all."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One round. Throughput counts every answer over the time until the last one came."""

    answered: int
    seconds: float
    cpu_seconds: float
    latencies: tuple[float, ...]

    @property
    def rps(self) -> float:
        """Answers in a second."""
        return self.answered / self.seconds

    def percentile_ms(self, percent: float) -> float:
        """The latency that so many of a hundred answers did not exceed, in milliseconds."""
        rank = max(1, math.ceil(len(self.latencies) * percent / 100))
        return 1000 * self.latencies[rank - 1]


class LoadGenerator:
    """A handle on the process."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def round(
        self, host: str, port: int, requests: Sequence[bytes], answers: Sequence[int], concurrency: int, seconds: float
    ) -> Measured:
        """Keep ``concurrency`` requests under way for ``seconds``; ``answers`` are the checksums of the bodies."""
        job = {
            "host": host,
            "port": port,
            "requests": [b64encode(request).decode() for request in requests],
            "answers": list(answers),
            "concurrency": concurrency,
            "seconds": seconds,
        }
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(orjson.dumps(job) + b"\n")
        self._process.stdin.flush()
        if not select.select([self._process.stdout], [], [], seconds + PATIENCE)[0]:
            raise RoundFailed(f"the load generator said nothing for {seconds + PATIENCE:.0f} seconds")
        line = self._process.stdout.readline()
        if not line:
            raise RoundFailed("the load generator ended")
        result = orjson.loads(line)
        if "failed" in result:
            raise RoundFailed(result["failed"])
        result["latencies"] = tuple(result["latencies"])
        return Measured(**result)


@contextmanager
def load_generator() -> Iterator[LoadGenerator]:
    """A load generator that is ready."""
    with (
        on(OTHER_CORE),
        subprocess.Popen(
            [sys.executable, "-m", "bench.load.client"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as process,
    ):
        yield LoadGenerator(process)
