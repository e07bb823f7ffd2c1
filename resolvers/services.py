"""What a decision may use beside the data: handed in by the application, each with a twin that does nothing."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol
from uuid import UUID

from db.models.identity import Account
from integrations.webhooks import Sender
from resolvers.assistant import NO_ASSISTANT, Assistant
from resolvers.counters import Counters
from resolvers.files import NO_FILES, Files
from resolvers.learnworlds.school import School
from resolvers.live.feeds import Feeds
from resolvers.mail import NO_MAILER, Mailer
from resolvers.once import Once
from resolvers.password_hashing import PasswordHashing
from resolvers.printing import NO_PRINTER, Printer
from resolvers.refusals import NotAllowed
from resolvers.signing_in import SignIn


class Signer(Protocol):
    """Makes access tokens."""

    @property
    def lifetime(self) -> timedelta:
        """How long a token is good for."""

    def sign(self, account: Account, session_id: UUID | None = None) -> str:
        """An access token for this account; with ``session_id`` one that ends with that session."""


class NoSigner:
    """The signer of a process that signs nobody in, such as the one that writes demo data."""

    lifetime = timedelta(0)

    def sign(self, account: Account, session_id: UUID | None = None) -> str:
        """Raises ``NotAllowed``."""
        raise NotAllowed(f"This process signs nobody in, {account.email} neither.")


NO_SIGNER = NoSigner()

Identify = Callable[[str | None, str | None], Awaitable[SignIn]]
"""Mail address and name in, token out; raises ``NotAllowed`` where it is not offered."""


async def identify_refused(_: str | None, __: str | None) -> SignIn:
    """The sign-in of production: there is none without proof."""
    raise NotAllowed("Identifying by mail address is for development. Sign in through your school (SSO).")


@dataclass(frozen=True, slots=True)
class SessionPolicy:
    """How long a session lasts without being used, and how long a refresh token may come again after its first use.

    The second is for a client that asks several times at once, or never got the answer; after that a token that comes
    again has been stolen.
    """

    idle: timedelta = timedelta(days=14)
    grace: timedelta = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Services:
    """Everything of this kind, for the whole life of the process."""

    counters: Counters
    signer: Signer = NO_SIGNER
    identify: Identify = identify_refused
    session_policy: SessionPolicy = SessionPolicy()
    passwords: PasswordHashing = field(default_factory=PasswordHashing)
    mailer: Mailer = NO_MAILER
    stored_operations: frozenset[str] = frozenset()
    """Ids of the documents that service keys may be given."""
    refusals_told: Once = field(default_factory=lambda: Once(timedelta(minutes=1)))
    """Which refusals are in the audit trail already, so that somebody who tries again and again does not fill it."""
    school: School = field(default_factory=School)
    printer: Printer = NO_PRINTER
    assistant: Assistant = NO_ASSISTANT
    feeds: Feeds = field(default_factory=Feeds)
    events_kept: timedelta = timedelta(days=30)
    """How long the outbox remembers what happened."""
    files: Files = NO_FILES
    webhooks: Sender = field(default_factory=Sender)
    """Sends webhooks."""
