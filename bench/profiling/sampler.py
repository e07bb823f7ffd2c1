"""Runs another module as ``python -m`` would, and samples its stack between SIGUSR1 and SIGUSR2.

A sample stands for the CPU time since the one before it. It counts for the innermost frame that belongs to a package
or to a file of this checkout, so that the time of the standard library counts for its caller; time inside C code
counts for the Python line that comes next. The garbage collector's own time is measured, not sampled.
"""

import gc
import json
import runpy
import signal
import sys
import time
from collections import defaultdict
from functools import cache
from pathlib import Path
from types import FrameType

EVERY_SECONDS = 0.0011
"""CPU time between two samples, where the kernel's clock is fine enough; no divisor of anything periodic."""

_LOOP = {"run", "run_until_complete", "asyncio_run"}
"""Functions that run the event loop: what has no owner above them is the loop's own work, and that of C code."""

_CHECKOUT = Path(__file__).parents[2]


class Samples:
    """Seconds of CPU time by place and by function."""

    def __init__(self) -> None:
        self.places: defaultdict[str, float] = defaultdict(float)
        self.functions: defaultdict[str, float] = defaultdict(float)
        self._last = 0.0
        self._collecting_since: float | None = None
        self._collected = 0.0

    def start(self, *_: object) -> None:
        """Begin."""
        self._last = time.process_time()
        gc.callbacks.append(self._collector)
        signal.signal(signal.SIGPROF, self._take)
        signal.setitimer(signal.ITIMER_PROF, EVERY_SECONDS, EVERY_SECONDS)

    def stop(self) -> None:
        """End."""
        signal.setitimer(signal.ITIMER_PROF, 0)
        gc.callbacks.remove(self._collector)

    def _take(self, _: int, frame: FrameType | None) -> None:
        if self._collecting_since is not None:
            # The signal waited for the collection to end, and comes before its time has been taken off.
            return
        now = time.process_time()
        seconds = now - self._last - self._collected
        self._last, self._collected = now, 0.0
        place, function = _owner(frame)
        self.places[place] += seconds
        self.functions[function] += seconds

    def _collector(self, phase: str, _: dict[str, int]) -> None:
        now = time.process_time()
        if phase == "start":
            self._collecting_since = now
        elif self._collecting_since is not None:
            self._collected += now - self._collecting_since
            self.places["garbage collector"] += now - self._collecting_since
            self._collecting_since = None


def main() -> None:
    """``python -m bench.profiling.sampler OUTPUT MODULE [ARGUMENT …]``."""
    output, module = Path(sys.argv[1]), sys.argv[2]
    samples = Samples()

    def stop(*_: object) -> None:
        samples.stop()
        output.write_text(json.dumps({"places": samples.places, "functions": samples.functions}))

    signal.signal(signal.SIGUSR1, samples.start)
    signal.signal(signal.SIGUSR2, stop)
    sys.argv = sys.argv[2:]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def _owner(frame: FrameType | None) -> tuple[str, str]:
    while frame is not None and frame.f_code.co_name not in _LOOP:
        if place := _place(frame.f_code.co_filename):
            return place, f"{place}: {frame.f_code.co_qualname}"
        frame = frame.f_back
    return "event loop, sockets", "event loop, sockets"


@cache
def _place(filename: str) -> str | None:
    path = Path(filename)
    if "site-packages" in path.parts:
        return path.parts[path.parts.index("site-packages") + 1]
    if path.is_relative_to(_CHECKOUT) and path != Path(__file__):
        return str(path.relative_to(_CHECKOUT))
    return None


if __name__ == "__main__":
    main()
