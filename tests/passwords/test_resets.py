"""A forgotten password: a mail with a token that works once, and an answer that tells nothing."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.serving import now
from db.viewer import ANONYMOUS
from resolvers.password_resets import request_password_reset, reset_password
from resolvers.refusals import InvalidInput
from tests.passwords.conftest import ANOTHER, PASSWORD, Page, Passwords, Post, plain
from tests.world import World

DEAD = "This link has been used, replaced by a newer one, or is older than 30 minutes. Ask for a new one."


async def test_forgotten_and_set_anew(passwords: Passwords, page: Page, mails: Post) -> None:
    """The mail has the link; the new password signs in; every session and token of before is over; a mail says so."""
    person = await passwords.person(name="Inês Vasconcelos")
    email = person.account.email
    before = (await page.login(email, PASSWORD)).json()["data"]["access_token"]
    asked = await page.post("forgot", email=f" {email.upper()}")
    assert asked.status_code == 200
    (mail,) = await mails.to(email)
    assert (mail["Subject"], mail["From"]) == ("Set a new password", "Fast Track <no-reply@fast-track.localhost>")
    assert "Hello Inês Vasconcelos," in plain(mail)
    token = await mails.token(email)
    assert len(token) == 43
    assert f"http://127.0.0.1:8000/account/reset#{token}" in plain(mail)
    done = await page.post("reset", token=token, password=ANOTHER)
    assert (done.status_code, done.json()["message"]) == (200, "Your password is set; sign in with it")
    assert "set-cookie" not in done.headers
    assert [await page.knows(each) for each in (before, person.token)] == [False, False]
    assert (await page.post("refresh")).status_code == 401
    assert (await page.login(email, PASSWORD)).status_code == 401
    assert (await page.login(email, ANOTHER)).status_code == 200
    assert [each["Subject"] for each in await mails.to(email)] == ["Set a new password", "Your password was changed"]
    actions = await passwords.actions(person)
    assert actions[:3] == ["signed_in", "password_reset_requested", "password_reset"]


async def test_the_answer_is_the_same_for_any_address(
    world: World, passwords: Passwords, page: Page, mails: Post
) -> None:
    """To the byte, and before anything is looked up: somebody, nobody, deactivated, without password, no address."""
    known, gone, bare = await passwords.person(), await passwords.person(), await world.person()
    async with world.as_owner() as rows:
        await rows.execute(text("UPDATE users.accounts SET deactivated_at = now() WHERE id = :id"), {"id": gone.id})
    answers, sent = [], []
    for email in (
        known.account.email,
        "nobody@reset.example",
        gone.account.email,
        bare.account.email,
        "no address",
        "ñobody@reset.example",
        "a\x00b@reset.example",
        "e" * 5000,
        f"{known.account.email}\r\nBcc: me@evil.example",
    ):
        await mails.mailing.outgoing.drained()
        with world.sql() as statements:
            answer = await page.client.post(
                "/api/auth/forgot", json={"email": email}, headers={"X-Request-Id": "one", "User-Agent": "x"}
            )
            sent.append([each for each in statements if "request_password_reset" not in each][:3])
        body = answer.json()
        body["data"].pop("requested_at")
        answers.append((answer.status_code, body, sorted(answer.headers.keys()), len(answer.content)))
    assert all(answer == answers[0] for answer in answers), answers
    assert all(statements == sent[0] for statements in sent)
    assert [each["Subject"] for each in await mails.to(known.account.email)] == ["Set a new password"]
    assert await mails.to("nobody@reset.example") == []
    assert await mails.to(gone.account.email) == []
    (told,) = await mails.to(bare.account.email)
    assert told["Subject"] == "You sign in through your school"
    assert "http" not in plain(told)


async def test_nothing_is_looked_up_before_the_answer(world: World, passwords: Passwords, page: Page) -> None:
    """What depends on the account has not begun when the answer is there."""
    person = await passwords.person()
    with world.sql() as statements:
        context = await world.context(None)
        await request_password_reset(context, person.account.email)
        assert not any("request_password_reset" in each for each in statements)


async def test_a_token_works_once(passwords: Passwords, page: Page, mails: Post) -> None:
    """The second time it is dead, also for the same password."""
    person = await passwords.person()
    await page.post("forgot", email=person.account.email)
    token = await mails.token(person.account.email)
    assert (await page.post("reset", token=token, password=ANOTHER)).status_code == 200
    again = await page.post("reset", token=token, password=ANOTHER)
    assert (again.status_code, again.json()["details"]) == (400, [{"path": "token", "message": DEAD}])


async def test_of_twenty_at_once_one_wins(passwords: Passwords, page: Page, mails: Post) -> None:
    """And its password is the one that signs in."""
    person = await passwords.person()
    await page.post("forgot", email=person.account.email)
    token = await mails.token(person.account.email)
    answers = await asyncio.gather(
        *(page.post("reset", token=token, password=f"{ANOTHER} {number}") for number in range(20))
    )
    statuses = [answer.status_code for answer in answers]
    assert sorted(statuses) == [200] + [400] * 19
    winner = f"{ANOTHER} {statuses.index(200)}"
    assert (await page.login(person.account.email, winner)).status_code == 200


async def test_a_newer_token_ends_the_one_before(passwords: Passwords, page: Page, mails: Post) -> None:
    """And changing the password ends the newest."""
    person = await passwords.person()
    email = person.account.email
    tokens = []
    for _ in range(2):
        await page.post("forgot", email=email)
        tokens.append(await mails.token(email))
    assert (await page.post("reset", token=tokens[0], password=ANOTHER)).status_code == 400
    changed = await page.post("password", person.token, current_password=PASSWORD, new_password=ANOTHER)
    assert changed.status_code == 200
    assert (await page.post("reset", token=tokens[1], password=PASSWORD)).status_code == 400


async def test_a_token_runs_out(world: World, passwords: Passwords, page: Page, mails: Post) -> None:
    """After thirty minutes of the clock that is handed in."""
    person = await passwords.person()
    await page.post("forgot", email=person.account.email)
    token = await mails.token(person.account.email)
    context = await world.context(None)
    late = replace(context, clock=lambda: now() + timedelta(minutes=30))
    with pytest.raises(InvalidInput, match="older than 30 minutes"):
        await reset_password(late, token, ANOTHER)
    await reset_password(replace(context, clock=lambda: now() + timedelta(minutes=29)), token, ANOTHER)
    assert (await page.login(person.account.email, ANOTHER)).status_code == 200


async def test_a_password_that_is_refused_leaves_the_token(passwords: Passwords, page: Page, mails: Post) -> None:
    """So that the person can choose a better one; of the person's own name and address too."""
    person = await passwords.person(name="Inês Vasconcelos")
    await page.post("forgot", email=person.account.email)
    token = await mails.token(person.account.email)
    for bad in ("short", "Inês Vasconcelos", "passwordpassword"):
        answer = await page.post("reset", token=token, password=bad)
        assert answer.status_code == 400
        assert {each["path"] for each in answer.json()["details"]} == {"password"}
    assert (await page.post("reset", token=token, password=ANOTHER)).status_code == 200


async def test_a_deactivated_person_sets_nothing(world: World, passwords: Passwords, page: Page, mails: Post) -> None:
    """Also with a token of before."""
    person = await passwords.person()
    await page.post("forgot", email=person.account.email)
    token = await mails.token(person.account.email)
    async with world.as_owner() as rows:
        await rows.execute(text("UPDATE users.accounts SET deactivated_at = now() WHERE id = :id"), {"id": person.id})
    assert (await page.post("reset", token=token, password=ANOTHER)).status_code == 400


@pytest.mark.parametrize("token", ["", "A" * 43, "ü" * 20, "x" * 100_000, "a\x00b"])
async def test_a_token_of_nobody(page: Page, token: str) -> None:
    """One answer, whatever it is."""
    answer = await page.post("reset", token=token, password=ANOTHER)
    assert (answer.status_code, answer.json()["details"]) == (400, [{"path": "token", "message": DEAD}])


async def test_three_an_hour_for_one_account(passwords: Passwords, page: Page, mails: Post) -> None:
    """Whether or not there is one; further mails are not sent."""
    person = await passwords.person()
    for email in (person.account.email, f"no-{person.account.email}"):
        statuses = [(await page.post("forgot", email=email)).status_code for _ in range(4)]
        assert statuses == [200, 200, 200, 429]
    assert len(await mails.to(person.account.email)) == 3


async def test_the_database_knows_no_token_and_the_gateway_no_hash(
    world: World, passwords: Passwords, page: Page, mails: Post
) -> None:
    """Digests only; and the gateway's login may not read them, nor set a password past the functions."""
    person = await passwords.person()
    await page.post("forgot", email=person.account.email)
    token = await mails.token(person.account.email)
    async with world.as_owner() as rows:
        stored = await rows.scalar(
            text("SELECT password_resets::text FROM authentication.password_resets WHERE user_id = :id"),
            {"id": person.id},
        )
    assert stored is not None
    assert token not in stored
    for statement in (
        "SELECT digest FROM authentication.password_resets",
        "SELECT digest FROM authentication.invitations",
        "SELECT password_hash FROM users.accounts",
        "UPDATE users.accounts SET password_hash = ''",
        f"SELECT authentication.set_password('{person.id}', 'x', 'x', now())",
    ):
        with pytest.raises(Exception, match="permission denied"):
            async with world.gateway.database.transaction(ANONYMOUS) as transaction:
                await transaction.fetch(statement)


async def test_no_log_has_a_secret(
    passwords: Passwords, page: Page, mails: Post, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither tokens nor passwords, at any level."""
    caplog.set_level("DEBUG")
    person = await passwords.person()
    await page.post("forgot", email=person.account.email)
    token = await mails.token(person.account.email)
    await page.post("reset", token=token, password=ANOTHER)
    await page.login(person.account.email, ANOTHER)
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("mail.")]
    assert not [line for line in ours if token in line or ANOTHER in line]
