"""Where a published value comes from, and what it has been."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry
from strawberry.relay import PageInfo
from strawberry.types import Info

from db.catalogue import Field
from db.models.tools import AuthorKind, FieldVersion
from graphql_api.cursor import decode_cursor, encode_cursor
from graphql_api.execution.scope import lookahead
from graphql_api.scalars import JSON
from graphql_api.types.describe import computed, described, enumerated, stands_for
from graphql_api.types.identity import AuthorType
from graphql_api.types.tools.catalogue import FieldDefinition, ToolDefinition
from loaders.history import VersionKey
from resolvers.refusals import BadArgument, SourceVersion
from resolvers.tools.history import MAX_HISTORY, NEWEST, Provenance, history, source_versions

enumerated(
    "AuthorKind",
    "Who wrote a value.",
    HUMAN="A person, in a page or an app.",
    AUTOMATION="A program with a service key, in a person's name.",
)(AuthorKind)

_POSITION = re.compile(r'\["([1-9][0-9]{0,9})"\]')
"""What a decoded cursor holds: one version."""

FirstVersions = Annotated[int, strawberry.argument(description=f"How many, from 0 to {MAX_HISTORY}.")]
AfterVersion = Annotated[str | None, strawberry.argument(description="`endCursor` of the page before.")]


@strawberry.type(
    name="SourceVersion", description="A source of a value: the version that was built on, and what it is now."
)
class SourceVersionType:
    """A source."""

    is_type_of = stands_for(SourceVersion)

    field: FieldDefinition = described("The published value that was built on.")
    version: int = described("The version that was built on.")
    current_version: int | None = described("The version there is now; null when the value is gone.")
    stale: bool = described("Whether it has moved on, or is gone.")

    @strawberry.field(description="The value as it was built on; null where the history does not go back so far.")
    async def value(root: strawberry.Parent[Any], info: Info) -> JSON | None:
        """The value then."""
        key = VersionKey(root.user_id, root.field.id, root.version, True)
        found = await info.context.loaders.field_versions.load(key)
        return found.value if found else None

    @strawberry.field(description="The value as it is; null when it is gone.")
    async def current_value(root: strawberry.Parent[Any], info: Info) -> JSON | None:
        """The value now."""
        found = await info.context.loaders.field_outputs.load((root.user_id, root.field.id))
        return found.value if found else None


@strawberry.type(name="Provenance", description="Where a value comes from.")
class ProvenanceType:
    """Provenance."""

    is_type_of = stands_for(Provenance)

    tool: ToolDefinition = described("The tool in which it was written.")
    version: int = described("Version of the submission at which it last changed.")
    at: datetime = described("When that was.")
    author_kind: AuthorKind = described("Whether a person or a program wrote it.")
    confirmed_at: datetime | None = described(
        "When its author last said that it is still right, though a source had moved."
    )

    @strawberry.field(description="Who wrote it, if you may see that person.")
    async def author(root: strawberry.Parent[Any], info: Info) -> AuthorType | None:
        """The author."""
        return await _author(info, root.written)

    @strawberry.field(description="What it was built on; after a confirmation, what there was then.")
    async def built_on(root: strawberry.Parent[Any], info: Info) -> list[SourceVersionType]:
        """Sources in the order of the programme."""
        sources: Any = await source_versions(info.context, root.output.user_id, root.output.built_on)
        return list(sources)


@strawberry.type(name="FieldVersion", description="What a published value was in one version.")
class FieldVersionType:
    """A version."""

    is_type_of = stands_for(FieldVersion)

    version: int = described("Version of the submission in which the value became this.")
    value: JSON | None = described("The value; null where it was cleared.")
    available: bool = computed("Whether there was a value; false where it was cleared.", lambda each: each.size > 0)
    size: int = described("Bytes of the value as JSON text; 0 where it was cleared.")
    at: datetime = described("When it became this.")
    author_kind: AuthorKind = described("Whether a person or a program wrote it.")
    confirmed_at: datetime | None = described("When its author last said that it is still right.")

    @strawberry.field(description="Who wrote it, if you may see that person.")
    async def author(root: strawberry.Parent[Any], info: Info) -> AuthorType | None:
        """The author."""
        return await _author(info, root)

    @strawberry.field(description="What it was built on when it was written.")
    async def built_on(root: strawberry.Parent[Any], info: Info) -> list[SourceVersionType]:
        """Sources in the order of the programme."""
        sources: Any = await source_versions(info.context, root.user_id, root.built_on)
        return list(sources)


@dataclass(frozen=True, slots=True)
class Edge:
    """A version with its cursor."""

    node: FieldVersion
    cursor: str


@dataclass(frozen=True, slots=True)
class Connection:
    """A page of versions."""

    edges: list[Edge]
    page_info: PageInfo


@strawberry.type(description="A version, and where the list goes on after it.")
class FieldVersionEdge:
    """An edge."""

    is_type_of = stands_for(Edge)

    node: FieldVersionType = described("The version.")
    cursor: str = described("Opaque; for `after`.")


@strawberry.type(description="A page of what a value has been, the newest version first.")
class FieldVersionConnection:
    """A page."""

    is_type_of = stands_for(Connection)

    edges: list[FieldVersionEdge] = described("The versions of this page.")
    page_info: PageInfo = described("Whether and where the list goes on.")


async def page_of(info: Info, field: Field, user_id: UUID | None, first: int, after: str | None) -> Any:
    """One page of a value's history. Raises ``BadArgument`` for a bad page size or cursor."""
    page = await history(
        info.context,
        field,
        user_id,
        first=first,
        before=None if after is None else _version(decode_cursor(after)),
        with_values=lookahead(info).selects("edges", "node", "value"),
    )
    edges = [Edge(version, encode_cursor([str(version.version)])) for version in page.versions]
    return Connection(
        edges,
        PageInfo(
            has_next_page=page.has_next,
            has_previous_page=after is not None,
            start_cursor=edges[0].cursor if edges else None,
            end_cursor=edges[-1].cursor if edges else None,
        ),
    )


def _version(position: str) -> int:
    """The version in a decoded cursor."""
    match = _POSITION.fullmatch(position)
    if match and int(match[1]) <= NEWEST:
        return int(match[1])
    raise BadArgument("after", "This is no cursor of this list; use endCursor of the page before.")


async def _author(info: Info, version: FieldVersion) -> Any:
    return await info.context.loaders.accounts.load(version.author_id) if version.author_id else None
