"""Where each field below a participant gets its value, as data: nothing there is resolved, everything is declared.

The look-ahead reads these tables to load all rows of a selection at once; a compiler can read the same tables to make
one statement of it. A field without an entry costs no row: it comes from the catalogue, or from a row that the field
above it has declared.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

from db.models.tools import ProgressStatus, SubmissionStatus
from db.viewer import Role


class Rows(Enum):
    """The kinds of rows that a field can need of the participant in scope."""

    OUTPUT = auto()
    """The published value ``field_id``."""
    OWN_OUTPUTS = auto()
    """Every published value of the tool in scope."""
    SOURCE_OUTPUTS = auto()
    """Every value that the tool in scope builds on."""
    VALUES = auto()
    """The values that a lineage finds, not only their versions."""
    SUBMISSION = auto()
    """The submission of the tool in scope."""
    STORIES = auto()
    """What the published values of the tool in scope were built on, and the versions there are now; no values."""
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
    ("Tool", "stale"): Declared((Rows.STORIES,)),
    ("Tool", "unlocks"): Declared((Rows.PROGRESS,)),
    ("Tool", "dependencies"): Declared((Rows.SOURCE_OUTPUTS,)),
    ("Tool", "fieldValues"): Declared((Rows.OWN_OUTPUTS,)),
    ("Tool", "teamUnlock"): Declared((Rows.TEAM_COMPLETION,)),
    ("Dependency", "stale"): Declared((Rows.OWN_OUTPUTS,)),
    ("FieldValue", "stale"): Declared((Rows.SOURCE_OUTPUTS,)),
    ("FieldValue", "author"): Declared((Rows.PEOPLE, Rows.VALUES)),
    ("FieldValue", "value"): Declared((Rows.VALUES,)),
    ("FieldValue", "updatedAt"): Declared((Rows.VALUES,)),
    ("FieldValue", "provenance"): Declared((Rows.VALUES,)),
    ("SubmissionSaved", "submission"): Declared((Rows.SUBMISSION,)),
    ("SubmissionSubmitted", "submission"): Declared((Rows.SUBMISSION,)),
    ("SubmissionReopened", "submission"): Declared((Rows.SUBMISSION,)),
    ("SubmissionReviewed", "submission"): Declared((Rows.SUBMISSION,)),
    ("ValuesConfirmed", "fields"): Declared((Rows.OWN_OUTPUTS,)),
}

OTHER_SCOPES = frozenset({("Organization", "members"), ("FieldValue", "lineage"), ("FieldValue", "impact")})
"""Fields that lead to other participants, or wherever something was built on a value; they load their own rows when
they are reached."""


class Kind(Enum):
    """How a column is written in an answer."""

    TEXT = auto()
    NUMBER = auto()
    UUID = auto()
    TIMESTAMP = auto()
    JSON = auto()
    BOOLEAN = auto()
    ENUM = auto()


@dataclass(frozen=True, slots=True)
class Column:
    """A field that is one column of the row its type stands for. ``expression`` without the row's name in front.

    ``words``: what an enum's stored values are called in the graph. ``permission`` as in ``Declared``.
    """

    expression: str
    kind: Kind
    words: Mapping[str, str] | None = None
    permission: str = "row-level policy"


def _enum(column: str, values: type[Enum]) -> Column:
    return Column(column, Kind.ENUM, {member.value: member.name for member in values})


COLUMNS: Mapping[str, Mapping[str, Column]] = {
    "Participant": {
        "databaseId": Column("id", Kind.UUID),
        "email": Column("email", Kind.TEXT),
        "fullName": Column("full_name", Kind.TEXT),
        "role": _enum("role", Role),
        "createdAt": Column("created_at", Kind.TIMESTAMP),
        "lastLoginAt": Column("last_login_at", Kind.TIMESTAMP),
        "organizationId": Column("organization_id", Kind.UUID),
    },
    "Organization": {
        "databaseId": Column("id", Kind.UUID),
        "name": Column("name", Kind.TEXT),
        "slug": Column("slug", Kind.TEXT),
        "industry": Column("industry", Kind.TEXT),
        "size": Column("size", Kind.TEXT),
        "createdAt": Column("created_at", Kind.TIMESTAMP),
    },
    "Progress": {
        "status": _enum("status", ProgressStatus),
        "percentage": Column("progress_percentage", Kind.NUMBER),
        "isUnlocked": Column("status <> 'locked'", Kind.BOOLEAN),
        "isCompleted": Column("status = 'completed'", Kind.BOOLEAN),
        "unlockedAt": Column("unlocked_at", Kind.TIMESTAMP),
        "startedAt": Column("started_at", Kind.TIMESTAMP),
        "lastAccessedAt": Column("last_accessed_at", Kind.TIMESTAMP),
        "completedAt": Column("completed_at", Kind.TIMESTAMP),
    },
    "Submission": {
        "databaseId": Column("id", Kind.UUID),
        "userId": Column("user_id", Kind.UUID),
        "organizationId": Column("organization_id", Kind.UUID),
        "data": Column("data", Kind.JSON),
        "status": _enum("status", SubmissionStatus),
        "version": Column("version", Kind.NUMBER),
        "createdAt": Column("created_at", Kind.TIMESTAMP),
        "updatedAt": Column("updated_at", Kind.TIMESTAMP),
        "submittedAt": Column("submitted_at", Kind.TIMESTAMP),
        "completedAt": Column("completed_at", Kind.TIMESTAMP),
        "reviewedAt": Column("reviewed_at", Kind.TIMESTAMP),
        "reviewComment": Column("review_comment", Kind.TEXT),
    },
}
"""Fields that are columns, by type: what a compiled read selects as JSON text."""
