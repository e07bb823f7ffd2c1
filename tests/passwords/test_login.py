"""Signing in with a password: who may, who may not, and that nobody learns who exists."""

import asyncio
import unicodedata
from typing import Any

import httpx
import pytest
from argon2 import PasswordHasher, extract_parameters
from sqlalchemy import text

from app.serving import application
from app.settings import Settings
from resolvers.password_hashing import ARGON2_MEMORY, ARGON2_PASSES, PasswordHashing
from tests.passwords.conftest import ANOTHER, PASSWORD, Page, Passwords
from tests.world import Person, World

REFUSED = "The mail address and the password do not belong together. Try again, or ask for a new password."


async def test_a_password_signs_in(world: World, passwords: Passwords, page: Page) -> None:
    """An access token, a refresh cookie that goes on, and who it is; written down."""
    person = await passwords.person(organization=await world.organization())
    answer = await page.login(person.account.email, PASSWORD)
    data = answer.json()["data"]
    assert answer.status_code == 200
    assert data["user"]["id"] == str(person.id)
    assert await page.knows(data["access_token"])
    assert (await page.post("refresh")).status_code == 200
    assert await passwords.actions(person) == ["signed_in"]


@pytest.mark.parametrize("spell", [str.upper, str.title, lambda email: f"  {email} "], ids=["upper", "title", "spaces"])
async def test_an_address_in_another_spelling(passwords: Passwords, page: Page, spell: Any) -> None:
    """Signs in the same person."""
    person = await passwords.person()
    assert (await page.login(spell(person.account.email), PASSWORD)).status_code == 200


async def test_a_password_typed_on_another_keyboard(passwords: Passwords, page: Page) -> None:
    """Composed or not, full width or not: the same password."""
    person = await passwords.person()
    await passwords.give(person, unicodedata.normalize("NFKC", "Ünïcödé ℌarbour 漢字"))
    for spelling in ("NFC", "NFD", "NFKC", "NFKD"):
        typed = unicodedata.normalize(spelling, "Ünïcödé ℌarbour 漢字")
        assert (await page.login(person.account.email, typed)).status_code == 200
    assert (await page.login(person.account.email, "unicode harbour 漢字")).status_code == 401


async def test_nobody_learns_who_exists(world: World, passwords: Passwords, page: Page) -> None:
    """A wrong password, an unknown address, a deactivated account and one without password: one answer, to the byte."""
    known, gone, bare = await passwords.person(), await passwords.person(), await world.person()
    async with world.as_owner() as rows:
        await rows.execute(text("UPDATE users.accounts SET deactivated_at = now() WHERE id = :id"), {"id": gone.id})
    answers = [
        await page.client.post(
            "/api/auth/login", json={"email": email, "password": password}, headers={"X-Request-Id": "one"}
        )
        for email, password in (
            (known.account.email, ANOTHER),
            ("nobody@test.example", PASSWORD),
            (gone.account.email, PASSWORD),
            (bare.account.email, PASSWORD),
            (bare.account.email, ""),
            ("no address", PASSWORD),
            ("nobody\x00@test.example", PASSWORD),
            ("ñobody@test.example", PASSWORD),
            (known.account.email, "p" * 600),
            (known.account.email, PASSWORD + "\x00"),
        )
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert len({tuple(sorted(answer.headers.items())) for answer in answers}) == 1
    assert answers[0].json()["message"] == REFUSED
    assert await passwords.actions(known) == ["sign_in_refused"] * 3


async def test_the_same_work_for_every_address(
    world: World, passwords: Passwords, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One comparison of a hash at the present cost, and the same statements, whoever is tried."""
    compared: list[tuple[Any, ...]] = []
    verify = PasswordHasher.verify

    def watched(self: PasswordHasher, stored: str, password: bytes) -> bool:
        compared.append((extract_parameters(stored), len(stored)))
        return bool(verify(self, stored, password))

    monkeypatch.setattr(PasswordHasher, "verify", watched)
    person, bare = await passwords.person(), await world.person()
    sent = []
    for email in (person.account.email, bare.account.email, "nobody@test.example", "no address"):
        with world.sql() as statements:
            assert (await page.login(email, ANOTHER)).status_code == 401
            sent.append(list(statements))
    assert len(compared) == 4
    assert all(each == compared[0] for each in compared)
    assert all(statements == sent[0] for statements in sent)


async def test_ten_failures_and_the_account_waits(passwords: Passwords, page: Page) -> None:
    """From wherever, and whether or not there is such an account; the right password has to wait as well."""
    person = await passwords.person()
    for email in (person.account.email, f"no-{person.account.email}"):
        answers = [await page.login(email, ANOTHER) for _ in range(10)]
        assert [answer.status_code for answer in answers] == [401] * 10
        refused = await page.login(email, PASSWORD)
        assert (refused.status_code, refused.json()["code"]) == (429, "RATE_LIMITED")
        assert int(refused.headers["Retry-After"]) > 0
        assert refused.headers["X-RateLimit-Limit"] == "10"


async def test_parallel_guesses_are_counted_one_by_one(passwords: Passwords, page: Page) -> None:
    """Thirty at once: ten are looked at."""
    person = await passwords.person()
    answers = await asyncio.gather(*(page.login(person.account.email, f"{ANOTHER} {n}") for n in range(30)))
    assert sorted(answer.status_code for answer in answers) == [401] * 10 + [429] * 20


async def test_a_hash_of_before_is_made_anew(world: World, passwords: Passwords, page: Page) -> None:
    """Hashed at another cost: the password still signs in, and its hash is of the present cost afterwards."""
    person = await passwords.person()
    await passwords.keep(person, PasswordHasher(time_cost=2, memory_cost=16, parallelism=2).hash(PASSWORD))
    assert (await page.login(person.account.email, ANOTHER)).status_code == 401
    before = await passwords.hash_of(person)
    assert (await page.login(person.account.email, PASSWORD)).status_code == 200
    after = await passwords.hash_of(person)
    assert before is not None
    assert after is not None
    hashing = world.gateway.services.passwords
    assert (hashing.is_outdated(before), hashing.is_outdated(after)) == (True, False)
    assert (await page.login(person.account.email, PASSWORD)).status_code == 200
    assert await passwords.hash_of(person) == after


async def test_a_hash_that_is_none_signs_nobody_in(passwords: Passwords, page: Page) -> None:
    """Whatever got into the column."""
    person = await passwords.person()
    for rubbish in ("", "x", PASSWORD, "$argon2id$v=19$m=8,t=1,p=1$AAAA$", "$2b$12$" + "a" * 53):
        await passwords.keep(person, rubbish)
        assert (await page.login(person.account.email, PASSWORD)).status_code == 401


async def test_what_a_hash_costs_outside_tests() -> None:
    """Argon2id, 19 MiB, two passes, one lane: OWASP's least. It holds, and is none of another password."""
    hashing = PasswordHashing()
    stored = await hashing.hash(PASSWORD)
    assert stored.startswith(f"$argon2id$v=19$m={ARGON2_MEMORY},t={ARGON2_PASSES},p=1$")
    assert (ARGON2_MEMORY, ARGON2_PASSES) == (19 * 1024, 2)
    assert await hashing.verify(stored, PASSWORD)
    assert not await hashing.verify(stored, ANOTHER)
    assert not await hashing.verify(None, PASSWORD)
    assert not hashing.is_outdated(stored)
    hashing.close()


@pytest.mark.parametrize(
    "body",
    [{}, {"email": "a@b.example"}, {"email": 7, "password": PASSWORD}, {"email": "a@b.example", "password": None}, []],
)
async def test_a_body_that_is_no_login(page: Page, body: Any) -> None:
    """400 in the contract's shape."""
    answer = await page.client.post("/api/auth/login", json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "BAD_REQUEST")


async def test_a_huge_password(page: Page) -> None:
    """Is nobody's below the limit of a body, and is not read beyond."""
    assert (await page.login("a@b.example", "p" * 900_000)).status_code == 401
    assert (await page.login("a@b.example", "p" * 1_100_000)).status_code == 413


async def test_graphql_says_the_same(world: World, passwords: Passwords) -> None:
    """login, as a mutation: tokens, or a member of the union."""
    person: Person = await passwords.person()
    login = """mutation ($email: String!, $password: String!) { login(email: $email, password: $password) {
      __typename ... on SignedIn { user { databaseId } } ... on Refusal { message } } }"""
    right = await world.graphql(None, login, {"email": person.account.email, "password": PASSWORD})
    wrong = await world.graphql(None, login, {"email": person.account.email, "password": ANOTHER})
    assert right.data["login"] == {"__typename": "SignedIn", "user": {"databaseId": str(person.id)}}
    assert wrong.data["login"] == {"__typename": "SignInRefused", "message": REFUSED}


async def test_thirty_failures_and_the_address_waits(world: World, passwords: Passwords, settings: Settings) -> None:
    """Whichever accounts it tries; from elsewhere they sign in as before."""
    person = await passwords.person()
    for source, statuses in (("203.0.113.77", [401] * 30 + [429]), ("203.0.113.78", [])):
        app = application(world.gateway, settings, world.storage)
        transport = httpx.ASGITransport(app, client=(source, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://gateway.test") as client:
            page = Page(client)
            found = [(await page.login(f"{n}@many.example", ANOTHER)).status_code for n in range(len(statuses))]
            assert found == statuses
            right = await page.login(person.account.email, PASSWORD)
            assert right.status_code == (429 if statuses else 200)
