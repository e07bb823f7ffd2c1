"""Who prints documents as PDF: a promise, and its twin of a process that prints nothing."""

from collections.abc import Mapping
from typing import Any, Protocol

from resolvers.refusals import NotSetUp


class Printer(Protocol):
    """Prints, outside the process and within a time.

    Raises ``NotSetUp`` where a library is missing, ``Busy`` where a document gets no turn within its seconds or too
    many wait already, and ``TooLarge`` for one that takes too long or too much memory.
    """

    async def print(self, document: Mapping[str, Any], seconds: float) -> bytes:
        """The document, in the form that ``resolvers/tools/exporting/document.py`` gives it, as PDF."""


class NoPrinter:
    """The printer of a process that prints nothing, such as the one that writes demo data."""

    async def print(self, document: Mapping[str, Any], seconds: float) -> bytes:
        """Raises ``NotSetUp``."""
        del document, seconds
        raise NotSetUp("This process makes no PDF. Ask for JSON.")


NO_PRINTER = NoPrinter()
