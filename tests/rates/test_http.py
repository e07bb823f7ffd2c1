"""What a client sees of the limits: headers on every answer, 429 in each protocol's words, and whose address counts."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import httpx
import pytest

from app.serving import application, open_gateway, server_config
from app.settings import Settings
from tests.rest_shim.documented import Documented
from tests.world import Person, World

QUERY = {"query": "{ viewer { fullName } }"}
RATES = ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset")


def network() -> str:
    """The first half of an IPv6 address that no other test uses."""
    number = uuid4().int
    return f"2001:db8:{number % 65536:x}:{number // 65536 % 65536:x}"


@asynccontextmanager
async def limited(world: World, settings: Settings, **limits: Any) -> AsyncIterator["Gate"]:
    """A gateway on the same database with these limits."""
    own = settings.model_copy(update=limits)
    async with open_gateway(own, world.storage, world.catalogue) as gateway:
        config = server_config(application(gateway, own, world.storage), own)
        config.load()
        yield Gate(config.loaded_app)


class Gate:
    """Clients of one gateway. Each address is new, so that no test spends another's allowance."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self.network = network()

    async def post(self, path: str, json: Any, headers: Mapping[str, str], host: str | None = None) -> httpx.Response:
        """A request from ``host``, or from the test's own network."""
        return await self._send("POST", path, headers, host, json=json)

    async def get(self, path: str, headers: Mapping[str, str], host: str | None = None) -> httpx.Response:
        """The same, of a page."""
        return await self._send("GET", path, headers, host)

    async def _send(
        self, method: str, path: str, headers: Mapping[str, str], host: str | None, **more: Any
    ) -> httpx.Response:
        transport = httpx.ASGITransport(self._app, client=(host or f"{self.network}::1", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://gateway.test") as client:
            return await client.request(method, path, headers=headers, **more)


@pytest.fixture
async def person(world: World) -> Person:
    """Somebody with an organisation of their own."""
    return await world.person(await world.organization())


def rates(answer: httpx.Response) -> tuple[str, ...]:
    """Limit and remaining."""
    return tuple(answer.headers[name] for name in RATES[:2])


async def test_graphql_tells_what_is_left_and_then_refuses(world: World, settings: Settings, person: Person) -> None:
    """Compiled or not, valid or not; the refusal is a GraphQL answer of either media type."""
    async with limited(world, settings, rate_limit_per_user=3) as gate:
        answer = await gate.post("/graphql", QUERY, person.headers)
        assert (answer.status_code, rates(answer)) == (200, ("3", "2"))
        assert 1 <= int(answer.headers["x-ratelimit-reset"]) <= 60
        answer = await gate.post("/graphql", {"query": "{ nonsense"}, person.headers)
        assert rates(answer) == ("3", "1")
        answer = await gate.post("/graphql", {"query": "{ __typename }"}, person.headers)
        assert rates(answer) == ("3", "0")
        for accept in ("application/json", "application/graphql-response+json"):
            answer = await gate.post("/graphql", QUERY, person.headers | {"Accept": accept})
            assert answer.status_code == 429
            assert answer.headers["content-type"].startswith(accept)
            assert rates(answer) == ("3", "0")
            assert answer.headers["retry-after"] == answer.headers["x-ratelimit-reset"]
            (error,) = answer.json()["errors"]
            assert error["extensions"]["code"] == "RATE_LIMITED"
            assert error["message"].startswith("At most 3 requests in a minute; try again in ")


async def test_rest_refuses_in_the_contracts_words(
    world: World, settings: Settings, person: Person, documented: Documented
) -> None:
    """Right and wrong requests count alike, and both protocols for one."""
    async with limited(world, settings, rate_limit_per_user=3) as gate:
        assert rates(await gate.get("/api/user/progress", person.headers)) == ("3", "2")
        assert rates(await gate.get("/api/tools/nonsense", person.headers)) == ("3", "1")
        assert rates(await gate.post("/graphql", QUERY, person.headers)) == ("3", "0")
        answer = await gate.get("/api/user/progress", person.headers)
        assert answer.status_code == 429
        documented.check(answer)
        assert answer.json()["code"] == "RATE_LIMITED"


async def test_the_export_route_tells_its_own_limit(world: World, settings: Settings, person: Person) -> None:
    """Ten an hour, which is less than any number of requests a minute."""
    await world.complete(person, "woop")
    async with limited(world, settings, rate_limit_per_user=3) as gate:
        answer = await gate.get("/api/tools/woop/export", person.headers)
        assert (answer.status_code, rates(answer)) == (200, ("10", "9"))
        assert answer.headers.get_list("x-ratelimit-limit") == ["10"]


async def test_an_organisation_shares_its_limit(world: World, settings: Settings, person: Person) -> None:
    """Another one has its own."""
    colleague = await world.person(person.account.organization_id)
    stranger = await world.person(await world.organization())
    async with limited(world, settings, rate_limit_per_organization=2) as gate:
        for asker, status in ((person, 200), (colleague, 200), (person, 429), (colleague, 429), (stranger, 200)):
            assert (await gate.post("/graphql", QUERY, asker.headers)).status_code == status


async def test_without_a_valid_token_only_the_address_counts(world: World, settings: Settings, person: Person) -> None:
    """A forged token spends nothing of whom it names, and is told so as before."""
    head, _, signature = person.headers["Authorization"].rpartition(".")
    other = "A" if signature[9] != "A" else "B"  # in its middle: the last character's spare bits say nothing
    forged = {"Authorization": f"{head}.{signature[:9]}{other}{signature[10:]}"}
    async with limited(world, settings, rate_limit_per_address=3, rate_limit_per_user=2) as gate:
        answer = await gate.post("/graphql", QUERY, forged)
        assert (answer.status_code, rates(answer)) == (401, ("3", "2"))
        assert rates(await gate.get("/api/toolsave/questions?tool_slug=woop", {})) == ("3", "1")
        assert rates(await gate.post("/graphql", QUERY, person.headers)) == ("3", "0")
        assert (await gate.post("/graphql", QUERY, {})).status_code == 429
        neighbour = await gate.post("/graphql", QUERY, {}, f"{gate.network}:1:2:3:4")
        assert neighbour.status_code == 429  # the same /64
        assert (await gate.post("/graphql", QUERY, person.headers, "2001:db8::1")).status_code == 200


async def test_health_and_pages_are_not_counted(world: World, settings: Settings) -> None:
    """Whoever watches the gateway is never refused, and sees how often it refuses."""
    async with limited(world, settings, rate_limit_per_address=1) as gate:
        assert (await gate.post("/graphql", QUERY, {})).status_code == 200
        assert (await gate.post("/graphql", QUERY, {})).status_code == 429
        for path in ("/health/live", "/health/ready", "/api/health", "/graphiql"):
            answer = await gate.get(path, {})
            assert answer.status_code == 200
            assert not set(RATES) & answer.headers.keys()
        counted = (await gate.get("/api/health", {})).json()["graphql"]["rate_limits"]
        assert counted == {"refused": 1, "leases": 2, "alone": 0}


async def test_two_gateways_share_one_limit(world: World, settings: Settings, person: Person) -> None:
    """Whichever of them is asked."""
    async with (
        limited(world, settings, rate_limit_per_user=6) as one,
        limited(world, settings, rate_limit_per_user=6) as other,
    ):
        statuses = [
            (await gate.post("/graphql", QUERY, person.headers)).status_code for _ in range(6) for gate in (one, other)
        ]
    assert statuses.count(200) == 6


async def test_a_redis_counts_as_well(world: World, settings: Settings, person: Person, redis_url: str) -> None:
    """``REDIS_URL`` alone, and PostgreSQL is asked for rows only."""
    async with limited(world, settings, rate_limit_per_user=2, redis_url=redis_url) as gate:
        statuses = [(await gate.post("/graphql", QUERY, person.headers)).status_code for _ in range(4)]
    assert statuses == [200, 200, 429, 429]


async def test_a_proxy_is_believed_if_it_is_named(world: World, settings: Settings) -> None:
    """Then the last address counts that it did not add itself, and what a client claims before that is nothing."""
    proxy, stranger = "192.0.2.10", "198.51.100.10"
    async with limited(world, settings, rate_limit_per_address=2, trusted_proxies=("192.0.2.0/24",)) as gate:

        async def status(host: str, forwarded: str) -> int:
            return (await gate.post("/graphql", QUERY, {"X-Forwarded-For": forwarded}, host)).status_code

        client, other = f"{gate.network}::1", f"{network()}::1"
        assert [await status(proxy, f"{n}.2.3.4, {client}") for n in range(1, 4)] == [200, 200, 429]
        assert await status(proxy, f"{client}, {other}") == 200
        assert await status("192.0.2.11", f"{other}, 192.0.2.10") == 200
        assert await status("192.0.2.11", f"{other}, 192.0.2.10") == 429
        assert [await status(stranger, f"{n}.2.3.4") for n in range(1, 4)] == [200, 200, 429]


async def test_no_proxy_is_believed_unless_it_is_named(world: World, settings: Settings) -> None:
    """Not even one on this machine: whoever can connect could say any address."""
    async with limited(world, settings, rate_limit_per_address=2) as gate:
        statuses = [
            (await gate.post("/graphql", QUERY, {"X-Forwarded-For": f"203.0.113.{n}"}, "127.0.0.1")).status_code
            for n in range(4)
        ]
    assert statuses == [200, 200, 429, 429]
