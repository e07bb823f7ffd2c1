"""Who in this process follows whose work, and whom a commit wakes. What happened is then read by each as themselves."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from db.models.outbox import Event
from resolvers.live.positions import Position

MOST_PAGES = 100
"""Pages remembered for the followers of one person or organisation."""


@dataclass(frozen=True, slots=True)
class Following:
    """Whose work is followed: a person's, or that of everybody of an organisation (``whole``)."""

    of: UUID
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Events in their order. ``horizon``: nothing of an older transaction can appear any more."""

    events: tuple[Event, ...]
    horizon: int
    full: bool
    """There may be more."""


class Follower:
    """One who follows: asleep until something may have happened."""

    __slots__ = ("_woken", "behind")

    def __init__(self) -> None:
        self._woken = asyncio.Event()
        self.behind = 0
        """The newest transaction that this one has been woken for."""

    def wake(self, transaction: int) -> None:
        """Something has been committed; ``transaction`` is 0 where nobody knows by which."""
        self.behind = max(self.behind, transaction)
        self._woken.set()

    async def sleep(self, seconds: float) -> None:
        """Until woken, but not longer."""
        # No asyncio.timeout: a commit may wake a thousand at once, and a timer alone costs less.
        up = asyncio.get_running_loop().call_later(seconds, self._woken.set)
        try:
            await self._woken.wait()
        finally:
            up.cancel()
        self._woken.clear()


class Listening(Protocol):
    """What wakes the followers."""

    def start(self) -> None:
        """Begin, if nobody has yet."""


class NoListening:
    """The twin of a process that hears of nothing; followers look by themselves now and then."""

    def start(self) -> None:
        """Nothing."""


_Key = tuple[tuple[str, str, str, str], frozenset[str], Position]


@dataclass(slots=True)
class _Room:
    """Followers of the same, and what was read for them since the last commit."""

    followers: set[Follower] = field(default_factory=set)
    pages: dict[_Key, asyncio.Task[Page]] = field(default_factory=dict)


class Feeds:
    """All followers of one process. ``listening`` is given once it is made: it needs ``heard`` and ``connected``."""

    def __init__(self) -> None:
        self.listening: Listening = NoListening()
        self._rooms: defaultdict[Following, _Room] = defaultdict(_Room)

    @property
    def followers(self) -> int:
        """How many there are."""
        return sum(len(room.followers) for room in self._rooms.values())

    @contextmanager
    def follower(self, following: Following) -> Iterator[Follower]:
        """Somebody who follows inside the block."""
        self.listening.start()
        mine = Follower()
        room = self._rooms[following]
        room.followers.add(mine)
        try:
            yield mine
        finally:
            room.followers.discard(mine)
            if not room.followers:
                for reading in room.pages.values():
                    reading.cancel()
                self._rooms.pop(following, None)

    def heard(self, text: str) -> None:
        """A commit: its transaction, the person whose work it was, and that person's organisation or ``-``."""
        try:
            transaction, user_id, organization_id = text.split(" ")
            whose = [Following(UUID(user_id))]
            if organization_id != "-":
                whose.append(Following(UUID(organization_id), whole=True))
            number = int(transaction)
        except ValueError:
            self.connected()  # not said as we say it, by a process of another version: whoever it is, let all look
            return
        for following in whose:
            self._wake(following, number)

    def connected(self) -> None:
        """From here on commits are heard of; what was before may have been missed by everybody."""
        for following in list(self._rooms):
            self._wake(following, 0)

    async def page(
        self,
        following: Following,
        key: _Key,
        behind: int,
        read: Callable[[], Awaitable[Page]],
    ) -> Page:
        """What ``read`` reads; once for all who ask with the same ``key`` after the same commit."""
        pages = self._rooms[following].pages
        if len(pages) >= MOST_PAGES:
            pages.clear()
        reading = pages.get(key)
        if reading is None or (reading.done() and not _says_enough(reading, behind)):
            reading = pages[key] = asyncio.ensure_future(_once(read))
        # One who goes away does not take the others' page along.
        return await asyncio.shield(reading)

    def _wake(self, following: Following, transaction: int) -> None:
        room = self._rooms.get(following)
        if room is None:
            return
        room.pages.clear()
        for each in room.followers:
            each.wake(transaction)


async def _once(read: Callable[[], Awaitable[Page]]) -> Page:
    return await read()


def _says_enough(reading: "asyncio.Task[Page]", behind: int) -> bool:
    if reading.cancelled() or reading.exception() is not None:
        return False
    return reading.result().horizon > behind
