"""Takes the measurements: rounds of all servers interleaved (A B C A B C), so that a noisy minute hits each alike."""

from collections.abc import Sequence
from dataclasses import dataclass

from bench.answers import Asked
from bench.load import LoadGenerator, Measured
from bench.processes import HOST, Tree
from bench.queries import Query
from bench.steps import Steps


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to measure: rounds of each server, seconds of a round, and of the one before that is not counted."""

    rounds: int
    seconds: float
    warm_up: float


@dataclass(frozen=True, slots=True)
class Sample:
    """One round of one server. CPU is in milliseconds for each answer."""

    load: Measured
    cpu_ms_server: float
    cpu_ms_postgres: float

    @property
    def cpu_ms_load(self) -> float:
        """What the load generator itself used."""
        return 1000 * self.load.cpu_seconds / self.load.answered


@dataclass(frozen=True, slots=True)
class Cell:
    """All rounds of one server for one query at one concurrency."""

    query: str
    users: int
    concurrency: int
    server: str
    samples: tuple[Sample, ...]
    memory_mb: float


def measure(
    generator: LoadGenerator,
    query: Query,
    users: int,
    asked: Sequence[Asked],
    postgres: Tree,
    effort: Effort,
    steps: Steps,
) -> list[Cell]:
    """Every server at every concurrency of this query."""
    cells = []
    for concurrency in query.concurrency:
        samples: dict[str, list[Sample]] = {each.server.peer.name: [] for each in asked}
        for each in asked:
            _round(generator, each, concurrency, effort.warm_up, postgres)
        for number in range(effort.rounds):
            for each in asked:
                name = each.server.peer.name
                steps.say(f"{query.name}, {concurrency} at once", f"round {number + 1} of {effort.rounds}: {name}")
                samples[name].append(_round(generator, each, concurrency, effort.seconds, postgres))
        for each in asked:
            name = each.server.peer.name
            memory = each.server.tree.memory_mb()
            cells.append(Cell(query.name, users, concurrency, name, tuple(samples[name]), memory))
    return cells


def _round(generator: LoadGenerator, asked: Asked, concurrency: int, seconds: float, postgres: Tree) -> Sample:
    server = asked.server
    before = server.tree.cpu_seconds(), postgres.cpu_seconds()
    load = generator.round(HOST, server.port, asked.requests, asked.answers, concurrency, seconds)
    after = server.tree.cpu_seconds(), postgres.cpu_seconds()
    of_server, of_postgres = (1000 * (end - start) / load.answered for start, end in zip(before, after, strict=True))
    return Sample(load, of_server, of_postgres)
