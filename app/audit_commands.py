"""``python -m app audit …``: what an operator does with the audit trail."""

import sys
from argparse import Namespace
from datetime import timedelta

from app.commands import CommandError
from app.progress import Steps
from app.serving import now
from app.settings import Settings
from app.storage import open_storage
from db import audit_retention
from db.catalogue import load_catalogue
from db.migrations import applied_and_known


async def prune(given: Namespace, settings: Settings) -> int:
    """Delete what is older than ``AUDIT_RETENTION``, or with ``--dry-run`` count it."""
    steps = Steps(sys.stdout)
    catalogue = load_catalogue()
    at = now()
    before = at - timedelta(days=settings.audit_retention)
    async with open_storage(settings).owner() as engine:
        applied, known = await applied_and_known(engine, catalogue)
        if known - applied:
            raise CommandError("The database is not up to date. Run: python -m app migrate")
        if given.dry_run:
            found = await audit_retention.expired(engine, catalogue, before)
            steps.done(f"{sum(found.values()):,} entries are older than {before:%Y-%m-%d}; nothing was deleted")
            return 0
        deleted = await audit_retention.prune(engine, catalogue, before, at, steps.note)
    steps.done(f"{deleted:,} entries older than {before:%Y-%m-%d} deleted")
    return 0
