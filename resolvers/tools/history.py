"""Where a published value comes from, and what it has been."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db.catalogue import Field, Tool
from db.models.tools import AuthorKind, FieldOutput, FieldVersion
from loaders.history import HistoryKey, VersionKey
from resolvers.context import Context
from resolvers.identity import find_account
from resolvers.refusals import BadArgument, SourceVersion
from resolvers.tools.values import FieldValue

MAX_HISTORY = 100
"""Versions of one page."""

NEWEST = 2**31 - 1
"""Before which every version is: the greatest that the column can hold."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a value comes from: the value as it is, and the version at which it was written."""

    tool: Tool
    output: FieldOutput
    written: FieldVersion

    @property
    def version(self) -> int:
        """The version of the submission at which it last changed."""
        return self.output.version

    @property
    def at(self) -> datetime:
        """When that was."""
        return self.written.at

    @property
    def author_kind(self) -> AuthorKind:
        """Who wrote it."""
        return self.written.author_kind

    @property
    def confirmed_at(self) -> datetime | None:
        """When its author last said that it is still right."""
        return self.written.confirmed_at


@dataclass(frozen=True, slots=True)
class Page:
    """Versions of a value, newest first."""

    versions: tuple[FieldVersion, ...]
    has_next: bool


async def provenance(context: Context, value: FieldValue) -> Provenance | None:
    """Where a value comes from; none where there is no value."""
    output = value.work.outputs.get(value.id)
    if output is None:
        return None
    written = await context.loaders.field_versions.load(VersionKey(output.user_id, value.id, output.version, False))
    return Provenance(value.source_tool, output, written) if written else None


async def history(
    context: Context, field: Field, user_id: UUID | None, *, first: int, before: int | None, with_values: bool
) -> Page:
    """What a value has been. ``before``: only older versions. Raises ``BadArgument`` for a bad page size."""
    if not 0 <= first <= MAX_HISTORY:
        raise BadArgument("first", f"Ask for 0 to {MAX_HISTORY} versions at once, not {first}.")
    if user_id is None:
        return Page((), False)
    older = NEWEST if before is None else before
    found = await context.loaders.field_histories.load(HistoryKey(user_id, field.id, older, first + 1, with_values))
    return Page(tuple(found[:first]), len(found) > first)


async def history_of(context: Context, field_id: str, user_id: UUID | None) -> tuple[Field, UUID] | None:
    """A field and whose value of it is meant; without ``user_id`` the viewer's. None for what there is not to see."""
    account = await find_account(context, user_id)
    field = context.catalogue.fields.get(field_id)
    return (field, account.id) if field and account else None


async def source_versions(context: Context, user_id: UUID, built_on: Mapping[str, int]) -> list[SourceVersion]:
    """What was built on, as it was and as it is, in the order of the programme.

    Fields that no tool publishes any more are left out.
    """
    fields = [field for field_id, field in context.catalogue.fields.items() if field_id in built_on]
    outputs = await context.loaders.field_outputs.load_many((user_id, field.id) for field in fields)
    return [
        SourceVersion(user_id, field, built_on[field.id], output.version if output else None)
        for field, output in zip(fields, outputs, strict=True)
    ]
