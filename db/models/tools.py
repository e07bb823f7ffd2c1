"""Rows of a participant's work: submissions, published values, progress."""

from collections.abc import Mapping
from dataclasses import dataclass, field
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
    """A participant's answers to one tool. ``built_on``: {field id: version} of the sources at the last change.

    ``answers`` are in plain text; ``unreadable`` says why, by key, of those that are stored encrypted and did not open.
    """

    id: UUID
    user_id: UUID
    organization_id: UUID | None
    answers: dict[str, Json]
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
    unreadable: Mapping[str, str] = field(default_factory=dict)

    @property
    def data(self) -> dict[str, Json]:
        """All answers. Raises ``UnreadableAnswers`` rather than leave one out: who saved the rest would lose it."""
        if self.unreadable:
            raise UnreadableAnswers(self.id, self.unreadable)
        return self.answers

    def answer(self, key: str) -> Json:
        """One answer, whatever the others are like. Raises ``UnreadableAnswers`` where it did not open."""
        if key in self.unreadable:
            raise UnreadableAnswers(self.id, {key: self.unreadable[key]})
        return self.answers.get(key)


class UnreadableAnswers(Exception):
    """Encrypted answers that did not open: a fault of ours, never an answer. The message is for the operator."""

    def __init__(self, submission_id: UUID, reasons: Mapping[str, str]) -> None:
        told = "; ".join(f"{key}: {reason}" for key, reason in sorted(reasons.items()))
        super().__init__(f"Submission {submission_id} cannot be read. {told}")


class AuthorKind(StrEnum):
    """Who wrote a value."""

    HUMAN = "human"
    AUTOMATION = "automation"
    """A service key was used."""


@dataclass(frozen=True, slots=True)
class FieldVersion:
    """What a published value was in one version. ``size``: bytes of it as JSON text; 0: it was cleared.

    ``value`` is there only where it was asked for. ``confirmed_at``: when its author last said that it is still right.
    """

    user_id: UUID
    field_id: str
    version: int
    built_on: dict[str, int]
    author_id: UUID | None
    author_kind: AuthorKind
    at: datetime
    confirmed_at: datetime | None
    size: int
    value: Json


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
class Story:
    """What a published value was built on, without the value; ``field_id`` is ``None`` for all answers of a tool that
    publishes nothing."""

    field_id: str | None
    version: int
    built_on: dict[str, int]


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
