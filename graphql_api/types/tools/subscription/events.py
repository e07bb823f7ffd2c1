"""What a subscription tells: that listening has begun, what happened, and that one has to read afresh."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import strawberry
from strawberry.types import Info

from db.models.outbox import Event, FactKind
from graphql_api.cursor import encode_cursor
from graphql_api.execution.scope import lookahead
from graphql_api.scalars import FieldId
from graphql_api.types.describe import computed
from graphql_api.types.refusals import Refusal, Refused, refuses
from graphql_api.types.tools.query import field_values
from graphql_api.types.tools.status import ProgressStatus
from graphql_api.types.tools.values import FieldValueType
from graphql_api.types.tools.work import ToolInterface
from resolvers import refusals
from resolvers.context import Context
from resolvers.live.following import Begun
from resolvers.live.positions import Mark
from resolvers.tools.reading import participant


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


def tells(kind: FactKind | None) -> Any:
    """``is_type_of`` for happenings of a kind; of none: that listening has begun."""

    def is_type_of(_: Any, source: Any, __: Any = None) -> bool:
        return isinstance(source, Happening) and getattr(source.what, "kind", None) == kind

    return classmethod(is_type_of)


@strawberry.type(description="You are listening. What you read from now on is followed by all that changes it.")
class Listening:
    """Listening."""

    is_type_of = tells(None)

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
class ProgressChanged(ToolEvent):
    status: ProgressStatus = computed("What it is from then on.", lambda told: ProgressStatus(told.what.details["to"]))
    previous_status: ProgressStatus = computed(
        "What it was before.", lambda told: ProgressStatus(told.what.details["from"])
    )


@strawberry.type
class OfFields(ToolEvent):
    field_ids: list[FieldId] = computed("The ids of the values.", lambda told: list(told.fields))

    @strawberry.field(description="The values as they are now.")
    async def fields(root: strawberry.Parent[Any], info: Info) -> list[FieldValueType]:
        """The values."""
        catalogue = info.context.catalogue
        wanted = [catalogue.fields[each] for each in root.fields if each in catalogue.fields]
        values: Any = await field_values(info, wanted, root.what.user_id) if wanted else []
        return values


@strawberry.type
class StaleChanged(OfFields):
    stale: bool = computed(
        "Whether they are stale from then on, or fresh again.", lambda told: told.what.details["stale"]
    )


STALE = (
    "Values of a tool have fallen behind what they were built on, or caught up. Of a tool that publishes none its"
    " answers have, and there are no ids."
)
