"""How help is used, in sums: for admins, of their organisation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db.catalogue import Tool
from db.permissions import PERMISSIONS, Permission, Reach
from db.statements import help as sql
from resolvers.context import Context
from resolvers.permissions import require


@dataclass(frozen=True, slots=True)
class ToolUsage:
    """How often help was asked for with one tool. ``slug``: of a tool that may be gone from the catalogue."""

    slug: str
    tool: Tool | None
    requests: int


@dataclass(frozen=True, slots=True)
class HelpUsage:
    """Sums. ``error_rate``: the part, from 0 to 1, that got no answer."""

    total_requests: int
    per_tool: Sequence[ToolUsage]
    average_milliseconds: int | None
    error_rate: float


async def help_usage(
    context: Context, *, since: datetime | None, until: datetime | None, user_id: UUID | None
) -> HelpUsage:
    """What the viewer may see of it: from ``since``, before ``until``, of one person. Raises ``NotAllowed``."""
    require(context, Permission.READ_HELP_USAGE)
    account = context.signed_in()
    given = {"user_id": user_id, "since": since, "until": until}
    if Reach.ALL not in PERMISSIONS[Permission.READ_HELP_USAGE][account.role]:
        given["organization_id"] = account.organization_id
    keys = {name: given[name] for name in sql.CONDITIONS if given.get(name) is not None}
    rows = await context.database.reader(context.viewer)(sql.usage(frozenset(keys)), *keys.values())
    total = sum(row["requests"] for row in rows)
    ended = sum(row["ended"] for row in rows)
    return HelpUsage(
        total,
        [ToolUsage(row["tool_slug"], context.catalogue.by_slug.get(row["tool_slug"]), row["requests"]) for row in rows],
        round(sum(row["milliseconds"] for row in rows) / ended) if ended else None,
        round(sum(row["failed"] for row in rows) / total, 4) if total else 0.0,
    )
