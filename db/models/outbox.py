"""Facts: what happened to somebody's work, as the outbox keeps it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class FactKind(StrEnum):
    """What happened."""

    SUBMITTED = "submitted"
    REOPENED = "reopened"
    APPROVED = "approved"
    REJECTED = "rejected"
    PROGRESS_CHANGED = "progress_changed"
    """A tool's progress has another status: ``from``, ``to``."""
    TOOL_UNLOCKED = "tool_unlocked"
    FIELD_CHANGED = "field_changed"
    """Published values changed or were cleared; ``field_ids`` are both, ``cleared`` in the details the latter."""
    STALE_CHANGED = "stale_changed"
    """Values of a tool fell behind their sources, or caught up: ``stale``. A tool that publishes nothing has no ids."""
    EXPORTED = "exported"
    HELP_REQUESTED = "help_requested"


@dataclass(frozen=True, slots=True)
class Fact:
    """What happened, before it is written down. ``details`` never hold answers or secrets."""

    kind: FactKind
    tool_slug: str | None = None
    field_ids: tuple[str, ...] = ()
    details: dict[str, Any] | None = None

    @property
    def row(self) -> dict[str, Any]:
        """The fact as a statement takes it."""
        return {
            "kind": self.kind.value,
            "tool_slug": self.tool_slug,
            "field_ids": self.field_ids,
            "details": self.details or {},
        }


@dataclass(frozen=True, slots=True)
class Event:
    """A fact that was committed. ``user_id``: whose work; ``actor_id``: who did it."""

    id: UUID
    transaction: int
    position: int
    at: datetime
    kind: str
    user_id: UUID
    actor_id: UUID | None
    organization_id: UUID | None
    tool_slug: str | None
    field_ids: list[str]
    details: dict[str, Any]
