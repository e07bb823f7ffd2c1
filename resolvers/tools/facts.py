"""The facts that a change of a tool comes to. Pure; what becomes stale is found by the statement that writes them."""

from collections.abc import Iterator

from db.catalogue import Tool
from db.models.outbox import Fact, FactKind
from db.models.tools import ProgressStatus
from resolvers.tools.answers import Merged

_ACTIONS = {kind.value: kind for kind in (FactKind.SUBMITTED, FactKind.REOPENED)}
"""Actions that are facts by themselves; a save is one by what it changes."""


def facts_of(
    tool: Tool, action: str, merged: Merged, version: int, before: ProgressStatus, after: ProgressStatus
) -> Iterator[Fact]:
    """What a participant's own change comes to: nothing, where nothing changed."""
    published = {q.key: q.publishes for q in tool.published if q.publishes}
    cleared = [published[key] for key in merged.cleared if key in published]
    changed = [published[key] for key in merged.changed if key in published] + cleared
    if changed:
        details = {"version": version, "cleared": sorted(cleared)}
        yield Fact(FactKind.FIELD_CHANGED, tool.slug, tuple(sorted(changed)), details)
    if kind := _ACTIONS.get(action):
        yield Fact(kind, tool.slug, (), {"version": version})
    yield from _progress(tool, before, after)


def review_facts(tool: Tool, action: str, before: ProgressStatus, after: ProgressStatus) -> Iterator[Fact]:
    """What a guru's verdict comes to; ``action``: ``approved`` or ``rejected``."""
    yield Fact(FactKind(action), tool.slug)
    yield from _progress(tool, before, after)


def _progress(tool: Tool, before: ProgressStatus, after: ProgressStatus) -> Iterator[Fact]:
    if before is not after:
        yield Fact(FactKind.PROGRESS_CHANGED, tool.slug, (), {"from": before.value, "to": after.value})
