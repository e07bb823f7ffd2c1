"""A tool's answers as a document that a person keeps."""

import re
import unicodedata
from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db.models.tools import Json
from resolvers.context import Context
from resolvers.refusals import Locked, NotFound
from resolvers.tools.change import find_tool
from resolvers.tools.exporting.allowance import Allowance, require_allowance, spend_allowance
from resolvers.tools.exporting.document import tool_document
from resolvers.tools.participant import ToolView
from resolvers.tools.reading import sources_of, submitted_view
from resolvers.tools.work import Requirement

PDF_SECONDS = 30.0
"""Seconds that a PDF may take while somebody waits for it."""


@dataclass(frozen=True, slots=True)
class Export:
    """A finished document, with what is left of the caller's allowance. Bytes are in ``content`` as base64."""

    filename: str
    content_type: str
    content: Json
    allowance: Allowance


async def export_json(context: Context, slug: str, user_id: UUID | None) -> Export:
    """A submission with everything it builds on.

    Raises ``NotFound`` (also while the tool is locked: there is nothing to export), ``NotAllowed`` for a participant
    asking for someone else, and ``RateLimited`` past the limit.
    """
    view = await exported_view(context, slug, user_id)
    now = context.clock()
    allowance = await spend_allowance(context, view, {"format": "json"})
    return Export(_filename(view, now, "json"), "application/json", _content(view, now), allowance)


async def export_pdf(context: Context, slug: str, user_id: UUID | None) -> Export:
    """The same as pages to be read. Raises what ``export_json`` raises, and what a ``Printer`` raises.

    Only what has been printed counts.
    """
    view = await exported_view(context, slug, user_id)
    now = context.clock()
    document = tool_document(view, now)
    await require_allowance(context)
    pdf = await context.services.printer.print(document, PDF_SECONDS)
    allowance = await spend_allowance(context, view, {"format": "pdf"})
    return Export(_filename(view, now, "pdf"), "application/pdf", b64encode(pdf).decode(), allowance)


async def exported_view(context: Context, slug: str, user_id: UUID | None) -> ToolView:
    """A submitted tool with all that an export of it shows. Raises ``NotFound`` and ``NotAllowed``."""
    context.signed_in()
    tool = find_tool(context, slug)
    required = Requirement(company=True, fields=sources_of(context, tool))
    try:
        return await submitted_view(context, slug, user_id, required)
    except Locked as locked:
        raise NotFound(f"Nothing to export. {locked}") from locked


def _content(view: ToolView, now: datetime) -> Json:
    participant, submission = view.participant, view.submission
    assert submission is not None
    owner = participant.account
    return {
        "export_metadata": {
            "tool_slug": view.tool.slug,
            "tool_name": view.tool.name,
            "sprint_number": view.tool.sprint,
            "user_email": owner.email,
            "user_name": owner.full_name,
            "organization_name": participant.company.name if participant.company else None,
            "exported_at": now.isoformat(),
            "submission_version": submission.version,
        },
        "submission": submission.data,
        "dependencies": {
            item.field_id: {"value": item.value, "source_tool": item.source_tool.slug, "available": item.available}
            for item in view.dependencies()
        },
        "missing_dependencies": [item.field_id for item in view.dependencies(available=False)],
    }


def _filename(view: ToolView, now: datetime, extension: str) -> str:
    return f"{view.tool.slug}_{last_name(view.participant.account.full_name)}_{now:%Y-%m-%d}.{extension}"


def last_name(full_name: str) -> str:
    """The last word of a name in characters that need no escaping in a URL; ``export`` when none is left."""
    ascii_name = unicodedata.normalize("NFKD", full_name.split()[-1] if full_name.split() else "")
    return re.sub(r"[^a-z0-9]+", "-", ascii_name.encode("ascii", "ignore").decode().lower()).strip("-") or "export"
