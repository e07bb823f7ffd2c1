"""Webhooks, their deliveries and dead jobs as types of the graph."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import strawberry
from strawberry.relay import PageInfo

from db.models.outbox import FactKind
from db.models.webhooks import Delivery, DeliveryStatus, FailedJob, Webhook
from graphql_api.types.describe import computed, described, enumerated, stands_for

enumerated(
    "EventKind",
    "What can happen to somebody's work.",
    SUBMITTED="A tool was submitted.",
    REOPENED="A submitted tool was taken back into work.",
    APPROVED="A guru approved a submission.",
    REJECTED="A guru sent a submission back.",
    PROGRESS_CHANGED="A tool's progress has another status.",
    TOOL_UNLOCKED="A tool has opened.",
    FIELD_CHANGED="Published values changed or were cleared.",
    STALE_CHANGED="Values fell behind their sources, or caught up.",
    EXPORTED="Somebody exported a tool.",
    HELP_REQUESTED="Somebody asked for help.",
)(FactKind)

enumerated(
    "WebhookDeliveryStatus",
    "Where a delivery stands.",
    WAITING="It waits for its next attempt.",
    DELIVERED="The receiver has taken it.",
    FAILED="It was given up; it can be replayed.",
)(DeliveryStatus)


@strawberry.type(name="Webhook", description="Where events of an organisation are told. Its secret is shown once.")
class WebhookType:
    """A webhook."""

    is_type_of = stands_for(Webhook)

    database_id: UUID = computed("The webhook's UUID.", lambda webhook: webhook.id)
    url: str = described("Where messages are sent.")
    events: list[FactKind] = computed("Which events.", lambda webhook: [FactKind(kind) for kind in webhook.events])
    document: str | None = described("What is asked of the graph for the body; null: the event alone is sent.")
    active: bool = described("Whether events are told.")
    paused_because: str | None = described("Why it was stopped, if it was not by an admin.")
    changed_by: UUID | None = described("UUID of the admin who last changed it, as whom the document is executed.")
    created_at: datetime = described("When it was made.")
    updated_at: datetime = described("When it was last changed.")


@strawberry.type(name="WebhookDelivery", description="An event that is told to a webhook.")
class WebhookDeliveryType:
    """A delivery."""

    is_type_of = stands_for(Delivery)

    database_id: UUID = computed("The delivery's UUID.", lambda delivery: delivery.id)
    webhook_id: UUID = computed("UUID of the webhook.", lambda delivery: delivery.endpoint_id)
    event_id: UUID = described("UUID of the event: the `webhook-id` of every attempt.")
    kind: FactKind = computed("What happened.", lambda delivery: FactKind(delivery.kind))
    status: DeliveryStatus = described("Where it stands.")
    attempts: int = described("How often it was sent.")
    last_status: int | None = described("The HTTP status of the last answer; null if there was none.")
    last_error: str | None = described("Why the last attempt failed.")
    created_at: datetime = described("When the event happened.")
    next_attempt_at: datetime | None = described("When it is sent again.")
    delivered_at: datetime | None = described("When the receiver took it.")


@dataclass(frozen=True, slots=True)
class Edge:
    """A delivery with its cursor."""

    node: Delivery
    cursor: str


@dataclass(frozen=True, slots=True)
class Connection:
    """A page of deliveries."""

    edges: list[Edge]
    page_info: PageInfo


@strawberry.type(description="A delivery, and where the list goes on after it.")
class WebhookDeliveryEdge:
    """An edge."""

    is_type_of = stands_for(Edge)

    node: WebhookDeliveryType = described("The delivery.")
    cursor: str = described("Opaque; for `after`.")


@strawberry.type(description="A page of deliveries, the newest first.")
class WebhookDeliveryConnection:
    """A page."""

    is_type_of = stands_for(Connection)

    edges: list[WebhookDeliveryEdge] = described("The deliveries of this page.")
    page_info: PageInfo = described("Whether and where the list goes on.")


@strawberry.type(name="FailedJob", description="A job that was tried often enough, or could not be done.")
class FailedJobType:
    """A dead job."""

    is_type_of = stands_for(FailedJob)

    number: str = computed("The job's number.", lambda job: str(job.id))
    name: str = described("What it should do.")
    attempts: int = described("How often it was tried.")
    failed_at: datetime | None = described("When it was given up.")
