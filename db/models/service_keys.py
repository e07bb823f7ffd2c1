"""Rows of service keys."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Behalf(StrEnum):
    """For whom a key may ask."""

    MEMBERS = "members"
    """Every member of its organisation."""
    LISTED = "listed"
    """Those whom it lists."""
    ASKED = "asked"
    """Those who have a live grant, for as long as it lives."""


@dataclass(frozen=True, slots=True)
class ServiceKey:
    """A key as those see it who manage it. ``tools``: slugs; ``None`` for every tool. The secret is nowhere."""

    id: UUID
    prefix: str
    organization_id: UUID
    name: str
    operations: tuple[str, ...]
    tools: tuple[str, ...] | None
    behalf: Behalf
    user_ids: tuple[UUID, ...]
    created_by: UUID | None
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None
