"""The REST paths called as pages call them; every answer is held against what is documented."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from tests.rest_shim.documented import Documented
from tests.world import Person


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: ``body`` is the decoded JSON."""

    status: int
    headers: httpx.Headers
    body: Any

    @property
    def data(self) -> Any:
        """What a success carries; fails on anything else."""
        assert self.status in (200, 201, 202), self.body
        assert self.body["success"] is True
        return self.body["data"]

    @property
    def paths(self) -> list[str]:
        """Where the problems of a refused request lie."""
        return [problem["path"] for problem in self.body["details"]]


class Rest:
    """A client that lets no undocumented answer pass."""

    def __init__(self, client: httpx.AsyncClient, documented: Documented) -> None:
        self._client = client
        self._documented = documented

    async def get(self, person: Person | None, path: str, **query: object) -> Reply:
        """GET with query parameters."""
        return await self.send("GET", path, person, params={key: str(value) for key, value in query.items()})

    async def post(
        self, person: Person | None, path: str, body: Mapping[str, Any] | None = None, *, if_match: str | None = None
    ) -> Reply:
        """POST of a JSON object."""
        headers = {"If-Match": if_match} if if_match is not None else {}
        return await self.send("POST", path, person, json=body, headers=headers)

    async def send(
        self,
        method: str,
        path: str,
        person: Person | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        **content: Any,
    ) -> Reply:
        """Any request; ``content`` is what ``httpx`` calls it."""
        given = (person.headers if person else {}) | dict(headers or {})
        encoded = {name.encode(): value.encode() for name, value in given.items()}
        answer = await self._client.request(method, path, headers=encoded, **content)
        self._documented.check(answer)
        return Reply(answer.status_code, answer.headers, answer.json())
