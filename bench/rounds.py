"""Takes the measurements: rounds of all targets interleaved (A B C A B C), so that a noisy minute hits each alike."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bench.load import Sample, Target
from bench.processes import Tree
from bench.queries import Query
from bench.steps import Steps

ANSWERS_EACH = 2
"""A slow target's round is made longer until each connection has had about so many answers."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to measure: rounds of each server, whole seconds of a round and of the one before, not counted.

    ``longest`` is for a round of a slow server.
    """

    rounds: int
    seconds: int
    warm_up: int
    longest: int


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
    query: Query,
    users: int,
    concurrencies: Sequence[int],
    targets: Sequence[Target],
    postgres: Tree,
    effort: Effort,
    steps: Steps,
) -> list[Cell]:
    """Every target at every concurrency of this query."""
    cells = []
    for concurrency in concurrencies:
        step = f"{query.name}, {users:,} users, {concurrency} at once"
        seconds: dict[str, int] = {}
        for target in targets:
            steps.say(step, f"warming up {target.name}")
            first = target.round(concurrency, effort.warm_up, postgres)
            seconds[target.name] = _seconds(effort, concurrency, first)
        samples: dict[str, list[Sample]] = {target.name: [] for target in targets}
        for number in range(effort.rounds):
            for target in targets:
                steps.say(step, f"round {number + 1} of {effort.rounds}: {target.name}")
                samples[target.name].append(target.round(concurrency, seconds[target.name], postgres))
        for target in targets:
            rounds = tuple(samples[target.name])
            cells.append(Cell(query.name, users, concurrency, target.name, rounds, target.memory_mb()))
    return cells


def _seconds(effort: Effort, concurrency: int, first: Sample) -> int:
    needed = math.ceil(ANSWERS_EACH * concurrency / first.rps)
    return max(effort.seconds, min(needed, effort.longest))
