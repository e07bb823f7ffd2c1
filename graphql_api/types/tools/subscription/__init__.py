"""The entry points for listening: what happens to somebody's work, while it happens."""

from collections.abc import AsyncGenerator
from typing import Annotated, Any

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.types import Info
from strawberry.types.field import StrawberryField
from strawberry.types.fields.resolver import StrawberryResolver

from db.models.outbox import FactKind
from graphql_api import global_id
from graphql_api.cursor import decode_cursor
from graphql_api.execution.scope import lookahead
from graphql_api.types.refusals import NotAllowed, NotFound, Refused
from graphql_api.types.tools.made import Generated, new_type, resolved
from graphql_api.types.tools.query import FieldNames
from graphql_api.types.tools.subscription.events import (
    STALE,
    Delivery,
    Happening,
    Listening,
    OfFields,
    ProgressChanged,
    ReadAfresh,
    StaleChanged,
    ToolEvent,
    tells,
)
from resolvers import refusals
from resolvers.context import Context
from resolvers.live.following import Begun, Wanted, follow, following_of
from resolvers.tools.participant import Participant
from resolvers.tools.reading import known_fields, participant

Whose = Annotated[
    strawberry.ID | None,
    strawberry.argument(description="The participant, by id or UUID; yourself with neither this nor an organisation."),
]
Everybodys = Annotated[
    strawberry.ID | None,
    strawberry.argument(description="Everybody of this organisation, by id or UUID; for its admins and gurus."),
]
After = Annotated[
    str | None,
    strawberry.argument(description="The `cursor` of the last message you had; what happened since comes first."),
]


def subscription_type(made: Generated) -> type:
    """``Subscription``, with the types of its events."""
    event = {
        "ProgressChanged": (
            "How far a participant is with a tool has changed.",
            ProgressChanged,
            FactKind.PROGRESS_CHANGED,
        ),
        "ToolUnlocked": ("A tool has opened.", ToolEvent, FactKind.TOOL_UNLOCKED),
        "FieldChanged": ("Published values have changed, or are gone.", OfFields, FactKind.FIELD_CHANGED),
        "StaleChanged": (STALE, StaleChanged, FactKind.STALE_CHANGED),
    }
    for name, (text, base, kind) in event.items():
        person = resolved(
            "participant", "Participant | None", "Whose work it is; null when you may not see them.", _participant, made
        )
        cls = new_type(name, text, [person], made, bases=(base,), is_type_of=tells(kind))
        union = strawberry.union(f"{name}Message", description="The event, or something about the listening itself.")
        made.namespace[f"{name}Message"] = Annotated[cls | Listening | ReadAfresh | NotAllowed | NotFound, union]
    fields = [
        _listening("progressChanged", "ProgressChangedMessage", "How far somebody is with a tool.", _progress, made),
        _listening("toolUnlocked", "ToolUnlockedMessage", "Tools that open.", _unlocked, made),
        _listening("fieldChanged", "FieldChangedMessage", "Published values that change.", _fields, made),
        _listening("staleChanged", "StaleChangedMessage", "Values that become stale, or fresh again.", _stale, made),
    ]
    return new_type(
        "Subscription",
        "What can be listened to, over WebSocket or server-sent events, while it happens. The first message is "
        "`Listening`; after a message that is a refusal nothing comes any more.",
        fields,
        made,
    )


def _listening(name: str, type_name: str, text: str, resolver: Any, made: Generated) -> StrawberryField:
    """A field of ``Subscription``. What its resolver yields is a ``Delivery``, executed by ``graphql_api.live``."""
    return StrawberryField(
        python_name=name,
        graphql_name=name,
        type_annotation=StrawberryAnnotation(type_name, namespace=made.namespace),
        base_resolver=StrawberryResolver(resolver),
        description=text,
        is_subscription=True,
    )


async def _participant(root: Any, info: Info) -> Any:
    found: Participant | None = await participant(info.context, root.what.user_id, lookahead(info).collect())
    return found


def _progress(info: Info, user_id: Whose = None, organization_id: Everybodys = None, after: After = None) -> Any:
    return _told(info.context, FactKind.PROGRESS_CHANGED, user_id, organization_id, after)


def _unlocked(info: Info, user_id: Whose = None, organization_id: Everybodys = None, after: After = None) -> Any:
    return _told(info.context, FactKind.TOOL_UNLOCKED, user_id, organization_id, after)


def _stale(info: Info, user_id: Whose = None, organization_id: Everybodys = None, after: After = None) -> Any:
    return _told(info.context, FactKind.STALE_CHANGED, user_id, organization_id, after)


def _fields(
    info: Info, ids: FieldNames, user_id: Whose = None, organization_id: Everybodys = None, after: After = None
) -> Any:
    wanted = frozenset(found.id for found in known_fields(info.context, ids))
    return _told(info.context, FactKind.FIELD_CHANGED, user_id, organization_id, after, wanted)


async def _told(
    context: Context,
    kind: FactKind,
    user_id: str | None,
    organization_id: str | None,
    after: str | None,
    field_ids: frozenset[str] | None = None,
) -> AsyncGenerator[Delivery]:
    whose = global_id.user_id(user_id, "userId"), global_id.company_id(organization_id, "organizationId")
    decoded = decode_cursor(after) if after is not None else None
    try:
        following = await following_of(context, *whose)
        async for told in follow(context, following, Wanted(frozenset({kind.value}), field_ids), decoded):
            context, what = told.context, told.what
            fields = (
                ()
                if isinstance(what, Begun)
                else tuple(each for each in what.field_ids if field_ids is None or each in field_ids)
            )
            yield Delivery(context, Happening(what, told.mark, fields))
    except refusals.Refusal as refusal:
        yield Delivery(context, Refused(refusal))
