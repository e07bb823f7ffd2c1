"""What is exported: a tool, or all completed ones of a person, with everything that is shown of them."""

import re
import unicodedata
from datetime import datetime
from uuid import UUID

from db.models.identity import Account
from db.models.tools import ProgressStatus
from db.viewer import Role
from resolvers.context import Context
from resolvers.refusals import Locked, NotAllowed, NotFound
from resolvers.tools.change import find_tool
from resolvers.tools.participant import Participant, ToolView
from resolvers.tools.reading import participant, sources_of, submitted_view
from resolvers.tools.work import Requirement


async def exported_view(context: Context, slug: str, user_id: UUID | None) -> ToolView:
    """A tool that has a submission. Raises ``NotFound`` and ``NotAllowed``."""
    context.signed_in()
    tool = find_tool(context, slug)
    required = Requirement(company=True, fields=sources_of(context, tool))
    try:
        return await submitted_view(context, slug, user_id, required)
    except Locked as locked:
        raise NotFound(f"Nothing to export. {locked}") from locked


async def exported_book(context: Context, user_id: UUID | None) -> tuple[Participant, list[ToolView]]:
    """A person and their completed tools in the programme's order. Raises ``NotFound`` and ``NotAllowed``."""
    account = context.signed_in()
    if user_id not in (None, account.id) and account.role is Role.USER:
        raise NotAllowed
    tools = context.catalogue.tools
    fields = set[str]().union(*(sources_of(context, tool) for tool in tools))
    required = Requirement(fields, {tool.slug for tool in tools}, progress=True, company=True)
    person = await participant(context, user_id, required)
    if person is None:
        raise NotFound("User not found")
    views = [person.tool(tool) for tool in tools]
    done = [view for view in views if view.submission and view.progress.status is ProgressStatus.COMPLETED]
    if not done:
        raise NotFound("No tool is completed yet; the programme book begins with the first one.")
    return person, done


def filename_of(view: ToolView, now: datetime, extension: str) -> str:
    """``dream_vasconcelos_2026-11-21.pdf``."""
    return named(view.tool.slug, view.participant.account, now, extension)


def named(what: str, owner: Account, now: datetime, extension: str) -> str:
    """A file's name, safe in URLs and file systems."""
    return f"{what}_{_last_name(owner.full_name)}_{now:%Y-%m-%d}.{extension}"


def _last_name(full_name: str) -> str:
    """The last word of a name in characters that need no escaping in a URL; ``export`` when none is left."""
    ascii_name = unicodedata.normalize("NFKD", full_name.split()[-1] if full_name.split() else "")
    name = re.sub(r"[^a-z0-9]+", "-", ascii_name.encode("ascii", "ignore").decode().lower())[:100].strip("-")
    return name or "export"
