"""``python -m app worker``: a process that does jobs and nothing else."""

import asyncio
import signal
import sys
from argparse import Namespace

from app.commands import CommandError
from app.logs import configure_logging
from app.progress import Steps
from app.serving import open_gateway
from app.settings import Settings
from app.storage import open_storage
from app.worker import Worker
from db.catalogue import load_catalogue
from db.migrations.run import known_heads


async def work(_: Namespace, settings: Settings) -> int:
    """Do jobs until it is told to stop; then finish those at hand."""
    steps = Steps(sys.stderr)
    catalogue = load_catalogue()
    storage = open_storage(settings)
    configure_logging(settings)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with open_gateway(settings, storage, catalogue) as gateway:
        if known_heads(catalogue) - await gateway.database.applied_revisions():
            raise CommandError("The database is not up to date. Run: python -m app migrate")
        async with Worker(gateway, settings, storage.gateway_url).running():
            steps.done("worker")
            await stop.wait()
    return 0
