"""Sessions: begun by whatever proves who somebody is, kept alive by refresh tokens, ended by the person or an admin.

A refresh token is opaque, 256 random bits, and used once. Its successor is a digest of the token and of a salt that is
drawn when it is used: two requests that use the same token at once both arrive at the one successor, and neither the
database, which knows only digests, nor a token alone tells the next one.
"""

import secrets
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from db.models.identity import Session
from db.permissions import Permission
from db.statements import sessions as sql
from db.viewer import ANONYMOUS
from resolvers.auditing import record_event
from resolvers.context import Context
from resolvers.identity import account_by_id, find_account
from resolvers.one_time_tokens import MAX_TOKEN_CHARACTERS, digest, new_token
from resolvers.permissions import require_reaching
from resolvers.refusals import NotFound, SignInRefused
from resolvers.signing_in import SignIn

_SALT_BYTES = 32


class SignInMethod(StrEnum):
    """What proved who somebody is when a session began."""

    LEARNWORLDS = "learnworlds"
    PASSWORD = "password"  # noqa: S105  # a method's name
    INVITATION = "invitation"


async def start_session(context: Context, user_id: UUID, method: SignInMethod, *, in_cookie: bool = True) -> SignIn:
    """Begin a session for somebody who has just proved who they are; the sign-in is in the audit trail.

    The refresh token goes into the cookie, or with ``in_cookie=False`` into the answer. Raises ``SignInRefused`` for
    an account that is deactivated or gone.
    """
    token = new_token()
    now, policy, origin = context.clock(), context.services.session_policy, context.origin
    async with context.database.transaction(ANONYMOUS) as transaction:
        row = await transaction.fetch_row(
            sql.START, user_id, method.value, digest(token), now, now + policy.idle, origin.address, origin.agent
        )
    if row is None or row["session_id"] is None:
        raise SignInRefused("This account is deactivated. Ask the admin of your organisation.")
    return await _signed_in(context, user_id, row["session_id"], token, in_cookie=in_cookie)


async def refresh_session(context: Context, refresh_token: str | None) -> SignIn:
    """A new access token and a new refresh token for a refresh token, of the cookie if none is given.

    The same token within the grace period gives the same successor. Raises ``SignInRefused`` for one that is unknown,
    has run out, or was used before; the last ends the session, because somebody else must have it.
    """
    in_cookie = refresh_token is None
    token = context.refresh_cookie.sent if in_cookie else refresh_token
    if not token or len(token) > MAX_TOKEN_CHARACTERS:
        _forget_cookie(context)
        raise SignInRefused("No refresh token was sent. Sign in again.")
    now, policy = context.clock(), context.services.session_policy
    salt = secrets.token_bytes(_SALT_BYTES)
    async with context.database.transaction(ANONYMOUS) as transaction:
        row = await transaction.fetch_row(
            sql.ROTATE,
            digest(token),
            salt,
            digest(_successor(token, salt)),
            now,
            policy.grace,
            policy.idle,
            context.origin.address,
            context.origin.agent,
        )
    assert row is not None
    if row["outcome"] in ("rotated", "repeated"):
        successor = _successor(token, row["salt"])
        return await _signed_in(context, row["of_user"], row["of_session"], successor, in_cookie=in_cookie)
    _forget_cookie(context)
    if row["outcome"] == "reused":
        raise SignInRefused("This refresh token was used before, so its session has been ended. Sign in again.")
    raise SignInRefused("The session is over. Sign in again.")


async def sign_out(context: Context, refresh_token: str | None) -> None:
    """End the session of a refresh token, of the cookie if none is given. Signing out twice is no mistake."""
    token = context.refresh_cookie.sent if refresh_token is None else refresh_token
    if token and len(token) <= MAX_TOKEN_CHARACTERS:
        async with context.database.transaction(ANONYMOUS) as transaction:
            origin = context.origin
            await transaction.fetch(sql.END_SESSION_OF, digest(token), context.clock(), origin.address, origin.agent)
    _forget_cookie(context)


async def open_sessions(context: Context, user_id: UUID | None) -> Sequence[Session]:
    """Sessions of the viewer, or of somebody whom an admin manages; the latest used first. Nobody's: none."""
    account = await find_account(context, user_id)
    if account is None:
        return ()
    rows = await context.database.reader(context.viewer)(sql.SESSIONS, account.id, context.clock())
    return [Session(**row) for row in rows]


async def revoke_sessions(
    context: Context, user_id: UUID | None = None, session_id: UUID | None = None, reason: str = "revoked"
) -> int:
    """End one session with its access tokens, or all with every access token; returns how many ended.

    Raises ``NotAllowed`` for somebody whose sessions are not the viewer's to end, ``NotFound`` for one they do not see.
    """
    viewer = context.signed_in()
    wanted = user_id or viewer.id
    person = await find_account(context, wanted)
    if person is None:
        raise NotFound("User not found")
    require_reaching(context, Permission.END_SESSIONS, person)
    now = context.clock()
    async with context.database.transaction(context.viewer) as transaction:
        row = await transaction.fetch_row(sql.END_SESSIONS, wanted, session_id, reason, now)
        assert row is not None
        if session_id is not None and row["ended"] == 0:
            raise NotFound("There is no such session. It may have ended already.")
        details = {"ended": row["ended"], "reason": reason}
        await record_event(context, transaction, "sessions_revoked", ("user", wanted), details)
    return int(row["ended"])


async def _signed_in(
    context: Context, user_id: UUID, session_id: UUID, refresh_token: str, *, in_cookie: bool
) -> SignIn:
    account = await account_by_id(context.database, user_id)
    if account is None or account.deactivated_at is not None:
        raise SignInRefused
    if in_cookie:
        context.refresh_cookie.kept = refresh_token
        context.refresh_cookie.keep_for = context.services.session_policy.idle
    return SignIn(
        account,
        context.services.signer.sign(account, session_id),
        round(context.services.signer.lifetime.total_seconds()),
        None if in_cookie else refresh_token,
    )


def _forget_cookie(context: Context) -> None:
    if context.refresh_cookie.sent is not None:
        context.refresh_cookie.kept = ""


def _successor(token: str, salt: bytes) -> str:
    made = sha256(b"successor" + salt + token.encode("utf-8", "surrogatepass")).digest()
    return urlsafe_b64encode(made).rstrip(b"=").decode()
