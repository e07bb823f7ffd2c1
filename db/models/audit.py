"""Rows of the audit trail."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """Something that somebody did. ``user_id``: who; for a service key, for whom it asked. ``changes``: no answers."""

    id: UUID
    at: datetime
    action: str
    user_id: UUID | None
    organization_id: UUID | None
    tool_slug: str | None
    entity_type: str | None
    entity_id: UUID | None
    changes: dict[str, Any] | None
    address: str | None
    agent: str | None
