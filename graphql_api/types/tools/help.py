"""Help with a tool: advice, challenges, and for admins how both are used."""

from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from graphql_api import global_id
from graphql_api.scalars import JSON
from graphql_api.types.arguments import ToolName
from graphql_api.types.describe import computed, described, stands_for
from graphql_api.types.refusals import InvalidInput, NotAllowed, NotFound, RateLimited, Refusal, or_refused, refuses
from graphql_api.types.tools.catalogue import QuestionObject, ToolDefinition
from graphql_api.types.tools.refusals import InvalidAnswers
from resolvers import refusals
from resolvers.refusals import BadArgument
from resolvers.tools.help.asking import MAX_QUESTION, Challenge, Help, QuestionRemark, request_challenge, request_help
from resolvers.tools.help.requests import GUIDES_PER_HOUR, REQUESTS_PER_HOUR
from resolvers.tools.help.usage import HelpUsage, ToolUsage, help_usage


@strawberry.type(name="Help", description="Advice about a tool.")
class HelpType:
    """Advice."""

    is_type_of = stands_for(Help)

    answer: str = computed("Markdown without HTML and images, with links to the web only.", lambda h: h.advice.answer)
    suggestions: list[str] = computed("What to do next, as the same.", lambda h: list(h.advice.suggestions))
    confidence_score: float = computed("How sure the assistant is, from 0 to 1.", lambda h: h.advice.confidence)
    tool: ToolDefinition = described("The tool.")
    answered_at: datetime = described("When.")
    limit: int = computed("Questions in an hour.", lambda h: h.allowance.limit)
    remaining: int = computed("Questions left in this hour.", lambda h: h.allowance.remaining)
    reset_at: datetime = computed("When the count starts again.", lambda h: h.allowance.reset_at)
    reset_seconds: int = computed("The same in seconds from now.", lambda h: h.allowance.reset_seconds)


@strawberry.type(description="What is to be thought about again in the answer to one question.")
class Remark:
    """A remark."""

    is_type_of = stands_for(QuestionRemark)

    question: QuestionObject = computed("The question.", lambda remark: remark.of)
    feedback: str = described("What was noticed, as harmless Markdown.")
    suggestion: str = described("What could be done about it, as the same; maybe empty.")
    severity: str = described("How much it matters, in the assistant's word: `low`, `medium`, `high`.")


@strawberry.type(name="Challenge", description="What to think about again before a tool is submitted.")
class ChallengeType:
    """A challenge."""

    is_type_of = stands_for(Challenge)

    has_challenges: bool = computed("Whether there is anything.", lambda found: bool(found.remarks))
    overall_quality: str | None = described("The assistant's word for all of it; null where it has none.")
    challenges: list[Remark] = computed("One for each answer that is in question.", lambda found: found.remarks)
    encouragement: str = described("A kind word, as harmless Markdown; maybe empty.")
    tool: ToolDefinition = described("The tool.")
    limit: int = computed("Challenges in an hour.", lambda found: found.allowance.limit)
    remaining: int = computed("Challenges left in this hour.", lambda found: found.allowance.remaining)
    reset_at: datetime = computed("When the count starts again.", lambda found: found.allowance.reset_at)
    reset_seconds: int = computed("The same in seconds from now.", lambda found: found.allowance.reset_seconds)


@strawberry.interface(description="The assistant gave no advice; the tool's own guidance stands in for it.")
class NoAdvice(Refusal):
    """No advice."""

    guidance: str = described("What the tool itself says to somebody who is stuck.")


@strawberry.type(description="The assistant cannot be reached, or there is none on this server.")
class AssistantUnavailable(NoAdvice):
    """AssistantUnavailable."""

    is_type_of = refuses(refusals.AssistantUnavailable)

    retry_after: int = described("Seconds until it is worth asking again.")


@strawberry.type(description="The assistant did not answer within 30 seconds.")
class AssistantTimedOut(NoAdvice):
    """AssistantTimedOut."""

    is_type_of = refuses(refusals.AssistantTimedOut)


@strawberry.type(description="The assistant answered, and not with advice.")
class AssistantUnusable(NoAdvice):
    """AssistantUnusable."""

    is_type_of = refuses(refusals.AssistantUnusable)


@strawberry.type(name="ToolHelpUsage", description="How often help was asked for with one tool.")
class ToolHelpUsageType:
    """Usage of one tool."""

    is_type_of = stands_for(ToolUsage)

    slug: str = described("The tool's slug.")
    tool: ToolDefinition | None = described("The tool; null once it is gone from the catalogue.")
    requests: int = described("How often.")


@strawberry.type(name="HelpUsage", description="How help and challenges are used, without what was asked or answered.")
class HelpUsageType:
    """Usage."""

    is_type_of = stands_for(HelpUsage)

    total_requests: int = described("How often either was asked for.")
    per_tool: list[ToolHelpUsageType] = described("The same for each tool that anybody asked about.")
    average_milliseconds: int | None = described("How long an answer took, or its failing; null without any.")
    error_rate: float = described("The part that got no answer, from 0 to 1.")


_NoAdvice = AssistantUnavailable | AssistantTimedOut | AssistantUnusable
_Refused = InvalidAnswers | InvalidInput | RateLimited | NotAllowed | NotFound

HelpResult = Annotated[
    HelpType | _NoAdvice | _Refused,
    strawberry.union("HelpResult", description="Advice, or why there is none."),
]
ChallengeResult = Annotated[
    ChallengeType | _NoAdvice | _Refused,
    strawberry.union("ChallengeResult", description="A challenge, or why there is none."),
]
HelpUsageResult = Annotated[
    HelpUsageType | NotAllowed,
    strawberry.union("HelpUsageResult", description="Usage, or why it is not shown."),
]

Asked = Annotated[str, strawberry.argument(description=f"The question, 1 to {MAX_QUESTION} characters.")]
CurrentData = Annotated[
    JSON | None, strawberry.argument(description="Answers that are not saved yet, by question key; nothing is saved.")
]
Attempt = Annotated[int, strawberry.argument(description="How often it has been tried, from 1.")]
Since = Annotated[datetime | None, strawberry.argument(description="Not before this time.")]
Until = Annotated[datetime | None, strawberry.argument(description="Before this time.")]
Asker = Annotated[strawberry.ID | None, strawberry.argument(description="Only of this person, by id or UUID.")]


@strawberry.type
class HelpQueries:
    """Fields of ``Query`` about help."""

    @strawberry.field(description="How help is used in your organisation; for platform admins, in all. For admins.")
    async def help_usage(
        self, info: Info, since: Since = None, until: Until = None, user_id: Asker = None
    ) -> HelpUsageResult:
        """Usage."""
        user = global_id.user_id(user_id, "userId")
        return await or_refused(help_usage(info.context, since=since, until=until, user_id=user))


@strawberry.type
class HelpMutations:
    """Fields of ``Mutation`` about help."""

    @strawberry.mutation(
        description="Ask the assistant about your work on a tool. It is told the tool, your answers but sensitive ones,"
        f" and what they build on. {REQUESTS_PER_HOUR} an hour, {GUIDES_PER_HOUR} for gurus and admins."
    )
    async def request_help(
        self, info: Info, tool: ToolName, question: Asked, current_data: CurrentData = None
    ) -> HelpResult:
        """Ask."""
        current = _answers(current_data, "currentData")
        return await or_refused(request_help(info.context, tool, question, current))

    @strawberry.mutation(
        description="Have the assistant challenge your answers to a tool, saved or not; it has nothing to say on a"
        f" server without one. {REQUESTS_PER_HOUR} an hour, {GUIDES_PER_HOUR} for gurus and admins."
    )
    async def request_challenge(
        self, info: Info, tool: ToolName, answers: CurrentData = None, attempt: Attempt = 1
    ) -> ChallengeResult:
        """Challenge."""
        return await or_refused(request_challenge(info.context, tool, _answers(answers, "answers"), attempt))


def _answers(value: Any, argument: str) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise BadArgument(argument, "Send the answers as an object: {question key: answer}.")
    return value
