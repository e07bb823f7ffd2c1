"""Subscriptions as they are heard: one of one viewer, and how long to wait for all of them."""

import asyncio
import json
from collections.abc import Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from typing import Any

from graphql_api.live.operations import NotExecuted, answers
from graphql_api.live.visits import Visit
from graphql_api.parameters import checked_parameters
from tests.isolation.cast import Part
from tests.isolation.requests import Try

WITHIN = 60.0
"""Seconds without a word to anybody after which an event that has not come is missed; none that comes waits for them.
Thousands listen, and some of them have every tool of a person read for each event."""


@dataclass(slots=True)
class Pulse:
    """When anybody last heard anything."""

    at: float = 0.0

    def beat(self) -> None:
        """Somebody hears something."""
        self.at = asyncio.get_running_loop().time()

    @property
    def left(self) -> float:
        """Seconds until all is said that will be."""
        return self.at + WITHIN - asyncio.get_running_loop().time()


@dataclass(slots=True)
class Listener:
    """One subscription of one viewer; ``messages`` are the answers so far."""

    pulse: Pulse
    viewer: Part
    attempt: Try
    kind: str
    followed: str
    """Whose work: a person's name or a tenant's."""
    messages: list[dict[str, Any]] = field(default_factory=list)
    new: asyncio.Event = field(default_factory=asyncio.Event)

    async def listen(self, visit: Visit) -> None:
        """Until there is no more to come, or until it is cancelled."""
        try:
            async with aclosing(answers(visit, checked_parameters(self.attempt.request.json))) as bodies:
                async for body in bodies:
                    self._hear(json.loads(body))
        except NotExecuted as error:
            self._hear({"errors": error.errors})

    def _hear(self, message: dict[str, Any]) -> None:
        self.messages.append(message)
        self.pulse.beat()
        self.new.set()

    @property
    def has_begun(self) -> bool:
        """Whether the first message was that it has."""
        told = self.messages[0].get("data") or {}
        return any(value["__typename"] == "Listening" for value in told.values() if value)

    @property
    def ids(self) -> list[str]:
        """The ids of the events that came."""
        told = [next(iter((message.get("data") or {"": None}).values())) for message in self.messages]
        return [each["id"] for each in told if each and "id" in each]

    async def hears(self, what: Callable[["Listener"], bool]) -> bool:
        """Wait until ``what`` is so; whether it came to that."""
        while not (there := what(self)) and self.pulse.left > 0:
            self.new.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self.new.wait(), self.pulse.left)
        return there
