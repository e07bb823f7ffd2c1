"""What an operator says about people of the school, by commands."""

import pytest

from app.accounts import AccountError
from app.school_accounts import link
from tests.app.conftest import Shell
from tests.rest_shim.school import SSO, Pupil, statement
from tests.world import World

RULES = [
    (["--domain", "Joiners.example"], "domain   joiners.example"),
    (["--address", "Freya@Mail.example"], "address  freya@mail.example"),
]


@pytest.mark.parametrize(("given", "line"), RULES)
def test_rules_are_added_listed_and_removed(operator: Shell, given: list[str], line: str) -> None:
    """One a line; the second rule for the same takes the place of the first."""
    for slug in ("rules-one", "rules-two"):
        operator.run("user", "add", "--email", f"boss@{slug}.example", "--name", "Boss", "--organization", slug)
        assert operator.run("rules", "add", *given, "--organization", slug).status == 0
    listed = [found for found in operator.run("rules", "list").out.splitlines() if found.startswith(line)]
    assert [found.split()[-1] for found in listed] == ["rules-two"]
    assert operator.run("rules", "remove", *given).status == 0
    again = operator.run("rules", "remove", *given)
    assert (again.status, again.err.startswith("There is no rule for the ")) == (1, True)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (["--domain", "joiners.example"], "There is no organisation 'nowhere'."),
        (
            ["--domain", "@joiners.example"],
            "'@joiners.example' is no mail address or domain.",
        ),
        (["--domain", "\N{KELVIN SIGN}.example"], "'\N{KELVIN SIGN}.example' is no mail"),
        (
            ["--address", "joiners.example"],
            "'joiners.example' is no mail address or domain.",
        ),
    ],
)
def test_a_rule_that_is_none_is_refused(operator: Shell, given: list[str], sentence: str) -> None:
    """In one sentence, with status 1."""
    printed = operator.run("rules", "add", *given, "--organization", "nowhere")
    assert (printed.status, printed.out) == (1, "")
    assert printed.err.startswith(sentence)


def test_linking_somebody_who_is_not_there_is_refused(operator: Shell) -> None:
    """With the address."""
    printed = operator.run("user", "link", "--email", "nobody@one.example", "--learnworlds-id", "lw-1")
    assert (printed.status, printed.err) == (1, "There is no account for nobody@one.example.\n")


async def test_an_account_of_any_role_is_tied_to_one_person(world: World) -> None:
    """Who then enters it by the school, whatever the address is there; nobody else is tied to it in passing."""
    first, second = await world.person(), await world.person()
    pupil = Pupil(email="elsewhere@other.example")
    async with world.as_owner() as owner:
        await link(owner, first.account.email, "an older id")
        await link(owner, first.account.email, pupil.user_id)
        await link(owner, first.account.email, pupil.user_id)
        with pytest.raises(AccountError, match="enters another account already"):
            await link(owner, second.account.email, pupil.user_id)
        with pytest.raises(AccountError, match="1 to 100 characters"):
            await link(owner, second.account.email, "")
    answer = await world.client.post(SSO, json=statement(pupil))
    assert answer.json()["data"]["user"]["id"] == str(first.id)
