"""Which job is done by what."""

from app.worker.delivering import deliver, delivery_dead
from app.worker.exports import expire_exports, export, export_dead
from app.worker.pruning import prune
from app.worker.run import Handler, Handlers, Patience
from resolvers.jobs import Job

HANDLERS: Handlers = {
    Job.DELIVER_WEBHOOK: Handler(deliver, Patience(attempts=14), dead=delivery_dead),
    Job.PRUNE: Handler(prune, Patience(attempts=3), cron="17 * * * *"),
    Job.EXPORT: Handler(export, Patience(attempts=5), dead=export_dead),
    Job.EXPIRE_EXPORTS: Handler(expire_exports, Patience(attempts=3), cron="37 * * * *"),
}
"""Every job. One that is not here is dead as soon as a worker meets it."""
