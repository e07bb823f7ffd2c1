"""Webhooks as admins make and watch them; dead jobs as those do who run the platform."""

from functools import partial
from typing import Annotated, Any
from uuid import UUID

import strawberry
from strawberry.relay import PageInfo
from strawberry.types import Info

from db.models.webhooks import DeliveryStatus
from graphql_api.cursor import decode_cursor, encode_cursor
from graphql_api.types.identity.webhooks.documents import document_problems
from graphql_api.types.identity.webhooks.results import (
    ChangeWebhookResult,
    CreateWebhookResult,
    DeleteWebhookResult,
    ReplayDeliveryResult,
    Replayed,
    ReplayJobResult,
    RotateWebhookSecretResult,
    WebhookInput,
)
from graphql_api.types.identity.webhooks.rows import (
    Connection,
    Edge,
    FailedJobType,
    WebhookDeliveryConnection,
    WebhookType,
)
from graphql_api.types.refusals import or_refused
from resolvers.identity import MAX_PAGE
from resolvers.webhooks.deliveries import cursor, deliveries, failed_jobs, replay_delivery, replay_job
from resolvers.webhooks.managing import (
    CheckDocument,
    WebhookWish,
    change_webhook,
    create_webhook,
    delete_webhook,
    rotate_webhook_secret,
    webhooks,
)

WebhookId = Annotated[UUID, strawberry.argument(description="The webhook's UUID.")]
DeliveryId = Annotated[UUID, strawberry.argument(description="The delivery's UUID.")]
JobNumber = Annotated[str, strawberry.argument(description="The job's number.")]
First = Annotated[int, strawberry.argument(description=f"How many, from 0 to {MAX_PAGE}.")]
After = Annotated[str | None, strawberry.argument(description="`endCursor` of the page before.")]
OfWebhook = Annotated[UUID | None, strawberry.argument(description="Only those of this webhook.")]
WithStatus = Annotated[DeliveryStatus | None, strawberry.argument(description="Only those that stand here.")]
Active = Annotated[bool, strawberry.argument(description="Whether events are told from now on.")]
Wish = Annotated[WebhookInput, strawberry.argument(description="What the webhook shall be.")]


@strawberry.type
class WebhookQueries:
    """Fields of ``Query`` about webhooks and jobs."""

    @strawberry.field(description="Your organisation's webhooks, the oldest first; none unless you manage them.")
    async def webhooks(self, info: Info) -> list[WebhookType]:
        """Webhooks."""
        found: Any = await webhooks(info.context)
        return list(found)

    @strawberry.field(
        description="What was told to your organisation's webhooks, the newest first; none unless you manage them."
    )
    async def webhook_deliveries(
        self,
        info: Info,
        webhook_id: OfWebhook = None,
        status: WithStatus = None,
        first: First = 20,
        after: After = None,
    ) -> WebhookDeliveryConnection:
        """Deliveries. Raises ``BadArgument`` for a bad page size or cursor."""
        position = None if after is None else decode_cursor(after)
        page = await deliveries(info.context, webhook_id, status, first=first, after=position)
        edges = [Edge(delivery, encode_cursor(cursor(delivery))) for delivery in page.deliveries]
        connection: Any = Connection(
            edges,
            PageInfo(
                has_next_page=page.has_next,
                has_previous_page=after is not None,
                start_cursor=edges[0].cursor if edges else None,
                end_cursor=edges[-1].cursor if edges else None,
            ),
        )
        return connection

    @strawberry.field(
        description="Jobs that are dead, the newest first, of the whole installation; none unless you run it."
    )
    async def failed_jobs(self, info: Info, first: First = 20) -> list[FailedJobType]:
        """Dead jobs. Raises ``BadArgument`` for a bad number."""
        found: Any = await failed_jobs(info.context, first)
        return list(found)


@strawberry.type
class WebhookMutations:
    """Fields of ``Mutation`` about webhooks and jobs."""

    @strawberry.mutation(description="Have events of your organisation told to a system outside. For admins.")
    async def create_webhook(self, info: Info, input: Wish) -> CreateWebhookResult:
        """Create."""
        return await or_refused(create_webhook(info.context, _wish(input), _check(info)))

    @strawberry.mutation(
        description="Have a webhook be so from now on; its document is then executed as you. For admins."
    )
    async def update_webhook(
        self, info: Info, id: WebhookId, input: Wish, active: Active = True
    ) -> ChangeWebhookResult:
        """Change."""
        return await or_refused(change_webhook(info.context, id, _wish(input), _check(info), active=active))

    @strawberry.mutation(description="Delete a webhook, with what is known of its deliveries. For admins.")
    async def delete_webhook(self, info: Info, id: WebhookId) -> DeleteWebhookResult:
        """Delete."""
        return await or_refused(delete_webhook(info.context, id))

    @strawberry.mutation(description="Give a webhook a new secret, in force with its next message. For admins.")
    async def rotate_webhook_secret(self, info: Info, id: WebhookId) -> RotateWebhookSecretResult:
        """Rotate."""
        return await or_refused(rotate_webhook_secret(info.context, id))

    @strawberry.mutation(description="Send an event to a webhook once more, under the same id. For admins.")
    async def replay_delivery(self, info: Info, id: DeliveryId) -> ReplayDeliveryResult:
        """Replay."""
        return await or_refused(replay_delivery(info.context, id))

    @strawberry.mutation(description="Have a dead job done once more. For platform admins.")
    async def replay_job(self, info: Info, number: JobNumber) -> ReplayJobResult:
        """Replay."""

        async def act() -> Replayed:
            return Replayed(str(await replay_job(info.context, number)))

        return await or_refused(act())


def _wish(given: WebhookInput) -> WebhookWish:
    return WebhookWish(given.url, given.events, given.document)


def _check(info: Info) -> CheckDocument:
    return partial(document_problems, info._raw_info.schema.extensions["graph"].errors)
