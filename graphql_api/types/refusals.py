"""Expected outcomes as types, as far as they concern no tool: each is one member that every result union shares."""

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import strawberry

from graphql_api.types.describe import computed, described, stands_for
from resolvers import refusals


@dataclass(frozen=True, slots=True)
class Refused:
    """A refusal as a resolver returns it: graphql-core raises an exception that it is given as a value."""

    refusal: refusals.Refusal

    def __getattr__(self, name: str) -> Any:
        return getattr(self.refusal, name)


async def or_refused(act: Awaitable[Any]) -> Any:
    """What was asked for, or the refusal as a member of the result union."""
    try:
        return await act
    except refusals.Refusal as refusal:
        return Refused(refusal)


def refuses(refusal: type[refusals.Refusal]) -> Any:
    """``is_type_of`` for the type that a refusal is told as."""

    def is_type_of(_: Any, source: Any, __: Any = None) -> bool:
        return isinstance(source, Refused) and isinstance(source.refusal, refusal)

    return classmethod(is_type_of)


@strawberry.interface(description="An expected outcome that is not what was asked for; nothing was written.")
class Refusal:
    """A refusal."""

    message: str = computed("What happened and what to do next.", lambda refused: str(refused.refusal))


@strawberry.type(description="What is wrong with one answer.")
class Problem:
    """A problem."""

    is_type_of = stands_for(refusals.Problem)

    path: str = described("Where, dotted: `data.strengths`.")
    message: str = described("What is wrong and what would be right.")


@strawberry.type(description="Your role may not do this, or nobody is signed in.")
class NotAllowed(Refusal):
    """NotAllowed."""

    is_type_of = refuses(refusals.NotAllowed)


@strawberry.type(description="There is nothing here that you may see.")
class NotFound(Refusal):
    """NotFound."""

    is_type_of = refuses(refusals.NotFound)


@strawberry.type(description="What was sent to sign in proves nobody; sign in again.")
class SignInRefused(Refusal):
    """SignInRefused."""

    is_type_of = refuses(refusals.SignInRefused)


@strawberry.type(description="At least one input cannot be accepted.")
class InvalidInput(Refusal):
    """InvalidInput."""

    is_type_of = refuses(refusals.InvalidInput)

    problems: list[Problem] = described("One for each input that cannot be accepted.")


@strawberry.type(description="Whoever runs this server has not set this up.")
class NotSetUp(Refusal):
    """NotSetUp."""

    is_type_of = refuses(refusals.NotSetUp)


@strawberry.type(description="So much waits already that this would wait too long.")
class Busy(Refusal):
    """Busy."""

    is_type_of = refuses(refusals.Busy)

    retry_after: int = described("Seconds until it is worth another try.")


@strawberry.type(description="More than can be done in one go; the message names the limit.")
class TooLarge(Refusal):
    """TooLarge."""

    is_type_of = refuses(refusals.TooLarge)


@strawberry.type(description="Too often within a while.")
class RateLimited(Refusal):
    """RateLimited."""

    is_type_of = refuses(refusals.RateLimited)

    limit: int = described("How often it may be done within that while; the message says how long it is.")
    remaining: int = described("How often it may still be done: 0.")
    retry_after: int = described("Seconds until it may be done again.")
    reset_at: datetime = described("When that is.")
    reset_seconds: int = described("The same in seconds from now.")
