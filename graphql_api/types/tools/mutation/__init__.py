"""The entry points for writing: one typed save for each tool, and the acts that every tool shares."""

from collections.abc import Awaitable, Callable
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
from graphql_api.types.arguments import ExpectedVersion, ToolName, Whose, WhoseOrOwn
from graphql_api.types.refusals import Refused, or_refused
from graphql_api.types.tools.made import Generated, input_answers, resolved
from graphql_api.types.tools.mutation.results import (
    ExportFormat,
    IdentifyResult,
    Outcome,
    ReopenResult,
    ResponseInput,
    ResponsesResult,
    ReviewResult,
    SaveResult,
    SaveStatus,
    SubmitResult,
)
from graphql_api.types.tools.refusals import ExportResult
from resolvers.context import Context
from resolvers.refusals import BadArgument
from resolvers.tools.exporting import export_json, export_pdf
from resolvers.tools.reading import participant
from resolvers.tools.responses import Response, save_responses
from resolvers.tools.reviewing import approve_submission, reject_submission
from resolvers.tools.saving import Saved, save_answers
from resolvers.tools.submitting import Submitted, reopen_tool, submit_tool

Answers = Annotated[JSON, strawberry.argument(description="Answers by question key.")]
LastAnswers = Annotated[JSON | None, strawberry.argument(description="Answers by question key, saved first.")]
SaveTo = Annotated[SaveStatus | None, strawberry.argument(description="The status to set; as it is without it.")]
AllowMissing = Annotated[bool, strawberry.argument(description="Report unanswered required questions only.")]
Comment = Annotated[str | None, strawberry.argument(description="Words for the participant.")]
Reason = Annotated[str, strawberry.argument(description="What has to change, for the participant.")]
Responses = Annotated[list[ResponseInput], strawberry.argument(description="Answers to questions of one tool.")]
InFormat = Annotated[ExportFormat, strawberry.argument(description="The form of the document.")]
Email = Annotated[str | None, strawberry.argument(description="Address of the account.")]
NameGiven = Annotated[str | None, strawberry.argument(description="Name for a new account.")]
LwUserId = Annotated[str | None, strawberry.argument(description="Id on the learning platform; not used.")]


@strawberry.type
class ToolMutations:
    """The fields of ``Mutation`` that are the same for every catalogue."""

    @strawberry.mutation(
        description="Save answers by question key. Absent keys stay, null clears, unknown keys are kept and reported."
    )
    async def save_submission(
        self,
        info: Info,
        tool: ToolName,
        data: Answers,
        status: SaveTo = None,
        expected_version: ExpectedVersion = None,
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
        tool: ToolName,
        data: LastAnswers = None,
        expected_version: ExpectedVersion = None,
        allow_missing: AllowMissing = False,
    ) -> SubmitResult:
        """Submit."""
        answers = _object(data, "data") if data is not None else None

        async def act(context: Context) -> Submitted:
            return await submit_tool(
                context, tool, answers, expected_version=expected_version, allow_missing=allow_missing
            )

        return await _changed(info, act)

    @strawberry.mutation(description="Take a submitted tool back into work. What it has opened stays open.")
    async def reopen_tool(self, info: Info, tool: ToolName) -> ReopenResult:
        """Reopen."""
        return await _changed(info, lambda context: reopen_tool(context, tool), "reopened")

    @strawberry.mutation(description="Approve a participant's submitted tool. For gurus.")
    async def approve_submission(
        self, info: Info, user_id: Whose, tool: ToolName, comment: Comment = None
    ) -> ReviewResult:
        """Approve."""
        user = global_id.user_id(user_id, "userId")
        return await _changed(info, lambda context: approve_submission(context, user, tool, comment), "reviewed", user)

    @strawberry.mutation(description="Send a submitted tool back with a comment; it is in progress again. For gurus.")
    async def reject_submission(self, info: Info, user_id: Whose, tool: ToolName, comment: Reason) -> ReviewResult:
        """Reject."""
        user = global_id.user_id(user_id, "userId")
        return await _changed(info, lambda context: reject_submission(context, user, tool, comment), "reviewed", user)

    @strawberry.mutation(description="Save answers to the questions of one tool as an HTML page sends them.")
    async def save_responses(self, info: Info, responses: Responses) -> ResponsesResult:
        """The HTML pages' save."""
        given = [Response(item.question_id, item.response_value, item.response_data) for item in responses]
        return await or_refused(save_responses(info.context, given))

    @strawberry.mutation(
        description="Make a document of a submission, 10 an hour; `userId` for admins and gurus."
        " A large PDF is made by a job."
    )
    async def export_submission(
        self,
        info: Info,
        tool: ToolName,
        user_id: WhoseOrOwn = None,
        format: InFormat = ExportFormat.JSON,
    ) -> ExportResult:
        """Export."""
        export = export_pdf if format is ExportFormat.PDF else export_json
        return await or_refused(export(info.context, tool, global_id.user_id(user_id, "userId")))

    @strawberry.mutation(description="A token for a known mail address; in development only.")
    async def identify(
        self, info: Info, email: Email = None, name: NameGiven = None, lw_user_id: LwUserId = None
    ) -> IdentifyResult:
        """Development sign-in of HTML pages."""
        return await or_refused(info.context.services.identify(email, name))


def mutation_fields(catalogue: Catalogue, made: Generated) -> list[StrawberryField]:
    """One typed save for each tool."""
    made.namespace["SaveResult"] = SaveResult
    return [_save_field(tool, made) for tool in catalogue.tools]


def _save_field(tool: Tool, made: Generated) -> StrawberryField:
    async def save(info: Info, input: Any, expected_version: ExpectedVersion = None) -> Any:
        async def act(context: Context) -> Saved:
            return await save_answers(context, tool.slug, input_answers(input), expected_version=expected_version)

        return await _changed(info, act)

    save.__annotations__ = {
        "info": Info,
        "input": Annotated[made.inputs[tool.slug], strawberry.argument(description="The answers to save.")],
        "expected_version": ExpectedVersion,
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
    return Outcome(person.tool(tool), word or done)


def _object(value: Any, argument: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BadArgument(argument, "Send the answers as an object: {question key: answer}.")
    return value
