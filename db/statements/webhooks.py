"""Webhooks as their admins read and write them, and the functions of migration 0012 that deliver."""

from functools import cache

from db.statements.viewer import Statement, as_viewer

_COLUMNS = "id, organization_id, url, events, document, active, paused_because, changed_by, created_at, updated_at"

ENDPOINTS = as_viewer(
    f"SELECT {_COLUMNS} FROM webhooks.endpoints WHERE organization_id = viewer.company_id ORDER BY created_at, id",
    company_id="uuid",
)

COUNT = "SELECT count(*) FROM webhooks.endpoints WHERE organization_id = $1"

CREATE = f"""
INSERT INTO webhooks.endpoints
  (id, organization_id, url, events, document, wrapped, wrapped_by, fingerprint, changed_by, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10) RETURNING {_COLUMNS}"""

CHANGE = f"""
UPDATE webhooks.endpoints SET url = $2, events = $3, document = $4, active = $5, paused_because = NULL, changed_by = $6,
  updated_at = $7
WHERE id = $1 RETURNING {_COLUMNS}"""

CHANGE_SECRET = f"""
UPDATE webhooks.endpoints SET wrapped = $2, wrapped_by = $3, fingerprint = $4, changed_by = $5, updated_at = $6
WHERE id = $1 RETURNING {_COLUMNS}"""

FIND = f"SELECT {_COLUMNS} FROM webhooks.endpoints WHERE id = $1"

DELETE = f"DELETE FROM webhooks.endpoints WHERE id = $1 RETURNING {_COLUMNS}"

_DELIVERY = (
    "d.id, d.endpoint_id, d.event_id, d.kind, d.status, d.attempts, d.last_status, d.last_error, d.created_at,"
    " d.next_attempt_at, d.delivered_at"
)

REPLAY = f"""
UPDATE webhooks.deliveries AS d SET status = 'waiting', next_attempt_at = NULL WHERE d.id = $1 RETURNING {_DELIVERY}"""

OPEN = "SELECT * FROM webhooks.open_delivery($1)"
CLOSE = "SELECT webhooks.close_attempt($1, $2, $3, $4, $5, $6)"
"""Parameters: delivery, status, status of HTTP, error, time, time of the next attempt."""
PAUSE = "SELECT webhooks.pause($1, $2, $3)"
"""Parameters: endpoint, reason, time."""

FAILED_JOBS = as_viewer("SELECT * FROM outbox.failed_jobs(viewer.most)", most="int")
REPLAY_JOB = "SELECT outbox.replay_job($1) AS name"


@cache
def deliveries(*, of_endpoint: bool, with_status: bool, continued: bool) -> Statement:
    """A page of deliveries, the newest first. Parameters: organisation or endpoint; status; time and id of the one
    before; the size of the page."""
    keys = {"of": "uuid"}
    conditions = [f"d.{'endpoint_id' if of_endpoint else 'organization_id'} = viewer.of"]
    if with_status:
        keys["status"] = "text"
        conditions.append("d.status = viewer.status")
    if continued:
        keys |= {"before_at": "timestamptz", "before_id": "uuid"}
        conditions.append("(d.created_at, d.id) < (viewer.before_at, viewer.before_id)")
    return as_viewer(
        f"SELECT {_DELIVERY} FROM webhooks.deliveries AS d\nWHERE {' AND '.join(conditions)}\n"
        "ORDER BY d.created_at DESC, d.id DESC LIMIT viewer.page_size",
        **keys,
        page_size="int",
    )
