"""Published values with their story, from the tool that publishes them and from those that build on them."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from strawberry.types import Info

from graphql_api.scalars import JSON, FieldId
from graphql_api.types.describe import described, stands_for
from graphql_api.types.identity import AuthorType
from graphql_api.types.tools.catalogue import ToolDefinition
from graphql_api.types.tools.history import AfterVersion, FieldVersionConnection, FirstVersions, ProvenanceType, page_of
from resolvers.tools.history import provenance
from resolvers.tools.tracing import Traced
from resolvers.tools.values import Dependency, FieldValue

if TYPE_CHECKING:
    from graphql_api.types.tools.lineage import ImpactType, LineageType

# They show values themselves, so their module needs this one.
Lineage = Annotated["LineageType", strawberry.lazy("graphql_api.types.tools.lineage")]
Impact = Annotated["ImpactType", strawberry.lazy("graphql_api.types.tools.lineage")]


@strawberry.type(name="FieldValue", description="A published value with its story.")
class FieldValueType:
    """A value."""

    is_type_of = stands_for(FieldValue)

    id: FieldId = described("The field id.")
    label: str = described("What it is, in a few words.")
    value: JSON | None = described("The value; null before there is one.")
    available: bool = described("Whether there is a value.")
    version: int | None = described("Version of the submission at which it last changed.")
    updated_at: datetime | None = described("When it last changed.")
    author: AuthorType | None = described("Who last changed it, if you may see that person.")
    source_tool: ToolDefinition = described("The tool that publishes it.")
    stale: bool = described("Whether a value it was built on has changed since.")

    @strawberry.field(description="Where it comes from; null before there is a value.")
    async def provenance(root: strawberry.Parent[Any], info: Info) -> ProvenanceType | None:
        """Provenance."""
        found: Any = await provenance(info.context, root)
        return found

    @strawberry.field(description="What it has been, the newest version first.")
    async def history(
        root: strawberry.Parent[Any], info: Info, first: FirstVersions = 20, after: AfterVersion = None
    ) -> FieldVersionConnection:
        """Versions. Raises ``BadArgument`` for a bad page size or cursor."""
        return await page_of(info, root.field, root.work.user_id, first, after)

    @strawberry.field(description="What it was built on, and what was built on it.")
    def lineage(root: strawberry.Parent[Any]) -> Lineage:
        """Where the lineage begins."""
        return _traced(root)

    @strawberry.field(description="What a change of it would do.")
    def impact(root: strawberry.Parent[Any]) -> Impact:
        """What is asked about."""
        return _traced(root)


def _traced(value: FieldValue) -> Any:
    return Traced(value.work.user_id, value.field)


@strawberry.type(name="Dependency", description="A value that a tool builds on, as it stands for a participant.")
class DependencyType:
    """A dependency."""

    is_type_of = stands_for(Dependency)

    field_id: FieldId = described("The field that is read.")
    target_field: str = described("The tool's own name for it.")
    label: str = described("What it is, in a few words.")
    value: JSON | None = described("The value; null before there is one.")
    available: bool = described("Whether there is a value.")
    required: bool = described("Whether the tool cannot do without it.")
    source_tool: ToolDefinition = described("The tool it comes from.")
    source_version: int | None = described("Version of the source submission at which it last changed.")
    updated_at: datetime | None = described("When it last changed.")
    stale: bool = described("Whether it has changed since this tool's answers were built on it.")
