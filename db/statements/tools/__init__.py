"""Reads and writes of participants' work, generated from the catalogue."""

from db.statements.tools.history import field_histories, field_versions
from db.statements.tools.read import PROGRESS, TEAM_COMPLETION, field_outputs, stories, submissions
from db.statements.tools.write import (
    current_state,
    own_outputs,
    record_confirmation,
    record_review,
    record_submission,
)

__all__ = [
    "PROGRESS",
    "TEAM_COMPLETION",
    "current_state",
    "field_histories",
    "field_outputs",
    "field_versions",
    "own_outputs",
    "record_confirmation",
    "record_review",
    "record_submission",
    "stories",
    "submissions",
]
