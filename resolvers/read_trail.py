"""Who read another's answers: noted in the process, and written to the audit trail in batches, apart from the reads.

An entry says that a viewer read answers of a person to a tool within an hour; the database keeps one, whichever
processes noted it. Progress, names and one's own answers leave none. A process that is killed loses what it noted since
it last wrote; one that is told to stop writes first.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import Protocol
from uuid import UUID

from db.catalogue import Catalogue
from db.database import Database
from db.statements.audit import RECORD_READS
from db.viewer import ANONYMOUS, Role, Viewer
from resolvers.context import Clock

WRITE_EVERY = 5.0
"""Seconds between two batches; at most that much is lost with a process that is killed."""

MAX_WAITING = 100_000
"""Entries that wait for a database that cannot be reached; further ones are lost, and the log says how many."""

MAX_BATCH = 5_000
"""Entries of one statement."""

_HOUR = 3_600

_log = logging.getLogger("fast_track_graph")

Seen = Callable[[UUID, str], None]
"""Told of a person and a tool whose answers were read."""


class Shown(Protocol):
    """What an answer showed of one person."""

    @property
    def id(self) -> str:
        """The account's id."""

    @property
    def values(self) -> Mapping[str, object]:
        """Published values by field id."""

    @property
    def submissions(self) -> Mapping[str, object]:
        """Submissions by slug."""


class ReadTrail:
    """The notes of one process."""

    def __init__(self, database: Database, catalogue: Catalogue, clock: Clock) -> None:
        self._database = database
        self._catalogue = catalogue
        self._clock = clock
        self._hour = 0
        self._noted: set[tuple[object, ...]] = set()
        """What needs no note any more in this hour."""
        self._waiting: list[tuple[UUID, UUID, str, datetime]] = []
        self._writing = asyncio.Lock()
        self.lost = 0

    def of(self, viewer: Viewer) -> Seen | None:
        """Takes notes for a viewer; ``None`` for those who can read nobody's answers but their own."""
        reader = viewer.user_id
        if reader is None or viewer.role is Role.USER:
            return None

        def seen(person: UUID, slug: str) -> None:
            if person != reader:
                self._note(reader, person, slug)

        return seen

    def showed(self, viewer: Viewer, people: Iterable[Shown]) -> None:
        """Note what a compiled answer showed."""
        reader = viewer.user_id
        if reader is None or viewer.role is Role.USER:
            return
        self._turn()
        own = str(reader)
        for person in people:
            if person.id == own or person.id is None:
                continue
            # Looked up once in an hour for each person and what was there of them, not once for each tool.
            shown = (own, person.id, *person.values, "/", *person.submissions)
            if shown not in self._noted:
                self._noted.add(shown)
                fields = self._catalogue.fields
                for slug in {fields[each].tool.slug for each in person.values} | person.submissions.keys():
                    self._note(reader, UUID(person.id), slug)

    async def write(self) -> None:
        """Write what waits; what cannot be written waits on. Once it returns, all that waited before has been tried."""
        async with self._writing:
            await self._write()

    async def _write(self) -> None:
        entries, self._waiting = self._waiting, []
        while entries:
            viewers, people, tools, times = zip(*entries[:MAX_BATCH], strict=True)
            try:
                async with self._database.transaction(ANONYMOUS) as transaction:
                    await transaction.fetch(RECORD_READS, viewers, people, tools, times)
            except Exception as error:  # noqa: BLE001 - whatever it is that fails, reads are answered all the same
                _log.warning("audit trail: %d reads wait to be written (%s)", len(entries), type(error).__name__)
                self._waiting = entries + self._waiting
                return
            del entries[:MAX_BATCH]
        if self.lost:
            _log.error("audit trail: %d reads were not written", self.lost)
            self.lost = 0

    @asynccontextmanager
    async def running(self) -> AsyncIterator["ReadTrail"]:
        """Writes now and then while the block runs, and at its end."""
        stopped = asyncio.Event()
        writing = asyncio.create_task(self._keep_writing(stopped))
        try:
            yield self
        finally:
            stopped.set()
            await writing
            await self.write()

    async def _keep_writing(self, stopped: asyncio.Event) -> None:
        while not stopped.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(stopped.wait(), WRITE_EVERY)
            await self.write()

    def _note(self, reader: UUID, person: UUID, slug: str) -> None:
        now = self._turn()
        note = (reader, person, slug)
        if note in self._noted:
            return
        if len(self._waiting) >= MAX_WAITING:
            self.lost += 1
            return
        self._noted.add(note)
        self._waiting.append((*note, now))

    def _turn(self) -> datetime:
        """The time; what was noted in the hour before is forgotten."""
        now = self._clock()
        hour = int(now.timestamp()) // _HOUR
        if hour != self._hour or len(self._noted) >= 4 * MAX_WAITING:
            self._hour = hour
            self._noted.clear()
        return now
