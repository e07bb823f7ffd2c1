"""A guru's verdict on a submitted tool."""

from uuid import UUID

from db.catalogue import Tool
from db.models.tools import ProgressStatus, SubmissionStatus
from db.permissions import Permission
from db.statements import tools as sql
from resolvers.context import Context
from resolvers.permissions import require
from resolvers.refusals import BadArgument, InvalidTransition, NotAllowed, NotFound
from resolvers.tools.answers import unstorable
from resolvers.tools.change import change, find_tool
from resolvers.tools.facts import review_facts

MAX_COMMENT = 4_000
"""Characters of a review comment."""


async def approve_submission(context: Context, user_id: UUID | None, slug: str, comment: str | None) -> Tool:
    """Mark a participant's submitted tool as approved. Raises ``NotAllowed``, ``NotFound``, ``InvalidTransition``."""
    return await _review(
        context, user_id, slug, comment, SubmissionStatus.COMPLETED, ProgressStatus.COMPLETED, "approved"
    )


async def reject_submission(context: Context, user_id: UUID | None, slug: str, comment: str) -> Tool:
    """Send a submitted tool back to the participant with a comment; it is in progress again."""
    if not comment.strip():
        raise BadArgument("comment", "Say what has to change: a rejection needs a comment.")
    return await _review(
        context, user_id, slug, comment, SubmissionStatus.IN_PROGRESS, ProgressStatus.IN_PROGRESS, "rejected"
    )


async def _review(
    context: Context,
    user_id: UUID | None,
    slug: str,
    comment: str | None,
    status: SubmissionStatus,
    progress: ProgressStatus,
    action: str,
) -> Tool:
    require(context, Permission.REVIEW_WORK)
    tool = find_tool(context, slug)
    _refuse_comment(comment)
    if user_id is None:
        raise NotFound("No submission found for this tool")
    if user_id == context.signed_in().id:
        raise NotAllowed("Your own submission has to be reviewed by another guru.")
    async with change(context, tool, user_id) as current:
        present = current.found_submission()
        if present.status is not SubmissionStatus.SUBMITTED:
            raise InvalidTransition(
                present.status, f"{tool.name} is {present.status}; only a submitted tool can be {action}."
            )
        row = await current.transaction.fetch_row(
            sql.record_review(tool.schema_name),
            user_id,
            context.signed_in().id,
            status.value,
            comment,
            context.clock(),
            tool.slug,
            progress.value,
            action,
            {"status": [present.status, status], "version": [present.version, present.version]},
            context.origin.address,
            context.origin.agent,
            [fact.row for fact in review_facts(tool, action, current.progress_status, progress)],
        )
        assert row is not None  # what a guru may read and is not their own, they may review
    return tool


def _refuse_comment(comment: str | None) -> None:
    if comment is None:
        return
    if len(comment) > MAX_COMMENT:
        raise BadArgument(
            "comment", f"A comment has at most {MAX_COMMENT:,} characters; this one has {len(comment):,}."
        )
    if reason := unstorable(comment):
        raise BadArgument("comment", reason)
