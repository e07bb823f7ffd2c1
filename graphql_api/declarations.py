"""Where each field below a participant gets its value, as data: nothing there is resolved, everything is declared.

The look-ahead reads these tables to load all rows of a selection at once; a compiler can read the same tables to make
one statement of it. A field without an entry costs no row: it comes from the catalogue, or from a row that the field
above it has declared.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto


class Rows(Enum):
    """The kinds of rows that a field can need of the participant in scope."""

    OUTPUT = auto()
    """The published value ``field_id``."""
    OWN_OUTPUTS = auto()
    """Every published value of the tool in scope."""
    SOURCE_OUTPUTS = auto()
    """Every value that the tool in scope builds on."""
    SUBMISSION = auto()
    """The submission of the tool in scope."""
    PROGRESS = auto()
    """All progress rows."""
    TEAM_COMPLETION = auto()
    """Completion counts of the tool in scope over the organisation."""
    COMPANY = auto()
    """The organisation."""
    PEOPLE = auto()
    """Authors of values."""


@dataclass(frozen=True, slots=True)
class Declared:
    """How one field gets its value.

    ``tool``: the field steps to this tool of the same participant. ``json_type``: the GraphQL type the stored JSON
    must fit. ``permission``: which policy guards the rows; fields without one are never compiled.
    """

    rows: tuple[Rows, ...] = ()
    tool: str | None = None
    field_id: str | None = None
    key: str | None = None
    value_path: str | None = None
    json_type: str | None = None
    permission: str = "row-level policy"


Declarations = Mapping[tuple[str, str], Declared]
"""By (type name, field name)."""

SHARED: Declarations = {
    ("Participant", "organization"): Declared((Rows.COMPANY,)),
    ("Participant", "progressSummary"): Declared((Rows.PROGRESS,)),
    ("Participant", "nextTool"): Declared((Rows.PROGRESS,)),
    ("Participant", "completedTools"): Declared((Rows.PROGRESS,)),
    ("Tool", "progress"): Declared((Rows.PROGRESS,)),
    ("Tool", "submission"): Declared((Rows.SUBMISSION,)),
    ("Tool", "answers"): Declared((Rows.SUBMISSION,)),
    ("Tool", "responses"): Declared((Rows.SUBMISSION,)),
    ("Tool", "whyLocked"): Declared((Rows.PROGRESS, Rows.SOURCE_OUTPUTS)),
    ("Tool", "unlocks"): Declared((Rows.PROGRESS,)),
    ("Tool", "dependencies"): Declared((Rows.SOURCE_OUTPUTS,)),
    ("Tool", "fieldValues"): Declared((Rows.OWN_OUTPUTS,)),
    ("Tool", "teamUnlock"): Declared((Rows.TEAM_COMPLETION,)),
    ("Dependency", "stale"): Declared((Rows.OWN_OUTPUTS,)),
    ("FieldValue", "stale"): Declared((Rows.SOURCE_OUTPUTS,)),
    ("FieldValue", "author"): Declared((Rows.PEOPLE,)),
    ("SubmissionSaved", "submission"): Declared((Rows.SUBMISSION,)),
    ("SubmissionSubmitted", "submission"): Declared((Rows.SUBMISSION,)),
    ("SubmissionReopened", "submission"): Declared((Rows.SUBMISSION,)),
    ("SubmissionReviewed", "submission"): Declared((Rows.SUBMISSION,)),
}

OTHER_SCOPES = frozenset({("Organization", "members")})
"""Fields that lead to other participants; they load their own rows when they are reached."""
