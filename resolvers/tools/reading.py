"""Finding participants and their tools for a viewer, with just the rows that were asked for."""

from collections.abc import Sequence
from uuid import UUID

from db.catalogue import Field, Tool
from db.models.identity import Account
from db.models.tools import ProgressStatus, Submission
from db.viewer import Role
from resolvers.context import Context
from resolvers.identity import find_account
from resolvers.refusals import BadArgument, BadArguments, Locked, NotAllowed, NotFound, Problem
from resolvers.tools.change import find_tool
from resolvers.tools.participant import Participant, ToolView
from resolvers.tools.work import Requirement, load_work

MAX_FIELD_IDS = 50
"""Field ids of one ``fields`` query."""


async def participants(context: Context, accounts: Sequence[Account], required: Requirement) -> list[Participant]:
    """Participants with the required rows, in the order given."""
    works = await load_work(context.loaders, accounts, required)
    return [Participant(context.catalogue, account, work) for account, work in zip(accounts, works, strict=True)]


async def participant(context: Context, user_id: UUID | None, required: Requirement) -> Participant | None:
    """One participant that the viewer may see; without an id the viewer."""
    account = await find_account(context, user_id)
    if account is None:
        return None
    return (await participants(context, [account], required))[0]


async def someones_submission(context: Context, slug: str, user_id: UUID | None) -> Submission:
    """A submission, one's own or, for admins and gurus, a participant's. Raises what ``submitted_view`` raises."""
    submission = (await submitted_view(context, slug, user_id, Requirement())).submission
    assert submission is not None
    return submission


async def submitted_view(context: Context, slug: str, user_id: UUID | None, required: Requirement) -> ToolView:
    """A tool that has a submission, with the rows of ``required`` beside it.

    Raises ``NotFound`` (unknown tool, nothing saved, a person that the viewer may not see), ``NotAllowed`` (a
    participant asking for someone else) and ``Locked``.
    """
    tool = find_tool(context, slug)
    account = context.signed_in()
    if user_id not in (None, account.id) and account.role is Role.USER:
        raise NotAllowed
    required.submissions.add(tool.slug)
    person = await participant(context, user_id, required)
    if person is None:
        raise NotFound("User not found")
    view = person.tool(tool)
    if view.submission is None:
        await _refuse_locked(context, person.account, tool)
        raise NotFound("No submission found for this tool")
    return view


async def _refuse_locked(context: Context, account: Account, tool: Tool) -> None:
    """Raise ``Locked`` with what is missing, if that is why there is nothing."""
    required = Requirement(progress=True, fields=sources_of(context, tool))
    view = (await participants(context, [account], required))[0].tool(tool)
    if view.progress.status is ProgressStatus.LOCKED:
        raise Locked(tool, view.why_locked)


def known_fields(context: Context, ids: Sequence[str]) -> list[Field]:
    """The fields with these ids; raises ``BadArgument`` naming every id that is unknown, or too many of them."""
    if not 1 <= len(ids) <= MAX_FIELD_IDS:
        raise BadArgument("ids", f"Ask for 1 to {MAX_FIELD_IDS} field ids at once, not {len(ids)}.")
    catalogue = context.catalogue
    unknown = [
        Problem(f"ids.{number}", f"No tool publishes a field {field_id!r}.")
        for number, field_id in enumerate(ids)
        if field_id not in catalogue.fields
    ]
    if unknown:
        raise BadArguments(unknown)
    return [catalogue.fields[field_id] for field_id in ids]


def sources_of(context: Context, tool: Tool) -> set[str]:
    """The ids of the fields that a tool builds on."""
    return {need.source.id for need in context.catalogue.needs[tool.slug]}
