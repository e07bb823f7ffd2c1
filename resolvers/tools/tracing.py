"""From one value of a person to those it was built on, or that were built on it, with just what is asked of them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from db.catalogue import Field, Tool
from resolvers.context import Context
from resolvers.refusals import BadArgument, SourceVersion
from resolvers.tools import lineage
from resolvers.tools.staleness import Versions
from resolvers.tools.values import FieldValue
from resolvers.tools.work import Requirement, Work, load_people


@dataclass(frozen=True, slots=True)
class Traced:
    """The value whose lineage or impact is asked for. ``user_id``: whose; none of somebody whom nobody sees."""

    user_id: UUID | None
    field: Field


@dataclass(frozen=True, slots=True)
class Node:
    """A value that was reached, so many steps away, and the sources that it was built on itself."""

    value: FieldValue
    distance: int
    sources: tuple[SourceVersion, ...]


@dataclass(frozen=True, slots=True)
class Affected:
    """What was built on a value: what would turn stale if it changed now, and what is stale already."""

    would_turn_stale: tuple[Field, ...]
    already_stale: tuple[Field, ...]
    tools: tuple[Tool, ...]


async def value_of(context: Context, traced: Traced, required: Requirement) -> FieldValue:
    """The value itself."""
    work = await _read(context, traced, context.catalogue.sources_within(traced.field.tool, 1))
    (value,) = await _shown(context, work, [traced.field], required)
    return value


async def upstream(context: Context, traced: Traced, depth: int, required: Requirement) -> list[Node]:
    """What the value was built on, the nearest first. Raises ``BadArgument`` for more steps than any chain has."""
    _refuse_depth(context, depth)
    # One step further, for whether the last ones are stale.
    work = await _read(context, traced, context.catalogue.sources_within(traced.field.tool, depth + 1))
    return await _nodes(context, work, lineage.upstream(work.stories, traced.field.id, depth), required)


async def downstream(context: Context, traced: Traced, depth: int, required: Requirement) -> list[Node]:
    """What was built on the value, the nearest first. Raises ``BadArgument`` for more steps than any chain has."""
    _refuse_depth(context, depth)
    work = await _read(context, traced, _users(context, traced, depth))
    return await _nodes(context, work, lineage.downstream(work.stories, traced.field.id, depth), required)


async def affected(context: Context, traced: Traced) -> Affected:
    """What a change of the value would do, in the order of the programme."""
    work = await _read(context, traced, _users(context, traced, 1))
    found = lineage.impact(work.stories, traced.field.id)
    return Affected(
        tuple(_in_order(context, found.would_turn_stale)),
        tuple(_in_order(context, found.already_stale)),
        tuple(tool for tool in context.catalogue.tools if tool.slug in found.tools),
    )


async def affected_values(
    context: Context, traced: Traced, fields: Iterable[Field], required: Requirement
) -> list[FieldValue]:
    """Some of what ``affected`` has found, as values."""
    work = await _read(context, traced, _users(context, traced, 1))
    return await _shown(context, work, fields, required)


def _refuse_depth(context: Context, depth: int) -> None:
    most = max(1, context.catalogue.longest_chain)
    if not 1 <= depth <= most:
        raise BadArgument(
            "depth", f"Ask for 1 to {most} steps, as many as the longest chain of tools has, not {depth}."
        )


def _users(context: Context, traced: Traced, depth: int) -> frozenset[str]:
    """The tools with something built on the value, and all that these were built on."""
    catalogue = context.catalogue
    users = catalogue.users_within(traced.field.tool, depth)
    return users.union(*(catalogue.source_slugs(catalogue.by_slug[slug]) for slug in users))


async def _read(context: Context, traced: Traced, slugs: Collection[str]) -> Work:
    if traced.user_id is None:
        return Work()
    asked = sorted(slugs)
    stories = await context.loaders.stories.load_many((traced.user_id, slug) for slug in asked)
    return Work(traced.user_id, stories=dict(zip(asked, stories, strict=True)))


async def _nodes(context: Context, work: Work, distances: lineage.Distances, required: Requirement) -> list[Node]:
    fields = sorted(_in_order(context, distances), key=lambda field: distances[field.id])
    current = lineage.versions(work.stories)
    return [
        Node(value, distances[value.id], tuple(_sources(context, value, current)))
        for value in await _shown(context, work, fields, required)
    ]


def _sources(context: Context, value: FieldValue, current: Versions) -> Iterable[SourceVersion]:
    story, user_id = value.work.story(value.field), value.work.user_id
    if story is not None and user_id is not None:
        for field in _in_order(context, story.built_on):
            yield SourceVersion(user_id, field, story.built_on[field.id], current.get(field.id))


async def _shown(context: Context, work: Work, fields: Iterable[Field], required: Requirement) -> list[FieldValue]:
    """Values with as much of them as is asked for."""
    wanted = list(fields)
    if required.values and work.user_id is not None:
        found = await context.loaders.field_outputs.load_many((work.user_id, field.id) for field in wanted)
        work.outputs = {output.field_id: output for output in found if output}
    if required.people:
        await load_people(context.loaders, [work])
    return [FieldValue(work, field) for field in wanted]


def _in_order(context: Context, ids: Collection[str]) -> list[Field]:
    """Fields in the order of the programme; those that no tool publishes any more are left out."""
    return [field for field_id, field in context.catalogue.fields.items() if field_id in ids]
