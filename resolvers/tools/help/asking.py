"""Asking for help with a tool, and having its answers challenged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from db.catalogue import Question, Tool
from db.models.tools import Json
from db.permissions import Permission
from resolvers.assistant import MAX_REMARKS, Advice, Criticism, Kind
from resolvers.context import Context
from resolvers.permissions import require
from resolvers.refusals import AssistantUnavailable, InvalidInput, Problem
from resolvers.tools.answers import unstorable
from resolvers.tools.change import find_tool
from resolvers.tools.help.background import background_of
from resolvers.tools.help.requests import Allowance, answered, open_request, uncounted

MAX_QUESTION = 2_000
"""Characters of a question."""

MAX_ATTEMPT = 1_000
"""A page counts from 1 how often somebody has tried to hand in a tool."""

_NOT_SET_UP_FOR = 3_600.0
"""Seconds after which it is worth asking a server again that has no assistant."""


@dataclass(frozen=True, slots=True)
class Help:
    """Advice about a tool, and what is left of the viewer's allowance."""

    tool: Tool
    advice: Advice
    answered_at: datetime
    allowance: Allowance


@dataclass(frozen=True, slots=True)
class QuestionRemark:
    """A remark about the answer to one question."""

    of: tuple[Tool, Question]
    feedback: str
    suggestion: str
    severity: str


@dataclass(frozen=True, slots=True)
class Challenge:
    """What is to be thought about again before a tool is handed in, and what is left of the viewer's allowance."""

    tool: Tool
    overall_quality: str | None
    remarks: Sequence[QuestionRemark]
    encouragement: str
    allowance: Allowance


async def request_help(context: Context, slug: str, question: str, current: Mapping[str, Json]) -> Help:
    """Advice from the assistant about the viewer's work on a tool.

    ``current``: answers that are not saved yet. Raises ``NotAllowed``, ``NotFound``, ``InvalidInput``,
    ``InvalidAnswers``, ``RateLimited``, ``AssistantUnavailable``, ``AssistantTimedOut``, ``AssistantUnusable``.
    """
    require(context, Permission.WRITE_WORK)
    tool = find_tool(context, slug)
    asked = question.strip()
    if not 1 <= len(asked) <= MAX_QUESTION:
        raise InvalidInput([Problem("question", f"Ask in 1 to {MAX_QUESTION:,} characters, not {len(asked):,}.")])
    if reason := unstorable(asked):
        raise InvalidInput([Problem("question", reason)])
    background = await background_of(context, tool, current, "currentData")
    assistant = context.services.assistant
    if not assistant.can(Kind.HELP):
        raise AssistantUnavailable(background.guidance, _NOT_SET_UP_FOR, "This server has no assistant to be asked.")
    request = await open_request(context, tool, Kind.HELP)
    told = background.told(kind=Kind.HELP.value, question=asked)
    advice = await answered(context, request, background.guidance, lambda key: assistant.help(told, key))
    return Help(tool, advice, context.clock(), request.allowance)


async def request_challenge(context: Context, slug: str, answers: Mapping[str, Json], attempt: int) -> Challenge:
    """What the assistant would have the viewer think about again; nothing where the server has none.

    Raises what ``request_help`` raises.
    """
    require(context, Permission.WRITE_WORK)
    tool = find_tool(context, slug)
    if not 1 <= attempt <= MAX_ATTEMPT:
        raise InvalidInput([Problem("attempt", f"Attempts count from 1 to {MAX_ATTEMPT:,}, not {attempt:,}.")])
    background = await background_of(context, tool, answers, "answers")
    assistant = context.services.assistant
    if not assistant.can(Kind.CHALLENGE):
        return Challenge(tool, None, (), "", uncounted(context))
    request = await open_request(context, tool, Kind.CHALLENGE)
    told = background.told(kind=Kind.CHALLENGE.value, attempt=attempt)
    found = await answered(context, request, background.guidance, lambda key: assistant.challenge(told, key))
    return Challenge(tool, found.overall_quality, _remarks(tool, found), found.encouragement, request.allowance)


def _remarks(tool: Tool, found: Criticism) -> list[QuestionRemark]:
    """Those about questions that the tool has; an assistant may invent some."""
    return [
        QuestionRemark((tool, tool.question_by_key[each.question_key]), each.feedback, each.suggestion, each.severity)
        for each in found.remarks[:MAX_REMARKS]
        if each.question_key in tool.question_by_key
    ]
