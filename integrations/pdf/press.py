"""Has documents printed: a few processes of their own, each used for many documents, killed when one takes too long.

What is printed comes from people. Whatever it does to the library that lays it out, the gateway's own process goes on:
a document has its seconds and its memory, and nothing else to spend.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any

import orjson

from integrations.pdf.frames import DOCUMENT, HEADER, NOT_INSTALLED, PRINTED, frame

CHILDREN = 2
"""Documents printed at a time by one gateway."""

MAX_WAITING = 8
"""Documents that wait for their turn; as many long ones beside them."""

MAX_SHORT = 60.0
"""Seconds. Documents that may take longer are long ones; they leave one process to the others, if there are two."""

MAX_MEMORY = 1_500_000_000
"""Bytes of address space of a process that prints."""

DOCUMENTS_PER_CHILD = 100
"""Documents that a process prints before a new one takes its place."""

_ROOT = Path(__file__).parents[2]
_KEPT_VARIABLES = ("PATH", "LANG", "LC_ALL", "FONTCONFIG_FILE", "FONTCONFIG_PATH", "XDG_CACHE_HOME", "LD_LIBRARY_PATH")
"""What of the environment a child is given; never the settings, which hold secrets."""


class PressBusy(Exception):
    """So many documents are printed or wait that this one would wait too long, or has."""


class PressNotInstalled(Exception):
    """A system library that PDF needs is missing; the message says which."""


class PressFailed(Exception):
    """The document could not be printed within its time and memory."""


class Press:
    """Prints with at most ``children`` processes, which start when they are needed and end with ``close``.

    ``theme`` is the stylesheet of every document.
    """

    def __init__(
        self, theme: str, *, children: int = CHILDREN, waiting: int = MAX_WAITING, memory: int = MAX_MEMORY
    ) -> None:
        long = max(1, children - 1)
        self._theme = theme
        self._turns = asyncio.Semaphore(children)
        self._long_turns = asyncio.Semaphore(long)
        self._places = _Places(children + waiting)
        self._long_places = _Places(long + waiting)
        self._memory = memory
        self._idle: list[_Child] = []
        self._printing: set[_Child] = set()

    async def print(self, document: Mapping[str, Any], seconds: float) -> bytes:
        """The document as PDF. It may wait for its turn as long as it may take then.

        Raises ``PressBusy``, ``PressNotInstalled`` or ``PressFailed``.
        """
        long = seconds > MAX_SHORT
        with (self._long_places if long else self._places).taken():
            content = orjson.dumps({"document": document, "theme": self._theme, "seconds": seconds})
            async with self._turn(seconds, long=long), self._child() as child:
                return await _within(seconds, child.print(content))

    async def close(self) -> None:
        """End every process, also those that are printing."""
        children = [*self._idle, *self._printing]
        self._idle.clear()
        for child in children:
            await child.end()

    @asynccontextmanager
    async def _turn(self, seconds: float, *, long: bool) -> AsyncIterator[None]:
        """The right to one process. Raises ``PressBusy`` where it does not come within ``seconds``."""
        async with AsyncExitStack() as turn:
            try:
                async with asyncio.timeout(seconds):
                    if long:
                        await turn.enter_async_context(self._long_turns)
                    await turn.enter_async_context(self._turns)
            except TimeoutError as error:
                raise PressBusy from error
            yield

    @asynccontextmanager
    async def _child(self) -> AsyncIterator["_Child"]:
        """A process for one document. One that did not end it, for whatever reason, is killed."""
        child = self._idle.pop() if self._idle else await _Child.start(self._memory)
        self._printing.add(child)
        try:
            yield child
        except BaseException:
            await child.end()
            raise
        finally:
            self._printing.discard(child)
        if child.printed < DOCUMENTS_PER_CHILD:
            self._idle.append(child)
        else:
            await child.end()


class _Places:
    """Places for documents that are printed or wait. Raises ``PressBusy`` where none is free."""

    def __init__(self, free: int) -> None:
        self._free = free

    @contextmanager
    def taken(self) -> Iterator[None]:
        if self._free <= 0:
            raise PressBusy
        self._free -= 1
        try:
            yield
        finally:
            self._free += 1


class _Child:
    """A process that prints one document after the other."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.printed = 0

    @classmethod
    async def start(cls, memory: int) -> "_Child":
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "integrations.pdf.child", str(memory)),
            cwd=_ROOT,
            env={name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        return cls(process)

    async def print(self, content: bytes) -> bytes:
        """Raises ``PressNotInstalled`` or ``PressFailed``."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        try:
            stdin.write(frame(DOCUMENT, content))
            await stdin.drain()
            kind, length = HEADER.unpack(await stdout.readexactly(HEADER.size))
            answer = await stdout.readexactly(length)
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise PressFailed("the process died") from error
        if kind == NOT_INSTALLED:
            raise PressNotInstalled(answer.decode())
        if kind != PRINTED:
            raise PressFailed(answer.decode())
        self.printed += 1
        return answer

    async def end(self) -> None:
        """Kill it and wait until it is gone."""
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.kill()
        # The pipes are read to their end, or the loop would keep them open.
        await self._process.communicate()


async def _within(seconds: float, printing: Any) -> bytes:
    try:
        async with asyncio.timeout(seconds):
            pdf: bytes = await printing
            return pdf
    except TimeoutError as error:
        raise PressFailed(f"it took longer than {seconds:g} seconds") from error
