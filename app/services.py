"""Opens what decisions may use beside the data: counters, signer, the hashing of passwords, the mailer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import timedelta

from app.assistance import open_assistant
from app.counting import open_counters
from app.development import DevelopmentSignIn
from app.files import files_of
from app.learnworlds import school_of
from app.mailing import open_mailer
from app.printing import open_printer
from app.settings import Settings
from app.storage import Storage
from db.catalogue import Catalogue
from db.database import Database
from db.notifications import Notifications
from db.statements.events import CHANNEL
from graphql_api.authentication import Tokens
from integrations.webhooks import Sender
from resolvers.live.feeds import Feeds
from resolvers.password_hashing import Argon2, PasswordHashing
from resolvers.services import Identify, Services, SessionPolicy, identify_refused


@asynccontextmanager
async def open_services(
    settings: Settings,
    storage: Storage,
    database: Database,
    tokens: Tokens,
    catalogue: Catalogue,
    stored_operations: frozenset[str] = frozenset(),
) -> AsyncIterator[Services]:
    """The services of one process; they end with the block. ``stored_operations``: what service keys may be given."""
    identify: Identify = identify_refused
    if settings.in_development and storage.owner_url:
        identify = DevelopmentSignIn(storage, database, tokens, catalogue).identify
    policy = SessionPolicy(timedelta(seconds=settings.session_idle))
    cost = Argon2(settings.argon2_memory, settings.argon2_passes)
    async with open_counters(settings, storage, database) as counters:
        with closing(PasswordHashing(cost)) as passwords:
            school = school_of(settings, catalogue)
            # The innermost: what it sends when the process stops may still have to be read.
            async with (
                open_printer(settings) as printer,
                open_mailer(settings) as mailer,
                open_assistant(settings) as assistant,
                open_feeds(storage.gateway_url) as feeds,
            ):
                yield Services(
                    counters,
                    tokens,
                    identify,
                    policy,
                    passwords,
                    mailer,
                    stored_operations,
                    school=school,
                    printer=printer,
                    assistant=assistant,
                    feeds=feeds,
                    events_kept=timedelta(days=settings.event_retention),
                    files=files_of(settings),
                    webhooks=Sender(to_loopback=settings.webhooks_to_loopback),
                )


@asynccontextmanager
async def open_feeds(url: str) -> AsyncIterator[Feeds]:
    """Feeds that hear of every commit, over a connection of their own that the first subscriber opens."""
    feeds = Feeds()
    notifications = Notifications(url, CHANNEL, feeds.heard, feeds.connected)
    feeds.listening = notifications
    try:
        yield feeds
    finally:
        await notifications.stop()
