"""What a decision is handed: who asks, from where, the data and the time. Nothing here reaches for more."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from db.catalogue import Catalogue
from db.database import Database
from db.models.identity import Account
from db.viewer import Viewer
from loaders import Loaders
from resolvers.refusals import NotAllowed
from resolvers.service_keys.scope import KeyScope
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
class Renewal:
    """How a request that lasts asks anew who asks. ``until``: when the token runs out (seconds of the epoch).

    ``ask`` gives the context of this moment, and raises where the token identifies nobody any more.
    """

    ask: Callable[[], Awaitable["Context"]]
    until: float


@dataclass(frozen=True, slots=True)
class Context:
    """One request. ``account`` is ``None`` when nobody is signed in; then every read is empty.

    ``key``: the service key that asks; ``account`` is then the person for whom it asks, and ``viewer`` that person as a
    participant, who sees their own rows alone. ``renewal``: of a request that lasts.
    """

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
    key: KeyScope | None = None
    renewal: Renewal | None = None

    def reaches(self, slug: str) -> bool:
        """Whether this tool's data is there for the request: always, unless a service key asks."""
        return self.key is None or self.key.reaches(slug)

    def signed_in(self) -> Account:
        """The viewer's account; raises ``NotAllowed`` when nobody is signed in."""
        if self.account is None:
            raise NotAllowed("Nobody is signed in: send a token as 'Authorization: Bearer …'.")
        return self.account
