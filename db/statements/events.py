"""Reading the outbox from one place on, without missing what commits late.

Numbers are given to events before they are committed, so a lower one can appear after a higher one has been read. A
reader therefore takes only events of transactions that are older than every one still running
(``pg_snapshot_xmin``, here ``horizon``): of those nothing can appear any more. Whoever has read up to the horizon goes
on from there.
"""

from functools import cache

from db.statements.viewer import Statement, as_viewer

CHANNEL = "fast_track_events"
"""Notified of each commit with events: transaction, person and organisation (migration 0013)."""

_SCOPES = {"user_id": "wanted_user", "organization_id": "wanted_organization"}


@cache
def events_after(scope: str) -> Statement:
    """The next events of a person or an organisation (``scope``: the column) that the viewer may see, oldest first.

    Parameters: whose, the kinds, transaction and position of where to go on, the size of the page. Each row has the
    horizon; where there are no events one row has it alone. Without identity there is no event.
    """
    wanted = _SCOPES[scope]
    return as_viewer(
        f"""
SELECT now_at.horizon::text::bigint AS horizon, event.*
FROM (SELECT pg_snapshot_xmin(pg_current_snapshot()) AS horizon) AS now_at
LEFT JOIN LATERAL (
  SELECT e.id, e.transaction::text::bigint AS transaction, e.position, e.at, e.kind, e.user_id, e.actor_id,
         e.organization_id, e.tool_slug, e.field_ids, e.details
  FROM outbox.events AS e
  WHERE e.{scope} = viewer.{wanted} AND e.kind = ANY (viewer.kinds)
    AND (e.transaction, e.position) > (viewer.after_transaction::text::xid8, viewer.after_position)
    AND e.transaction < now_at.horizon
  ORDER BY e.transaction, e.position LIMIT viewer.page_size
) AS event ON true""",
        **{wanted: "uuid"},
        kinds="text[]",
        after_transaction="bigint",
        after_position="bigint",
        page_size="int",
    )
