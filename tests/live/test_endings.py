"""How listening ends: with the session, with the process, with a client that does not read."""

import asyncio
import socket as network
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta

import jwt
import orjson
import pytest

from app.serving import application, now
from app.settings import Settings
from db.viewer import Role
from graphql_api.live import socket as live_socket
from graphql_api.live import sse
from graphql_api.live.streams import RESTART, Streams
from resolvers.live import following
from resolvers.refusals import SignInRefused
from resolvers.sessions import refresh_session
from resolvers.signing_in import SignIn
from tests.live.happening import unlock
from tests.live.listener import WITHIN, events, socket
from tests.live.test_listening import UNLOCKED, person_and_boss
from tests.rest_shim.serving import serving
from tests.rest_shim.test_sessions import sign_in
from tests.world import Person, World

LISTEN = "subscription { toolUnlocked { __typename ... on ToolUnlocked { tool { slug } participant { fullName } } } }"

LONG = "subscription { toolUnlocked { __typename ... on ToolUnlocked { tool { answers } } } }"

CHANGES = {
    "deactivated": "UPDATE users.accounts SET deactivated_at = now() WHERE id = '{id}'",
    "sessions ended": "UPDATE users.accounts SET tokens_valid_from = now() + interval '1 s' WHERE id = '{id}'",
    "another role": "UPDATE users.accounts SET role = 'admin' WHERE id = '{id}'",
    "another organisation": "UPDATE users.accounts SET organization_id = NULL WHERE id = '{id}'",
    "gone": "DELETE FROM users.accounts WHERE id = '{id}'",
}


@pytest.fixture
async def person(world: World) -> Person:
    """Somebody who listens."""
    return await world.person(await world.organization())


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("happens", [True, False])
async def test_who_is_nobody_any_more(
    world: World, address: str, person: Person, monkeypatch: pytest.MonkeyPatch, change: str, happens: bool
) -> None:
    """Told nothing more: at the next event, or soon if nothing happens."""
    monkeypatch.setattr(following, "RECHECK", 25.0 if happens else 0.05)
    async with socket(address, person) as mine, events(address, person, LISTEN) as others:
        await mine.ask(LISTEN)
        await mine.told()
        await others.told()
        async with world.as_owner() as owner:
            await owner.exec_driver_sql(CHANGES[change].format(id=person.id))
        if happens and change != "gone":
            await unlock(world, person, "woop")
        elif happens:
            world.gateway.services.feeds.connected()
        assert await mine.closed() == (4403, "Invalid token")
        assert await others.hear() == ("", None)


async def _signed_out(world: World, session: SignIn) -> None:
    mutation = "mutation ($token: String) { signOut(refreshToken: $token) { __typename } }"
    await world.graphql(None, mutation, {"token": session.refresh_token})


async def _revoked(world: World, session: SignIn) -> None:
    claims = jwt.decode(session.access_token, options={"verify_signature": False})
    mutation = (
        "mutation ($id: UUID) { revokeSessions(sessionId: $id) { __typename ... on SessionsRevoked { revoked } } }"
    )
    ended = await world.graphql(Person(session.account, session.access_token), mutation, {"id": claims["sid"]})
    assert ended.data["revokeSessions"] == {"__typename": "SessionsRevoked", "revoked": 1}


async def _stolen(world: World, session: SignIn) -> None:
    context = await world.context(None)
    await refresh_session(context, session.refresh_token)
    with pytest.raises(SignInRefused, match="used before"):
        await refresh_session(replace(context, clock=lambda: now() + timedelta(seconds=11)), session.refresh_token)


ENDS = {"signed out": _signed_out, "revoked": _revoked, "refresh token reused": _stolen}


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("happens", [True, False])
async def test_a_session_that_ends(
    world: World, address: str, person: Person, monkeypatch: pytest.MonkeyPatch, end: str, happens: bool
) -> None:
    """What listens with its tokens is told nothing more; another session of the same person goes on."""
    monkeypatch.setattr(following, "RECHECK", 25.0 if happens else 0.05)
    session, other = [await sign_in(world, person) for _ in range(2)]
    phone, laptop = [Person(person.account, each.access_token) for each in (session, other)]
    async with (
        socket(address, phone) as mine,
        events(address, phone, LISTEN) as others,
        socket(address, laptop) as goes_on,
    ):
        for each in (mine, goes_on):
            await each.ask(LISTEN)
            await each.told()
        await others.told()
        await ENDS[end](world, session)
        if happens:
            await unlock(world, person, "woop")
        assert await mine.closed() == (4403, "Invalid token")
        assert await others.hear() == ("", None)
        if not happens:
            await unlock(world, person, "woop")
        assert (await goes_on.told())["tool"] == {"slug": "woop"}


async def test_a_token_that_runs_out(world: World, address: str, person: Person) -> None:
    """The connection ends with it, to the second, whether or not somebody listens on it."""
    token = world.gateway.tokens.lasting(timedelta(seconds=5)).sign(person.account)
    short = Person(person.account, token)
    async with socket(address, short) as idle, socket(address, short) as mine, events(address, short, LISTEN) as others:
        await mine.ask(LISTEN)
        await mine.told()
        await others.told()
        assert await mine.closed() == (4403, "Token expired")
        assert await idle.closed() == (4403, "Token expired")
        assert await others.hear() == ("", None)


async def test_a_guru_who_looks_after_others_now(world: World, address: str) -> None:
    """What was theirs to see is not any more; that is told, and nothing else."""

    person, guru = await person_and_boss(world, Role.GURU)
    async with socket(address, guru) as mine:
        number = await mine.ask(UNLOCKED, {"organization": str(person.account.organization_id)})
        await mine.told()
        async with world.as_owner() as owner:
            await owner.exec_driver_sql(f"DELETE FROM organizations.guru_assignments WHERE user_id = '{guru.id}'")
        await unlock(world, person, "woop")
        assert (await mine.told())["__typename"] == "NotFound"
        assert await mine.hear() == {"id": number, "type": "complete"}


async def test_the_process_stops(world: World, settings: Settings, person: Person) -> None:
    """Clients are told to connect again, and the process waits for none of them."""
    streams = Streams()
    kept, world.gateway.streams = world.gateway.streams, streams
    try:
        async with AsyncExitStack() as clients, asyncio.timeout(WITHIN):
            async with serving(application(world.gateway, settings, world.storage), streams) as (host, port):
                address = f"http://{host}:{port}"
                mine = await clients.enter_async_context(socket(address, person))
                others = await clients.enter_async_context(events(address, person, LISTEN))
                await mine.ask(LISTEN)
                await mine.told()
                await others.told()
            assert await mine.closed() == RESTART
            assert await others.hear() == ("", None)
    finally:
        world.gateway.streams = kept


@pytest.fixture
async def verbose(world: World) -> Person:
    """Somebody who has written a lot: little of it fits between a server and a client that does not read."""
    person = await world.person(await world.organization())
    saved = await world.graphql(
        person,
        'mutation ($data: JSON!) { saveSubmission(tool: "woop", data: $data) { __typename } }',
        {"data": {question.key: "x" * 900_000 for question in world.catalogue.by_slug["woop"].questions[:1]}},
    )
    assert saved.data["saveSubmission"]["__typename"] == "SubmissionSaved"
    return person


async def test_one_who_never_reads(
    world: World, address: str, verbose: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Is let go after a while; everybody else is told at once, and nothing is kept for anybody."""
    monkeypatch.setattr(live_socket, "SEND_WITHIN", 0.3)
    monkeypatch.setattr(sse, "SEND_WITHIN", 0.3)
    streams = world.gateway.streams
    before = streams.count
    async with socket(address, verbose, max_queue=1) as stuck, socket(address, verbose) as mine:
        await stuck.ask(LONG)
        await stuck.told()
        stuck.connection.transport.pause_reading()
        await mine.ask(LISTEN)
        await mine.told()
        assert streams.count == before + 2
        told = 0
        while streams.count > before + 1:
            await unlock(world, verbose, "woop")
            assert (await mine.told())["tool"] == {"slug": "woop"}
            told += 1
        assert told < 1000
        stuck.connection.transport.abort()


async def test_one_stream_that_is_never_read(
    world: World, address: str, verbose: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same over server-sent events."""
    monkeypatch.setattr(sse, "SEND_WITHIN", 0.3)
    streams = world.gateway.streams
    before = streams.count
    body = orjson.dumps({"query": LONG}).decode()
    host, port = address.removeprefix("http://").split(":")
    with network.socket() as stuck:
        stuck.setsockopt(network.SOL_SOCKET, network.SO_RCVBUF, 4096)
        stuck.connect((host, int(port)))
        stuck.setblocking(False)
        loop = asyncio.get_running_loop()
        head = (
            f"POST /graphql HTTP/1.1\r\nHost: {host}:{port}\r\nAccept: text/event-stream\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
            f"Authorization: Bearer {verbose.token}\r\n\r\n"
        )
        await loop.sock_sendall(stuck, (head + body).encode())
        assert b"200 OK" in await loop.sock_recv(stuck, 1000)
        while streams.count > before:
            await unlock(world, verbose, "woop")
