"""Makes the documents that somebody asked for, and forgets those whose time is over."""

from uuid import UUID

from app.worker.run import Run
from resolvers.tools.exporting import fail_export, forget_expired, make_export

BATCH = 200
"""Files deleted before their jobs are."""


async def export(run: Run) -> None:
    """Make a document as the person who asked for it."""
    context = await run.context(UUID(run.ids["user_id"]))
    job_id = UUID(run.ids["job_id"])
    try:
        await make_export(context, job_id)
    except Exception:
        if run.last:
            await fail_export(context, job_id, "It could not be made, for reasons of ours. Ask again.")
        raise


async def expire_exports(run: Run) -> None:
    """Delete every file whose time is over, and its job."""
    gateway = run.gateway
    while await forget_expired(gateway.database, gateway.services.files, gateway.contexts.clock(), BATCH) == BATCH:
        pass
