"""The protocol ``graphql-transport-ws``, and that a socket is no way around what holds for requests."""

import json
from contextlib import suppress
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin, Subprotocol

from app.serving import application, open_gateway
from app.settings import Settings
from graphql_api.live import streams, websocket
from graphql_api.stored import StoredDocuments
from tests.live.happening import key_headers
from tests.live.listener import Socket, socket
from tests.rest_shim.serving import serving
from tests.world import World

LISTEN = "subscription { toolUnlocked { __typename } }"


async def refused(mine: Socket, query: str, variables: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """The first error of an operation that is not executed."""
    number = await mine.ask(query, variables, **more)
    message = await mine.hear()
    assert message["type"] == "error", message
    assert message["id"] == number
    error: dict[str, Any] = message["payload"][0]
    return error


async def test_queries(world: World, address: str) -> None:
    """Answered as over HTTP, compiled or not."""
    person = await world.person(await world.organization())
    async with socket(address, person) as mine:
        for query in ("{ viewer { email } }", "{ viewer { email ... @include(if: true) { __typename } } }"):
            number = await mine.ask(query)
            assert (await mine.told(number))["email"] == person.account.email
            assert await mine.hear() == {"id": number, "type": "complete"}


async def test_mutations_are_sent_by_post(world: World, address: str) -> None:
    """A socket changes nothing."""
    async with socket(address, await world.person()) as mine:
        error = await refused(mine, 'mutation { reopenTool(tool: "woop") { __typename } }')
    assert error["extensions"] == {"code": "METHOD_NOT_ALLOWED"}
    assert "POST" in error["message"]


async def test_what_breaks_a_rule(world: World, address: str) -> None:
    """Syntax, types, limits, costs, variables: errors of the operation; the socket goes on."""
    deep = "{ viewer " + "{ organization { members { edges { node " * 13 + "{ id }" + " } } } }" * 13 + " }"
    async with socket(address, await world.person(await world.organization())) as mine:
        for query, says in (
            ("{", "Syntax Error"),
            ("subscription { nothing }", "Cannot query field"),
            ("subscription { a: toolUnlocked { __typename } b: toolUnlocked { __typename } }", "only one top level"),
            (deep, "levels of fields"),
            ("subscription ($a: ID!) { toolUnlocked(userId: $a) { __typename } }", "$a"),
            ('subscription { fieldChanged(ids: ["no.such"]) { __typename } }', "No tool publishes"),
            (
                "subscription A { toolUnlocked { __typename } } subscription B { toolUnlocked { __typename } }",
                "operation",
            ),
            ("subscription { toolUnlocked @skip(if: true) { __typename } }", "skip"),
        ):
            error = await refused(mine, query)
            assert says in error["message"], error
            assert error["extensions"]["code"] == "BAD_USER_INPUT", error
        number = await mine.ask(LISTEN)
        assert (await mine.told(number))["__typename"] == "Listening"


async def test_an_operation_ends_when_its_client_wants(world: World, address: str) -> None:
    """Its follower goes, its id is free again."""
    feeds = world.gateway.services.feeds
    async with socket(address, await world.person()) as mine:
        before = feeds.followers
        for _ in range(2):
            await mine.say(type="subscribe", id="one", payload={"query": LISTEN})
            assert (await mine.told("one"))["__typename"] == "Listening"
            assert feeds.followers == before + 1
            await mine.say(type="complete", id="one")
            await mine.say(type="ping")
            assert await mine.hear() == {"type": "pong"}
        assert feeds.followers == before


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        ({}, "No token"),
        ({"Authorization": "Bearer x"}, "Invalid token"),
        ({"Authorization": "Basic eDp4"}, "Invalid token"),
        ({"Authorization": 7}, "No token"),
    ],
)
async def test_nobody_is_let_in_without_a_token(address: str, payload: dict[str, Any], reason: str) -> None:
    """Neither nobody nor somebody whom nobody signed."""
    async with socket(address) as mine:
        await mine.say(type="connection_init", payload=payload)
        code, told = await mine.closed()
    assert code == 4403
    assert told is not None
    assert told.startswith(reason)


async def test_a_refresh_cookie_opens_nothing(address: str) -> None:
    """Browsers send it by themselves, whichever page asks them to connect."""
    async with socket(address, additional_headers={"Cookie": "refresh_token=whatever"}) as mine:
        await mine.say(type="connection_init")
        assert (await mine.closed())[0] == 4403


async def test_the_token_of_the_handshake(world: World, address: str) -> None:
    """Programs can send it as a header."""
    person = await world.person()
    async with socket(address, additional_headers=person.headers) as mine:
        await mine.begin()
        await mine.ask("{ viewer { email } }")
        assert (await mine.told())["email"] == person.account.email


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("[]", 4400),
        ("{", 4400),
        ('"x"', 4400),
        ("{}", 4400),
        (json.dumps({"type": "nothing"}), 4400),
        (json.dumps({"type": "subscribe", "id": "", "payload": {"query": LISTEN}}), 4400),
        (json.dumps({"type": "subscribe", "id": "x" * 101, "payload": {"query": LISTEN}}), 4400),
        (json.dumps({"type": "subscribe", "id": "1"}), 4400),
        (json.dumps({"type": "subscribe", "id": "1", "payload": []}), 4400),
        (json.dumps({"type": "subscribe", "id": "1", "payload": {"query": 1}}), 4400),
        (json.dumps({"type": "subscribe", "id": "1", "payload": {"query": LISTEN, "variables": []}}), 4400),
        (json.dumps({"type": "connection_init"}), 4429),
        (b"{}", 4400),
    ],
)
async def test_what_is_no_message(world: World, address: str, said: str | bytes, code: int) -> None:
    """The connection is closed and says why."""
    async with socket(address, await world.person()) as mine:
        await mine.connection.send(said)
        assert (await mine.closed())[0] == code


async def test_two_operations_of_one_id(world: World, address: str) -> None:
    """Closed with the protocol's own code."""
    async with socket(address, await world.person()) as mine:
        for _ in range(2):
            await mine.say(type="subscribe", id="1", payload={"query": LISTEN})
        assert (await mine.closed())[0] == 4409


async def test_asking_before_being_let_in(address: str) -> None:
    """Closed with the protocol's own code."""
    async with socket(address) as mine:
        await mine.say(type="subscribe", id="1", payload={"query": LISTEN})
        assert (await mine.closed())[0] == 4401


async def test_saying_nothing(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who does not say who it is within the time is let go."""
    monkeypatch.setattr(websocket, "INIT_WITHIN", 0.05)
    async with socket(address) as mine:
        assert (await mine.closed())[0] == 4408


async def test_a_message_that_is_too_long(world: World, address: str) -> None:
    """Closed before it is read."""
    async with socket(address, await world.person()) as mine:
        with suppress(ConnectionClosed):
            await mine.say(type="ping", payload={"x": "x" * 1_100_000})
        assert (await mine.closed())[0] == 1009


async def test_too_many_operations(world: World, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One socket holds so many; the next one is refused, the others stay."""
    monkeypatch.setattr(websocket, "MAX_OPERATIONS", 2)
    async with socket(address, await world.person()) as mine:
        for number in ("1", "2"):
            await mine.ask(LISTEN)
            await mine.told(number)
        assert (await refused(mine, LISTEN))["message"] == "Subscription limit reached"


async def test_too_many_sockets(world: World, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One person holds so many, whatever others hold; and all together so many."""
    monkeypatch.setattr(streams, "MAX_STREAMS_OF_ONE", 1)
    person, other = await world.person(), await world.person()
    async with socket(address, person), socket(address, other), socket(address) as mine:
        await mine.say(type="connection_init", payload=person.headers)
        assert (await mine.closed())[0] == 1013
    async with socket(address, person):
        pass
    monkeypatch.setattr(streams, "MAX_STREAMS", 0)
    with pytest.raises(InvalidStatus) as refusal:
        async with socket(address):
            pass
    assert refusal.value.response.status_code == 429


async def test_pages_of_other_sites(world: World, address: str) -> None:
    """Browsers say which page opens a socket, and that is not theirs to change."""
    with pytest.raises(InvalidStatus) as refusal:
        async with socket(address, origin=Origin("https://elsewhere.example")):
            pass
    assert refusal.value.response.status_code == 403
    async with socket(address, await world.person(), origin=Origin(address)) as mine:
        await mine.ask("{ viewer { id } }")
        assert (await mine.hear())["type"] == "next"


async def test_other_protocols(address: str) -> None:
    """The older one, and none, are told that they are not spoken."""
    for spoken in ([Subprotocol("graphql-ws")], None):
        url = address.replace("http://", "ws://") + "/graphql"
        async with connect(url, subprotocols=spoken, proxy=None) as connection:
            await connection.wait_closed()
        assert connection.close_code == 4406


async def test_other_paths(address: str) -> None:
    """There is one place for sockets."""
    with pytest.raises(InvalidStatus) as refusal:
        async with connect(address.replace("http://", "ws://") + "/api/health", proxy=None):
            pass
    assert refusal.value.response.status_code in (403, 404)


async def test_service_keys_hold_no_socket(world: World, address: str) -> None:
    """They ask and are answered."""
    with pytest.raises(InvalidStatus) as refusal:
        async with socket(address, additional_headers=await key_headers(world)):
            pass
    assert refusal.value.response.status_code == 403


async def test_each_operation_is_a_request(world: World, settings: Settings) -> None:
    """Who may ask three times a minute may do so over a socket."""
    own = settings.model_copy(update={"rate_limit_per_user": 3})
    async with open_gateway(own, world.storage, world.catalogue) as gateway:
        app = application(gateway, own, world.storage)
        async with serving(app) as (host, port), socket(f"http://{host}:{port}", await world.person()) as mine:
            for _ in range(3):
                number = await mine.ask("{ viewer { id } }")
                await mine.told(number)
                await mine.hear()
            assert (await refused(mine, LISTEN))["extensions"] == {"code": "RATE_LIMITED"}


async def test_trusted_documents(world: World, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where only stored documents are executed, a socket executes no others; by id it does."""
    monkeypatch.setattr(world.gateway, "stored", StoredDocuments({"Unlocked": LISTEN}, only=True))
    person = await world.person()
    async with socket(address, person) as mine:
        error = await refused(mine, "subscription { staleChanged { __typename } }")
        assert error["extensions"]["code"] == "QUERY_NOT_IN_SAFELIST"
        await mine.say(type="subscribe", id="9", payload={"documentId": "Unlocked"})
        assert (await mine.told("9"))["__typename"] == "Listening"


async def test_introspection_is_for_those_who_may(world: World, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As over HTTP, also beside a subscription."""
    monkeypatch.setattr(world.gateway, "open_schema", False)
    beside = f"{LISTEN.replace('subscription', 'subscription A')} query B {{ __schema {{ queryType {{ name }} }} }}"
    async with socket(address, await world.person()) as mine:
        error = await refused(mine, beside, operationName="A")
        assert error["extensions"]["code"] == "NOT_ALLOWED"
