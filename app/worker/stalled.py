"""Jobs of workers that are no more: back into the queue, for another one."""

import logging

from procrastinate import App, PsycopgConnector

from app.settings import Settings
from app.worker.run import Handlers, Run
from graphql_api.gateway import Gateway

_ONE_AT_A_TIME = 7305411
"""Key of the advisory lock under which one worker at a time looks for them."""

_STALLED = """
SELECT job.id, job.task_name, job.attempts, job.args FROM procrastinate_jobs AS job
WHERE job.status = 'doing' AND NOT EXISTS (
  SELECT FROM procrastinate_workers AS worker
  WHERE worker.id = job.worker_id AND worker.last_heartbeat >= now() - make_interval(secs => %(seconds)s))
FOR UPDATE SKIP LOCKED"""

_RETRY = "SELECT procrastinate_retry_job_v2(%(id)s, now(), NULL, NULL, NULL)"
_BURY = "SELECT procrastinate_finish_job_v1(%(id)s, 'failed', false)"

_log = logging.getLogger("fast_track_graph.worker")


async def take_over(queue: App, handlers: Handlers, gateway: Gateway, settings: Settings, seconds: float) -> int:
    """Put back every job whose worker has been silent for ``seconds``; how many. The attempt counts, so a job that
    takes its worker with it is dead after as many as any other, and those who wait for it are told."""
    connector = queue.connector
    assert isinstance(connector, PsycopgConnector)
    async with connector.pool.connection() as connection:
        # A statement of its own: the next one then sees what the worker has done that held the lock before.
        locked = await connection.execute("SELECT pg_try_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
        if not (await locked.fetchone() or [False])[0]:
            return 0
        found = await (await connection.execute(_STALLED, {"seconds": seconds})).fetchall()
        for number, name, attempts, ids in found:
            handler, attempt = handlers.get(name), attempts + 1
            dead = handler is None or attempt >= handler.patience.attempts
            _log.warning("job %s %s: its worker is gone%s", number, name, "; it is dead" if dead else "")
            if handler and dead:
                await handler.say_dead(Run(gateway, settings, number, attempt, handler.patience, ids))
            await connection.execute(_BURY if dead else _RETRY, {"id": number})
        return len(found)
