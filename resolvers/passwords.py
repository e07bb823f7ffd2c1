"""Signing in with a password, and changing it."""

from dataclasses import dataclass
from uuid import UUID

from db.statements import passwords as sql
from db.viewer import ANONYMOUS
from resolvers.auditing import record_event, record_unauthenticated
from resolvers.context import Context
from resolvers.mail import Letter, LetterKind, post
from resolvers.mail_addresses import normalised
from resolvers.password_rules import accepted_password, normalised_password
from resolvers.refusals import InvalidInput, Problem, SignInRefused
from resolvers.sessions import SignInMethod, start_session
from resolvers.signing_in import SignIn
from resolvers.throttling import SIGN_IN, attempting


class WrongPassword(SignInRefused):
    """The mail address and the password do not belong together. Try again, or ask for a new password."""


@dataclass(frozen=True, slots=True)
class _Stored:
    """What there is to compare a password with; nothing for an address without one."""

    user_id: UUID | None = None
    password_hash: str | None = None


async def sign_in_with_password(context: Context, email: str, password: str) -> SignIn:
    """Begin a session for whoever has this address and password.

    Raises ``WrongPassword``, in the same words after the same work, for a wrong password, an address that nobody has,
    an account that is deactivated, and one without password; ``RateLimited`` after too many of them.
    """
    async with attempting(context, SIGN_IN, email) as attempt:
        stored = await _stored(context, email)
        if not await _is_right(context, stored, password):
            await record_unauthenticated(context, "sign_in_refused", stored.user_id, {"method": "password"})
            raise WrongPassword
        assert stored.user_id is not None
        attempt.succeeded()
    await _rehash(context, stored, password)
    return await start_session(context, stored.user_id, SignInMethod.PASSWORD)


async def change_password(context: Context, current: str, new: str) -> SignIn:
    """Set a new password for the viewer, who proves to know the present one. Every session and access token ends; the
    answer is a new session. A mail tells the person.

    Raises ``NotAllowed``, ``RateLimited``, and ``InvalidInput`` at ``currentPassword`` or ``newPassword``.
    """
    account = context.signed_in()
    async with attempting(context, SIGN_IN, account.email) as attempt:
        stored = await _stored(context, account.email)
        if not await _is_right(context, stored, current):
            async with context.database.transaction(context.viewer) as transaction:  # it stays when this is refused
                await record_event(context, transaction, "password_change_refused", ("user", account.id))
            raise _wrong_current()
        attempt.succeeded()
    accepted = accepted_password(new, "newPassword", account.email, account.full_name)
    new_hash = await context.services.passwords.hash(accepted)
    async with context.database.transaction(context.viewer) as transaction:
        row = await transaction.fetch_row(sql.CHANGE, stored.password_hash, new_hash, context.clock())
        assert row is not None
        if not row["changed"]:
            raise _wrong_current()
        await record_event(context, transaction, "password_changed", ("user", account.id))
    post(context.services.mailer, Letter(LetterKind.PASSWORD_CHANGED, account.email, account.full_name))
    return await start_session(context, account.id, SignInMethod.PASSWORD)


def _wrong_current() -> InvalidInput:
    return InvalidInput([Problem("currentPassword", "This is not your present password.")])


async def _stored(context: Context, email: str) -> _Stored:
    try:
        address = normalised(email)
    except InvalidInput:
        address = ""  # which nobody has; asked for all the same, because that takes its time
    async with context.database.transaction(ANONYMOUS) as transaction:
        row = await transaction.fetch_row(sql.STORED_HASH, address)
    return _Stored(row["user_id"], row["password_hash"]) if row else _Stored()


async def _is_right(context: Context, stored: _Stored, password: str) -> bool:
    given = normalised_password(password)
    known = stored.password_hash if given is not None else None
    is_right = await context.services.passwords.verify(known, given or "")
    return is_right and known is not None


async def _rehash(context: Context, stored: _Stored, password: str) -> None:
    """Keep a hash at the present cost, now that the password is known."""
    passwords, given = context.services.passwords, normalised_password(password)
    assert stored.password_hash is not None
    assert given is not None
    if passwords.is_outdated(stored.password_hash):
        new_hash = await passwords.hash(given)
        async with context.database.transaction(ANONYMOUS) as transaction:
            await transaction.fetch(sql.REHASH, stored.user_id, stored.password_hash, new_hash)
