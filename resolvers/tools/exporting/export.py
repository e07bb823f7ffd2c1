"""A tool's answers as a document that a person keeps."""

from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db.models.exports import ExportJob
from db.models.tools import Json
from resolvers.context import Context
from resolvers.refusals import TooLarge
from resolvers.tools.exporting.allowance import Allowance, require_allowance, spend_allowance
from resolvers.tools.exporting.document import tool_document, weight
from resolvers.tools.exporting.jobs import request_printing
from resolvers.tools.exporting.views import exported_view, filename_of
from resolvers.tools.participant import ToolView

MAX_DIRECT_WEIGHT = 1_000_000
"""Weight of a document that is printed while somebody waits; a heavier one is a job."""

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
    allowance = await spend_allowance(context, view, "json")
    return Export(filename_of(view, now, "json"), "application/json", _content(view, now), allowance)


async def export_pdf(context: Context, slug: str, user_id: UUID | None) -> Export | ExportJob:
    """The same as pages to be read, now; or as a job, where that takes long. Raises what ``export_json`` raises, and
    what a ``Printer`` raises.

    What cannot be printed does not count.
    """
    view = await exported_view(context, slug, user_id)
    now = context.clock()
    document = tool_document(view, now)
    # A service key sees no jobs: it gets the document at once, or none.
    if context.key is None and weight(document["chapters"]) > MAX_DIRECT_WEIGHT:
        return await request_printing(context, view)
    await require_allowance(context)
    try:
        pdf = await context.services.printer.print(document, PDF_SECONDS)
    except TooLarge:
        if context.key is not None:
            raise
        return await request_printing(context, view)
    allowance = await spend_allowance(context, view, "pdf")
    return Export(filename_of(view, now, "pdf"), "application/pdf", b64encode(pdf).decode(), allowance)


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
