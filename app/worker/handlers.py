"""Which job is done by what."""

from app.worker.delivering import deliver
from app.worker.exports import expire_exports, export
from app.worker.pruning import prune
from app.worker.run import Handler, Handlers, Patience
from resolvers.jobs import Job

HANDLERS: Handlers = {
    Job.DELIVER_WEBHOOK: Handler(deliver, Patience(attempts=14)),
    Job.PRUNE: Handler(prune, Patience(attempts=1), cron="17 * * * *"),
    Job.EXPORT: Handler(export, Patience(attempts=5)),
    Job.EXPIRE_EXPORTS: Handler(expire_exports, Patience(attempts=1), cron="37 * * * *"),
}
"""Every job. One that is not here is dead as soon as a worker meets it."""
