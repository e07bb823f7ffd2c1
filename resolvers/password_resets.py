"""A new password for somebody who has forgotten theirs: a token by mail, which works once within half an hour."""

from datetime import timedelta

from db.statements import passwords as sql
from db.viewer import ANONYMOUS
from resolvers.context import Context
from resolvers.mail import Letter, LetterKind, post
from resolvers.mail_addresses import normalised
from resolvers.one_time_tokens import digest, new_token
from resolvers.password_rules import accepted_password
from resolvers.refusals import InvalidInput, Problem
from resolvers.throttling import FORGOT_PASSWORD, throttle

RESET_LASTS = timedelta(minutes=30)
"""How long the token of a mail sets a new password."""


async def request_password_reset(context: Context, email: str) -> None:
    """Mail a token to whoever has this address.

    Everything that depends on whether somebody has it is done after the answer, so that the answer is the same for
    every address and takes as long. Raises ``RateLimited``, and ``NotAllowed`` where no mail is sent.
    """
    context.services.mailer.require()
    await throttle(context, FORGOT_PASSWORD, email)

    async def letter() -> Letter | None:
        return await _letter(context, email)

    context.services.mailer.post(letter)


async def reset_password(context: Context, token: str, password: str) -> None:
    """Set a new password for the person to whom the token was mailed. Every session and access token of theirs ends,
    and a mail tells them. Raises ``InvalidInput`` at ``token`` or ``password``; the token is not used up then.
    """
    now = context.clock()
    async with context.database.transaction(ANONYMOUS) as transaction:
        row = await transaction.fetch_row(sql.RESET_OF, digest(token), now)
    if row is None:
        raise _dead_token()
    accepted = accepted_password(password, "password", row["email"], row["full_name"])
    new_hash = await context.services.passwords.hash(accepted)
    async with context.database.transaction(ANONYMOUS) as transaction:
        origin = context.origin
        done = await transaction.fetch_row(sql.RESET, digest(token), new_hash, now, origin.address, origin.agent)
    assert done is not None
    if not done["is_reset"]:
        raise _dead_token()
    post(context.services.mailer, Letter(LetterKind.PASSWORD_CHANGED, row["email"], row["full_name"]))


async def _letter(context: Context, email: str) -> Letter | None:
    """The letter to somebody who forgot their password; nothing for an address that nobody has."""
    try:
        address = normalised(email)
    except InvalidInput:
        return None
    token, now, origin = new_token(), context.clock(), context.origin
    async with context.database.transaction(ANONYMOUS) as transaction:
        row = await transaction.fetch_row(
            sql.REQUEST_RESET, address, digest(token), now, now + RESET_LASTS, origin.address, origin.agent
        )
    if row is None:
        return None
    if not row["has_password"]:
        return Letter(LetterKind.NO_PASSWORD, row["email"], row["full_name"])
    return Letter(LetterKind.RESET_PASSWORD, row["email"], row["full_name"], token)


def _dead_token() -> InvalidInput:
    minutes = RESET_LASTS // timedelta(minutes=1)
    message = (
        f"This link has been used, replaced by a newer one, or is older than {minutes} minutes. Ask for a new one."
    )
    return InvalidInput([Problem("token", message)])
