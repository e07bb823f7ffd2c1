"""What a run found, and the file that keeps it."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson

from bench.figures import Ratio, Row
from bench.goals import Goal
from bench.machine import Machine


@dataclass(frozen=True, slots=True)
class Results:
    """A whole run."""

    machine: Machine
    versions: dict[str, str]
    settings: dict[str, Any]
    queries: dict[str, str]
    servers: dict[str, str]
    left_out: dict[str, str]
    rows: list[Row]
    ratios: list[Ratio]
    goals: list[Goal]
    rounds: list[dict[str, Any]]

    def write(self, file: Path) -> None:
        """Keep the run as JSON."""
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(orjson.dumps(asdict(self), option=orjson.OPT_INDENT_2) + b"\n")
