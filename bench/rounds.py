"""Takes the measurements: rounds of all targets interleaved (A B C A B C), so that a noisy minute hits each alike."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bench.load import NoAnswer, RoundFailed, Sample, Target
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


@dataclass(frozen=True, slots=True)
class Measured:
    """What was found of one query, and by server and concurrency why nothing was."""

    cells: list[Cell]
    failed: dict[str, str]


def measure(
    query: Query,
    users: int,
    concurrencies: Sequence[int],
    targets: Sequence[Target],
    postgres: Tree,
    effort: Effort,
    steps: Steps,
) -> Measured:
    """Every target at every concurrency of this query; one that fails a round is left out at that concurrency."""
    found = Measured([], {})
    for concurrency in concurrencies:
        step = f"{query.name}, {users:,} users, {concurrency} at once"
        series = [_Series(target, concurrency, postgres, effort) for target in targets]
        for number in range(effort.rounds + 1):
            for each in [each for each in series if each.failed is None]:
                steps.say(step, f"round {number} of {effort.rounds}: {each.target.name}")
                each.go_on()
        for each in series:
            name = each.target.name
            if each.failed is None:
                memory = each.target.memory_mb()
                found.cells.append(Cell(query.name, users, concurrency, name, tuple(each.samples), memory))
            else:
                found.failed[f"{name} in {step}"] = each.failed
    return found


class _Series:
    """The rounds of one target at one concurrency: the first warms it up and says how long the others last."""

    def __init__(self, target: Target, concurrency: int, postgres: Tree, effort: Effort) -> None:
        self.target = target
        self.samples: list[Sample] = []
        self.failed: str | None = None
        self._concurrency = concurrency
        self._postgres = postgres
        self._effort = effort
        self._seconds: int | None = None

    def go_on(self) -> None:
        """The next round."""
        try:
            if self._seconds is None:
                self._seconds = self._warm_up(self._effort.warm_up)
            else:
                self.samples.append(self.target.round(self._concurrency, self._seconds, self._postgres))
        except RoundFailed as error:
            self.failed = str(error)

    def _warm_up(self, seconds: int) -> int:
        effort = self._effort
        try:
            first = self.target.round(self._concurrency, seconds, self._postgres)
        except NoAnswer:
            if seconds >= effort.longest:
                raise
            return self._warm_up(min(4 * seconds, effort.longest))
        needed = math.ceil(ANSWERS_EACH * self._concurrency / first.rps)
        return max(effort.seconds, min(needed, effort.longest))
