"""Finding participants and their tools for a viewer, with just the rows that were asked for."""

from collections.abc import Sequence
from uuid import UUID

from db.catalogue import Field, Tool
from db.models.identity import Account
from db.models.tools import ProgressStatus
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


async def someones_submission(
    context: Context, slug: str, user_id: UUID | None, required: Requirement
) -> tuple[Participant, ToolView]:
    """A tool with its submission, one's own or, for admins and gurus, a participant's.

    Raises ``NotFound`` (unknown tool, nothing saved, a person that the viewer may not see), ``NotAllowed`` (a
    participant asking for someone else) and ``Locked``.
    """
    tool = find_tool(context, slug)
    account = context.signed_in()
    if user_id not in (None, account.id) and account.role is Role.USER:
        raise NotAllowed
    required.submissions.add(tool.slug)
    required.progress = True
    required.fields |= {need.source.id for need in context.catalogue.needs[tool.slug]}
    person = await participant(context, user_id, required)
    if person is None:
        raise NotFound("User not found")
    view = person.tool(tool)
    if view.submission is None:
        if view.progress.status is ProgressStatus.LOCKED:
            raise Locked(tool, view.why_locked)
        raise NotFound("No submission found for this tool")
    return person, view


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


def stale_sources(context: Context, tool: Tool) -> set[str]:
    """The field ids whose versions tell whether values of ``tool`` are stale."""
    return {need.source.id for need in context.catalogue.needs[tool.slug]}
