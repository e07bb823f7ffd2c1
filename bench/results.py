"""What a run found: medians, ratios of rounds that stood side by side, and the file that keeps them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

import orjson

from bench.machine import Machine
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

    ``lowest`` and ``highest`` are the extremes of ``rps``. No ``cpu_postgres`` beside a peer that asks no database.
    """

    query: str
    users: int
    concurrency: int
    peer: str
    rps: float
    lowest: float
    highest: float
    p50: float
    cpu_server: float
    cpu_postgres: float | None


@dataclass(frozen=True, slots=True)
class Results:
    """A whole run."""

    machine: Machine
    versions: dict[str, str]
    settings: dict[str, Any]
    queries: dict[str, str]
    servers: dict[str, str]
    rows: list[Row]
    ratios: list[Ratio]
    rounds: list[dict[str, Any]]

    def write(self, file: Path) -> None:
        """Keep the run as JSON."""
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(orjson.dumps(asdict(self), option=orjson.OPT_INDENT_2) + b"\n")


def rows_of(cells: Sequence[Cell]) -> list[Row]:
    """A row for each cell."""
    return [
        Row(
            cell.query,
            cell.users,
            cell.concurrency,
            cell.server,
            round(median(s.load.rps for s in cell.samples), 1),
            round(median(s.load.percentile_ms(50) for s in cell.samples), 3),
            round(median(s.load.percentile_ms(99) for s in cell.samples), 3),
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
            "rps": [round(sample.load.rps, 1) for sample in cell.samples],
            "cpu_ms_load": round(median(sample.cpu_ms_load for sample in cell.samples), 4),
        }
        for cell in cells
    ]


def _ratio(ours: Cell, peer: Cell) -> Ratio:
    pairs = list(zip(ours.samples, peer.samples, strict=True))
    rps = [a.load.rps / b.load.rps for a, b in pairs]
    return Ratio(
        ours.query,
        ours.users,
        ours.concurrency,
        peer.server,
        round(median(rps), 2),
        round(min(rps), 2),
        round(max(rps), 2),
        round(median(b.load.percentile_ms(50) / a.load.percentile_ms(50) for a, b in pairs), 2),
        round(median(b.cpu_ms_server / a.cpu_ms_server for a, b in pairs), 2),
        _cpu_postgres(ours, peer),
    )


def _cpu_postgres(ours: Cell, peer: Cell) -> float | None:
    # Read in ticks of a hundredth of a second: too coarse for the ratio of two single rounds.
    a, b = (median(sample.cpu_ms_postgres for sample in cell.samples) for cell in (ours, peer))
    return round(b / a, 2) if a and b else None
