"""What a decision is handed: who asks, from where, the data and the time. Nothing here reaches for more."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from db.catalogue import Catalogue
from db.database import Database
from db.models.identity import Account
from db.viewer import Viewer
from loaders import Loaders
from resolvers.refusals import NotAllowed
from resolvers.services import Services

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request came from, for the audit trail."""

    address: str | None = None
    agent: str | None = None


@dataclass(slots=True)
class RefreshCookie:
    """The refresh token as the browser keeps it: what it sent, and what it shall keep from now on.

    ``kept``: the new token, ``""`` to forget the old one, ``None`` to leave everything as it is.
    """

    sent: str | None = None
    kept: str | None = None
    keep_for: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Context:
    """One request. ``account`` is ``None`` when nobody is signed in; then every read is empty."""

    catalogue: Catalogue
    database: Database
    loaders: Loaders
    viewer: Viewer
    account: Account | None
    clock: Clock
    services: Services
    origin: Origin = Origin()
    request_id: str = ""
    refresh_cookie: RefreshCookie = field(default_factory=RefreshCookie)

    def signed_in(self) -> Account:
        """The viewer's account; raises ``NotAllowed`` when nobody is signed in."""
        if self.account is None:
            raise NotAllowed("Nobody is signed in: send a token as 'Authorization: Bearer …'.")
        return self.account
