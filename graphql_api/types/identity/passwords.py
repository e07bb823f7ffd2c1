"""Passwords: signing in with one, changing it, and setting a new one by mail."""

from datetime import datetime
from typing import Annotated

import strawberry
from strawberry.types import Info

from graphql_api.types.describe import computed, stands_for
from graphql_api.types.identity.signing_in import SignedIn
from graphql_api.types.refusals import InvalidInput, NotAllowed, RateLimited, SignInRefused, or_refused
from resolvers.password_resets import request_password_reset, reset_password
from resolvers.password_rules import MAX_PASSWORD_CHARACTERS, MIN_PASSWORD_CHARACTERS
from resolvers.passwords import change_password, sign_in_with_password

Email = Annotated[str, strawberry.argument(description="Mail address of the account.")]
Password = Annotated[str, strawberry.argument(description="The password.")]
CurrentPassword = Annotated[str, strawberry.argument(description="The present password.")]
NewPassword = Annotated[
    str,
    strawberry.argument(
        description=f"{MIN_PASSWORD_CHARACTERS} to {MAX_PASSWORD_CHARACTERS} characters of any kind that are not the"
        " first to be guessed."
    ),
]
ResetToken = Annotated[str, strawberry.argument(description="The token of the mail; works once, within 30 minutes.")]


@strawberry.type(description="If there is such an account, a mail is on its way to it.")
class PasswordResetRequested:
    """Requested; its source is the moment."""

    is_type_of = stands_for(datetime)

    at: datetime = computed("When.", lambda moment: moment)


@strawberry.type(description="The new password is set. Every session and every access token has ended.")
class PasswordReset:
    """Reset; its source is the moment."""

    is_type_of = stands_for(datetime)

    at: datetime = computed("When.", lambda moment: moment)


LoginResult = Annotated[
    SignedIn | SignInRefused | RateLimited,
    strawberry.union("LoginResult", description="Tokens, or why there are none."),
]
RequestPasswordResetResult = Annotated[
    PasswordResetRequested | RateLimited | NotAllowed,
    strawberry.union("RequestPasswordResetResult", description="The same for every address."),
]
ResetPasswordResult = Annotated[
    PasswordReset | InvalidInput,
    strawberry.union("ResetPasswordResult", description="What became of the password."),
]
ChangePasswordResult = Annotated[
    SignedIn | InvalidInput | RateLimited | NotAllowed,
    strawberry.union("ChangePasswordResult", description="Tokens of a new session, or why nothing was changed."),
]


@strawberry.type
class PasswordMutations:
    """Fields of ``Mutation`` about passwords."""

    @strawberry.mutation(
        description="Sign in with a password. A wrong one, an address that nobody has and an account that is"
        " deactivated are answered alike."
    )
    async def login(self, info: Info, email: Email, password: Password) -> LoginResult:
        """Log in."""
        return await or_refused(sign_in_with_password(info.context, email, password))

    @strawberry.mutation(description="Mail a link that sets a new password. The answer is the same for every address.")
    async def request_password_reset(self, info: Info, email: Email) -> RequestPasswordResetResult:
        """Forgot."""

        async def act() -> datetime:
            await request_password_reset(info.context, email)
            return info.context.clock()

        return await or_refused(act())

    @strawberry.mutation(description="Set a new password with the token of a mail; then sign in with it.")
    async def reset_password(self, info: Info, token: ResetToken, password: NewPassword) -> ResetPasswordResult:
        """Reset."""

        async def act() -> datetime:
            await reset_password(info.context, token, password)
            return info.context.clock()

        return await or_refused(act())

    @strawberry.mutation(
        description="Set a new password for yourself. All your sessions and access tokens end; the answer begins a new"
        " session."
    )
    async def change_password(
        self, info: Info, current_password: CurrentPassword, new_password: NewPassword
    ) -> ChangePasswordResult:
        """Change."""
        return await or_refused(change_password(info.context, current_password, new_password))
