"""Rows of documents that are made later."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class ExportStatus(StrEnum):
    """pending → processing → completed or failed."""

    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ExportJob:
    """A document that somebody asked for. ``tool_slug``: the tool, or ``None`` for the programme book.

    ``progress``: percent. ``expires_at``: when its file and the job itself are gone.
    """

    id: UUID
    user_id: UUID
    subject_id: UUID
    tool_slug: str | None
    status: ExportStatus
    progress: int
    error: str | None
    filename: str | None
    requested_at: datetime
    finished_at: datetime | None
    expires_at: datetime
