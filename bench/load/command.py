"""Runs a load generator's command on its core, and reads what it used."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Timer

from bench.cores import on
from bench.load import RoundFailed

PATIENCE = 30.0
"""Seconds past its end after which a round is given up: a server that does not answer must not hang the bench."""


@dataclass(frozen=True, slots=True)
class Done:
    """A command that ended well."""

    output: str
    cpu_seconds: float
    memory_mb: float


class Command:
    """A command under way."""

    def __init__(
        self, words: Sequence[str], core: int | None, seconds: float, environment: Mapping[str, str] | None = None
    ) -> None:
        with on(core):
            self._process = subprocess.Popen(
                words,
                env={**os.environ, **(environment or {})},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
            )
        self._name = words[0]
        self._timer = Timer(seconds + PATIENCE, self._process.kill)
        self._timer.start()

    def done(self) -> Done:
        """Wait for its end. Raises ``RoundFailed`` with what it said last."""
        assert self._process.stdout is not None
        try:
            output = self._process.stdout.read().decode("utf-8", "replace")
            _, status, usage = os.wait4(self._process.pid, 0)
        finally:
            self._timer.cancel()
        self._process.returncode = os.waitstatus_to_exitcode(status)
        self._process.stdout.close()
        if self._process.returncode:
            raise RoundFailed(f"{self._name} ends with {self._process.returncode}: {output[-600:]}")
        return Done(output, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1e3)
