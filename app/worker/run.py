"""What does a job, with how much patience, and what it is given.

A handler may be run more than once for one job (a worker that is killed has done what it has done), so it must be safe
to repeat. What it raises is a failed attempt.
"""

import logging
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from app.settings import Settings
from graphql_api.gateway import Gateway
from resolvers.context import Context

_log = logging.getLogger("fast_track_graph.worker")


class GiveUp(Exception):
    """Trying again would not help: the job is dead at once."""


class TryAgain(Exception):
    """It was not done, and the handler says itself when to try again."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(wait)
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a job is tried, and how long it waits in between: twice as long each time, give or take a half."""

    attempts: int = 8
    first: timedelta = timedelta(seconds=5)
    longest: timedelta = timedelta(hours=1)

    def wait(self, attempt: int) -> timedelta | None:
        """How long to wait after this attempt, which has failed; ``None`` after the last one."""
        if attempt >= self.attempts:
            return None
        full = min(self.first * 2.0 ** min(attempt - 1, 30), self.longest)
        return full * random.uniform(0.5, 1.5)  # noqa: S311 - spreads attempts, keeps no secret


@dataclass(frozen=True, slots=True)
class Run:
    """One attempt at one job. ``ids``: what it was deferred with."""

    gateway: Gateway
    settings: Settings
    number: int
    attempt: int
    patience: Patience
    ids: Mapping[str, Any]

    async def context(self, user_id: UUID) -> Context:
        """The context in which this person's own requests run; raises ``GiveUp`` for one who is gone."""
        context = await self.gateway.contexts.for_person(user_id, f"job-{self.number}")
        if context is None:
            raise GiveUp(f"There is no active account {user_id}.")
        return context


Do = Callable[[Run], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Handler:
    """What does a job. ``cron``: when it is deferred by itself, once for all workers. ``dead``: what is done once the
    job is not tried again, whatever it died of; it has to be safe to repeat, too."""

    do: Do
    patience: Patience = field(default_factory=Patience)
    cron: str | None = None
    dead: Do | None = None

    async def say_dead(self, run: Run) -> None:
        """Do what is done for a job that is dead. What goes wrong then is in the log, and in the way of nothing."""
        if self.dead is None:
            return
        try:
            await self.dead(run)
        except Exception as error:  # noqa: BLE001 - the job has to end all the same
            _log.error("job %s is dead, and what is done then failed: %s", run.number, type(error).__name__)


Handlers = Mapping[str, Handler]
"""By the name of the job."""
