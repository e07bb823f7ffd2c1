"""Where jobs are done, and how long what happened is kept."""

from collections.abc import Iterator
from enum import StrEnum

from pydantic import Field

from app.settings.forms import Group

EVENT_RETENTION_DAYS = 30
"""What ``EVENT_RETENTION`` is unless it is set."""


class WorkerPlace(StrEnum):
    """Where the worker runs."""

    INSIDE = "inside"
    """In the process that serves."""
    APART = "apart"
    """In processes of its own: ``python -m app worker``."""


class Working(Group):
    """Settings of the worker and the outbox."""

    worker: WorkerPlace = Field(
        WorkerPlace.INSIDE,
        description="`inside`: `serve` does the jobs too; `apart`: only `python -m app worker` does.",
    )
    worker_concurrency: int = Field(
        2, ge=1, le=64, description="Jobs of our own that one worker does at once; those that wait for others are 10."
    )
    webhooks_to_loopback: bool = Field(
        False, description="Let webhooks go to this machine, by http as well; in development only."
    )
    event_retention: int = Field(
        EVENT_RETENTION_DAYS, ge=1, le=3_650, description="Days that events of the outbox are kept (docs/outbox.md)."
    )

    def problems(self) -> Iterator[str]:
        """What does not go together."""
        yield from super().problems()
        if self.webhooks_to_loopback and not self.in_development:
            yield "WEBHOOKS_TO_LOOPBACK is for development: whoever makes a webhook could reach this machine with it"
