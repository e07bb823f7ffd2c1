"""The assistant that people may ask for help: what it promises, and the twin of one that is not there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from db.models.tools import Json

MAX_REMARKS = 50
"""Remarks of one challenge; what it says beyond is left out."""


class Kind(StrEnum):
    """What may be asked of it."""

    HELP = "help"
    CHALLENGE = "challenge"


class Outcome(StrEnum):
    """How a request ended."""

    ANSWERED = "answered"
    UNAVAILABLE = "unavailable"
    TIMED_OUT = "timed_out"
    UNUSABLE = "unusable"


class Unanswered(Exception):
    """It gave no answer; ``retry_after`` says in how many seconds it may be asked again."""

    def __init__(self, outcome: Outcome, retry_after: float) -> None:
        self.outcome = outcome
        self.retry_after = retry_after
        super().__init__(outcome.value)


@dataclass(frozen=True, slots=True)
class Advice:
    """An answer to a question. Texts are harmless Markdown; ``confidence`` is from 0 to 1."""

    answer: str
    suggestions: Sequence[str]
    confidence: float


@dataclass(frozen=True, slots=True)
class Remark:
    """What is to be thought about again in the answer to one question."""

    question_key: str
    feedback: str
    suggestion: str
    severity: str


@dataclass(frozen=True, slots=True)
class Criticism:
    """What it thinks of all answers of a tool."""

    overall_quality: str | None
    remarks: Sequence[Remark]
    encouragement: str


class Assistant(Protocol):
    """Answers questions about one person's work on one tool, from what it is handed and nothing else.

    ``key`` names the request. Both raise ``Unanswered``.
    """

    def can(self, kind: Kind) -> bool:
        """Whether it may be asked this at all."""

    async def help(self, background: Mapping[str, Json], key: str) -> Advice:
        """Answer the question of the background."""

    async def challenge(self, background: Mapping[str, Json], key: str) -> Criticism:
        """Say what is to be thought about again in the answers of the background."""


class NoAssistant:
    """The assistant of a server that has none."""

    def can(self, _: Kind) -> bool:
        """Nothing."""
        return False

    async def help(self, _: Mapping[str, Json], __: str) -> Advice:
        """Raises ``Unanswered``."""
        raise Unanswered(Outcome.UNAVAILABLE, 0)

    async def challenge(self, _: Mapping[str, Json], __: str) -> Criticism:
        """Raises ``Unanswered``."""
        raise Unanswered(Outcome.UNAVAILABLE, 0)


NO_ASSISTANT = NoAssistant()
