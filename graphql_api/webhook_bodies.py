"""What the graph says about an event, for the body of a webhook: its document, executed when the event is told."""

from collections.abc import Mapping
from typing import Any

from graphql import GraphQLError

from db.models.webhooks import OpenDelivery
from graphql_api.execution.spending import TooExpensive
from graphql_api.gateway import Gateway
from graphql_api.types.identity.webhooks.documents import operations_of
from resolvers.context import Context


class NotAnswered(Exception):
    """The document is not executed any more; the message says why."""


async def shaped(gateway: Gateway, context: Context, text: str, event: OpenDelivery) -> Mapping[str, Any]:
    """What the graph answers to ``context``'s person: ``data``, and ``errors`` if any.

    Raises ``NotAnswered`` for a document that is valid no more, costs too much, or is not one of those trusted.
    """
    if gateway.stored.only and not gateway.stored.ids_of(text):
        raise NotAnswered("Only documents of the gateway's manifest are executed, and this is none of them.")
    document = gateway.documents.get(text)
    if document.node is None:
        raise NotAnswered("The document does not fit the graph any more.")
    values = {
        "eventId": str(event.event_id),
        "kind": event.kind,
        "userId": str(event.user_id),
        "actorId": str(event.actor_id) if event.actor_id else None,
        "tool": event.tool_slug,
        "fieldIds": event.field_ids,
    }
    operation = document.compilable(None)
    (node,) = operations_of(document.node)
    asked = {each.variable.name.value for each in node.variable_definitions or ()}
    variables = {name: value for name, value in values.items() if name in asked}
    try:
        spending = gateway.budget.admit(operation, variables)
    except (TooExpensive, GraphQLError) as error:
        raise NotAnswered("The document costs more than an operation may.") from error
    return await gateway.execute(document, context, variables, None, spending)
