"""Staying signed in over REST: a cookie that pages cannot read, tokens used once, sessions that can be ended."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import jwt
import pytest
from sqlalchemy import text

from app.serving import application, now
from app.settings import Settings
from db.viewer import Role
from graphql_api.gateway import Gateway
from resolvers.context import Clock
from resolvers.services import SessionPolicy
from resolvers.sessions import SignInMethod, refresh_session, start_session
from resolvers.signing_in import SignIn
from tests.world import Person, World

REFRESH, LOGOUT, ME = "/api/auth/refresh", "/api/auth/logout", "/api/auth/me"


@dataclass(frozen=True, slots=True)
class Browser:
    """A browser of somebody who has signed in."""

    person: Person
    client: httpx.AsyncClient

    @property
    def cookie(self) -> str | None:
        """The refresh token that it keeps."""
        return self.client.cookies.get("refresh_token")

    async def refresh(self, token: str | None = None) -> httpx.Response:
        """Ask for the next token, with the cookie as it is or with another one in its place."""
        if token is not None:
            self.client.cookies.set("refresh_token", token, domain="gateway.test")
        return await self.client.post(REFRESH, json={})

    async def sees_itself(self, access_token: str) -> int:
        """The status of asking who is signed in."""
        return (await self.client.get(ME, headers={"Authorization": f"Bearer {access_token}"})).status_code


async def sign_in(world: World, person: Person, *, in_cookie: bool = False) -> SignIn:
    """A session as any way of signing in begins it."""
    context = await world.context(None)
    return await start_session(context, person.id, SignInMethod.PASSWORD, in_cookie=in_cookie)


@pytest.fixture
async def browser(world: World, settings: Settings) -> AsyncIterator[Browser]:
    """Somebody of an organisation of their own, signed in."""
    person = await world.person(await world.organization())
    transport = httpx.ASGITransport(application(world.gateway, settings, world.storage))
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway.test") as client:
        signed_in = await sign_in(world, person)
        assert signed_in.refresh_token
        client.cookies.set("refresh_token", signed_in.refresh_token, domain="gateway.test")
        yield Browser(person, client)


async def test_refresh_gives_new_tokens(browser: Browser) -> None:
    """Both: one in the body that works, one in a cookie that no script and no other site gets hold of."""
    before = browser.cookie
    answer = await browser.refresh()
    data = answer.json()["data"]
    assert (answer.status_code, data["token_type"], data["expires_in"]) == (200, "Bearer", 900)
    assert (data["user"]["email"], data["refresh_token"]) == (browser.person.account.email, None)
    assert await browser.sees_itself(data["access_token"]) == 200
    header = answer.headers["set-cookie"]
    assert browser.cookie not in (None, before)
    assert header.endswith("; Path=/; HttpOnly; SameSite=Strict; Max-Age=1209600")
    assert browser.cookie not in answer.text


async def test_a_token_in_the_body_is_answered_in_the_body(world: World) -> None:
    """For clients without cookies; no cookie is set."""
    person = await world.person()
    first = (await sign_in(world, person)).refresh_token
    answer = await world.client.post(REFRESH, json={"refresh_token": first})
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    second = answer.json()["data"]["refresh_token"]
    assert second not in (None, first)
    assert (await world.client.post(REFRESH, json={"refresh_token": second})).status_code == 200


async def test_a_token_that_comes_again_later_ends_the_session(world: World) -> None:
    """Somebody else has it: neither the thief nor the owner goes on, the cookie is cleared, the trail says so."""
    person = await world.person(await world.organization())
    stolen = (await sign_in(world, person)).refresh_token
    context = await world.context(None)
    impatient = replace(context, services=replace(context.services, session_policy=SessionPolicy(grace=-timedelta(1))))
    owner = await refresh_session(impatient, stolen)
    answer = await world.client.post(REFRESH, json={"refresh_token": stolen})
    assert answer.status_code == 200  # within the grace period: a client that never got the first answer
    thief = replace(impatient, clock=lambda: now() + timedelta(seconds=11))
    with pytest.raises(Exception, match="used before"):
        await refresh_session(thief, stolen)
    answer = await world.client.post(REFRESH, json={}, headers={"Cookie": f"refresh_token={owner.refresh_token}"})
    assert (answer.status_code, answer.json()["code"]) == (401, "SIGN_IN_REFUSED")
    assert "refresh_token=; " in answer.headers["set-cookie"]
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert await _actions(world, person) == ["signed_in", "refresh_token_reused"]


async def test_a_thief_loses_the_access_token_too(world: World) -> None:
    """With the session that a refresh token which came again has ended, at once; another session goes on."""
    person = await world.person(await world.organization())
    first, other = [await sign_in(world, person) for _ in range(2)]
    context = await world.context(None)
    second = await refresh_session(context, first.refresh_token)
    thief = replace(context, clock=lambda: now() + timedelta(seconds=11))
    assert [await _statuses(world, each) for each in (first, second)] == [[200] * 3] * 2
    with pytest.raises(Exception, match="used before"):
        await refresh_session(thief, first.refresh_token)
    assert [await _statuses(world, each) for each in (first, second)] == [[401] * 3] * 2
    assert await _statuses(world, other) == [200] * 3


async def _statuses(world: World, signed_in: SignIn) -> list[int]:
    """What the access token is answered with: a read that is compiled, one that is not, a REST path."""
    headers = {"Authorization": f"Bearer {signed_in.access_token}"}
    answers = [
        await world.client.post("/graphql", json={"query": query}, headers=headers)
        for query in ("{ viewer { fullName } }", "{ viewer { fullName } sessions { method } }")
    ]
    answers.append(await world.client.get(ME, headers=headers))
    return [answer.status_code for answer in answers]


async def test_twenty_at_once_arrive_at_one_token(world: World, browser: Browser) -> None:
    """One rotation for twenty parallel requests: everybody has the same next token, nobody is locked out."""
    token = browser.cookie
    answers = await asyncio.gather(*(world.client.post(REFRESH, json={"refresh_token": token}) for _ in range(20)))
    assert [answer.status_code for answer in answers] == [200] * 20
    successors = {answer.json()["data"]["refresh_token"] for answer in answers}
    assert len(successors) == 1
    async with world.as_owner() as rows:
        tokens = await rows.scalar(
            text(
                "SELECT count(*) FROM authentication.refresh_tokens JOIN authentication.sessions AS s"
                " ON s.id = session_id WHERE user_id = :id"
            ),
            {"id": browser.person.id},
        )
    assert tokens == 2
    assert (await browser.refresh(successors.pop())).status_code == 200


@pytest.mark.parametrize("token", ["", "A" * 43, "ü" * 20, "x" * 10_000, "a\x00b", "null"])
async def test_a_token_of_nobody(world: World, token: str) -> None:
    """401 whatever it is, and nothing that tells one from another but what can be seen in it."""
    answer = await world.client.post(REFRESH, json={"refresh_token": token})
    assert (answer.status_code, answer.json()["code"]) == (401, "SIGN_IN_REFUSED")


async def test_nothing_sent(world: World) -> None:
    """Neither cookie nor body: 401, and what to do."""
    answer = await world.client.post(REFRESH, json={})
    assert (answer.status_code, answer.json()["message"]) == (401, "No refresh token was sent. Sign in again.")


async def test_logout_ends_the_session(browser: Browser) -> None:
    """The cookie is cleared, and its token gives nothing more; signing out once more is no mistake."""
    token = browser.cookie
    answer = await browser.client.post(LOGOUT, json={})
    assert (answer.status_code, browser.cookie) == (200, None)
    assert (await browser.refresh(token)).status_code == 401
    assert (await browser.client.post(LOGOUT, json={})).status_code == 200


async def test_logout_ends_the_access_token(world: World) -> None:
    """Of that session, wherever it went; not those of another session, nor one that belongs to none."""
    person = await world.person()
    phone, laptop = [await sign_in(world, person) for _ in range(2)]
    assert [await _statuses(world, each) for each in (phone, laptop)] == [[200] * 3] * 2
    await world.client.post(LOGOUT, json={"refresh_token": phone.refresh_token})
    assert [await _statuses(world, each) for each in (phone, laptop)] == [[401] * 3, [200] * 3]
    assert (await world.client.get(ME, headers=person.headers)).status_code == 200


async def test_a_token_of_anothers_session(world: World) -> None:
    """Identifies nobody, though the session is open."""
    ann, bob = await world.person(), await world.person()
    session = jwt.decode((await sign_in(world, bob)).access_token, options={"verify_signature": False})["sid"]
    token = world.gateway.tokens.sign(ann.account, UUID(session))
    assert await _statuses(world, SignIn(ann.account, token, 900)) == [401] * 3


async def test_an_unused_session_is_over(world: World) -> None:
    """After fourteen days without a refresh; and after six times that in any case."""
    token = (await sign_in(world, await world.person())).refresh_token
    context = await world.context(None)
    for day in range(13, 85, 13):
        later = replace(context, clock=_in_days(day))
        token = (await refresh_session(later, token)).refresh_token
    for days in (84.5, 100):
        later = replace(context, clock=_in_days(days))
        with pytest.raises(Exception, match="The session is over"):
            await refresh_session(later, token)


def _in_days(days: float) -> Clock:
    return lambda: now() + timedelta(days=days)


SESSIONS = "query ($of: ID) { sessions(userId: $of) { databaseId method address agent } }"
REVOKE = """mutation ($of: ID, $session: UUID) {
  revokeSessions(userId: $of, sessionId: $session) { __typename ... on SessionsRevoked { revoked } }
}"""


async def _sessions(world: World, viewer: Person, of: Person | None = None) -> Any:
    return (await world.graphql(viewer, SESSIONS, {"of": str(of.id) if of else None})).data["sessions"]


async def test_sessions_are_listed_and_ended_one_by_one(world: World) -> None:
    """Each with where it came from; the one that is ended gives no more tokens and takes none, the other goes on."""
    person = await world.person()
    phone, laptop = [await sign_in(world, person) for _ in range(2)]
    found = await _sessions(world, person)
    assert [(each["method"], each["address"]) for each in found] == [("password", "127.0.0.1")] * 2
    ended = await world.graphql(person, REVOKE, {"session": found[0]["databaseId"]})  # the latest: the laptop's
    assert ended.data["revokeSessions"] == {"__typename": "SessionsRevoked", "revoked": 1}
    assert [each["databaseId"] for each in await _sessions(world, person)] == [found[1]["databaseId"]]
    statuses = [
        (await world.client.post(REFRESH, json={"refresh_token": each.refresh_token})).status_code
        for each in (phone, laptop)
    ]
    assert statuses == [200, 401]
    assert [await _statuses(world, each) for each in (phone, laptop)] == [[200] * 3, [401] * 3]


async def test_ending_all_sessions_ends_access_tokens_at_once(world: World) -> None:
    """Signed out everywhere: compiled and other reads say 401, and a new sign-in works in the same second."""
    person = await world.person()
    old = await sign_in(world, person)
    await world.graphql(person, REVOKE)
    for query in ("{ viewer { fullName } }", "{ viewer { fullName } sessions { method } }"):
        refused = await world.client.post(
            "/graphql", json={"query": query}, headers={"Authorization": f"Bearer {old.access_token}"}
        )
        assert refused.status_code == 401
    again = await sign_in(world, person)
    answer = await world.client.get(ME, headers={"Authorization": f"Bearer {again.access_token}"})
    assert answer.status_code == 200


async def test_whose_sessions_are_whose(world: World) -> None:
    """An admin sees and ends those of their people; nobody else's, and a participant their own only."""
    house, other = await world.organization(), await world.organization()
    ann, bob = await world.person(house), await world.person(house)
    admin, stranger = await world.person(house, Role.ADMIN), await world.person(other, Role.ADMIN)
    await sign_in(world, ann)
    assert len(await _sessions(world, admin, ann)) == 1
    for viewer in (bob, stranger):
        assert await _sessions(world, viewer, ann) == []
        refused = await world.graphql(viewer, REVOKE, {"of": str(ann.id)})
        assert refused.data["revokeSessions"]["__typename"] == "NotFound"
    assert len(await _sessions(world, ann)) == 1
    ended = await world.graphql(admin, REVOKE, {"of": str(ann.id)})
    assert ended.data["revokeSessions"]["revoked"] == 1


async def test_a_guru_ends_nobodys_sessions_but_their_own(world: World) -> None:
    """They see the person, and are refused before anything is written; the admin of the organisation may."""
    house = await world.organization()
    ann, guru, admin = [await world.person(house, role) for role in (Role.USER, Role.GURU, Role.ADMIN)]
    session = await sign_in(world, ann)
    own = await sign_in(world, guru)
    found = (await _sessions(world, ann))[0]["databaseId"]
    for given in ({}, {"session": found}):
        refused = await world.graphql(guru, REVOKE, {"of": str(ann.id), **given})
        assert refused.data["revokeSessions"]["__typename"] == "NotAllowed"
    assert await _actions(world, guru) == ["signed_in", "refused"]
    assert await _statuses(world, session) == [200] * 3
    ended = await world.graphql(guru, REVOKE)
    assert ended.data["revokeSessions"] == {"__typename": "SessionsRevoked", "revoked": 1}
    assert await _statuses(world, own) == [401] * 3
    ended = await world.graphql(admin, REVOKE, {"of": str(ann.id)})
    assert ended.data["revokeSessions"] == {"__typename": "SessionsRevoked", "revoked": 1}
    assert await _actions(world, admin) == ["sessions_revoked"]
    assert await _statuses(world, session) == [401] * 3


async def _actions(world: World, person: Person) -> list[str]:
    """What the audit trail says that somebody did, in order."""
    async with world.as_owner() as rows:
        found = await rows.scalars(
            text("SELECT action FROM audit.events WHERE user_id = :id ORDER BY timestamp"), {"id": person.id}
        )
        return list(found)


async def test_a_deactivated_person_is_nobody(world: World) -> None:
    """Their token stops at once, their session gives no other, and they cannot begin a new one."""
    person = await world.person(await world.organization())
    session = await sign_in(world, person)
    async with world.as_owner() as rows:
        await rows.execute(text("UPDATE users.accounts SET deactivated_at = now() WHERE id = :id"), {"id": person.id})
    assert (await world.client.get(ME, headers=person.headers)).status_code == 401
    answer = await world.client.post(REFRESH, json={"refresh_token": session.refresh_token})
    assert (answer.status_code, answer.json()["code"]) == (401, "SIGN_IN_REFUSED")
    with pytest.raises(Exception, match="deactivated"):
        await sign_in(world, person)


async def test_anyone_can_verify_our_tokens(world: World, gateway: Gateway) -> None:
    """The key set holds public halves only, and verifies a token by the id that the token names."""
    person = await world.person()
    answer = await world.client.get("/.well-known/jwks.json")
    assert answer.headers["cache-control"] == "public, max-age=300"
    (entry,) = answer.json()["keys"]
    assert entry.keys() == {"kty", "crv", "x", "y", "kid", "alg", "use"}
    token = gateway.tokens.sign(person.account)
    assert jwt.get_unverified_header(token)["kid"] == entry["kid"]
    claims = jwt.decode(token, jwt.PyJWK(entry), algorithms=["ES256"], issuer="fast-track-graph")
    assert claims.keys() == {"iss", "sub", "id", "email", "role", "organization_id", "iat", "exp", "jti"}
    assert abs(claims["iat"] - time.time()) < 60
