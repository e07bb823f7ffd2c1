"""An organisation and its members, paged by cursor."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.relay import PageInfo
from strawberry.types import Info
from strawberry.types.field import StrawberryField

from db.catalogue import Catalogue
from db.models.identity import Company
from db.viewer import Role
from graphql_api import global_id
from graphql_api.cursor import decode_cursor, encode_cursor
from graphql_api.execution.scope import lookahead, selects
from graphql_api.types.describe import computed, described, stands_for
from graphql_api.types.identity import TeamType
from graphql_api.types.node import Node
from graphql_api.types.tools.made import Generated, new_type, resolved
from graphql_api.types.tools.status import ProgressStatus
from resolvers.identity import MAX_PAGE, MemberFilter, cursor, members
from resolvers.refusals import BadArgument
from resolvers.tools.participant import Participant
from resolvers.tools.reading import participants


@strawberry.input(description="Where a member stands with a tool.")
class ToolStatusFilter:
    """A tool, and optionally a status."""

    slug: str = described("Slug or alias of the tool.")
    status: ProgressStatus | None = strawberry.field(default=None, description="Only members who stand so.")


@strawberry.input(name="MemberFilter", description="Which members to list; everything given must hold.")
class MemberFilterInput:
    """A filter."""

    role: Role | None = strawberry.field(default=None, description="Only this role.")
    search: str | None = strawberry.field(default=None, description="Part of the name or address, in any case.")
    tool: ToolStatusFilter | None = strawberry.field(default=None, description="Where they stand with a tool.")


First = Annotated[int, strawberry.argument(description=f"How many, from 0 to {MAX_PAGE}.")]
After = Annotated[str | None, strawberry.argument(description="`endCursor` of the page before.")]
Wanted = Annotated[MemberFilterInput | None, strawberry.argument(description="Which members; all without it.")]


@strawberry.type
class _Company(Node):
    id: strawberry.ID = computed("Opaque and globally unique.", lambda c: global_id.encode("Organization", c.id))
    database_id: UUID = computed("The organisation's UUID.", lambda company: company.id)
    name: str = described("Name for people.")
    slug: str | None = described("Name in URLs.")
    industry: str | None = described("What it does.")
    size: str | None = described("How many people.")
    created_at: datetime = described("When it joined.")

    @strawberry.field(description="Its teams, by name.")
    async def teams(root: strawberry.Parent[Any], info: Info) -> list[TeamType]:
        """Teams."""
        return list(await info.context.loaders.teams.load(root.id))


@dataclass(frozen=True, slots=True)
class _Edge:
    node: Participant
    cursor: str


@dataclass(frozen=True, slots=True)
class _Connection:
    edges: list[_Edge]
    page_info: PageInfo
    total_count: int


def organization_type(made: Generated) -> None:
    """``Organization`` with its members, in the graph that ``made`` belongs to."""
    edge = [
        _lazy("node", "Participant", "The member.", made),
        _lazy("cursor", "str", "Opaque; for `after`.", made),
    ]
    connection = [
        _lazy("edges", "list[MemberEdge]", "The members of this page.", made),
        _lazy("page_info", "PageInfo", "Whether and where the list goes on.", made),
        _lazy("total_count", "int", "Members of all pages.", made),
    ]
    made.namespace |= {"PageInfo": PageInfo, "str": str, "int": int}
    new_type("MemberEdge", "A member, and where the list goes on after them.", edge, made)
    new_type("MemberConnection", "A page of members, by name.", connection, made)
    text = f"Its members whom you may see, by name; at most {MAX_PAGE} a page."
    new_type(
        "Organization",
        "A company that takes the programme.",
        [resolved("members", "MemberConnection", text, _members, made)],
        made,
        bases=(_Company,),
        is_type_of=stands_for(Company),
    )


async def _members(
    root: Any,
    info: Info,
    first: First = 20,
    after: After = None,
    filter: Wanted = None,
) -> _Connection:
    """One page. Raises ``BadArgument`` for a bad page size, cursor or tool."""
    page = await members(
        info.context,
        root.id,
        first=first,
        after=None if after is None else decode_cursor(after),
        wanted=member_filter(info.context.catalogue, filter),
        counted=selects(info, "totalCount"),
    )
    people = await participants(info.context, page.accounts, lookahead(info).collect())
    edges = [
        _Edge(person, encode_cursor(cursor(account))) for person, account in zip(people, page.accounts, strict=True)
    ]
    return _Connection(
        edges,
        PageInfo(
            has_next_page=page.has_next,
            has_previous_page=after is not None,
            start_cursor=edges[0].cursor if edges else None,
            end_cursor=edges[-1].cursor if edges else None,
        ),
        page.total or 0,
    )


def _lazy(name: str, type_name: str, text: str, made: Generated) -> StrawberryField:
    annotation = StrawberryAnnotation(type_name, namespace=made.namespace)
    return StrawberryField(python_name=name, type_annotation=annotation, description=text)


def member_filter(catalogue: Catalogue, given: MemberFilterInput | None) -> MemberFilter:
    """The filter in terms of the catalogue. Raises ``BadArgument`` for an unknown tool."""
    if given is None:
        return MemberFilter()
    tool = catalogue.find(given.tool.slug) if given.tool else None
    if given.tool and tool is None:
        raise BadArgument("filter.tool.slug", f"Tool not found: {given.tool.slug}")
    return MemberFilter(
        role=given.role,
        search=given.search,
        tool_slug=tool.slug if tool else None,
        tool_status=given.tool.status if given.tool else None,
    )
