"""The entry points for listening: what happens to somebody's work, while it happens."""

from collections.abc import AsyncGenerator, Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.types import Info
from strawberry.types.field import StrawberryField
from strawberry.types.fields.resolver import StrawberryResolver

from db.models.outbox import Event, FactKind
from graphql_api import global_id
from graphql_api.cursor import decode_cursor, encode_cursor
from graphql_api.execution.scope import lookahead
from graphql_api.scalars import FieldId
from graphql_api.types.describe import computed
from graphql_api.types.refusals import NotAllowed, NotFound, Refusal, Refused, refuses
from graphql_api.types.tools.made import Generated, new_type, resolved
from graphql_api.types.tools.query import FieldNames, field_values
from graphql_api.types.tools.status import ProgressStatus
from graphql_api.types.tools.work import FieldValueType, ToolInterface
from resolvers import refusals
from resolvers.context import Context
from resolvers.live.following import Begun, Wanted, follow, following_of
from resolvers.live.positions import Mark
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


@dataclass(frozen=True, slots=True)
class Happening:
    """What a subscription tells. ``fields``: the ids among those that were asked for."""

    what: Begun | Event
    mark: Mark
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Delivery:
    """A happening or a refusal, and the context in which it is told: that of whoever the listener is by now."""

    context: Context
    source: Happening | Refused

    @property
    def key(self) -> Hashable:
        """What else is told in these words, told to the same person by the same operation, is the same."""
        if isinstance(self.source, Refused):
            return str(self.source.refusal)
        what, mark = self.source.what, self.source.mark
        return (mark, what.id) if isinstance(what, Event) else mark


def _cursor(happening: Happening) -> str:
    return encode_cursor(happening.mark.parts)


def _tells(kind: FactKind | None) -> Any:
    """``is_type_of`` for happenings of a kind; of none: that listening has begun."""

    def is_type_of(_: Any, source: Any, __: Any = None) -> bool:
        return isinstance(source, Happening) and getattr(source.what, "kind", None) == kind

    return classmethod(is_type_of)


@strawberry.type(description="You are listening. What you read from now on is followed by all that changes it.")
class Listening:
    """Listening."""

    is_type_of = _tells(None)

    cursor: str = computed("Send it as `after` to go on from here.", _cursor)


@strawberry.type(description="What happened after this cursor is not known any more.")
class ReadAfresh(Refusal):
    """ReadAfresh."""

    is_type_of = refuses(refusals.ReadAfresh)


@strawberry.interface(description="Something that happened to a participant's tool.")
class ToolEvent:
    """What all events have in common."""

    id: strawberry.ID = computed("The same each time that this event is told.", lambda told: str(told.what.id))
    cursor: str = computed("Send it as `after` to go on from here.", _cursor)
    at: datetime = computed("When it happened.", lambda told: told.what.at)

    @strawberry.field(description="The tool with the participant's work as it is now; null when you may not see it.")
    async def tool(root: strawberry.Parent[Any], info: Info) -> ToolInterface | None:
        """The tool."""
        tool = info.context.catalogue.find(root.what.tool_slug or "")
        if tool is None:
            return None
        person = await participant(info.context, root.what.user_id, lookahead(info).collect(tool))
        found: Any = person.tool(tool) if person else None
        return found


@strawberry.type
class _ProgressChanged(ToolEvent):
    status: ProgressStatus = computed("What it is from then on.", lambda told: ProgressStatus(told.what.details["to"]))
    previous_status: ProgressStatus = computed(
        "What it was before.", lambda told: ProgressStatus(told.what.details["from"])
    )


@strawberry.type
class _OfFields(ToolEvent):
    field_ids: list[FieldId] = computed("The ids of the values.", lambda told: list(told.fields))

    @strawberry.field(description="The values as they are now.")
    async def fields(root: strawberry.Parent[Any], info: Info) -> list[FieldValueType]:
        """The values."""
        catalogue = info.context.catalogue
        wanted = [catalogue.fields[each] for each in root.fields if each in catalogue.fields]
        values: Any = await field_values(info, wanted, root.what.user_id) if wanted else []
        return values


@strawberry.type
class _StaleChanged(_OfFields):
    stale: bool = computed(
        "Whether they are stale from then on, or fresh again.", lambda told: told.what.details["stale"]
    )


_STALE = (
    "Values of a tool have fallen behind what they were built on, or caught up. Of a tool that publishes none its"
    " answers have, and there are no ids."
)


def subscription_type(made: Generated) -> type:
    """``Subscription``, with the types of its events."""
    event = {
        "ProgressChanged": (
            "How far a participant is with a tool has changed.",
            _ProgressChanged,
            FactKind.PROGRESS_CHANGED,
        ),
        "ToolUnlocked": ("A tool has opened.", ToolEvent, FactKind.TOOL_UNLOCKED),
        "FieldChanged": ("Published values have changed, or are gone.", _OfFields, FactKind.FIELD_CHANGED),
        "StaleChanged": (_STALE, _StaleChanged, FactKind.STALE_CHANGED),
    }
    for name, (text, base, kind) in event.items():
        person = resolved(
            "participant", "Participant | None", "Whose work it is; null when you may not see them.", _participant, made
        )
        cls = new_type(name, text, [person], made, bases=(base,), is_type_of=_tells(kind))
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
