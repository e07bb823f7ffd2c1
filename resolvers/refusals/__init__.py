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
from datetime import datetime, timedelta
from math import ceil

from resolvers.refusals.assistance import AssistantTimedOut, AssistantUnavailable, AssistantUnusable, NoAdvice
from resolvers.refusals.base import Problem, Refusal, constant_case
from resolvers.refusals.work import (
    InvalidAnswers,
    InvalidTransition,
    Locked,
    MissingAnswers,
    MissingPrerequisite,
    SourceMoved,
    SourceVersion,
    StaleVersion,
)


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


__all__ = [
    "AssistantTimedOut",
    "AssistantUnavailable",
    "AssistantUnusable",
    "BadArgument",
    "BadArguments",
    "Busy",
    "InvalidAnswers",
    "InvalidInput",
    "InvalidTransition",
    "Locked",
    "MissingAnswers",
    "MissingPrerequisite",
    "NoAdvice",
    "NotAllowed",
    "NotFound",
    "NotSetUp",
    "Problem",
    "RateLimited",
    "ReadAfresh",
    "Refusal",
    "SignInRefused",
    "SourceMoved",
    "SourceVersion",
    "StaleVersion",
    "TooLarge",
    "constant_case",
]
