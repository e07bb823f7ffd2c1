"""The load: who is asked, how often, and how long an answer takes. wrk for servers, pgbench for the database."""

from dataclasses import dataclass
from typing import Protocol

from bench.processes import Tree


class RoundFailed(Exception):
    """A round gave no figures: a wrong status, a lost connection, or no answer at all."""


class NoAnswer(RoundFailed):
    """A round that was over before the first answer came."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One round of one target. CPU is in milliseconds for each answer."""

    rps: float
    p50_ms: float
    p99_ms: float
    cpu_ms_server: float
    cpu_ms_postgres: float
    cpu_ms_load: float


class Target(Protocol):
    """What is measured: a server over HTTP, or the database by itself."""

    @property
    def name(self) -> str:
        """The server's name in the results."""

    def round(self, concurrency: int, seconds: int, postgres: Tree) -> Sample:
        """Keep ``concurrency`` requests under way for ``seconds``. Raises ``RoundFailed``."""

    def memory_mb(self) -> float:
        """Resident memory of the server, or of the client that stands in its place."""
