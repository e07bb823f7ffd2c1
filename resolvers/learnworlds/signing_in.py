"""Signing in as somebody whom the school names, by a statement that it has signed.

A statement is good for five minutes and for one sign-in. The account belongs to the LearnWorlds id, never to the
address: whoever comes with somebody else's address does not get that person's account.
"""

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from db.statements import learnworlds as sql
from db.viewer import ANONYMOUS
from resolvers.auditing import record_unauthenticated
from resolvers.context import Context
from resolvers.learnworlds.destinations import is_allowed, with_error
from resolvers.mail_addresses import normalised
from resolvers.refusals import InvalidInput, Refusal, SignInRefused, constant_case
from resolvers.sessions import SignInMethod, start_session
from resolvers.signing_in import SignIn
from resolvers.throttling import SIGN_IN, attempting

SIGNATURE_WINDOW = timedelta(seconds=300)
"""How far the time of a signed statement may be from ours, either way."""

SIGNATURES_KEPT = timedelta(days=1)
"""How long a used signature is remembered: longer than the window by more than clocks can be apart."""

MAX_LEARNWORLDS_ID_CHARACTERS = 100
"""Length of an id of LearnWorlds; theirs have 24 characters."""

MAX_NAME_CHARACTERS = 255
"""Length of a person's name."""

_ADVICE = "Go back to your school and open Fast Track from there again."


@dataclass(frozen=True, slots=True)
class Statement:
    """What the school says of somebody. ``timestamp``: seconds of the epoch, as it was written."""

    user_id: str
    email: str
    name: str
    timestamp: str
    signature: str


async def sign_in_with_learnworlds(context: Context, statement: Statement) -> SignIn:
    """Begin a session for the person whom the statement names; makes the account of a newcomer.

    Raises ``SignInRefused`` for a statement that proves nobody, is too old, has been used or names somebody with whose
    address another account signs in; ``RateLimited`` after too many of those; ``NotSetUp`` without a school.
    """
    async with attempting(context, SIGN_IN) as attempt:
        try:
            user_id = await _person(context, statement)
        except _Unproved as unproved:
            await record_unauthenticated(
                context, "sign_in_refused", None, {"method": SignInMethod.LEARNWORLDS.value, "reason": unproved.reason}
            )
            raise SignInRefused(f"{unproved} {_ADVICE}") from unproved
        signed_in = await start_session(context, user_id, SignInMethod.LEARNWORLDS)
        attempt.succeeded()
    return signed_in


async def enter_from_learnworlds(context: Context, statement: Statement, destination: str) -> "Entered":
    """The same for a browser that follows a link: where it goes on, signed in or not.

    The destination is looked at first, so that a statement is not used up for one that is refused.
    """
    school = context.services.school
    if not is_allowed(destination, school.origins):
        return Entered(with_error(school.error_page, "REDIRECT_NOT_ALLOWED"), signed_in=False)
    return await _entered(sign_in_with_learnworlds(context, statement), destination, school.error_page)


@dataclass(frozen=True, slots=True)
class Entered:
    """Where a browser goes on. The session is in its cookie if it is ``signed_in``."""

    location: str
    signed_in: bool


async def _entered(signing_in: Awaitable[SignIn], destination: str, error_page: str) -> Entered:
    try:
        await signing_in
    except Refusal as refusal:
        # The address of a page is seen by its scripts and kept in histories: the code, and none of the sentence.
        return Entered(with_error(error_page, constant_case(type(refusal).__name__)), signed_in=False)
    return Entered(destination, signed_in=True)


class _Unproved(Exception):
    """A statement that signs nobody in, for the trail: ``reason`` in one word."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


async def _person(context: Context, statement: Statement) -> UUID:
    """The account of the person whom a statement names. Nothing is told of a statement that is not the school's."""
    signature = context.services.school.sign_ins.used(
        statement.user_id, statement.email, statement.name, statement.timestamp, statement.signature
    )
    if signature is None:
        raise _Unproved("signature", "This sign-in is not signed by your school.")
    now = context.clock()
    # A timestamp of another form is none that the school has signed: it writes digits.
    if not _is_near(statement.timestamp, now.timestamp()):
        raise _Unproved("time", "This sign-in has run out.")
    name, email = _name(statement), _address(statement)
    if not 0 < len(statement.user_id) <= MAX_LEARNWORLDS_ID_CHARACTERS or not statement.user_id.isprintable():
        raise _Unproved("user id", "The school names nobody.")
    origin = context.origin
    async with context.database.transaction(ANONYMOUS) as transaction:
        row = await transaction.fetch_row(
            sql.SIGN_IN,
            signature,
            statement.user_id,
            email,
            name,
            *context.catalogue.for_newcomers,
            now,
            SIGNATURES_KEPT,
            origin.address,
            origin.agent,
        )
    assert row is not None
    if row["outcome"] == "repeated":
        raise _Unproved("repeated", "This sign-in has been used already.")
    if row["outcome"] == "taken":
        raise _Unproved(
            "address taken",
            f"There is an account for {email} that you do not enter this way. Sign in as you did before, or ask the"
            " admin of your organisation.",
        )
    found: UUID = row["of_user"]
    return found


def _is_near(timestamp: str, now: float) -> bool:
    return (
        timestamp.isascii()
        and timestamp.isdigit()
        and len(timestamp) <= 12
        and abs(int(timestamp) - now) <= SIGNATURE_WINDOW.total_seconds()
    )


def _address(statement: Statement) -> str:
    try:
        return normalised(statement.email)
    except InvalidInput as error:
        raise _Unproved("address", str(error)) from error


def _name(statement: Statement) -> str:
    """The name, or what stands before the @ for somebody without one."""
    name = statement.name.strip() or statement.email.partition("@")[0]
    if len(name) > MAX_NAME_CHARACTERS or not name.isprintable():
        raise _Unproved("name", f"A name has at most {MAX_NAME_CHARACTERS} printable characters.")
    return name
