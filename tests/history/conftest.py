"""Saving a value over and over, and asking what it has been."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.outbox.conftest import save
from tests.world import Person, World

Asked = Callable[..., Awaitable[Any]]

__all__ = ["save"]


@pytest.fixture
def ask(world: World) -> Asked:
    """Asks as somebody; fails on any error. The answer's only field."""

    async def asked(person: Person | None, query: str, **variables: Any) -> Any:
        answer = await world.graphql(person, query, variables)
        assert not answer.errors, answer.errors
        (only,) = answer.data.values()
        return only

    return asked
