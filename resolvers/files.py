"""Where finished documents are kept until somebody fetches them: a promise, and its twin that keeps nothing."""

from datetime import datetime
from typing import Protocol

from resolvers.refusals import NotSetUp


class Files(Protocol):
    """Keeps files by name. What is kept twice under one name is the second."""

    async def keep(self, name: str, content: bytes, filename: str) -> None:
        """Keep a PDF; ``filename`` is what it is called where it is fetched."""

    def link(self, name: str, filename: str, now: datetime, until: datetime) -> str:
        """An address where whoever has it fetches the file, until then."""

    async def forget(self, name: str) -> None:
        """Delete a file; one that is not there is no error."""


class NoFiles:
    """The files of a process that keeps none."""

    async def keep(self, name: str, content: bytes, filename: str) -> None:
        """Raises ``NotSetUp``."""
        del name, content, filename
        raise NotSetUp("This process keeps no files.")

    def link(self, name: str, filename: str, now: datetime, until: datetime) -> str:
        """Raises ``NotSetUp``."""
        del name, filename, now, until
        raise NotSetUp("This process keeps no files.")

    async def forget(self, name: str) -> None:
        """There is none."""


NO_FILES = NoFiles()
