"""Expected outcomes that are not what was asked for.

    Refusal
    ├── Locked             prerequisites are not completed
    ├── StaleVersion       someone saved in between
    ├── SourceMoved        what a value is built on changed in between
    ├── InvalidAnswers     an answer does not fit its question
    ├── MissingAnswers     required questions are not answered
    ├── InvalidTransition  the status cannot follow the present one
    ├── NotAllowed         the viewer's role may not do this
    ├── NotFound           nothing there that the viewer may see
    ├── SignInRefused      what was sent to sign in proves nobody
    ├── InvalidInput       an input of a form does not hold
    ├── ReadAfresh         a cursor that nothing can be gone on from
    ├── NotSetUp           whoever runs this server has not set it up
    ├── Busy               too much waits already
    ├── TooLarge           more than can be done in one go
    ├── NoAdvice
    │   ├── AssistantUnavailable  the assistant cannot be reached
    │   ├── AssistantTimedOut     it did not answer in time
    │   └── AssistantUnusable     it answered something else than an answer
    └── RateLimited        too often

Each message is a whole sentence that says what to do next; ``graphql_api`` maps each class to a union member once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from uuid import UUID

from db.catalogue import Field, Question, Tool
from db.models.tools import ProgressStatus, Submission, SubmissionStatus


def constant_case(name: str) -> str:
    """``StaleVersion`` → ``STALE_VERSION``: a refusal's name as programs read it."""
    return "".join(f"_{char}" if char.isupper() and index else char for index, char in enumerate(name)).upper()


class Refusal(Exception):
    """The request was understood and not carried out. ``str()`` of it is the message for a person."""


@dataclass(frozen=True, slots=True)
class MissingPrerequisite:
    """A prerequisite that is not completed, and the required values of it that are not there yet."""

    tool: Tool
    status: ProgressStatus
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class SourceVersion:
    """A source of a value: the version that was built on, and what it is now; ``None``: it has no value any more."""

    user_id: UUID
    field: Field
    version: int
    current_version: int | None

    @property
    def stale(self) -> bool:
        """Whether it has moved on, or is gone."""
        return self.version != self.current_version


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one answer: ``path`` is dotted (``data.strengths.0``), ``message`` a sentence."""

    path: str
    message: str


class Locked(Refusal):
    """The tool is locked until its prerequisites are completed."""

    def __init__(self, tool: Tool, missing: Sequence[MissingPrerequisite]) -> None:
        self.tool = tool
        self.missing = tuple(missing)
        names = ", ".join(item.tool.name for item in missing)
        super().__init__(f"{tool.name} is locked. Complete these tools first: {names}.")


class StaleVersion(Refusal):
    """The submission has changed since the version that the caller worked on; nothing was written."""

    def __init__(self, expected: int, current: Submission | None) -> None:
        self.expected_version = expected
        self.current = current
        self.current_version = current.version if current else 0
        super().__init__(
            f"You worked on version {expected}, but the current version is {self.current_version}. "
            "Merge your changes into the current data and send its version."
        )


class SourceMoved(Refusal):
    """A source has changed since the caller looked at it; nothing was confirmed."""

    def __init__(self, sources: Sequence[SourceVersion]) -> None:
        self.sources = tuple(sources)
        names = ", ".join(f"{each.field.question.label} of {each.field.tool.name}" for each in sources)
        super().__init__(f"Changed since you looked: {names}. Read what is there now and confirm again.")


class InvalidAnswers(Refusal):
    """At least one answer does not fit its question; nothing was written."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        super().__init__(f"{count} answer{'s do' if count > 1 else ' does'} not fit: see the problems.")


class MissingAnswers(Refusal):
    """Required questions are not answered."""

    def __init__(self, tool: Tool, questions: Sequence[Question]) -> None:
        self.tool = tool
        self.questions = tuple(questions)
        labels = ", ".join(question.label for question in questions)
        super().__init__(f"{tool.name} still needs an answer to: {labels}.")

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The same as one problem for each question."""
        return tuple(Problem(f"data.{q.key}", f"{q.label} is required.") for q in self.questions)


class InvalidTransition(Refusal):
    """A submission's status cannot become what was asked for from what it is."""

    def __init__(self, status: SubmissionStatus | None, advice: str) -> None:
        self.status = status
        super().__init__(advice)


class NotAllowed(Refusal):
    """Insufficient permissions"""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or type(self).__doc__)


class NotFound(Refusal):
    """There is nothing here that you may see."""


class SignInRefused(Refusal):
    """This does not sign you in. Sign in again."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or type(self).__doc__)


class InvalidInput(Refusal):
    """Something in a form cannot be accepted; nothing was written. ``problems`` name the inputs."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(problem.message for problem in problems))


class NotSetUp(Refusal):
    """This is not set up on this server. Ask whoever runs it."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or type(self).__doc__)


class Busy(Refusal):
    """So much is being done here that this would wait too long; try again soon."""

    retry_after = 10
    """Seconds."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or type(self).__doc__)


class TooLarge(Refusal):
    """This is more than can be done in one go. The message names the limit, and what to do instead."""


class ReadAfresh(Refusal):
    """What happened after this cursor is not known any more. Read what you need afresh, and listen without 'after'."""

    def __init__(self) -> None:
        super().__init__(type(self).__doc__)


class RateLimited(Refusal):
    """Too many requests of this kind; try again later."""

    def __init__(
        self, limit: int, retry_after: timedelta, reset_at: datetime, period: timedelta = timedelta(hours=1)
    ) -> None:
        self.limit = limit
        self.remaining = 0
        self.retry_after = max(1, ceil(retry_after.total_seconds()))
        self.reset_at = reset_at
        self.reset_seconds = self.retry_after
        minutes = period // timedelta(minutes=1)
        within = "an hour" if minutes == 60 else f"{minutes} minutes"
        super().__init__(f"At most {limit} in {within}; try again in {self.retry_after} seconds.")


class NoAdvice(Refusal):
    """The assistant gave no advice; ``guidance`` is what the tool itself says."""

    def __init__(self, guidance: str, because: str) -> None:
        self.guidance = guidance
        super().__init__(f"{because} Meanwhile, from the tool itself: {guidance}")


class AssistantUnavailable(NoAdvice):
    """The assistant cannot be reached just now."""

    def __init__(self, guidance: str, retry_after: float, because: str | None = None) -> None:
        self.retry_after = max(1, ceil(retry_after))
        super().__init__(guidance, because or "The assistant cannot be reached just now.")


class AssistantTimedOut(NoAdvice):
    """The assistant did not answer in time."""

    def __init__(self, guidance: str) -> None:
        super().__init__(guidance, "The assistant did not answer in time; try again later.")


class AssistantUnusable(NoAdvice):
    """The assistant answered, and not with advice."""

    def __init__(self, guidance: str) -> None:
        super().__init__(guidance, "The assistant gave no answer that can be shown; whoever runs it has to look.")


class BadArgument(Exception):
    """An argument that no data could make valid: a client's mistake, told in full (``path`` is the argument)."""

    def __init__(self, path: str, message: str) -> None:
        self.problems: tuple[Problem, ...] = (Problem(path, message),)
        super().__init__(message)


class BadArguments(BadArgument):
    """Several such arguments at once."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems[0].path, " ".join(problem.message for problem in problems))
        self.problems = tuple(problems)
