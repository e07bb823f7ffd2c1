"""The entry points for writing: one typed save for each tool, and the acts that every tool shares."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any
from uuid import UUID

import strawberry
from strawberry.types import Info
from strawberry.types.field import StrawberryField

from db.catalogue import Catalogue, Tool
from db.models.tools import SubmissionStatus
from graphql_api import global_id
from graphql_api.execution.scope import lookahead
from graphql_api.scalars import JSON
from graphql_api.types.describe import computed, described, stands_for
from graphql_api.types.tools.catalogue import QuestionObject, ToolDefinition
from graphql_api.types.tools.generated import Generated, input_answers, resolved
from graphql_api.types.tools.refusals import (
    ExportResult,
    InvalidAnswers,
    InvalidTransition,
    Locked,
    MissingAnswers,
    NotAllowed,
    NotFound,
    Refused,
    StaleVersion,
    or_refused,
)
from graphql_api.types.tools.work import SubmissionType, ToolInterface
from resolvers.context import Context
from resolvers.refusals import BadArgument
from resolvers.signing_in import SignIn
from resolvers.tools.exporting import export_json
from resolvers.tools.participant import ToolView
from resolvers.tools.reading import participant
from resolvers.tools.responses import Response, save_responses
from resolvers.tools.reviewing import approve_submission, reject_submission
from resolvers.tools.saving import Saved, save_answers
from resolvers.tools.submitting import Submitted, reopen_tool, submit_tool


@strawberry.enum(description="What a save may set the status to.")
class SaveStatus(Enum):
    """Statuses of unfinished work."""

    DRAFT = "draft"
    IN_PROGRESS = "in_progress"


@strawberry.enum(description="The form of an exported document.")
class ExportFormat(Enum):
    """Forms."""

    JSON = "json"


@dataclass(frozen=True, slots=True)
class _Outcome:
    """The tool after a change, and what the change did."""

    view: ToolView
    act: Saved | Submitted | str


def _done(act: type | str) -> Any:
    def is_type_of(_: Any, source: Any, __: Any = None) -> bool:
        done = isinstance(source, _Outcome)
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


@strawberry.type(description="A token for development.")
class SignedIn:
    """Signed in."""

    is_type_of = stands_for(SignIn)

    user_id: UUID = described("The account's UUID.")
    access_token: str = described("Send it as `Authorization: Bearer …`.")
    token_type: str = described("Bearer.")
    expires_in: int = described("Seconds.")


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
    SignedIn | NotAllowed | NotFound,
    strawberry.union("IdentifyResult", description="A token, or why there is none."),
]


@strawberry.type
class ToolMutations:
    """The fields of ``Mutation`` that are the same for every catalogue."""

    @strawberry.mutation(
        description="Save answers by question key. Absent keys stay, null clears, unknown keys are kept and reported."
    )
    async def save_submission(
        self,
        info: Info,
        tool: str,
        data: JSON,
        status: SaveStatus | None = None,
        expected_version: int | None = None,
    ) -> SaveResult:
        """The generic save."""
        wanted = SubmissionStatus(status.value) if status else None
        answers = _object(data, "data")

        async def act(context: Context) -> Saved:
            return await save_answers(context, tool, answers, status=wanted, expected_version=expected_version)

        return await _changed(info, act)

    @strawberry.mutation(
        description="Complete a tool, saving `data` first if given, and open every tool that waited only for it."
        " With `allowMissing`, unanswered required questions are reported instead of refused."
    )
    async def submit_tool(
        self,
        info: Info,
        tool: str,
        data: JSON | None = None,
        expected_version: int | None = None,
        allow_missing: bool = False,
    ) -> SubmitResult:
        """Submit."""
        answers = _object(data, "data") if data is not None else None

        async def act(context: Context) -> Submitted:
            return await submit_tool(
                context, tool, answers, expected_version=expected_version, allow_missing=allow_missing
            )

        return await _changed(info, act)

    @strawberry.mutation(description="Take a submitted tool back into work. What it has opened stays open.")
    async def reopen_tool(self, info: Info, tool: str) -> ReopenResult:
        """Reopen."""
        return await _changed(info, lambda context: reopen_tool(context, tool), "reopened")

    @strawberry.mutation(description="Approve a participant's submitted tool. For gurus.")
    async def approve_submission(
        self, info: Info, user_id: strawberry.ID, tool: str, comment: str | None = None
    ) -> ReviewResult:
        """Approve."""
        user = global_id.user_id(user_id, "userId")
        return await _changed(info, lambda context: approve_submission(context, user, tool, comment), "reviewed", user)

    @strawberry.mutation(description="Send a submitted tool back with a comment; it is in progress again. For gurus.")
    async def reject_submission(self, info: Info, user_id: strawberry.ID, tool: str, comment: str) -> ReviewResult:
        """Reject."""
        user = global_id.user_id(user_id, "userId")
        return await _changed(info, lambda context: reject_submission(context, user, tool, comment), "reviewed", user)

    @strawberry.mutation(description="Save answers to the questions of one tool as an HTML page sends them.")
    async def save_responses(self, info: Info, responses: list[ResponseInput]) -> ResponsesResult:
        """The HTML pages' save."""
        given = [Response(item.question_id, item.response_value, item.response_data) for item in responses]
        return await or_refused(save_responses(info.context, given))

    @strawberry.mutation(description="Make a document of a submission, 10 an hour; `userId` for admins and gurus.")
    async def export_submission(
        self,
        info: Info,
        tool: str,
        user_id: strawberry.ID | None = None,
        format: ExportFormat = ExportFormat.JSON,
    ) -> ExportResult:
        """Export."""
        return await or_refused(export_json(info.context, tool, global_id.user_id(user_id, "userId")))

    @strawberry.mutation(description="A token for a known mail address; in development only.")
    async def identify(
        self, info: Info, email: str | None = None, name: str | None = None, lw_user_id: str | None = None
    ) -> IdentifyResult:
        """Development sign-in of HTML pages."""
        return await or_refused(info.context.identify(email, name))


def mutation_fields(catalogue: Catalogue, made: Generated) -> list[StrawberryField]:
    """One typed save for each tool."""
    made.namespace["SaveResult"] = SaveResult
    return [_save_field(tool, made) for tool in catalogue.tools]


def _save_field(tool: Tool, made: Generated) -> StrawberryField:
    async def save(info: Info, input: Any, expected_version: int | None = None) -> Any:
        async def act(context: Context) -> Saved:
            return await save_answers(context, tool.slug, input_answers(input), expected_version=expected_version)

        return await _changed(info, act)

    save.__annotations__ = {
        "info": Info,
        "input": made.inputs[tool.slug],
        "expected_version": int | None,
        "return": SaveResult,
    }
    name = f"save{tool.type_name}"
    return resolved(name, "SaveResult", f"Save answers to {tool.name}.", save, made)


async def _changed(
    info: Info,
    act: Callable[[Context], Awaitable[Any]],
    word: str | None = None,
    user_id: UUID | None = None,
) -> Any:
    """Do ``act``; give the tool as it is afterwards, or the refusal."""
    done = await or_refused(act(info.context))
    if isinstance(done, Refused):
        return done
    tool: Tool = done.tool if not isinstance(done, Tool) else done
    person = await participant(info.context, user_id, lookahead(info).collect(tool))
    assert person is not None
    return _Outcome(person.tool(tool), word or done)


def _object(value: Any, argument: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BadArgument(argument, "Send the answers as an object: {question key: answer}.")
    return value
