"""Says what is being done: on one line of a terminal that is written over, elsewhere a line for each step."""

import sys


class Steps:
    """What the run is at. Goes to standard error, so that the table can be kept by itself."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._last = ""

    def say(self, step: str, detail: str = "") -> None:
        """A step, and how far it is; off a terminal each step is said once."""
        if self._terminal:
            print(f"\r\x1b[K{step}{detail and ', '}{detail}", end="", file=sys.stderr, flush=True)
        elif step != self._last:
            print(step, file=sys.stderr, flush=True)
        self._last = step

    def end(self) -> None:
        """Leave a clean line."""
        if self._terminal:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
