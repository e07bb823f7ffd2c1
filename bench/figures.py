"""Figures of a run: medians of each server's rounds, and ratios of rounds that stood side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from bench.rounds import Cell

OURS = "ours"


@dataclass(frozen=True, slots=True)
class Row:
    """Medians over the rounds of one server. CPU is for each request."""

    query: str
    users: int
    concurrency: int
    server: str
    rps: float
    p50_ms: float
    p99_ms: float
    cpu_ms_server: float
    cpu_ms_postgres: float
    memory_mb: float


@dataclass(frozen=True, slots=True)
class Ratio:
    """``ours`` beside one peer; each the median of the ratios of neighbouring rounds, above 1 where ours is better.

    ``lowest`` and ``highest`` are the extremes of ``rps``. No CPU ratio beside a peer that uses none to speak of.
    """

    query: str
    users: int
    concurrency: int
    peer: str
    rps: float
    lowest: float
    highest: float
    p50: float
    cpu_server: float | None
    cpu_postgres: float | None


def rows_of(cells: Sequence[Cell]) -> list[Row]:
    """A row for each cell."""
    return [
        Row(
            cell.query,
            cell.users,
            cell.concurrency,
            cell.server,
            round(median(s.rps for s in cell.samples), 1),
            round(median(s.p50_ms for s in cell.samples), 3),
            round(median(s.p99_ms for s in cell.samples), 3),
            round(median(s.cpu_ms_server for s in cell.samples), 4),
            round(median(s.cpu_ms_postgres for s in cell.samples), 4),
            round(cell.memory_mb, 1),
        )
        for cell in cells
    ]


def ratios_of(cells: Sequence[Cell]) -> list[Ratio]:
    """``ours`` beside each other server of the same query and concurrency."""
    ours = {(cell.query, cell.users, cell.concurrency): cell for cell in cells if cell.server == OURS}
    return [
        _ratio(ours[key], cell)
        for cell in cells
        if cell.server != OURS and (key := (cell.query, cell.users, cell.concurrency)) in ours
    ]


def rounds_of(cells: Sequence[Cell]) -> list[dict[str, Any]]:
    """Requests a second of every single round: how noisy the machine was."""
    return [
        {
            "query": cell.query,
            "users": cell.users,
            "concurrency": cell.concurrency,
            "server": cell.server,
            "rps": [round(sample.rps, 1) for sample in cell.samples],
            "cpu_ms_load": round(median(sample.cpu_ms_load for sample in cell.samples), 4),
        }
        for cell in cells
    ]


def _ratio(ours: Cell, peer: Cell) -> Ratio:
    pairs = list(zip(ours.samples, peer.samples, strict=True))
    rps = [a.rps / b.rps for a, b in pairs]
    return Ratio(
        ours.query,
        ours.users,
        ours.concurrency,
        peer.server,
        round(median(rps), 2),
        round(min(rps), 2),
        round(max(rps), 2),
        round(median(b.p50_ms / a.p50_ms for a, b in pairs), 2),
        _cpu_ratio(
            [sample.cpu_ms_server for sample in peer.samples], [sample.cpu_ms_server for sample in ours.samples]
        ),
        _cpu_ratio(
            [sample.cpu_ms_postgres for sample in peer.samples], [sample.cpu_ms_postgres for sample in ours.samples]
        ),
    )


def _cpu_ratio(of_peer: Sequence[float], of_ours: Sequence[float]) -> float | None:
    # Read in ticks of a hundredth of a second: too coarse for the ratio of two single rounds.
    beside, ours = median(of_peer), median(of_ours)
    return round(beside / ours, 2) if beside and ours else None
