"""What a command tells the person who waits for it."""

import time
from typing import TextIO


class Steps:
    """Finished steps with the time each took; silent without a stream."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream
        self._since = time.monotonic()

    def done(self, what: str) -> None:
        """A step is finished."""
        took = time.monotonic() - self._since
        self._since = time.monotonic()
        self.say(f"  ✓ {what} ({took:.1f} s)")

    def note(self, what: str) -> None:
        """Something within a step."""
        self.say(f"    {what}")

    def say(self, text: str) -> None:
        """Plain text."""
        if self._stream:
            print(text, file=self._stream, flush=True)
