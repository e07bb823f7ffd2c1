"""Saying that values are still right, though what they were built on has changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from db.catalogue import Tool
from db.database import Record
from db.models.outbox import Fact, FactKind
from db.permissions import Permission
from db.statements import tools as sql
from resolvers.context import Context
from resolvers.permissions import require
from resolvers.refusals import BadArguments, Problem, SourceMoved, SourceVersion
from resolvers.tools.change import Change, change, find_tool
from resolvers.tools.staleness import moved_on

Seen = Mapping[str, int]
"""Version by field id of the sources that somebody has looked at."""


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Which values of a tool are fresh again, by field id."""

    tool: Tool
    fields: tuple[str, ...]


async def confirm_values(context: Context, slug: str, ids: Sequence[str] | None, seen: Seen) -> Confirmed:
    """Have the viewer's stale values of one tool count as built on its sources as they are now.

    Without ``ids`` all of them, and the answers of a tool that publishes nothing. No version changes, so nothing that
    was built on the values falls behind. Raises ``NotFound``, ``NotAllowed``, ``BadArguments`` for ids that the tool
    does not publish, and ``SourceMoved`` when a source of ``seen`` has another version by now.
    """
    require(context, Permission.WRITE_WORK)
    tool = find_tool(context, slug)
    _refuse_unknown(tool, ids or (), seen, {need.source.id for need in context.catalogue.needs[tool.slug]})
    async with change(context, tool, context.signed_in().id) as current:
        current.found_submission()
        _refuse_moved(current, seen)
        outputs = await current.transaction.fetch(sql.own_outputs(tool.schema_name), current.user_id)
        stale = {row["field_id"] for row in outputs if moved_on(row["built_on"], current.sources)}
        confirmed = tuple(sorted(stale if ids is None else stale & set(ids)))
        answers = stale <= set(confirmed) and _answers_stale(current)
        if confirmed or answers:
            await _record(current, confirmed, answers, outputs)
    return Confirmed(tool, confirmed)


def _answers_stale(current: Change) -> bool:
    """Whether the answers as a whole were built on something that has moved; they go with the last of the values."""
    return bool(moved_on(current.found_submission().built_on, current.sources))


async def _record(current: Change, confirmed: tuple[str, ...], answers: bool, outputs: Sequence[Record]) -> None:
    context, tool = current.context, current.tool
    account = context.signed_in()
    before = {row["field_id"]: row["built_on"] for row in outputs if row["field_id"] in confirmed}
    fresh = bool(confirmed) or not tool.published
    facts = [Fact(FactKind.STALE_CHANGED, tool.slug, confirmed, {"stale": False})] if fresh else []
    await current.transaction.fetch(
        sql.record_confirmation(tool.schema_name),
        account.id,
        account.organization_id,
        list(confirmed),
        answers,
        current.sources,
        context.clock(),
        tool.slug,
        "confirmed",
        {"fields": list(confirmed), "built_on": before, "sources": current.sources},
        context.origin.address,
        context.origin.agent,
        [fact.row for fact in facts],
    )


def _refuse_unknown(tool: Tool, ids: Sequence[str], seen: Seen, sources: set[str]) -> None:
    published = {question.publishes for question in tool.published}
    found = [
        Problem(f"ids.{number}", f"{tool.name} publishes no field {field_id!r}.")
        for number, field_id in enumerate(ids)
        if field_id not in published
    ]
    found += [
        Problem(f"seen.{number}.fieldId", f"{tool.name} does not build on a field {field_id!r}.")
        for number, field_id in enumerate(seen)
        if field_id not in sources
    ]
    if found:
        raise BadArguments(found)


def _refuse_moved(current: Change, seen: Seen) -> None:
    moved = [
        SourceVersion(
            current.user_id, current.context.catalogue.fields[field_id], version, current.sources.get(field_id)
        )
        for field_id, version in seen.items()
        if current.sources.get(field_id) != version
    ]
    if moved:
        raise SourceMoved(moved)
