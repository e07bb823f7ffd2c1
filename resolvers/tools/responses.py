"""Answers as the programme's HTML pages send them: question by question, many values as text."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from db.catalogue import Question
from db.catalogue.model import Shape
from db.models.tools import Json
from db.permissions import Permission
from resolvers.context import Context
from resolvers.permissions import require
from resolvers.refusals import InvalidAnswers, Problem
from resolvers.tools.saving import save_answers

MAX_RESPONSES = 500
"""Responses of one save."""


@dataclass(frozen=True, slots=True)
class Response:
    """One answer: ``data`` wins over ``value`` where both are there."""

    question_id: UUID
    value: str | None
    data: Json | None


async def save_responses(context: Context, responses: Sequence[Response]) -> int:
    """Save answers to the questions of one tool; returns how many. Raises what ``save_answers`` raises."""
    require(context, Permission.WRITE_WORK)
    if not responses:
        return 0
    problems: list[Problem] = []
    slugs: set[str] = set()
    given: dict[str, Json] = {}
    if len(responses) > MAX_RESPONSES:
        problems.append(Problem("responses", f"At most {MAX_RESPONSES} at once; these are {len(responses)}."))
    for number, response in enumerate(responses[:MAX_RESPONSES]):
        found = context.catalogue.question_ids.get(response.question_id)
        if found is None:
            problems.append(Problem(f"responses.{number}.question_id", "No question has this id."))
            continue
        tool, question = found
        slugs.add(tool.slug)
        given[question.key] = _value(question, response)
    if len(slugs) > 1:
        problems.append(Problem("responses", f"They belong to {len(slugs)} tools; send one tool at a time."))
    if problems:
        raise InvalidAnswers(problems)
    await save_answers(context, slugs.pop(), given)
    return len(given)


def _value(question: Question, response: Response) -> Json:
    if response.data is not None:
        return response.data
    text = response.value
    if text is None or Shape.TEXT in question.shapes:
        return text
    try:
        parsed: Any = orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
    return parsed
