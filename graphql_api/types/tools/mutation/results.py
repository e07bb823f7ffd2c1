"""What mutations take and give: inputs, outcomes, and the unions of outcome and refusals."""

from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any
from uuid import UUID

import strawberry

from graphql_api.scalars import JSON
from graphql_api.types.describe import computed, described, enumerated, stands_for
from graphql_api.types.identity.signing_in import SignedIn
from graphql_api.types.refusals import NotAllowed, NotFound
from graphql_api.types.tools.catalogue import QuestionObject, ToolDefinition
from graphql_api.types.tools.refusals import InvalidAnswers, InvalidTransition, Locked, MissingAnswers, StaleVersion
from graphql_api.types.tools.work import SubmissionType, ToolInterface
from resolvers.tools.participant import ToolView
from resolvers.tools.saving import Saved
from resolvers.tools.submitting import Submitted


@enumerated(
    "SaveStatus", "What a save may set the status to.", DRAFT="Begun.", IN_PROGRESS="Worked on; never a draft again."
)
class SaveStatus(Enum):
    """Statuses of unfinished work."""

    DRAFT = "draft"
    IN_PROGRESS = "in_progress"


@enumerated(
    "ExportFormat",
    "The form of an exported document.",
    JSON="JSON, with everything the tool builds on.",
    PDF="Pages to be read, with everything the tool builds on.",
)
class ExportFormat(Enum):
    """Forms."""

    JSON = "json"
    PDF = "pdf"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The tool after a change, and what the change did."""

    view: ToolView
    act: Saved | Submitted | str


def _done(act: type | str) -> Any:
    def is_type_of(_: Any, source: Any, __: Any = None) -> bool:
        done = isinstance(source, Outcome)
        return done and (isinstance(source.act, act) if isinstance(act, type) else source.act == act)

    return classmethod(is_type_of)


@strawberry.type(description="The answers are saved.")
class SubmissionSaved:
    """Saved."""

    is_type_of = _done(Saved)

    tool: ToolInterface = computed("The tool as it is now.", lambda outcome: outcome.view)
    submission: SubmissionType = computed("The submission as it is now.", lambda outcome: outcome.view.submission)
    created: bool = computed("Whether this was the first save.", lambda outcome: outcome.act.created)
    ignored: list[str] = computed("Keys that are no question: stored, never read.", lambda o: list(o.act.ignored))


@strawberry.type(description="The tool is completed; what waited only for it is open.")
class SubmissionSubmitted:
    """Submitted."""

    is_type_of = _done(Submitted)

    tool: ToolInterface = computed("The tool as it is now.", lambda outcome: outcome.view)
    submission: SubmissionType = computed("The submission as it is now.", lambda outcome: outcome.view.submission)
    unlocked: list[ToolDefinition] = computed("Tools that this has opened.", lambda outcome: outcome.act.unlocked)
    missing: list[QuestionObject] = computed(
        "Required questions left open, where that was allowed.",
        lambda outcome: [(outcome.view.tool, question) for question in outcome.act.missing],
    )


@strawberry.type(description="The tool is in progress again.")
class SubmissionReopened:
    """Reopened."""

    is_type_of = _done("reopened")

    tool: ToolInterface = computed("The tool as it is now.", lambda outcome: outcome.view)
    submission: SubmissionType = computed("The submission as it is now.", lambda outcome: outcome.view.submission)


@strawberry.type(description="The guru's verdict is recorded.")
class SubmissionReviewed:
    """Reviewed."""

    is_type_of = _done("reviewed")

    tool: ToolInterface = computed("The tool as it is now.", lambda outcome: outcome.view)
    submission: SubmissionType = computed("The submission as it is now.", lambda outcome: outcome.view.submission)


@strawberry.type(description="The responses are saved.")
class ResponsesSaved:
    """Responses saved; its source is the count."""

    is_type_of = stands_for(int)

    saved: int = computed("How many.", lambda count: count)


@strawberry.input(description="One answer as an HTML page sends it.")
class ResponseInput:
    """A response."""

    question_id: UUID = described("The question's id.")
    response_value: str | None = strawberry.field(default=None, description="The answer as text.")
    response_data: JSON | None = strawberry.field(default=None, description="The answer as JSON; wins over the text.")


_Saving = Locked | StaleVersion | InvalidAnswers | MissingAnswers | InvalidTransition | NotAllowed | NotFound

SaveResult = Annotated[SubmissionSaved | _Saving, strawberry.union("SaveResult", description="What became of a save.")]
SubmitResult = Annotated[
    SubmissionSubmitted | _Saving, strawberry.union("SubmitResult", description="What became of a submit.")
]
ReopenResult = Annotated[
    SubmissionReopened | InvalidTransition | NotAllowed | NotFound,
    strawberry.union("ReopenResult", description="What became of reopening a tool."),
]
ReviewResult = Annotated[
    SubmissionReviewed | InvalidTransition | NotAllowed | NotFound,
    strawberry.union("ReviewResult", description="What became of a review."),
]
ResponsesResult = Annotated[
    ResponsesSaved | Locked | InvalidAnswers | MissingAnswers | NotAllowed,
    strawberry.union("ResponsesResult", description="What became of a page's responses."),
]
IdentifyResult = Annotated[
    SignedIn | NotAllowed,
    strawberry.union("IdentifyResult", description="A token, or why there is none."),
]
