"""What LearnWorlds tells by webhook."""

from typing import Annotated

import strawberry
from strawberry.types import Info

from graphql_api.types.describe import computed, described, enumerated, stands_for
from graphql_api.types.refusals import InvalidInput, NotFound, NotSetUp, RateLimited, SignInRefused, or_refused
from resolvers.tools.courses import Received, Reception, receive_webhook

Body = Annotated[str, strawberry.argument(description="The webhook's body, character for character.")]
Signature = Annotated[str, strawberry.argument(description="Its header `Learnworlds-Webhook-Signature`.")]

enumerated(
    "Reception",
    "What became of a webhook.",
    PROCESSED="It had its effect.",
    REPEATED="The same body had its effect before.",
    IGNORED="Nothing here follows from it.",
)(Reception)


@strawberry.type(description="A webhook of the school.")
class WebhookReceived:
    """Received."""

    is_type_of = stands_for(Received)

    reception: Reception = described("What became of it.")
    message: str = computed("The same in words.", lambda received: received.reception.value)
    unlocked: list[str] = described("Slugs of the tools that it opened.")


WebhookResult = Annotated[
    WebhookReceived | SignInRefused | InvalidInput | NotFound | RateLimited | NotSetUp,
    strawberry.union("WebhookResult", description="What became of a webhook, or why nothing did."),
]


@strawberry.type
class CourseMutations:
    """Fields of ``Mutation`` about courses of the school."""

    @strawberry.mutation(
        description="Act on a webhook of LearnWorlds: `courseCompleted` opens the tools of the course,"
        " `enrolledFreeCourse` and `productBought` make the progress rows that are missing; others are ignored. The"
        " same body has its effect once."
    )
    async def receive_learnworlds_webhook(self, info: Info, body: Body, signature: Signature) -> WebhookResult:
        """Receive."""
        return await or_refused(receive_webhook(info.context, body, signature))
