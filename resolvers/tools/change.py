"""One open change of one participant's tool: what is there now, and the statement that records what becomes of it."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from db.catalogue import Tool
from db.database import Record, Transaction
from db.encryption import DataKeys, Stored
from db.models.tools import AuthorKind, Json, ProgressStatus, Submission, SubmissionStatus
from db.statements import encryption
from db.statements import tools as sql
from loaders import OF_KEYS
from resolvers.context import Context
from resolvers.refusals import Locked, MissingPrerequisite, NotAllowed, NotFound, StaleVersion
from resolvers.tools.answers import Merged, percentage
from resolvers.tools.facts import facts_of
from resolvers.tools.unlocking import incomplete, opened_by, status_of


@dataclass(frozen=True, slots=True)
class Change:
    """The state of a tool inside the transaction that will change it; no other writer of this participant runs."""

    context: Context
    transaction: Transaction
    user_id: UUID
    tool: Tool
    submission: Submission | None
    statuses: dict[str, ProgressStatus]
    sources: dict[str, int]

    @property
    def progress_status(self) -> ProgressStatus:
        """The tool's status before the change."""
        return status_of(self.context.catalogue, self.statuses, self.tool)

    @property
    def answers(self) -> dict[str, Json]:
        """The answers before the change."""
        return self.submission.data if self.submission else {}

    def refuse_locked(self) -> None:
        """Raise ``Locked`` while prerequisites are missing."""
        if self.progress_status is ProgressStatus.LOCKED:
            raise Locked(self.tool, self._missing())

    def refuse_stale(self, expected_version: int | None) -> None:
        """Raise ``StaleVersion`` if someone saved since ``expected_version``; 0 expects that nothing is there."""
        current = self.submission.version if self.submission else 0
        if expected_version is not None and expected_version != current:
            key, found = self.context.key, self.submission
            raise StaleVersion(expected_version, OF_KEYS.submission(found, self.tool) if key and found else found)

    def found_submission(self) -> Submission:
        """The submission; raises ``NotFound`` before the first save, and when it is not the viewer's to see."""
        if self.submission is None:
            raise NotFound("No submission found for this tool")
        return self.submission

    async def record(
        self,
        merged: Merged,
        *,
        status: SubmissionStatus,
        progress: ProgressStatus,
        version: int,
        action: str,
    ) -> tuple[str, ...]:
        """Write answers, published values, progress, unlocks, audit and facts; returns the slugs that were unlocked."""
        context, tool = self.context, self.tool
        account = context.signed_in()
        completed = progress is ProgressStatus.COMPLETED
        opened = opened_by(context.catalogue, self.statuses, tool) if completed else ()
        published = {q.key: q.publishes for q in tool.published if q.publishes}
        changes = {
            "set": sorted(merged.changed),
            "cleared": sorted(merged.cleared),
            "version": [self.submission.version if self.submission else 0, version],
            "status": [self.submission.status if self.submission else None, status],
        }
        if opened:
            changes["unlocked"] = [t.slug for t in opened]
        if context.key is not None:
            changes["service_key"] = str(context.key.id)
        changed = bool(merged.changed or merged.cleared)
        row = await self.transaction.fetch_row(
            sql.record_submission(context.catalogue, tool, changing=changed),
            account.id,
            account.organization_id,
            await self._sealed(merged.data),
            status.value,
            version,
            context.clock(),
            self.sources,
            changed,
            {published[key]: merged.data[key] for key in merged.changed if key in published},
            [published[key] for key in merged.cleared if key in published],
            tool.slug,
            progress.value,
            100 if completed else percentage(tool, merged.data),
            [t.slug for t in opened],
            action,
            changes,
            context.origin.address,
            context.origin.agent,
            [fact.row for fact in facts_of(tool, action, merged, version, self.progress_status, progress)],
            (AuthorKind.AUTOMATION if context.key else AuthorKind.HUMAN).value,
        )
        assert row is not None
        return _in_sprint_order([t for t in opened if context.reaches(t.slug)], row["unlocked"])

    async def _sealed(self, data: dict[str, Json]) -> dict[str, Json]:
        """The answers as they are stored."""
        account = self.context.signed_in()
        row = Stored(self.tool.slug, account.id, account.organization_id, data)
        return await self.context.database.data_keys.seal(self.tool, row, self.transaction.fetch)

    def _missing(self) -> list[MissingPrerequisite]:
        catalogue, reaches = self.context.catalogue, self.context.reaches
        # As a read would tell it: of tools that a service key does not reach nothing is known.
        statuses = {slug: status for slug, status in self.statuses.items() if reaches(slug)}
        needed = [need for need in catalogue.needs[self.tool.slug] if need.entry.required]
        return [
            MissingPrerequisite(
                source,
                status_of(catalogue, statuses, source),
                tuple(
                    need.source
                    for need in needed
                    if need.source.tool is source and not (reaches(source.slug) and need.source.id in self.sources)
                ),
            )
            for source in incomplete(catalogue, statuses, self.tool)
        ]


@asynccontextmanager
async def change(context: Context, tool: Tool, user_id: UUID) -> AsyncIterator[Change]:
    """Open the transaction in which ``tool`` of participant ``user_id`` will change, with its present state.

    Raises ``NotAllowed`` for a tool that the service key of the request does not reach.
    """
    if not context.reaches(tool.slug):
        raise NotAllowed(f"This service key does not reach {tool.name}.")
    async with context.database.transaction(context.viewer, lock=user_id) as transaction:
        row = await transaction.fetch_row(sql.current_state(context.catalogue, tool), user_id)
        assert row is not None
        yield Change(
            context,
            transaction,
            user_id,
            tool,
            await _submission(context.database.data_keys, transaction, tool, row["submission"]),
            {slug: ProgressStatus(status) for slug, status in row["progress"].items()},
            row["sources"],
        )
    context.loaders.forget(user_id)


def unchanged(data: dict[str, Json]) -> Merged:
    """A merge that changes no answer."""
    return Merged(data, (), (), ())


def find_tool(context: Context, name: str) -> Tool:
    """The tool with this slug or alias; raises ``NotFound``."""
    if tool := context.catalogue.find(name):
        return tool
    raise NotFound(f"Tool not found: {name}")


def _in_sprint_order(opened: Iterable[Tool], unlocked: Sequence[str]) -> tuple[str, ...]:
    return tuple(tool.slug for tool in opened if tool.slug in unlocked)


async def _submission(
    data_keys: DataKeys, transaction: Transaction, tool: Tool, row: dict[str, Any] | None
) -> Submission | None:
    if row is None:
        return None

    async def keys_by_id(wanted: Sequence[UUID]) -> Sequence[Record]:
        return await transaction.fetch(encryption.BY_ID, wanted)

    times = ("reviewed_at", "created_at", "updated_at", "submitted_at", "completed_at")
    ids = ("id", "user_id", "organization_id", "reviewed_by")
    typed: dict[str, Any] = {name: datetime.fromisoformat(row[name]) for name in times if row[name]}
    typed |= {name: UUID(row[name]) for name in ids if row[name]}
    row |= typed
    stored = Stored(tool.slug, row["user_id"], row["organization_id"], row.pop("data"))
    (opened,) = await data_keys.open([stored], keys_by_id)
    row["status"] = SubmissionStatus(row["status"])
    return Submission(**row, answers=opened.answers, unreadable=opened.unreadable)
