"""``python -m app audit …``: what an operator does with the audit trail."""

import sys
from argparse import Namespace
from datetime import timedelta

from app.commands import require_migrated
from app.progress import Steps
from app.serving import now
from app.settings import Settings
from app.storage import open_storage
from db import audit_retention
from db.catalogue import load_catalogue


async def prune(given: Namespace, settings: Settings) -> int:
    """Delete what is older than ``AUDIT_RETENTION``, or with ``--dry-run`` count it."""
    steps = Steps(sys.stdout)
    catalogue = load_catalogue()
    at = now()
    before = at - timedelta(days=settings.audit_retention)
    storage = open_storage(settings)
    await require_migrated(storage, catalogue)
    async with storage.owner() as engine:
        if given.dry_run:
            found = await audit_retention.expired(engine, catalogue, before)
            steps.done(f"{sum(found.values()):,} entries are older than {before:%Y-%m-%d}; nothing was deleted")
            return 0
        deleted = await audit_retention.prune(engine, catalogue, before, at, steps.note)
    steps.done(f"{deleted:,} entries older than {before:%Y-%m-%d} deleted")
    return 0
