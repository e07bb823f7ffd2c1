"""Signing in through the school on LearnWorlds: for programs, and for a browser that follows the school's link."""

from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from graphql_api.scalars import UnixTime
from graphql_api.types.describe import described, stands_for
from graphql_api.types.identity.signing_in import SignedIn
from graphql_api.types.refusals import NotSetUp, RateLimited, SignInRefused, or_refused
from resolvers.learnworlds import signing_in

UserId = Annotated[str, strawberry.argument(description="The person's id at LearnWorlds.")]
Email = Annotated[str, strawberry.argument(description="The person's mail address there.")]
Name = Annotated[str, strawberry.argument(description="The person's name there.")]
SignedAt = Annotated[UnixTime, strawberry.argument(description="When the school signed this.")]
SignedAtText = Annotated[str, strawberry.argument(description="When the school signed this: seconds since 1970.")]
Signature = Annotated[
    str,
    strawberry.argument(
        description="Hex HMAC-SHA256 over `user_id|email|name|timestamp` with the secret shared with the school."
    ),
]
Destination = Annotated[
    str, strawberry.argument(description="Where to go on: a path of this host, or a page of a listed origin.")
]

SignInResult = Annotated[
    SignedIn | SignInRefused | RateLimited | NotSetUp,
    strawberry.union("SignInResult", description="Tokens, or why there are none."),
]


@strawberry.type(description="Where a browser goes on after it has come from the school.")
class Entered:
    """Entered."""

    is_type_of = stands_for(signing_in.Entered)

    location: str = described("The page that was asked for; the error page with `error=CODE` if nobody is signed in.")
    signed_in: bool = described("Whether the browser has a session now, in its cookie.")


@strawberry.type
class LearnworldsMutations:
    """Fields of ``Mutation`` about the school."""

    @strawberry.mutation(
        description="Sign in somebody whom the school names. What it signs is good for five minutes, once. A newcomer"
        " gets an account with the first tool open. The refresh token goes into the cookie."
    )
    async def sign_in_with_learnworlds(
        self, info: Info, user_id: UserId, email: Email, name: Name, timestamp: SignedAt, signature: Signature
    ) -> SignInResult:
        """Sign in."""
        statement = signing_in.Statement(user_id, email, name, timestamp, signature)
        return await or_refused(signing_in.sign_in_with_learnworlds(info.context, statement))

    @strawberry.mutation(
        description="The same for a browser that follows the school's link: the answer is where it goes on."
    )
    async def enter_from_learnworlds(
        self,
        info: Info,
        user_id: UserId,
        email: Email,
        name: Name,
        timestamp: SignedAtText,
        signature: Signature,
        redirect: Destination = "/",
    ) -> Entered:
        """Enter."""
        statement = signing_in.Statement(user_id, email, name, timestamp, signature)
        entered: Any = await signing_in.enter_from_learnworlds(info.context, statement, redirect)
        return entered
