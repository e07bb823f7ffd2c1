"""Does the jobs that were deferred: from ``python -m app worker``, or inside ``serve``."""

from app.worker.run import GiveUp, Handler, Handlers, Patience, Run
from app.worker.running import Pace, Worker, worker_inside

__all__ = ["GiveUp", "Handler", "Handlers", "Pace", "Patience", "Run", "Worker", "worker_inside"]
