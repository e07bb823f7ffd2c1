"""A request with a service key: whether the key is good, for whom it asks, and the note that it was used."""

from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from uuid import UUID

from db.database import Database
from db.statements import service_keys as sql
from db.viewer import ANONYMOUS
from resolvers.context import Origin
from resolvers.refusals import NotAllowed, SignInRefused
from resolvers.service_keys.scope import KeyScope, tools_in_reach
from resolvers.service_keys.secret import read_key

_NO_DIGEST = bytes(32)
"""What the key of nobody is compared with, so that it takes as long."""


@dataclass(frozen=True, slots=True)
class KeyUse:
    """A good key in a request that may go on. ``noted``: its use needs no note."""

    scope: KeyScope
    reachable: bool
    noted: bool

    def refuse_unreachable(self) -> None:
        """Raise ``NotAllowed`` if it asks for somebody whom it may not ask for, or who does not exist: alike."""
        if not self.reachable:
            raise NotAllowed(
                "This key may not ask for that person. Send the UUID of somebody it was made for, or was asked about,"
                " as X-On-Behalf-Of."
            )


async def identify_key(database: Database, text: str, for_user: str | None, now: datetime) -> KeyUse:
    """The key that a text is, in one statement. Raises ``SignInRefused`` for one that is not, or no longer, good."""
    key = read_key(text)
    person = _uuid(for_user)
    found = await database.reader(ANONYMOUS)(sql.FIND, key.prefix, person, now) if key else []
    row = found[0] if found else None
    right = compare_digest(key.digest if key else b"", row["digest"] if row else _NO_DIGEST)
    if row is None or not right:
        raise SignInRefused("Invalid service key")
    if row["revoked_at"] is not None:
        raise SignInRefused("This service key has been revoked. Ask an admin for another.")
    if row["expires_at"] <= now:
        raise SignInRefused("This service key has run out. Ask an admin for another.")
    scope = KeyScope(
        row["id"],
        row["organization_id"],
        frozenset(row["operations"]),
        tools_in_reach(row["tools"], row["granted"]),
        person if row["reachable"] else None,
    )
    return KeyUse(scope, for_user is None or row["reachable"], row["noted"])


async def note_use(database: Database, use: KeyUse, origin: Origin, now: datetime) -> None:
    """Remember when the key was used, at most once a minute; its first use for a person on a day is in the trail."""
    if use.noted:
        return
    async with database.transaction(ANONYMOUS) as transaction:
        await transaction.fetch(sql.NOTE_USE, use.scope.id, use.scope.person, origin.address, origin.agent, now)


async def record_key_refusal(
    database: Database, scope: KeyScope, details: dict[str, str], origin: Origin, now: datetime
) -> None:
    """Put into the audit trail that a key tried what it may not do."""
    async with database.transaction(ANONYMOUS) as transaction:
        await transaction.fetch(
            sql.RECORD, scope.id, "service_key_refused", scope.person, details, origin.address, origin.agent, now
        )


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
