"""What a workflow has to answer: the shapes that were agreed on, checked and made harmless."""

from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from integrations.n8n.markdown import sanitised
from integrations.n8n.webhook import Unusable

MAX_ADVICE_CHARACTERS = 20_000
"""Characters of an answer in Markdown."""

MAX_LINE_CHARACTERS = 1_000
"""Characters of a suggestion, a remark, an encouragement."""

MAX_LINES = 50
"""Suggestions, or remarks, of one answer."""

Advice = Annotated[str, StringConstraints(max_length=MAX_ADVICE_CHARACTERS), AfterValidator(sanitised)]
Line = Annotated[str, StringConstraints(max_length=MAX_LINE_CHARACTERS), AfterValidator(sanitised)]
Word = Annotated[str, StringConstraints(pattern=r"^[\w .,/%-]{1,60}$")]


class _Agreed(BaseModel):
    # What is sent beside what was agreed on is left alone.
    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)


class HelpAnswer(_Agreed):
    """An answer to a question; ``confidence_score`` from 0 to 1."""

    answer: Annotated[Advice, Field(min_length=1)]
    suggestions: Annotated[list[Line], Field(max_length=MAX_LINES)] = []
    confidence_score: Annotated[float, Field(ge=0, le=1)]


class Remark(_Agreed):
    """What is to be thought about again in one answer."""

    question_key: Annotated[str, StringConstraints(max_length=100)]
    feedback: Line
    suggestion: Line = ""
    severity: Word = "medium"


class ChallengeAnswer(_Agreed):
    """What somebody thinks of all answers of a tool."""

    overall_quality: Word | None = None
    challenges: Annotated[list[Remark], Field(max_length=MAX_LINES)] = []
    encouragement: Line = ""


AnyAnswer = TypeVar("AnyAnswer", bound=_Agreed)


def read_answer(kind: type[AnyAnswer], decoded: Any) -> AnyAnswer:
    """The answer; raises ``Unusable`` for anything else, naming what is wrong and none of it."""
    try:
        return kind.model_validate(decoded)
    except ValidationError as error:
        wrong = [f"{'.'.join(map(str, each['loc'])) or 'all of it'}: {each['type']}" for each in error.errors()[:5]]
        raise Unusable(f"it has not the shape agreed on ({'; '.join(wrong)})"[:300]) from None
