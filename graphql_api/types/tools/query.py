"""The entry points for reading."""

import asyncio
from typing import Annotated, Any
from uuid import UUID

import strawberry
from strawberry.types import Info
from strawberry.types.field import StrawberryField

from db.catalogue.graph import Field
from graphql_api import global_id
from graphql_api.execution.scope import lookahead
from graphql_api.ordering import ToolOrder, in_order
from graphql_api.scalars import JSON, FieldId
from graphql_api.types.arguments import NodeId, ToolName, Whose, WhoseOrOwn
from graphql_api.types.node import Node
from graphql_api.types.refusals import or_refused
from graphql_api.types.tools.catalogue import ListOrder, ToolDefinition
from graphql_api.types.tools.history import AfterVersion, FieldVersionConnection, FirstVersions, page_of
from graphql_api.types.tools.lineage import ImpactType, LineageType
from graphql_api.types.tools.made import Generated, resolved
from graphql_api.types.tools.refusals import SubmissionResult
from graphql_api.types.tools.values import FieldValueType
from resolvers.context import Context
from resolvers.identity import MAX_COMPANIES, companies_in_reach, find_company
from resolvers.refusals import BadArgument
from resolvers.tools.history import history_of
from resolvers.tools.reading import known_fields, participant, someones_submission, sources_of
from resolvers.tools.tracing import Traced
from resolvers.tools.values import FieldValue, at_path
from resolvers.tools.work import Work

MAX_NODES = 100
"""Ids of one ``nodes`` query."""

FieldName = Annotated[FieldId, strawberry.argument(description="Id of the published value.")]
FieldNames = Annotated[list[FieldId], strawberry.argument(description="1 to 50 ids of published values.")]
ReferenceKey = Annotated[str, strawberry.argument(description="A field id, or an older name of one.")]
Which = Annotated[strawberry.ID | None, strawberry.argument(description="The organisation, by id or UUID.")]
NodeIds = Annotated[list[strawberry.ID], strawberry.argument(description="Ids that this graph gave.")]


@strawberry.type
class ToolQueries:
    """The fields of ``Query`` that are the same for every catalogue."""

    @strawberry.field(description="The catalogue of tools; needs no sign-in.")
    def tools(self, info: Info, order: ListOrder = ToolOrder.SPRINT) -> list[ToolDefinition]:
        """All tools."""
        found: Any = in_order(info.context.catalogue, order)
        return list(found)

    @strawberry.field(description="One tool of the catalogue by slug or alias; needs no sign-in.")
    def tool(self, info: Info, slug: ToolName) -> ToolDefinition | None:
        """One tool."""
        found: Any = info.context.catalogue.find(slug)
        return found

    @strawberry.field(
        description="A published value by id, of yourself or of `userId`; null for an id nobody publishes."
    )
    async def field(self, info: Info, id: FieldName, user_id: WhoseOrOwn = None) -> FieldValueType | None:
        """One value."""
        found = info.context.catalogue.fields.get(id)
        values: Any = await _values(info, [found], user_id) if found else [None]
        return values[0]

    @strawberry.field(description="Published values by id, at most 50, of yourself or of `userId`.")
    async def fields(self, info: Info, ids: FieldNames, user_id: WhoseOrOwn = None) -> list[FieldValueType]:
        """Several values, in the order asked for. Raises ``BadArgument`` for unknown ids and for too many."""
        values: Any = await _values(info, known_fields(info.context, ids), user_id)
        return values

    @strawberry.field(
        description="What a published value of yourself or of `userId` has been, the newest version first; null for an"
        " id nobody publishes and for a person whom you may not see."
    )
    async def history(
        self,
        info: Info,
        field_id: FieldName,
        user_id: WhoseOrOwn = None,
        first: FirstVersions = 20,
        after: AfterVersion = None,
    ) -> FieldVersionConnection | None:
        """A history. Raises ``BadArgument`` for a bad page size or cursor."""
        found = await history_of(info.context, field_id, global_id.user_id(user_id, "userId"))
        return await page_of(info, *found, first, after) if found else None

    @strawberry.field(
        description="What a published value of yourself or of `userId` was built on, and what was built on it; null for"
        " an id nobody publishes and for a person whom you may not see."
    )
    async def lineage(self, info: Info, field_id: FieldName, user_id: WhoseOrOwn = None) -> LineageType | None:
        """A lineage."""
        return await _traced(info, field_id, user_id)

    @strawberry.field(
        description="What a change of a published value of yourself or of `userId` would do; null for an id nobody"
        " publishes and for a person whom you may not see."
    )
    async def impact(self, info: Info, field_id: FieldName, user_id: WhoseOrOwn = None) -> ImpactType | None:
        """An impact."""
        return await _traced(info, field_id, user_id)

    @strawberry.field(
        description="A published value by field id or by one of its older names; null when there is none."
    )
    async def reference(self, info: Info, key: ReferenceKey) -> JSON | None:
        """The bare value that HTML pages ask for."""
        catalogue = info.context.catalogue
        alias = catalogue.field_aliases.get(key)
        found = catalogue.fields.get(alias.field if alias else key)
        if found is None:
            return None
        value = (await _values(info, [found], None))[0].value
        return at_path(value, alias.value_path if alias else None)

    @strawberry.field(
        description="A submission by slug or alias: your own, or a participant's for admins and gurus with `userId`."
    )
    async def submission(self, info: Info, tool: ToolName, user_id: WhoseOrOwn = None) -> SubmissionResult:
        """The newest submission of a tool."""
        wanted = global_id.user_id(user_id, "userId")
        return await or_refused(someones_submission(info.context, tool, wanted))


def query_fields(made: Generated) -> list[StrawberryField]:
    """The fields of ``Query`` whose types the catalogue makes."""
    made.namespace["Node"] = Node
    return [
        resolved("viewer", "Participant | None", "The person who is signed in; null when nobody is.", _viewer, made),
        resolved("user", "Participant | None", "A person whom you may see, by id or UUID.", _user, made),
        resolved(
            "organization",
            "Organization | None",
            "An organisation; yours without an id.",
            _organization,
            made,
        ),
        resolved(
            "organizations",
            "list[Organization]",
            f"Your own organisation and, for gurus, those that they look after, by name; at most {MAX_COMPANIES}.",
            _organizations,
            made,
        ),
        resolved("node", "Node | None", "Any object by its id; null when you may not see it.", _node, made),
        resolved("nodes", "list[Node | None]", f"Objects by their ids, at most {MAX_NODES}.", _nodes, made),
    ]


async def _viewer(info: Info) -> Any:
    return await participant(info.context, None, lookahead(info).collect())


async def _user(info: Info, id: Whose) -> Any:
    return await participant(info.context, global_id.user_id(id), lookahead(info).collect())


async def _organization(info: Info, id: Which = None) -> Any:
    return await find_company(info.context, global_id.company_id(id))


async def _organizations(info: Info) -> Any:
    return await companies_in_reach(info.context)


async def _node(info: Info, id: NodeId) -> Any:
    return await _find_node(info, id)


async def _nodes(info: Info, ids: NodeIds) -> Any:
    if len(ids) > MAX_NODES:
        raise BadArgument("ids", f"Ask for at most {MAX_NODES} objects at once, not {len(ids)}.")
    # All at once, so that the loaders batch their rows.
    return await asyncio.gather(*(_find_node(info, id_) for id_ in ids))


async def _find_node(info: Info, node_id: str) -> Any:
    context: Context = info.context
    type_name, key = global_id.decode(node_id)
    if type_name == "ToolDefinition":
        return context.catalogue.by_slug.get(key)
    if type_name == "Organization":
        return await find_company(context, global_id.company_id(node_id))
    if type_name == "Participant":
        return await participant(context, global_id.user_id(node_id), lookahead(info).collect())
    tool = next((tool for tool in context.catalogue.tools if type_name == f"{tool.type_name}Tool"), None)
    if tool is None:
        return None
    user = global_id.user_id(key)
    person = await participant(context, user, lookahead(info).collect(tool)) if context.account else None
    return person.tool(tool) if person else None


async def _traced(info: Info, field_id: str, user_id: str | None) -> Any:
    found = await history_of(info.context, field_id, global_id.user_id(user_id, "userId"))
    return Traced(found[1], found[0]) if found else None


async def _values(info: Info, fields: list[Field], user_id: str | None) -> list[FieldValue]:
    return await field_values(info, fields, global_id.user_id(user_id, "userId"))


async def field_values(info: Info, fields: list[Field], user_id: UUID | None) -> list[FieldValue]:
    """Values of one person; without a person whom the viewer may see, values that are not available."""
    context: Context = info.context
    required = lookahead(info).required
    required.people = True
    for field in fields:
        required.fields |= {field.id, *sources_of(context, field.tool)}
    person = await participant(context, user_id, required)
    return [FieldValue(person.work if person else Work(), field) for field in fields]
