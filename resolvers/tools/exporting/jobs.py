"""Documents that are made later, by a worker, because they are large: asked for, looked after, made, and forgotten."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from db.database import Database
from db.models.exports import ExportJob, ExportStatus
from db.statements import exports as sql
from db.viewer import ANONYMOUS, Viewer
from resolvers.context import Context
from resolvers.files import Files
from resolvers.jobs import Job, defer
from resolvers.refusals import Busy, Refusal
from resolvers.tools.change import find_tool
from resolvers.tools.exporting.allowance import record_export
from resolvers.tools.exporting.document import book_document, tool_document
from resolvers.tools.exporting.views import exported_book, exported_view, filename_of, named
from resolvers.tools.participant import Participant, ToolView

FILES_LAST = timedelta(hours=24)
"""How long a finished file, its link and its job are there; also how long a job may wait for somebody to do it."""

PRINTING_SECONDS = 600.0
"""Seconds that a document may take while nobody waits for it."""


async def request_export(context: Context, slug: str, user_id: UUID | None) -> ExportJob:
    """Ask for a tool as PDF. Asked again before it is finished, it is the same job, and does not count again.

    Raises ``NotFound``, ``NotAllowed``, ``TooLarge`` and ``RateLimited``.
    """
    view = await exported_view(context, slug, user_id)
    tool_document(view, context.clock())  # whether it is too large, before anybody waits for it
    return await request_printing(context, view)


async def request_book(context: Context, user_id: UUID | None) -> ExportJob:
    """Ask for all completed tools as one PDF. Raises what ``request_export`` raises."""
    person, views = await exported_book(context, user_id)
    book_document(person, views, context.clock())
    return await request_printing(context, person)


async def request_printing(context: Context, wanted: ToolView | Participant) -> ExportJob:
    """The job that prints a tool, or a person's book. Raises ``RateLimited``."""
    account, now = context.signed_in(), context.clock()
    owner = wanted.account if isinstance(wanted, Participant) else wanted.participant.account
    slug = None if isinstance(wanted, Participant) else wanted.tool.slug
    async with context.database.transaction(context.viewer, lock=account.id) as transaction:
        await transaction.fetch(sql.GIVE_UP_EXPIRED, account.id, now)
        if row := await transaction.fetch_row(sql.UNFINISHED, account.id, owner.id, slug, now):
            return _job(row)
        await record_export(context, transaction, wanted, "pdf")
        row = await transaction.fetch_row(
            sql.REQUEST, account.id, account.organization_id, owner.id, slug, now, now + FILES_LAST
        )
        assert row is not None
        await defer(transaction, Job.EXPORT, {"job_id": str(row["id"]), "user_id": str(account.id)})
    return _job(row)


async def find_export(context: Context, job_id: UUID, slug: str | None) -> ExportJob | None:
    """A job that the viewer has asked for; with ``slug`` only one of that tool. ``None`` when its time is over."""
    context.signed_in()
    async with context.database.transaction(context.viewer) as transaction:
        row = await transaction.fetch_row(sql.FIND, job_id, context.clock())
    if row is None or (slug is not None and row["tool_slug"] != find_tool(context, slug).slug):
        return None
    return _job(row)


def download_link(context: Context, job: ExportJob) -> str | None:
    """Where the file of a job is fetched; ``None`` before there is one."""
    if job.status is not ExportStatus.COMPLETED or job.filename is None:
        return None
    return context.services.files.link(str(job.id), job.filename, context.clock(), job.expires_at)


async def make_export(context: Context, job_id: UUID) -> None:
    """Make what was asked for, as the person who asked; what they may not see by now is not in it.

    What can never succeed makes the job ``failed`` with the reason; anything else is raised, to be tried again. Asked
    once more for a job that has failed, it is made all the same, unless its time is over or another job for the same
    document is not finished: that one makes it. A job that is completed is left alone.
    """
    job = await find_export(context, job_id, None)
    if job is None or not await _start(context, job):
        return
    try:
        document, filename = await _document(context, job)
        await _progress(context, job, 20)
        pdf = await context.services.printer.print(document, PRINTING_SECONDS)
        await _progress(context, job, 80)
        await context.services.files.keep(str(job.id), pdf, filename)
    except Busy:
        raise
    except Refusal as refusal:
        await fail_export(context.database, context.viewer, job_id, str(refusal), context.clock())
        return
    now = context.clock()
    async with context.database.transaction(context.viewer) as transaction:
        await transaction.fetch(sql.COMPLETE, job.id, filename, now, now + FILES_LAST)


async def fail_export(database: Database, viewer: Viewer, job_id: UUID, reason: str, at: datetime) -> None:
    """Say that a job of ``viewer`` has failed, and why. One that is finished is left alone."""
    async with database.transaction(viewer) as transaction:
        await transaction.fetch(sql.FAIL, job_id, reason, at)


async def forget_expired(database: Database, files: Files, at: datetime, most: int) -> int:
    """Delete the files of jobs whose time is over, then the jobs; how many they were."""
    async with database.transaction(ANONYMOUS) as transaction:
        ids = [row["id"] for row in await transaction.fetch(sql.EXPIRED, at, most)]
    for job_id in ids:
        await files.forget(str(job_id))
    if ids:
        async with database.transaction(ANONYMOUS) as transaction:
            await transaction.fetch(sql.FORGET, ids, at)
    return len(ids)


async def _document(context: Context, job: ExportJob) -> tuple[dict[str, Any], str]:
    now = context.clock()
    whose = None if job.subject_id == job.user_id else job.subject_id
    if job.tool_slug is not None:
        view = await exported_view(context, job.tool_slug, whose)
        return tool_document(view, now), filename_of(view, now, "pdf")
    person, views = await exported_book(context, whose)
    return book_document(person, views, now), named("programme-book", person.account, now, "pdf")


async def _start(context: Context, job: ExportJob) -> bool:
    """Whether the document is to be made. It holds the lock under which documents are asked for: there is one job."""
    async with context.database.transaction(context.viewer, lock=context.signed_in().id) as transaction:
        return await transaction.fetch_row(sql.START, job.id, 5) is not None


async def _progress(context: Context, job: ExportJob, percent: int) -> None:
    async with context.database.transaction(context.viewer) as transaction:
        await transaction.fetch(sql.PROGRESS, job.id, percent)


def _job(row: Any) -> ExportJob:
    return ExportJob(**{**row, "status": ExportStatus(row["status"])})
