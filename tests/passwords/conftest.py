"""People with passwords, and a page that signs in with them."""

import re
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from app.mailing import Mailing
from app.serving import application
from app.settings import Settings
from tests.world import FromEverywhere, Person, World

PASSWORD = "twelve candles and a boat"
ANOTHER = "a harbour made of rain"


@dataclass(frozen=True, slots=True)
class Page:
    """A browser: it keeps cookies, and every request comes from another address."""

    client: httpx.AsyncClient

    async def post(self, path: str, bearer: str | None = None, /, **body: Any) -> httpx.Response:
        """POST of JSON below ``/api/auth``."""
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        return await self.client.post(f"/api/auth/{path}", json=body, headers=headers)

    async def login(self, email: str, password: str) -> httpx.Response:
        """Sign in."""
        return await self.post("login", email=email, password=password)

    async def knows(self, access_token: str) -> bool:
        """Whether an access token identifies somebody."""
        answer = await self.client.get("/api/auth/me", headers={"Authorization": f"Bearer {access_token}"})
        return answer.status_code == 200


@dataclass(frozen=True, slots=True)
class Passwords:
    """Gives people passwords and looks at them, past the gateway."""

    world: World
    password: str = field(default=PASSWORD, repr=False)

    async def person(self, **about: Any) -> Person:
        """Somebody new with the password."""
        person = await self.world.person(**about)
        await self.give(person, self.password)
        return person

    async def give(self, person: Person, password: str) -> None:
        """A password, as one of before was hashed."""
        hashed = await self.world.gateway.services.passwords.hash(password)
        await self.keep(person, hashed)

    async def keep(self, person: Person, hashed: str | None) -> None:
        """The hash as it is."""
        async with self.world.as_owner() as rows:
            await rows.execute(
                text("UPDATE users.accounts SET password_hash = :hash WHERE id = :id"),
                {"hash": hashed, "id": person.id},
            )

    async def hash_of(self, person: Person) -> str | None:
        """What is stored."""
        async with self.world.as_owner() as rows:
            found: str | None = await rows.scalar(
                text("SELECT password_hash FROM users.accounts WHERE id = :id"), {"id": person.id}
            )
            return found

    async def actions(self, person: Person) -> list[str]:
        """What the audit trail says of somebody, in order."""
        async with self.world.as_owner() as rows:
            found = await rows.scalars(
                text('SELECT action FROM audit.events WHERE user_id = :id ORDER BY "timestamp"'), {"id": person.id}
            )
            return list(found)


@dataclass(frozen=True, slots=True)
class Post:
    """The mails that this gateway sent, caught on their way."""

    mailing: Mailing

    async def to(self, email: str) -> list[EmailMessage]:
        """Everything for this address, oldest first, once all is sent."""
        await self.mailing.outgoing.drained()
        assert self.mailing.mailbox is not None
        return [caught.message for caught in self.mailing.mailbox.mails if caught.message["To"] == email]

    async def token(self, email: str) -> str:
        """The token in the newest mail."""
        found = re.search(r"#(\S+)", plain((await self.to(email))[-1]))
        assert found is not None
        return found[1]


def plain(message: EmailMessage) -> str:
    """What a mail says in plain text."""
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


@pytest.fixture
def mails(world: World) -> Post:
    """The mails."""
    mailer = world.gateway.services.mailer
    assert isinstance(mailer, Mailing)
    return Post(mailer)


@pytest.fixture
def passwords(world: World) -> Passwords:
    """Passwords for people."""
    return Passwords(world)


@pytest.fixture
async def page(world: World, settings: Settings) -> Any:
    """A browser that nobody has used."""
    transport = FromEverywhere(application(world.gateway, settings, world.storage), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway.test") as client:
        yield Page(client)
