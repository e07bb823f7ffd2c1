"""Documents that are made later. Each statement runs as the person who asked for them, the last two as nobody."""

_COLUMNS = """id, user_id, subject_id, tool_slug, status, progress, error, filename, requested_at, finished_at,
  expires_at"""

UNFINISHED = f"""
SELECT {_COLUMNS} FROM exports.jobs
WHERE user_id = $1 AND subject_id = $2 AND tool_slug IS NOT DISTINCT FROM $3 AND status IN ('pending', 'processing')
  AND expires_at > $4"""
"""Who asks, whose work, tool slug, now."""

REQUEST = f"""
INSERT INTO exports.jobs (user_id, organization_id, subject_id, tool_slug, requested_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6)
RETURNING {_COLUMNS}"""
"""Who asks, their organisation, whose work, tool slug, now, the end."""

FIND = f"SELECT {_COLUMNS} FROM exports.jobs WHERE id = $1 AND expires_at > $2"

GIVE_UP_EXPIRED = """
UPDATE exports.jobs SET status = 'failed', error = 'Nobody made it in time.'
WHERE user_id = $1 AND expires_at <= $2 AND status IN ('pending', 'processing')"""
"""Who asks, now: what waited for too long is in the way of nothing."""

START = """
UPDATE exports.jobs AS job SET status = 'processing', progress = $2, error = NULL, finished_at = NULL
WHERE id = $1 AND (status IN ('pending', 'processing') OR status = 'failed' AND NOT EXISTS (
  SELECT FROM exports.jobs AS other
  WHERE other.user_id = job.user_id AND other.subject_id = job.subject_id
    AND other.tool_slug IS NOT DISTINCT FROM job.tool_slug AND other.status IN ('pending', 'processing')))
RETURNING id"""
"""Job, percent. No row: it is completed, or it has failed and another one is there for the same document."""

PROGRESS = "UPDATE exports.jobs SET progress = $2 WHERE id = $1 AND status = 'processing'"

COMPLETE = """
UPDATE exports.jobs SET status = 'completed', progress = 100, filename = $2, finished_at = $3, expires_at = $4
WHERE id = $1 AND status IN ('pending', 'processing')
RETURNING id"""

FAIL = """
UPDATE exports.jobs SET status = 'failed', error = $2, finished_at = $3
WHERE id = $1 AND status IN ('pending', 'processing')"""

EXPIRED = "SELECT expired AS id FROM exports.expired($1, $2)"

FORGET = "SELECT exports.forget($1, $2)"
