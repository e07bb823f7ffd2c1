"""Asks as somebody, over HTTP, and keeps what came back: status, headers, body."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, cast

import httpx
from graphql.execution.values import VariableValues

from graphql_api import global_id
from graphql_api.execution.compiled.plans import NoPlan, Operation, Plans
from graphql_api.gateway import Gateway
from resolvers.context import Context
from resolvers.refusals import BadArgument
from tests.isolation.cast import Part
from tests.isolation.marks import found_in, found_in_value
from tests.world import Person, World

REQUEST_ID = "isolation"

VARYING = ("date", "x-request-id", "content-length")
"""Headers that differ from request to request; the body has its length in itself."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request without its asker. ``sent``: what of it the answer may repeat."""

    method: str
    path: str
    json: Any = None
    params: Mapping[str, str] | None = None
    headers: Mapping[str, str] | None = None

    @property
    def sent(self) -> str:
        """Everything that the asker knows because it was sent, and what its global ids say."""
        text = json.dumps([self.path, self.json, dict(self.params or {}), dict(self.headers or {})])
        return " ".join([text, *_said(text)])

    def __str__(self) -> str:
        return f"{self.method} {self.path} {json.dumps(self.json or self.params)[:300]}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: str

    @property
    def whole(self) -> str:
        """Everything that can be read off it."""
        return f"{self.status}\n{self.headers}\n{self.body}"

    @property
    def marks(self) -> set[str]:
        """What in it may be a mark."""
        return found_in(self.body) | found_in_value(dict(self.headers))


def _said(text: str) -> Iterator[str]:
    """The keys of the global ids in a text."""
    for found in set(re.findall(r"[\w-]{40,}", text)):
        with suppress(BadArgument):
            yield global_id.decode(found)[1]


class Asking:
    """A gateway, and everybody with a token."""

    def __init__(self, world: World, people: Mapping[str, Person], keys: Mapping[str, str]) -> None:
        self.world = world
        self.asked = 0
        self._people = people
        self._keys = keys

    async def ask(self, viewer: Part, request: Request) -> Answer:
        """Send a request as this viewer."""
        self.asked += 1
        answer = await self.world.client.request(
            request.method,
            request.path,
            json=request.json,
            params=request.params,
            headers={
                "X-Request-Id": REQUEST_ID,
                **self.identity(viewer),
                **(request.headers or {}),
            },
        )
        headers = {name: value for name, value in answer.headers.items() if name not in VARYING}
        return Answer(answer.status_code, headers, _text(answer))

    def identity(self, viewer: Part) -> dict[str, str]:
        """What a viewer's requests say about who asks."""
        if viewer.asks_for:
            return {"X-Api-Key": self._keys[viewer.name], "X-On-Behalf-Of": str(self._people[viewer.asks_for].id)}
        return self._people[viewer.name].headers if viewer.role else {}

    async def context(self, viewer: Part) -> Context:
        """The context of a request of this viewer."""
        return await self.world.context(self._people.get(viewer.name))

    @contextmanager
    def on_graphql_core(self) -> Iterator[None]:
        """Inside the block no read is compiled."""
        gateway = self.world.gateway
        kept = gateway.plans
        gateway.plans = cast("Plans", _Planless(gateway))
        try:
            yield
        finally:
            gateway.plans = kept


class _Planless:
    """Finds a plan for nothing."""

    def __init__(self, gateway: Gateway) -> None:
        self.hits, self.misses = gateway.plans.hits, gateway.plans.misses

    def get(self, operation: Operation, values: VariableValues) -> NoPlan:
        """No plan, as for an operation that cannot be compiled."""
        del operation, values
        return NoPlan("the test asks for graphql-core")


def _text(answer: httpx.Response) -> str:
    return answer.content.decode("utf-8", "replace")
