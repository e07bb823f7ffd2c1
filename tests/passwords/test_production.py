"""Production without an SMTP server: nothing that needs mail is done halfway, and nothing of development is there."""

from collections.abc import AsyncIterator

import httpx
import pytest

from app.serving import application, open_gateway
from app.settings import Environment, Settings
from db.catalogue import Catalogue
from db.viewer import Role
from tests.passwords.conftest import ANOTHER, PASSWORD, Page, Passwords
from tests.world import FromEverywhere, World


@pytest.fixture
async def production(world: World, settings: Settings, catalogue: Catalogue) -> AsyncIterator[Page]:
    """A browser in front of such a gateway, on the same database."""
    keys = settings.signing_keys
    changed = settings.model_copy(update={"environment": Environment.PRODUCTION, "jwt_keys": keys, "explorer": False})
    async with open_gateway(changed, world.storage, catalogue) as gateway:
        transport = FromEverywhere(application(gateway, changed, world.storage), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="https://gateway.test") as client:
            yield Page(client)


async def test_what_needs_mail_is_refused_for_everybody(world: World, passwords: Passwords, production: Page) -> None:
    """In one sentence, whoever is asked for; nobody is invited to nothing."""
    person = await passwords.person()
    answers = [await production.post("forgot", email=email) for email in (person.account.email, "nobody@b.example")]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert {answer.json()["message"] for answer in answers} == {"This gateway sends no mail. Ask whoever runs it."}
    admin = await world.person(await world.organization(), Role.ADMIN)
    answer = await production.client.post(
        "/graphql",
        json={"query": 'mutation { inviteMember(email: "a@b.example", role: USER) { __typename } }'},
        headers=admin.headers,
    )
    assert answer.json()["data"]["inviteMember"] == {"__typename": "NotAllowed"}


async def test_a_password_is_changed_without_mail(passwords: Passwords, production: Page) -> None:
    """The mail that tells of it is left out."""
    person = await passwords.person()
    changed = await production.post("password", person.token, current_password=PASSWORD, new_password=ANOTHER)
    assert changed.status_code == 200
    assert (await production.login(person.account.email, ANOTHER)).status_code == 200


async def test_the_pages_of_links_are_there_and_those_of_development_are_not(production: Page) -> None:
    """Whether or not the explorer is served."""
    statuses = {
        path: (await production.client.get(path)).status_code
        for path in ("/account/reset", "/account/invitation", "/account/page.css", "/dev/mail", "/dev/mail/1")
    }
    assert statuses == {
        "/account/reset": 200,
        "/account/invitation": 200,
        "/account/page.css": 200,
        "/dev/mail": 404,
        "/dev/mail/1": 404,
    }
