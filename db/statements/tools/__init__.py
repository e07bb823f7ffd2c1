"""Reads and writes of participants' work, generated from the catalogue."""

from db.statements.tools.read import PROGRESS, TEAM_COMPLETION, field_outputs, submissions
from db.statements.tools.write import (
    RECENT_EVENTS,
    current_state,
    record_event,
    record_review,
    record_submission,
)

__all__ = [
    "PROGRESS",
    "RECENT_EVENTS",
    "TEAM_COMPLETION",
    "current_state",
    "field_outputs",
    "record_event",
    "record_review",
    "record_submission",
    "submissions",
]
