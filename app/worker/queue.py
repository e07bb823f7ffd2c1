"""The queue: Procrastinate on the gateway's own login, which sees jobs only on the connections made here."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from typing import Any

from procrastinate import App, JobContext, PsycopgConnector
from procrastinate.jobs import Job as Waiting
from procrastinate.retry import BaseRetryStrategy, RetryDecision

from app.settings import Settings
from app.worker.run import GiveUp, Handler, Handlers, Patience, Run, TryAgain
from db.policies import WORKER_SETTING
from graphql_api.gateway import Gateway
from resolvers.jobs import Queue

CONNECTIONS = 4
"""Most connections of one worker, the two that listen aside."""

_log = logging.getLogger("fast_track_graph.worker")


def queue_at(url: str) -> App:
    """The queue in the database at ``url``, not yet open."""
    options = f"-c search_path=pg_catalog,procrastinate,pg_temp -c {WORKER_SETTING}=on"
    login = {"options": options, "application_name": "fast-track-graph worker"}
    return App(connector=PsycopgConnector(conninfo=url, kwargs=login, min_size=1, max_size=CONNECTIONS))


def add_handlers(queue: App, handlers: Handlers, gateway: Gateway, settings: Settings) -> None:
    """Have the jobs of ``queue`` done by ``handlers``."""
    for name, handler in handlers.items():
        _add(queue, name, handler, gateway, settings)


def _add(queue: App, name: str, handler: Handler, gateway: Gateway, settings: Settings) -> None:
    async def do(context: JobContext, /, **ids: Any) -> None:
        job = context.job
        assert job.id is not None
        run = Run(gateway, settings, job.id, job.attempts + 1, handler.patience, ids)
        try:
            await _attempt(handler, run)
        except asyncio.CancelledError as stopped:
            if not context.should_abort():
                raise
            _log.info("job %s %s is given back: the worker is told to stop", job.id, name)
            raise TryAgain(timedelta()) from stopped

    task = queue.task(name=name, queue=Queue.WORK, pass_context=True, retry=_Retry(handler.patience))(do)
    if handler.cron:
        queue.periodic(cron=handler.cron, periodic_id=name)(task)  # type: ignore[arg-type]  # the library's own argument, the time, is among ids


async def _attempt(handler: Handler, run: Run) -> None:
    """Do it; where that fails for good, say so before the job is dead."""
    try:
        await handler.do(run)
    except Exception as error:
        if _wait(run.patience, run.attempt, error) is None:
            await handler.say_dead(run)
        raise


def _wait(patience: Patience, attempt: int, error: BaseException) -> timedelta | None:
    """How long the next attempt waits after this one failed; ``None``: there is none, and the job is dead."""
    if isinstance(error, GiveUp):
        return None
    return error.wait if isinstance(error, TryAgain) else patience.wait(attempt)


class _Retry(BaseRetryStrategy):
    """Says when an attempt that failed is followed by another one."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience

    def get_retry_decision(self, *, exception: BaseException, job: Waiting) -> RetryDecision | None:
        """Raised: by the handler, or for the worker that is told to stop."""
        attempt = job.attempts + 1
        wait = _wait(self._patience, attempt, exception)
        # What an exception says may hold an address or a name; its kind does not.
        kind = type(exception).__name__
        if wait is None:
            _log.error("job %s %s is dead after %d attempt(s): %s", job.id, job.task_name, attempt, kind)
            return None
        # A handler that says itself when to try again has said why where those look whom it concerns.
        level = logging.DEBUG if isinstance(exception, TryAgain) else logging.WARNING
        _log.log(level, "job %s %s: attempt %d failed: %s", job.id, job.task_name, attempt, kind)
        return RetryDecision(retry_at=datetime.now(UTC) + wait)
