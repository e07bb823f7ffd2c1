"""The entry points for writing: one typed save for each tool, and the acts that every tool shares."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import strawberry
from strawberry.types import Info
from strawberry.types.field import StrawberryField

from db.catalogue import Catalogue, Tool
from db.models.tools import SubmissionStatus
from graphql_api import global_id
from graphql_api.execution.scope import lookahead
from graphql_api.scalars import JSON
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
from graphql_api.types.tools.refusals import ExportResult, Refused, or_refused
from resolvers.context import Context
from resolvers.refusals import BadArgument
from resolvers.tools.exporting import export_json
from resolvers.tools.reading import participant
from resolvers.tools.responses import Response, save_responses
from resolvers.tools.reviewing import approve_submission, reject_submission
from resolvers.tools.saving import Saved, save_answers
from resolvers.tools.submitting import Submitted, reopen_tool, submit_tool


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
    return Outcome(person.tool(tool), word or done)


def _object(value: Any, argument: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BadArgument(argument, "Send the answers as an object: {question key: answer}.")
    return value
