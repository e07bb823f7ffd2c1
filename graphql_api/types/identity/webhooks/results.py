"""What can be wished of webhooks, and what a wish comes to."""

from dataclasses import dataclass
from typing import Annotated

import strawberry

from db.models.outbox import FactKind
from db.models.webhooks import Delivery, Webhook
from graphql_api.types.describe import computed, described, stands_for
from graphql_api.types.identity.webhooks.documents import VARIABLES
from graphql_api.types.identity.webhooks.rows import WebhookDeliveryType, WebhookType
from graphql_api.types.refusals import InvalidInput, NotAllowed, NotFound
from resolvers.webhooks.managing import WithSecret


@strawberry.input(name="WebhookInput", description="What a webhook shall be.")
class WebhookInput:
    """A webhook to be."""

    url: str = described("Where to send: https, on the public internet.")
    events: list[FactKind] = described("Which events.")
    document: str | None = strawberry.field(
        default=None,
        description="A query whose answer becomes `data` of the body. Variables, all optional: "
        + ", ".join(f"`${name}`" for name in VARIABLES)
        + ".",
    )


@strawberry.type(description="The webhook, with the secret that its messages are signed with.")
class WebhookWithSecret:
    """Made, or its secret is new."""

    is_type_of = stands_for(WithSecret)

    webhook: WebhookType = described("The webhook.")
    secret: str = described("`whsec_…`, as Standard Webhooks has it. It is shown this once.")


@strawberry.type(description="The webhook is so now.")
class WebhookChanged:
    """Changed or deleted; its source is the webhook."""

    is_type_of = stands_for(Webhook)

    webhook: WebhookType = computed("The webhook.", lambda webhook: webhook)


@strawberry.type(description="It is sent once more.")
class DeliveryReplayed:
    """Replayed; its source is the delivery."""

    is_type_of = stands_for(Delivery)

    delivery: WebhookDeliveryType = computed("The delivery.", lambda delivery: delivery)


@dataclass(frozen=True, slots=True)
class Replayed:
    """A job that is done once more."""

    number: str


@strawberry.type(description="The job is done once more.")
class JobReplayed:
    """Replayed."""

    is_type_of = stands_for(Replayed)

    number: str = described("The job's number.")


CreateWebhookResult = Annotated[
    WebhookWithSecret | NotAllowed | NotFound | InvalidInput,
    strawberry.union("CreateWebhookResult", description="The new webhook, or why there is none."),
]
ChangeWebhookResult = Annotated[
    WebhookChanged | NotAllowed | NotFound | InvalidInput,
    strawberry.union("ChangeWebhookResult", description="What became of the webhook."),
]
DeleteWebhookResult = Annotated[
    WebhookChanged | NotAllowed | NotFound,
    strawberry.union("DeleteWebhookResult", description="The webhook that is gone, or why it is not."),
]
RotateWebhookSecretResult = Annotated[
    WebhookWithSecret | NotAllowed | NotFound,
    strawberry.union("RotateWebhookSecretResult", description="The webhook with its new secret."),
]
ReplayDeliveryResult = Annotated[
    DeliveryReplayed | NotAllowed | NotFound,
    strawberry.union("ReplayDeliveryResult", description="What became of replaying a delivery."),
]
ReplayJobResult = Annotated[
    JobReplayed | NotAllowed | NotFound,
    strawberry.union("ReplayJobResult", description="What became of replaying a job."),
]
