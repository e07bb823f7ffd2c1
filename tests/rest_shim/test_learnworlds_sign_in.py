"""Signing in through LearnWorlds: what a school's signed statement opens, and everything that it does not."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from app.serving import application, open_gateway
from app.settings import Environment, Settings
from app.storage import Storage
from db.catalogue import Catalogue
from db.viewer import Role
from tests.rest_shim.rest import Rest
from tests.rest_shim.school import SSO, Pupil, signed, statement
from tests.world import World


async def test_a_newcomer_is_signed_in(visitor: Rest, world: World) -> None:
    """201 with tokens and a cookie; an account of role user with 31 tools, of which the first is open."""
    pupil = Pupil()
    answer = await visitor.post(None, SSO, statement(pupil))
    data = answer.data
    assert (answer.status, data["token_type"], data["expires_in"], data["refresh_token"]) == (201, "Bearer", 900, None)
    assert (data["user"]["email"], data["user"]["name"]) == (pupil.email, "Paula Pupil")
    assert (data["user"]["role"], data["user"]["organization_id"]) == ("user", None)
    assert answer.headers["set-cookie"].startswith("refresh_token=")
    assert "; HttpOnly; SameSite=Strict;" in answer.headers["set-cookie"]
    tools = await visitor.send("GET", "/api/tools", headers={"Authorization": f"Bearer {data['access_token']}"})
    assert len(tools.data) == 31
    assert [tool["slug"] for tool in tools.data if tool["unlocked"]] == ["woop"]
    async with world.as_owner() as rows:
        found = await rows.scalars(
            text("SELECT action FROM audit.events WHERE user_id = :id ORDER BY timestamp, action"),
            {"id": data["user"]["id"]},
        )
        assert found.all() == ["account_created", "signed_in"]


async def test_somebody_who_comes_again_is_the_same(visitor: Rest) -> None:
    """By the id at LearnWorlds: one account, the name as it is there now, the address as it was."""
    pupil = Pupil(name="Paula")
    first = (await visitor.post(None, SSO, statement(pupil))).data["user"]
    renamed = Pupil(pupil.user_id, "other-" + pupil.email, "Paula Pupil-Jones")
    second = (await visitor.post(None, SSO, statement(renamed))).data["user"]
    assert second["id"] == first["id"]
    assert (second["name"], second["email"]) == ("Paula Pupil-Jones", pupil.email)


async def test_somebody_without_a_name_is_called_after_the_address(visitor: Rest) -> None:
    """What stands before the @."""
    pupil = Pupil(name="  ")
    assert (await visitor.post(None, SSO, statement(pupil))).data["user"]["name"] == pupil.user_id


def _bit(given: dict[str, Any]) -> dict[str, Any]:
    last = "0" if given["signature"][-1] != "0" else "1"
    return given | {"signature": given["signature"][:-1] + last}


def _moved(given: dict[str, Any]) -> dict[str, Any]:
    return given | {"user_id": given["user_id"][:-1], "email": given["user_id"][-1] + given["email"]}


CHANGED: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "user_id": lambda given: given | {"user_id": given["user_id"] + "1"},
    "email": lambda given: given | {"email": "admin@acme.example"},
    "name": lambda given: given | {"name": "Somebody Else"},
    "the name's case": lambda given: given | {"name": given["name"].upper()},
    "timestamp": lambda given: given | {"timestamp": given["timestamp"] + 1},
    "timestamp with a zero": lambda given: given | {"timestamp": f"0{given['timestamp']}"},
    "values moved": _moved,
    "one bit": _bit,
    "cut": lambda given: given | {"signature": given["signature"][:-1]},
    "cut to nothing": lambda given: given | {"signature": ""},
    "longer": lambda given: given | {"signature": given["signature"] + "00"},
    "much longer": lambda given: given | {"signature": given["signature"] * 1000},
    "no hex": lambda given: given | {"signature": "z" * 64},
    "spaces": lambda given: given | {"signature": " " * 64},
    "digits of another script": lambda given: given | {"signature": "٣" * 64},
    "NUL": lambda given: given | {"signature": "\x00" * 64},
    "with the algorithm": lambda given: given | {"signature": "sha256=" + given["signature"]},
}


@pytest.mark.parametrize("change", CHANGED.values(), ids=CHANGED.keys())
async def test_what_was_changed_on_the_way_proves_nobody(
    visitor: Rest, world: World, change: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    """401, no cookie, no account."""
    pupil = Pupil()
    refused = await visitor.post(None, SSO, change(statement(pupil)))
    assert (refused.status, refused.body["code"]) == (401, "SIGN_IN_REFUSED")
    assert refused.body["message"].startswith("This sign-in is not signed by your school.")
    assert "set-cookie" not in refused.headers
    assert await _accounts(world, pupil) == 0


@pytest.mark.parametrize("signature", [None, 5, ["a"], {}, True])
async def test_a_signature_that_is_no_text_is_a_mistake(visitor: Rest, signature: Any) -> None:
    """400 with its name, never 500; and so is none at all."""
    refused = await visitor.post(None, SSO, statement(Pupil()) | {"signature": signature})
    assert (refused.status, refused.paths) == (400, ["signature"])
    given = statement(Pupil())
    del given["signature"]
    assert (await visitor.post(None, SSO, given)).status == 400


async def test_another_secret_proves_nobody(visitor: Rest) -> None:
    """Not even the right one with a space behind it."""
    for secret in ("another secret", "", statement(Pupil())["signature"]):
        assert (await visitor.post(None, SSO, statement(Pupil(), secret=secret))).status == 401


@pytest.mark.parametrize(("seconds", "status"), [(-290, 201), (290, 201), (-310, 401), (310, 401), (10**9, 401)])
async def test_a_statement_is_good_for_five_minutes(visitor: Rest, seconds: int, status: int) -> None:
    """Either way: the clocks of the school and of this server may differ that much."""
    answer = await visitor.post(None, SSO, statement(Pupil(), at=time.time() + seconds))
    assert answer.status == status
    if status == 401:
        assert answer.body["message"].startswith("This sign-in has run out. Go back to your school")


@pytest.mark.parametrize("timestamp", ["0", "-1", "1.5", "1e9", "now", "9" * 20, "٣" * 10, "", " 1"])
async def test_a_time_that_is_none_is_refused(visitor: Rest, timestamp: str) -> None:
    """Also one that the school has signed."""
    answer = await visitor.post(None, SSO, signed(Pupil(), timestamp))
    assert answer.status == (401 if timestamp in ("0", "9" * 20) else 400)


async def test_a_time_may_be_written_as_text(visitor: Rest) -> None:
    """Its digits are what is signed."""
    assert (await visitor.post(None, SSO, signed(Pupil(), str(int(time.time()))))).status == 201


@pytest.mark.parametrize("part", ["user_id", "email", "name"])
async def test_a_separator_within_a_value_is_refused(visitor: Rest, world: World, part: str) -> None:
    """The text that is signed could be cut in another way."""
    pupil = Pupil()
    changed = Pupil(**{"user_id": pupil.user_id, "email": pupil.email, "name": "P", part: f"{pupil.email}|x"})
    refused = await visitor.post(None, SSO, statement(changed))
    assert (refused.status, await _accounts(world, changed)) == (401, 0)


async def test_a_statement_works_once(visitor: Rest) -> None:
    """The second time is refused, in capital letters too."""
    given = statement(Pupil())
    assert (await visitor.post(None, SSO, given)).status == 201
    for again in (given, given | {"signature": given["signature"].upper()}):
        refused = await visitor.post(None, SSO, again)
        assert (refused.status, refused.body["code"]) == (401, "SIGN_IN_REFUSED")
        assert refused.body["message"].startswith("This sign-in has been used already.")


async def test_of_twenty_at_once_one_is_signed_in(
    world: World, storage: Storage, catalogue: Catalogue, settings: Settings
) -> None:
    """At two gateways, from addresses of their own; one account comes of it."""
    pupil = Pupil()
    given = statement(pupil)
    async with open_gateway(settings, storage, catalogue) as second:
        clients = [
            httpx.AsyncClient(
                transport=httpx.ASGITransport(application(gateway, settings, storage), client=(f"10.7.7.{number}", 1)),
                base_url="http://gateway.test",
            )
            for number, gateway in enumerate([world.gateway, second] * 10)
        ]
        answers = await asyncio.gather(*(client.post(SSO, json=given) for client in clients))
        for client in clients:
            await client.aclose()
    assert sorted(answer.status_code for answer in answers) == [201] + [401] * 19
    assert await _accounts(world, pupil) == 1


async def test_statements_of_one_newcomer_at_once_make_one_account(visitor: Rest) -> None:
    """Each is another statement, and each signs in."""
    pupil, now = Pupil(), time.time()
    answers = await asyncio.gather(*(visitor.post(None, SSO, statement(pupil, at=now - number)) for number in range(8)))
    assert [answer.status for answer in answers] == [201] * 8
    assert len({answer.data["user"]["id"] for answer in answers}) == 1


async def test_used_signatures_are_forgotten_after_a_day(visitor: Rest, world: World) -> None:
    """By those who come later; long after the statement has run out."""
    async with world.as_owner() as rows:
        await rows.execute(
            text(
                "INSERT INTO authentication.learnworlds_signatures VALUES ('old', now() - interval '25 hours'),"
                " ('young', now() - interval '23 hours')"
            )
        )
    assert (await visitor.post(None, SSO, statement(Pupil()))).status == 201
    async with world.as_owner() as rows:
        left = await rows.scalars(
            text("SELECT signature FROM authentication.learnworlds_signatures WHERE signature IN ('old', 'young')")
        )
        assert left.all() == [b"young"]


@pytest.mark.parametrize(
    ("email", "sentence"),
    [
        ("\N{KELVIN SIGN}ate@school.example", "Send the address as ASCII"),
        ("\N{CYRILLIC SMALL LETTER A}dmin@acme.example", "Send the address as ASCII"),
        ("nobody", "is no mail address"),
        ("a@b.example\x00", "is no mail address"),
    ],
)
async def test_an_address_that_looks_like_another_signs_nobody_in(visitor: Rest, email: str, sentence: str) -> None:
    """Though the school has signed it."""
    refused = await visitor.post(None, SSO, statement(Pupil(email=email)))
    assert refused.status == 401
    assert sentence in refused.body["message"]


@pytest.mark.parametrize("name", ["n" * 256, "a\x00b", "a\nb", "a\N{RIGHT-TO-LEFT OVERRIDE}b"])
async def test_a_name_that_no_person_has_signs_nobody_in(visitor: Rest, name: str) -> None:
    """Too long, or with characters that cannot be seen."""
    assert (await visitor.post(None, SSO, statement(Pupil(name=name)))).status == 401


@pytest.mark.parametrize("user_id", ["", "u" * 101, "a\x00b"])
async def test_an_id_that_is_none_signs_nobody_in(visitor: Rest, user_id: str) -> None:
    """Empty, too long, or one that PostgreSQL could not keep."""
    assert (await visitor.post(None, SSO, statement(Pupil(user_id, "somebody@ids.example")))).status == 401


async def test_names_of_all_alphabets_are_signed(visitor: Rest) -> None:
    """As UTF-8."""
    for name in ("Zoë Ångström", "山田太郎", "Ольга", "O'Neill \N{PARTY POPPER}"):
        assert (await visitor.post(None, SSO, statement(Pupil(name=name)))).data["user"]["name"] == name


async def test_an_account_is_not_taken_over_by_its_address(visitor: Rest, world: World) -> None:
    """Somebody else's, an admin's, a guru's, a deactivated one, one that has been used: none is entered or linked."""
    organization = await world.organization()
    used, barred = await world.person(organization), await world.person(organization)
    mine = Pupil()
    await visitor.post(None, SSO, statement(mine))
    taken = [mine.email, used.account.email, barred.account.email]
    taken += [(await world.person(organization, role)).account.email for role in Role if role is not Role.USER]
    async with world.as_owner() as rows:
        await rows.execute(
            text("UPDATE users.accounts SET last_login_at = now() WHERE id = :id"), {"id": used.account.id}
        )
        await rows.execute(
            text("UPDATE users.accounts SET deactivated_at = now() WHERE id = :id"), {"id": barred.account.id}
        )
    assert len(taken) == 6
    for email in taken:
        refused = await visitor.post(None, SSO, statement(Pupil(email=email)))
        assert refused.status == 401, email
        assert "that you do not enter this way" in refused.body["message"]


async def test_a_participant_who_was_never_here_is_linked(visitor: Rest, world: World) -> None:
    """An account that an operator made and nobody has used: by its address, in whatever case the school has it."""
    organization = await world.organization()
    person = await world.person(organization, name="Ina Invited")
    pupil = Pupil(email=person.account.email.upper(), name="Ina I.")
    user = (await visitor.post(None, SSO, statement(pupil))).data["user"]
    assert (user["id"], user["organization_id"], user["name"]) == (str(person.id), str(organization), "Ina Invited")
    other = await visitor.post(None, SSO, statement(Pupil(email=person.account.email)))
    assert other.status == 401


async def test_whoever_is_deactivated_stays_out(visitor: Rest, world: World) -> None:
    """Also by the school."""
    pupil, now = Pupil(), time.time()
    user = (await visitor.post(None, SSO, statement(pupil, at=now))).data["user"]
    async with world.as_owner() as rows:
        await rows.execute(text("UPDATE users.accounts SET deactivated_at = now() WHERE id = :id"), {"id": user["id"]})
    refused = await visitor.post(None, SSO, statement(pupil, at=now - 1))  # another signature, not the first again
    assert (refused.status, refused.body["message"][:27]) == (401, "This account is deactivated")


async def test_the_name_of_somebody_with_powers_stays(visitor: Rest, world: World) -> None:
    """The school names participants; admins and gurus are called what they are called here."""
    pupil = Pupil(name="Rita Riser")
    user = (await visitor.post(None, SSO, statement(pupil))).data["user"]
    async with world.as_owner() as rows:
        await rows.execute(text("UPDATE users.accounts SET role = 'guru' WHERE id = :id"), {"id": user["id"]})
    renamed = Pupil(pupil.user_id, pupil.email, "The Chief")
    assert (await visitor.post(None, SSO, statement(renamed))).data["user"]["name"] == "Rita Riser"


async def test_rules_say_which_organization_a_newcomer_joins(visitor: Rest, world: World) -> None:
    """By the whole address before its domain, by the domain itself and no domain that ends or begins like it."""
    by_domain, by_address = await world.organization("Domain"), await world.organization("Address")
    async with world.as_owner() as rows:
        await rows.execute(
            text(
                "INSERT INTO authentication.organization_rules VALUES ('domain', 'rules.example', :domain),"
                " ('address', 'freelancer@rules.example', :address), ('address', 'ann@mail.example', :address)"
            ),
            {"domain": by_domain, "address": by_address},
        )
    for email, organization in (
        ("One@Rules.example", by_domain),
        ("freelancer@rules.example", by_address),
        ("ann@mail.example", by_address),
        ("ben@mail.example", None),
        ("two@sub.rules.example", None),
        ("two@evilrules.example", None),
        ("two@rules.example.evil.example", None),
    ):
        user = (await visitor.post(None, SSO, statement(Pupil(email=email)))).data["user"]
        assert user["organization_id"] == (None if organization is None else str(organization)), email
    async with world.as_owner() as rows:
        progress = await rows.execute(
            text(
                "SELECT count(*), count(*) FILTER (WHERE p.organization_id = :domain) FROM tool_access.progress AS p"
                " JOIN users.accounts AS a ON a.id = p.user_id WHERE a.email = 'one@rules.example'"
            ),
            {"domain": by_domain},
        )
        assert tuple(progress.one()) == (31, 31)


async def test_refusals_are_in_the_trail(visitor: Rest, world: World) -> None:
    """With the reason in a word, and nothing of what was sent."""
    pupil = Pupil()
    given = statement(pupil)
    agent = f"tests {pupil.user_id}"
    for again in (given, given, given | {"name": "x"}):
        await visitor.send("POST", SSO, json=again, headers={"User-Agent": agent})
    async with world.as_owner() as rows:
        found = await rows.scalars(
            text(
                "SELECT changes FROM audit.events WHERE user_agent = :agent AND action = 'sign_in_refused'"
                " ORDER BY timestamp"
            ),
            {"agent": agent},
        )
        assert found.all() == [
            {"method": "learnworlds", "reason": "repeated"},
            {"method": "learnworlds", "reason": "signature"},
        ]


async def test_whoever_tries_too_often_has_to_wait(visitor: Rest) -> None:
    """30 refusals from one address, then 429 for a right one too."""
    for _ in range(30):
        assert (await visitor.post(None, SSO, _bit(statement(Pupil())))).status == 401
    refused = await visitor.post(None, SSO, statement(Pupil()))
    assert (refused.status, refused.body["code"]) == (429, "RATE_LIMITED")


async def test_without_a_secret_nobody_signs_in(
    world: World, storage: Storage, catalogue: Catalogue, settings: Settings
) -> None:
    """503, also for what the development secret has signed."""
    production = settings.model_copy(update={"environment": Environment.PRODUCTION, "jwt_secret": "k" * 32})
    async with open_gateway(production, storage, catalogue) as gateway:
        transport = httpx.ASGITransport(application(gateway, production, storage))
        async with httpx.AsyncClient(transport=transport, base_url="http://gateway.test") as client:
            refused = await client.post(SSO, json=statement(Pupil()))
    assert (refused.status_code, refused.json()["code"]) == (503, "NOT_SET_UP")
    assert "set-cookie" not in refused.headers


async def _accounts(world: World, pupil: Pupil) -> int:
    async with world.as_owner() as rows:
        found: int = await rows.scalar(
            text(
                "SELECT count(*) FROM users.accounts WHERE email = :email OR id IN"
                " (SELECT user_id FROM authentication.learnworlds_accounts WHERE learnworlds_id = :id)"
            ),
            {"email": pupil.email.lower(), "id": pupil.user_id},
        )
        return found
