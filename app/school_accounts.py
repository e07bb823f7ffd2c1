"""What the operator says about people of the school: which organisation newcomers join, whose account is whose."""

from argparse import Namespace

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.accounts import AccountError, account_id, organization_id
from app.settings import Settings
from app.storage import open_storage
from resolvers.learnworlds.signing_in import MAX_LEARNWORLDS_ID_CHARACTERS
from resolvers.mail_addresses import domain_of, normalised
from resolvers.refusals import InvalidInput


async def add_rule(given: Namespace, settings: Settings) -> int:
    """From now on, newcomers with this address or domain join the organisation."""
    kind, value = _rule(given)
    async with open_storage(settings).owner() as engine, engine.begin() as connection:
        organization = await organization_id(connection, given.organization)
        if organization is None:
            raise AccountError(f"There is no organisation {given.organization!r}.", "organization")
        await connection.execute(
            text(
                "INSERT INTO authentication.organization_rules (kind, value, organization_id)"
                " VALUES (:kind, :value, :organization)"
                " ON CONFLICT (kind, value) DO UPDATE SET organization_id = excluded.organization_id"
            ),
            {"kind": kind, "value": value, "organization": organization},
        )
    print(f"{kind} {value} joins {given.organization}")
    return 0


async def remove_rule(given: Namespace, settings: Settings) -> int:
    """Newcomers with this address or domain join nothing by it any more; whoever has joined stays."""
    kind, value = _rule(given)
    async with open_storage(settings).owner() as engine, engine.begin() as connection:
        removed = await connection.scalar(
            text("DELETE FROM authentication.organization_rules WHERE (kind, value) = (:kind, :value) RETURNING kind"),
            {"kind": kind, "value": value},
        )
    if removed is None:
        raise AccountError(f"There is no rule for the {kind} {value}.", kind)
    return 0


async def list_rules(_: Namespace, settings: Settings) -> int:
    """Print the rules, one a line."""
    async with open_storage(settings).owner() as engine, engine.connect() as connection:
        rows = await connection.execute(
            text(
                "SELECT r.kind, r.value, c.slug FROM authentication.organization_rules AS r"
                " JOIN organizations.companies AS c ON c.id = r.organization_id ORDER BY 1, 2"
            )
        )
        for row in rows:
            print(f"{row.kind:<8} {row.value:<50} {row.slug}")
    return 0


async def link_account(given: Namespace, settings: Settings) -> int:
    """Tie an account, whatever its role, to somebody at LearnWorlds."""
    async with open_storage(settings).owner() as engine, engine.begin() as connection:
        await link(connection, given.email, given.learnworlds_id)
    return 0


async def link(connection: AsyncConnection, email: str, learnworlds_id: str) -> None:
    """Whoever comes from LearnWorlds with this id enters this account, and no other.

    Raises ``AccountError`` for an account that is not there and for an id that is none or enters another one.
    """
    user_id = await account_id(connection, email)
    if user_id is None:
        raise AccountError(f"There is no account for {email}.")
    if not 0 < len(learnworlds_id) <= MAX_LEARNWORLDS_ID_CHARACTERS or not learnworlds_id.isprintable():
        raise AccountError(f"An id of LearnWorlds has 1 to {MAX_LEARNWORLDS_ID_CHARACTERS} characters.", "id")
    enters = await connection.scalar(
        text("SELECT user_id FROM authentication.learnworlds_accounts WHERE learnworlds_id = :id"),
        {"id": learnworlds_id},
    )
    if enters not in (None, user_id):
        raise AccountError(f"{learnworlds_id} enters another account already.", "id")
    await connection.execute(
        text(
            "INSERT INTO authentication.learnworlds_accounts (learnworlds_id, user_id) VALUES (:id, :user)"
            " ON CONFLICT (user_id) DO UPDATE SET learnworlds_id = excluded.learnworlds_id, linked_at = now()"
        ),
        {"id": learnworlds_id, "user": user_id},
    )


def _rule(given: Namespace) -> tuple[str, str]:
    """Kind and value; raises ``AccountError`` for what is none."""
    try:
        if given.address is not None:
            return "address", normalised(given.address)
        return "domain", domain_of(normalised(f"anybody@{given.domain}"))
    except InvalidInput as error:
        about = given.address if given.address is not None else given.domain
        raise AccountError(f"{about!r:.80} is no mail address or domain.") from error
