"""Expected outcomes of work on tools as types, and the unions of reads that can be refused."""

from datetime import datetime
from typing import Annotated

import strawberry

from db.models.tools import SubmissionStatus
from graphql_api.scalars import JSON
from graphql_api.types.describe import computed, described, stands_for
from graphql_api.types.refusals import (
    Busy,
    NotAllowed,
    NotFound,
    NotSetUp,
    Problem,
    RateLimited,
    Refusal,
    TooLarge,
    refuses,
)
from graphql_api.types.tools.catalogue import QuestionObject, ToolDefinition
from graphql_api.types.tools.exports import ExportJobType
from graphql_api.types.tools.history import SourceVersionType
from graphql_api.types.tools.work import MissingPrerequisiteType, SubmissionType
from resolvers import refusals
from resolvers.tools.exporting import Export


@strawberry.type(description="The tool is locked until its prerequisites are completed.")
class Locked(Refusal):
    """Locked."""

    is_type_of = refuses(refusals.Locked)

    tool: ToolDefinition = described("The locked tool.")
    missing: list[MissingPrerequisiteType] = described("What to complete first.")


@strawberry.type(description="Someone saved since the version you worked on.")
class StaleVersion(Refusal):
    """StaleVersion."""

    is_type_of = refuses(refusals.StaleVersion)

    expected_version: int = described("The version you worked on.")
    current_version: int = described("The version there is now; 0 for none.")
    current: SubmissionType | None = described("What is stored now.")


@strawberry.type(description="A source has changed since you looked at it; nothing was confirmed.")
class SourceMoved(Refusal):
    """SourceMoved."""

    is_type_of = refuses(refusals.SourceMoved)

    sources: list[SourceVersionType] = described("The versions you looked at, and what there is now.")


@strawberry.type(description="At least one answer does not fit its question.")
class InvalidAnswers(Refusal):
    """InvalidAnswers."""

    is_type_of = refuses(refusals.InvalidAnswers)

    problems: list[Problem] = described("One for each answer that does not fit.")


@strawberry.type(description="Required questions are not answered.")
class MissingAnswers(Refusal):
    """MissingAnswers."""

    is_type_of = refuses(refusals.MissingAnswers)

    problems: list[Problem] = described("One for each question.")
    questions: list[QuestionObject] = computed(
        "The questions.", lambda refusal: [(refusal.tool, question) for question in refusal.questions]
    )


@strawberry.type(description="A submission's status cannot become what was asked for.")
class InvalidTransition(Refusal):
    """InvalidTransition."""

    is_type_of = refuses(refusals.InvalidTransition)

    status: SubmissionStatus | None = described("What the status is.")


@strawberry.type(name="Export", description="A finished document.")
class ExportType:
    """An export."""

    is_type_of = stands_for(Export)

    filename: str = described("Safe in URLs and file systems.")
    content_type: str = described("Media type.")
    content: JSON = described("The document; that of a PDF is text in base64.")
    limit: int = computed("Exports in an hour.", lambda export: export.allowance.limit)
    remaining: int = computed("Exports left in this hour.", lambda export: export.allowance.remaining)
    reset_at: datetime = computed("When the count starts again.", lambda export: export.allowance.reset_at)
    reset_seconds: int = computed("The same in seconds from now.", lambda export: export.allowance.reset_seconds)


SubmissionResult = Annotated[
    SubmissionType | Locked | NotAllowed | NotFound,
    strawberry.union("SubmissionResult", description="A submission, or why there is none to see."),
]
ExportResult = Annotated[
    ExportType | ExportJobType | NotAllowed | NotFound | RateLimited | NotSetUp | Busy | TooLarge,
    strawberry.union("ExportResult", description="A document, a job that makes it, or why there is none."),
]
