"""Submitting a tool, which unlocks what waited for it, and reopening it."""

from collections.abc import Mapping
from dataclasses import dataclass

from db.catalogue import Question, Tool
from db.models.tools import Json, ProgressStatus, SubmissionStatus
from db.permissions import Permission
from resolvers.context import Context
from resolvers.permissions import require
from resolvers.refusals import InvalidAnswers, InvalidTransition, MissingAnswers
from resolvers.tools.answers import shortfalls, unanswered
from resolvers.tools.change import change, find_tool, unchanged
from resolvers.tools.saving import merged_answers, refuse_invalid

_SUBMITTED = (SubmissionStatus.SUBMITTED, SubmissionStatus.COMPLETED)


@dataclass(frozen=True, slots=True)
class Submitted:
    """What a submit did: the tools it unlocked, and required questions left open where that was allowed."""

    tool: Tool
    unlocked: tuple[Tool, ...]
    missing: tuple[Question, ...]


async def submit_tool(
    context: Context,
    slug: str,
    given: Mapping[str, Json] | None = None,
    *,
    expected_version: int | None = None,
    allow_missing: bool = False,
) -> Submitted:
    """Save ``given`` if any, then complete the viewer's tool and unlock every dependent that waited only for it.

    Submitting again without a change does nothing. With ``allow_missing``, required questions left open are reported
    instead of refused. Raises what ``save_answers`` raises, and ``MissingAnswers``.
    """
    require(context, Permission.WRITE_WORK)
    tool = find_tool(context, slug)
    refuse_invalid(tool, given or {})
    async with change(context, tool, context.signed_in().id) as current:
        current.refuse_locked()
        current.refuse_stale(expected_version)
        merged = merged_answers(current, given or {})
        missing = unanswered(tool, merged.data)
        if missing and not allow_missing:
            raise MissingAnswers(tool, missing)
        if not allow_missing and (short := shortfalls(tool, merged.data)):
            raise InvalidAnswers(short)
        present = current.submission
        changed = bool(merged.changed or merged.cleared)
        if present and present.status in _SUBMITTED and not changed:
            return Submitted(tool, (), missing)
        unlocked = await current.record(
            merged,
            status=SubmissionStatus.SUBMITTED,
            progress=ProgressStatus.COMPLETED,
            version=(present.version if present else 0) + (1 if changed or not present else 0),
            action="submitted",
        )
    return Submitted(tool, tuple(context.catalogue.by_slug[slug] for slug in unlocked), missing)


async def reopen_tool(context: Context, slug: str) -> Tool:
    """Take a submitted tool back into work. What it has unlocked stays unlocked; milestones keep their times.

    Raises ``NotFound`` without a submission, ``InvalidTransition`` when it is not submitted.
    """
    require(context, Permission.WRITE_WORK)
    tool = find_tool(context, slug)
    async with change(context, tool, context.signed_in().id) as current:
        present = current.found_submission()
        if present.status not in _SUBMITTED:
            raise InvalidTransition(present.status, f"{tool.name} is {present.status}; only a submitted tool reopens.")
        await current.record(
            unchanged(present.data),
            status=SubmissionStatus.IN_PROGRESS,
            progress=ProgressStatus.IN_PROGRESS,
            version=present.version,
            action="reopened",
        )
    return tool
