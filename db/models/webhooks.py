"""Rows of webhooks: where events are told, and what became of each."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from db.encryption.key_ring import WrappedKey


class DeliveryStatus(StrEnum):
    """Where a delivery stands."""

    WAITING = "waiting"
    """For its next attempt."""
    DELIVERED = "delivered"
    FAILED = "failed"
    """Given up; it can be replayed."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """An endpoint as its admins see it. ``changed_by``: as whom the document is executed. The secret is not here."""

    id: UUID
    organization_id: UUID
    url: str
    events: tuple[str, ...]
    document: str | None
    active: bool
    paused_because: str | None
    changed_by: UUID | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event that is told to an endpoint. ``last_status``: of HTTP; ``last_error``: why there was none or another."""

    id: UUID
    endpoint_id: UUID
    event_id: UUID
    kind: str
    status: DeliveryStatus
    attempts: int
    last_status: int | None
    last_error: str | None
    created_at: datetime
    next_attempt_at: datetime | None
    delivered_at: datetime | None


@dataclass(frozen=True, slots=True)
class OpenDelivery:
    """Everything that one attempt needs."""

    status: DeliveryStatus
    endpoint_id: UUID
    organization_id: UUID
    url: str
    document: str | None
    active: bool
    changed_by: UUID | None
    secret: WrappedKey
    event_id: UUID
    at: datetime
    kind: str
    user_id: UUID
    actor_id: UUID | None
    tool_slug: str | None
    field_ids: list[str]
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class FailedJob:
    """A job that is dead."""

    id: int
    name: str
    attempts: int
    failed_at: datetime | None
