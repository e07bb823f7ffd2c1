"""A tool's answers as a document that a person keeps."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from db.models.outbox import Fact, FactKind
from db.models.tools import Json
from db.statements.audit import RECENT_EVENTS
from resolvers.auditing import record_event
from resolvers.context import Context
from resolvers.outbox import record_facts
from resolvers.refusals import Locked, NotFound, RateLimited
from resolvers.tools.change import find_tool
from resolvers.tools.reading import sources_of, submitted_view
from resolvers.tools.work import Requirement

EXPORTS_PER_HOUR = 10
"""Exports of one person within any hour."""


@dataclass(frozen=True, slots=True)
class Export:
    """A finished document, with what is left of the caller's allowance."""

    filename: str
    content_type: str
    content: Json
    limit: int
    remaining: int
    reset_at: datetime
    reset_seconds: int


async def export_json(context: Context, slug: str, user_id: UUID | None) -> Export:
    """A submission with everything it builds on.

    Raises ``NotFound`` (also while the tool is locked: there is nothing to export), ``NotAllowed`` for a participant
    asking for someone else, and ``RateLimited`` past the limit.
    """
    account = context.signed_in()
    tool = find_tool(context, slug)
    required = Requirement(company=True, fields=sources_of(context, tool))
    try:
        view = await submitted_view(context, slug, user_id, required)
    except Locked as locked:
        raise NotFound(f"Nothing to export. {locked}") from locked
    submission = view.submission
    assert submission is not None
    now = context.clock()
    window = timedelta(hours=1)
    async with context.database.transaction(context.viewer, lock=account.id) as transaction:
        recent = await transaction.fetch_row(RECENT_EVENTS, account.id, "exported", now - window)
        assert recent is not None
        reset_at = (recent["first"] or now) + window
        if recent["events"] >= EXPORTS_PER_HOUR:
            raise RateLimited(EXPORTS_PER_HOUR, reset_at - now, reset_at)
        await record_event(
            context,
            transaction,
            "exported",
            ("submission", submission.id),
            {"format": "json", "version": submission.version},
            organization_id=submission.organization_id,
            tool_slug=view.tool.slug,
        )
        fact = Fact(FactKind.EXPORTED, view.tool.slug, (), {"format": "json", "version": submission.version})
        await record_facts(context, transaction, fact, of=view.participant.account)
    participant = view.participant
    owner = participant.account
    return Export(
        filename=f"{view.tool.slug}_{_last_name(owner.full_name)}_{now:%Y-%m-%d}.json",
        content_type="application/json",
        content={
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
                item.field_id: {
                    "value": item.value,
                    "source_tool": item.source_tool.slug,
                    "available": item.available,
                }
                for item in view.dependencies()
            },
            "missing_dependencies": [item.field_id for item in view.dependencies(available=False)],
        },
        limit=EXPORTS_PER_HOUR,
        remaining=EXPORTS_PER_HOUR - recent["events"] - 1,
        reset_at=reset_at,
        reset_seconds=max(1, round((reset_at - now).total_seconds())),
    )


def _last_name(full_name: str) -> str:
    """The last word of a name in characters that need no escaping in a URL; ``export`` when none is left."""
    ascii_name = unicodedata.normalize("NFKD", full_name.split()[-1] if full_name.split() else "")
    return re.sub(r"[^a-z0-9]+", "-", ascii_name.encode("ascii", "ignore").decode().lower()).strip("-") or "export"
