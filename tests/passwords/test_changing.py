"""Changing a password: what it takes, what it ends, and which ones are accepted."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text

import resolvers
from resolvers.password_rules import accepted_name, accepted_password
from resolvers.refusals import InvalidInput
from tests.passwords.conftest import ANOTHER, PASSWORD, Page, Passwords

EMAIL, NAME = "inês.vasconcelos@caravela.example", "Inês Vasconcelos"


async def signed_in(page: Page, email: str, password: str = PASSWORD) -> str:
    """An access token."""
    token: str = (await page.login(email, password)).json()["data"]["access_token"]
    return token


async def test_a_change_ends_everything_else(passwords: Passwords, page: Page) -> None:
    """Sessions and access tokens of before are over, the new password signs in and the old one does not."""
    person = await passwords.person()
    before = await signed_in(page, person.account.email)
    stolen = page.client.cookies["refresh_token"]
    token = await signed_in(page, person.account.email)
    answer = await page.post("password", token, current_password=PASSWORD, new_password=ANOTHER)
    assert (answer.status_code, answer.json()["message"]) == (200, "Your password is changed")
    assert [await page.knows(each) for each in (before, token, person.token)] == [False] * 3
    assert await page.knows(answer.json()["data"]["access_token"])
    assert (await page.post("refresh")).status_code == 200
    assert (await page.post("refresh", refresh_token=stolen)).status_code == 401
    assert (await page.login(person.account.email, PASSWORD)).status_code == 401
    assert (await page.login(person.account.email, ANOTHER)).status_code == 200
    assert "password_changed" in await passwords.actions(person)


async def test_without_the_present_password_nothing_changes(passwords: Passwords, page: Page) -> None:
    """The problem is at the input, by its REST name; ten guesses and whoever holds the token waits."""
    person = await passwords.person()
    for _ in range(10):
        answer = await page.post("password", person.token, current_password=ANOTHER, new_password=ANOTHER)
        assert answer.status_code == 400
    assert answer.json()["details"] == [{"path": "current_password", "message": "This is not your present password."}]
    answer = await page.post("password", person.token, current_password=PASSWORD, new_password=ANOTHER)
    assert answer.status_code == 429
    assert await page.knows(person.token)


async def test_each_guess_is_in_the_audit_trail(passwords: Passwords, page: Page) -> None:
    """Though it is refused: whoever holds a stolen token leaves a trace; what they guessed does not."""
    person = await passwords.person()
    for _ in range(2):
        await page.post("password", person.token, current_password=ANOTHER, new_password=ANOTHER)
    assert await passwords.actions(person) == ["password_change_refused"] * 2
    async with passwords.world.as_owner() as rows:
        found = await rows.execute(
            text("SELECT entity_type, entity_id, changes, ip_address IS NULL FROM audit.events WHERE user_id = :id"),
            {"id": person.id},
        )
        assert set(map(tuple, found)) == {("user", person.id, None, False)}


async def test_somebody_without_password_has_none_to_change(passwords: Passwords, page: Page) -> None:
    """Their school signs them in."""
    person = await passwords.world.person()
    answer = await page.post("password", person.token, current_password="", new_password=ANOTHER)
    assert answer.status_code == 400
    assert await passwords.hash_of(person) is None


async def test_nobody_changes_nothing(page: Page) -> None:
    """A token is needed."""
    answer = await page.post("password", current_password=PASSWORD, new_password=ANOTHER)
    assert answer.status_code == 401


async def test_of_two_changes_at_once_one_wins(passwords: Passwords, page: Page) -> None:
    """The other one finds that its present password is none any more."""
    person = await passwords.person()
    answers = await asyncio.gather(
        *(
            page.post("password", person.token, current_password=PASSWORD, new_password=f"{ANOTHER} {number}")
            for number in range(4)
        )
    )
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses[0] == 200
    assert set(statuses[1:]) <= {400, 401}
    works = [(await page.login(person.account.email, f"{ANOTHER} {n}")).status_code for n in range(4)]
    assert sorted(works) == [200, 401, 401, 401]


async def test_a_password_that_is_refused_changes_nothing(passwords: Passwords, page: Page) -> None:
    """Each problem in a sentence, at the input."""
    person = await passwords.person()
    answer = await page.post("password", person.token, current_password=PASSWORD, new_password="a\tb")
    assert answer.status_code == 400
    assert [problem["path"] for problem in answer.json()["details"]] == ["new_password"] * 2
    assert (await page.login(person.account.email, PASSWORD)).status_code == 200


ACCEPTED = [
    PASSWORD,
    "z" * 4 + "bcdefgh!",
    "日本語の合言葉は長いです。",
    "🎈🎉🎁🎂🍰🕯️🥳🎊🎇🎆✨🪅",
    " leading and trailing ",
    "Tr0ub4dor&3x",
    "x7" * 3 + "k" * 122,
]


@pytest.mark.parametrize("password", ACCEPTED)
def test_any_characters_will_do(password: str) -> None:
    """Of 12 to 128, in whatever script, with spaces, without rules of composition."""
    assert accepted_password(password, "password", EMAIL, NAME)


def test_length_counts_characters_and_not_bytes() -> None:
    """128 of them, composed."""
    assert len(accepted_password("e\u0301x" * 63 + "yz", "password", EMAIL, NAME)) == 128


REFUSED: dict[str, tuple[str, str]] = {
    "empty": ("", "at least 12 characters"),
    "eleven": ("elevenchars", "at least 12 characters"),
    "129": ("ab c" * 32 + "d", "at most 128 characters"),
    "grows when composed": ("\ufdfa" * 30, "at most 128 characters"),
    "huge": ("x" * 100_000, "at most 128 characters"),
    "NUL": ("twelve candles\x00 and", "cannot be typed"),
    "a line break": ("twelve candles\n and", "cannot be typed"),
    "half a character": ("twelve candles \ud800", "cannot be typed"),
    "common": ("Password1234", "first that are guessed"),
    "common in full width": ("ｐａｓｓｗｏｒｄ１２３４", "first that are guessed"),
    "the service": ("fasttrackgraph", "first that are guessed"),
    "one key": ("aaaaaaaaaaaaaa", "first that are guessed"),
    "one piece": ("abc1abc1abc1ab", "first that are guessed"),
    "a row of keys": ("qwertyuiopasdfgh", "first that are guessed"),
    "a row backwards": ("9876543210987", "first that are guessed"),
    "the address": ("Inês.Vasconcelos@caravela.example", "your mail address or your name"),
    "the name": ("Inês Vasconcelos", "your mail address or your name"),
    "the name and little more": ("InêsVasconcelos1!", "your mail address or your name"),
}


@pytest.mark.parametrize(("password", "problem"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_guessed_first_is_refused(password: str, problem: str) -> None:
    """In a sentence, at the input."""
    with pytest.raises(InvalidInput) as refused:
        accepted_password(password, "password", EMAIL, NAME)
    assert all(each.path == "password" for each in refused.value.problems)
    assert any(problem in each.message for each in refused.value.problems), refused.value.problems


@pytest.mark.parametrize("name", ["", "   ", "n" * 256, "a\nb", "a\x00b", "x" * 100_000])
def test_a_name_that_is_none(name: str) -> None:
    """1 to 255 characters on one line."""
    with pytest.raises(InvalidInput, match="A name has 1 to 255 characters"):
        accepted_name(name, "name")


def test_the_list_of_common_passwords_fits_the_rules() -> None:
    """Hundreds, each long enough to be accepted otherwise, folded, once."""
    entries = (Path(resolvers.__file__).parent / "common_passwords.txt").read_text("utf-8").splitlines()
    assert len(entries) == len(set(entries))
    assert 100 <= len(entries) <= 1000
    assert all(12 <= len(each) <= 128 and each == each.casefold() for each in entries)
