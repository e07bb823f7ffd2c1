"""Rows of a participant's work: submissions, published values, progress."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

Json = Any
"""A JSON value as Python has it."""


class SubmissionStatus(StrEnum):
    """draft → in_progress → submitted → completed (approved by a guru)."""

    DRAFT = "draft"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    COMPLETED = "completed"


class ProgressStatus(StrEnum):
    """locked → unlocked → in_progress → completed (submitted)."""

    LOCKED = "locked"
    UNLOCKED = "unlocked"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"


@dataclass(frozen=True, slots=True)
class Submission:
    """A participant's answers to one tool. ``built_on``: {field id: version} of the sources at the last change."""

    id: UUID
    user_id: UUID
    organization_id: UUID | None
    data: dict[str, Json]
    status: SubmissionStatus
    version: int
    built_on: dict[str, int]
    reviewed_by: UUID | None
    reviewed_at: datetime | None
    review_comment: str | None
    created_at: datetime
    updated_at: datetime
    submitted_at: datetime | None
    completed_at: datetime | None


@dataclass(frozen=True, slots=True)
class FieldOutput:
    """One published value. ``version`` is the submission version at which it last changed."""

    user_id: UUID
    field_id: str
    value: Json
    version: int
    built_on: dict[str, int]
    author_id: UUID | None
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a participant is with one tool."""

    user_id: UUID
    tool_slug: str
    status: ProgressStatus
    percentage: int
    unlocked_at: datetime | None
    started_at: datetime | None
    last_accessed_at: datetime | None
    completed_at: datetime | None
