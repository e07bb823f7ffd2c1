"""Makes the documents that somebody asked for, and forgets those whose time is over."""

from datetime import timedelta
from uuid import UUID

from app.worker.run import Run, TryAgain
from resolvers.identity import account_by_id, viewer_of
from resolvers.refusals import Busy
from resolvers.tools.exporting import fail_export, forget_expired, make_export

BATCH = 200
"""Files deleted before their jobs are."""


async def export(run: Run) -> None:
    """Make a document as the person who asked for it. That it finds no turn to be printed is no failed attempt."""
    context = await run.context(UUID(run.ids["user_id"]))
    try:
        await make_export(context, UUID(run.ids["job_id"]))
    except Busy as busy:
        raise TryAgain(timedelta(seconds=busy.retry_after)) from busy


async def export_dead(run: Run) -> None:
    """Say that there will be no document, also where the person is deactivated by now."""
    gateway = run.gateway
    account = await account_by_id(gateway.database, UUID(run.ids["user_id"]))
    if account is None:
        return  # what they asked for went with them
    reason = "It could not be made, for reasons of ours. Ask again."
    at = gateway.contexts.clock()
    await fail_export(gateway.database, viewer_of(account), UUID(run.ids["job_id"]), reason, at)


async def expire_exports(run: Run) -> None:
    """Delete every file whose time is over, and its job."""
    gateway = run.gateway
    while await forget_expired(gateway.database, gateway.services.files, gateway.contexts.clock(), BATCH) == BATCH:
        pass
