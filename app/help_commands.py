"""``python -m app help-log …``: what an operator does with the log of who asked for help."""

import sys
from argparse import Namespace
from datetime import timedelta

from sqlalchemy import text

from app.commands import require_migrated
from app.progress import Steps
from app.serving import now
from app.settings import Settings
from app.storage import open_storage
from db.catalogue import load_catalogue
from db.retention import delete_batch

_TABLE, _TIME = "help.requests", "asked_at"


async def prune(given: Namespace, settings: Settings) -> int:
    """Delete what is older than ``HELP_RETENTION``, or with ``--dry-run`` count it."""
    steps = Steps(sys.stdout)
    before = now() - timedelta(days=settings.help_retention)
    storage = open_storage(settings)
    await require_migrated(storage, load_catalogue())
    async with storage.owner() as engine:
        if given.dry_run:
            async with engine.connect() as connection:
                counted = text(f"SELECT count(*) FROM {_TABLE} WHERE {_TIME} < :before")
                found = int(await connection.scalar(counted, {"before": before}) or 0)
            steps.done(f"{found:,} requests for help are older than {before:%Y-%m-%d}; nothing was deleted")
            return 0
        deleted = 0
        while batch := await delete_batch(engine, _TABLE, _TIME, before):
            deleted += batch
    steps.done(f"{deleted:,} requests for help older than {before:%Y-%m-%d} deleted")
    return 0
