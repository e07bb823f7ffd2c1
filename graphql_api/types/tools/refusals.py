"""Expected outcomes as types: each refusal is one member that every result union shares."""

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import strawberry

from db.models.tools import SubmissionStatus
from graphql_api.scalars import JSON
from graphql_api.types.describe import computed, described, stands_for
from graphql_api.types.tools.catalogue import QuestionObject, ToolDefinition
from graphql_api.types.tools.work import MissingPrerequisiteType, SubmissionType
from resolvers import refusals
from resolvers.tools.exporting import Export


@dataclass(frozen=True, slots=True)
class Refused:
    """A refusal as a resolver returns it: graphql-core raises an exception that it is given as a value."""

    refusal: refusals.Refusal

    def __getattr__(self, name: str) -> Any:
        return getattr(self.refusal, name)


async def or_refused(act: Awaitable[Any]) -> Any:
    """What was asked for, or the refusal as a member of the result union."""
    try:
        return await act
    except refusals.Refusal as refusal:
        return Refused(refusal)


def _refuses(refusal: type[refusals.Refusal]) -> Any:
    def is_type_of(_: Any, source: Any, __: Any = None) -> bool:
        return isinstance(source, Refused) and isinstance(source.refusal, refusal)

    return classmethod(is_type_of)


@strawberry.interface(description="An expected outcome that is not what was asked for; nothing was written.")
class Refusal:
    """A refusal."""

    message: str = computed("What happened and what to do next.", lambda refused: str(refused.refusal))


@strawberry.type(description="The tool is locked until its prerequisites are completed.")
class Locked(Refusal):
    """Locked."""

    is_type_of = _refuses(refusals.Locked)

    tool: ToolDefinition = described("The locked tool.")
    missing: list[MissingPrerequisiteType] = described("What to complete first.")


@strawberry.type(description="Someone saved since the version you worked on.")
class StaleVersion(Refusal):
    """StaleVersion."""

    is_type_of = _refuses(refusals.StaleVersion)

    expected_version: int = described("The version you worked on.")
    current_version: int = described("The version there is now; 0 for none.")
    current: SubmissionType | None = described("What is stored now.")


@strawberry.type(description="What is wrong with one answer.")
class Problem:
    """A problem."""

    is_type_of = stands_for(refusals.Problem)

    path: str = described("Where, dotted: `data.strengths`.")
    message: str = described("What is wrong and what would be right.")


@strawberry.type(description="At least one answer does not fit its question.")
class InvalidAnswers(Refusal):
    """InvalidAnswers."""

    is_type_of = _refuses(refusals.InvalidAnswers)

    problems: list[Problem] = described("One for each answer that does not fit.")


@strawberry.type(description="Required questions are not answered.")
class MissingAnswers(Refusal):
    """MissingAnswers."""

    is_type_of = _refuses(refusals.MissingAnswers)

    problems: list[Problem] = described("One for each question.")
    questions: list[QuestionObject] = computed(
        "The questions.", lambda refusal: [(refusal.tool, question) for question in refusal.questions]
    )


@strawberry.type(description="A submission's status cannot become what was asked for.")
class InvalidTransition(Refusal):
    """InvalidTransition."""

    is_type_of = _refuses(refusals.InvalidTransition)

    status: SubmissionStatus | None = described("What the status is.")


@strawberry.type(description="Your role may not do this, or nobody is signed in.")
class NotAllowed(Refusal):
    """NotAllowed."""

    is_type_of = _refuses(refusals.NotAllowed)


@strawberry.type(description="There is nothing here that you may see.")
class NotFound(Refusal):
    """NotFound."""

    is_type_of = _refuses(refusals.NotFound)


@strawberry.type(description="Too often within a while.")
class RateLimited(Refusal):
    """RateLimited."""

    is_type_of = _refuses(refusals.RateLimited)

    limit: int = described("How often it may be done within that while; the message says how long it is.")
    remaining: int = described("How often it may still be done: 0.")
    retry_after: int = described("Seconds until it may be done again.")
    reset_at: datetime = described("When that is.")
    reset_seconds: int = described("The same in seconds from now.")


@strawberry.type(name="Export", description="A finished document.")
class ExportType:
    """An export."""

    is_type_of = stands_for(Export)

    filename: str = described("Safe in URLs and file systems.")
    content_type: str = described("Media type.")
    content: JSON = described("The document.")
    limit: int = described("Exports in an hour.")
    remaining: int = described("Exports left in this hour.")
    reset_at: datetime = described("When the count starts again.")
    reset_seconds: int = described("The same in seconds from now.")


SubmissionResult = Annotated[
    SubmissionType | Locked | NotAllowed | NotFound,
    strawberry.union("SubmissionResult", description="A submission, or why there is none to see."),
]
ExportResult = Annotated[
    ExportType | NotAllowed | NotFound | RateLimited,
    strawberry.union("ExportResult", description="A document, or why there is none."),
]
