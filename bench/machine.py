"""What the figures were measured on: the machine, without its name, and the versions that took part."""

import os
import platform
import re
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

import psutil

from bench.cores import PINNED
from bench.load.pgbench import find_pgbench
from bench.peers import node_runtime

_PACKAGES = (
    "strawberry-graphql",
    "graphql-core",
    "aiodataloader",
    "fastapi",
    "sqlalchemy",
    "asyncpg",
    "pyjwt",
    "orjson",
    "uvicorn",
    "uvloop",
    "httptools",
)


@dataclass(frozen=True, slots=True)
class Machine:
    """The machine. ``others``: the share of all its cores that went to other processes during the rounds."""

    processor: str
    cores: int
    memory_gb: float
    kernel: str
    pinned: bool
    others: float


class Watch:
    """Sees how busy the machine is with what is not ours, from its making on. ``ours`` gives our own CPU seconds."""

    def __init__(self, ours: Callable[[], float]) -> None:
        self._ours = ours
        self._started = time.monotonic()
        self._before = _busy_seconds() - ours()

    def others(self) -> float:
        """Share of all cores until now."""
        spent = _busy_seconds() - self._ours() - self._before
        return max(0.0, spent / (time.monotonic() - self._started) / (os.cpu_count() or 1))


def this_machine(others: float) -> Machine:
    """The machine that runs the bench."""
    return Machine(
        _processor(),
        os.cpu_count() or 1,
        round(psutil.virtual_memory().total / 1e9, 1),
        f"{platform.system()} {platform.release()} {platform.machine()}",
        PINNED,
        round(others, 3),
    )


def versions(postgres: str) -> dict[str, str]:
    """Versions by name."""
    found = {"python": platform.python_version(), "postgresql": postgres}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found | node_runtime.versions() | _load_generators()


def _load_generators() -> dict[str, str]:
    """wrk says its version on the way to refusing its arguments; pgbench says it when asked."""
    found = {}
    for name, command in {"wrk": "wrk", "pgbench": find_pgbench()}.items():
        path = shutil.which(command) if command else None
        if path:
            said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
            if number := re.search(r"\d+\.[\d.]+\d", said):
                found[name] = number[0]
    return found


def _busy_seconds() -> float:
    times = psutil.cpu_times()
    return float(sum(times) - times.idle - getattr(times, "iowait", 0.0) - getattr(times, "guest", 0.0))


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:  # noqa: PTH123
            return next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or "unknown"
