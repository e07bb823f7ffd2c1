"""Saving answers: validated, merged, extracted and recorded in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass

from db.catalogue import Tool
from db.models.tools import Json, ProgressStatus, SubmissionStatus
from db.permissions import Permission
from resolvers.context import Context
from resolvers.permissions import require
from resolvers.refusals import InvalidAnswers, InvalidTransition, MissingAnswers
from resolvers.tools.answers import Merged, merge, problems, size_problem, unanswered
from resolvers.tools.change import Change, change, find_tool

_SUBMITTED = (SubmissionStatus.SUBMITTED, SubmissionStatus.COMPLETED)
_ORDER = list(SubmissionStatus)


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save did. ``ignored``: keys that are no question; they are stored, never published."""

    tool: Tool
    created: bool
    ignored: tuple[str, ...]


async def save_answers(
    context: Context,
    slug: str,
    given: Mapping[str, Json],
    *,
    status: SubmissionStatus | None = None,
    expected_version: int | None = None,
) -> Saved:
    """Merge ``given`` into the viewer's answers to one tool.

    Absent keys stay, ``null`` and blank text clear. Raises ``NotFound``, ``InvalidAnswers``, ``Locked``,
    ``StaleVersion``, ``InvalidTransition``, and ``MissingAnswers`` where a submitted tool would lose a required
    answer.
    """
    require(context, Permission.WRITE_WORK)
    tool = find_tool(context, slug)
    refuse_invalid(tool, given)
    async with change(context, tool, context.signed_in().id) as current:
        current.refuse_locked()
        current.refuse_stale(expected_version)
        merged = merged_answers(current, given)
        await current.record(
            merged,
            status=_status(current, merged, status),
            progress=_progress(current, merged),
            version=current.submission.version + 1 if current.submission else 1,
            action="saved",
        )
    return Saved(tool, current.submission is None, merged.ignored)


def refuse_invalid(tool: Tool, given: Mapping[str, Json]) -> None:
    """Raise ``InvalidAnswers`` naming every answer that does not fit its question."""
    if found := problems(tool, given):
        raise InvalidAnswers(found)


def merged_answers(current: Change, given: Mapping[str, Json]) -> Merged:
    """The answers after the save; raises ``InvalidAnswers`` when the whole grows too large."""
    merged = merge(current.tool, current.answers, given)
    if found := size_problem(merged.data):
        raise InvalidAnswers(found)
    return merged


def _status(current: Change, merged: Merged, wanted: SubmissionStatus | None) -> SubmissionStatus:
    present = current.submission.status if current.submission else None
    if wanted and present and _ORDER.index(wanted) < _ORDER.index(present):
        advice = "Reopen it first." if present in _SUBMITTED else "Leave the status out, or send in_progress."
        raise InvalidTransition(present, f"The submission is {present}; a save cannot make it {wanted}. {advice}")
    if present is SubmissionStatus.COMPLETED:
        # An approval is of the answers as they were; changed answers wait for the guru again.
        return SubmissionStatus.SUBMITTED if merged.changed or merged.cleared else present
    return wanted or present or SubmissionStatus.DRAFT


def _progress(current: Change, merged: Merged) -> ProgressStatus:
    if current.progress_status is not ProgressStatus.COMPLETED:
        return ProgressStatus.IN_PROGRESS
    lost = [q for q in unanswered(current.tool, merged.data) if q.key in merged.cleared]
    if lost:
        raise MissingAnswers(current.tool, lost)
    return ProgressStatus.COMPLETED
