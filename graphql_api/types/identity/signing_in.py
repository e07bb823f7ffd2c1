"""Signing in, staying signed in, signing out; and sessions as those see them who may end them."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry
from strawberry.types import Info

from db.models.identity import Session
from graphql_api import global_id
from graphql_api.types.arguments import WhoseOrOwn
from graphql_api.types.describe import computed, described, stands_for
from graphql_api.types.identity.people import AccountType
from graphql_api.types.refusals import NotAllowed, NotFound, SignInRefused, or_refused
from resolvers.sessions import open_sessions, refresh_session, revoke_sessions, sign_out
from resolvers.signing_in import SignIn

RefreshToken = Annotated[
    str | None, strawberry.argument(description="The refresh token, where it is not kept in the cookie.")
]
SessionId = Annotated[UUID | None, strawberry.argument(description="The session; every one without it.")]


@strawberry.type(description="An access token, and whom it names.")
class SignedIn:
    """Signed in."""

    is_type_of = stands_for(SignIn)

    user_id: UUID = described("The account's UUID.")
    user: AccountType = computed("The account.", lambda sign_in: sign_in.account)
    access_token: str = described("Send it as `Authorization: Bearer …`.")
    token_type: str = described("Bearer.")
    expires_in: int = described("Seconds.")
    refresh_token: str | None = described(
        "Gives the next access token; null where the browser keeps it in an httpOnly cookie."
    )


@strawberry.type(description="The session is over.")
class SignedOut:
    """Signed out; its source is the moment."""

    is_type_of = stands_for(datetime)

    at: datetime = computed("When.", lambda moment: moment)


@strawberry.type(name="Session", description="A sign-in that lasts: one browser, one app.")
class SessionType:
    """A session."""

    is_type_of = stands_for(Session)

    database_id: UUID = computed("The session's UUID.", lambda session: session.id)
    method: str = described("What proved who it was: learnworlds, password, invitation.")
    address: str | None = described("The address it was begun from.")
    agent: str | None = described("The browser or app, as it names itself.")
    created_at: datetime = described("When it was begun.")
    last_used_at: datetime = described("When it last gave an access token.")
    expires_at: datetime = described("When it ends if it is not used before.")


@strawberry.type(description="Sessions have been ended.")
class SessionsRevoked:
    """Sessions revoked; its source is the count."""

    is_type_of = stands_for(int)

    revoked: int = computed("How many.", lambda count: count)


RefreshResult = Annotated[
    SignedIn | SignInRefused, strawberry.union("RefreshResult", description="New tokens, or why there are none.")
]
RevokeSessionsResult = Annotated[
    SessionsRevoked | NotAllowed | NotFound,
    strawberry.union("RevokeSessionsResult", description="What became of the sessions."),
]


@strawberry.type
class SessionQueries:
    """Fields of ``Query`` about sessions."""

    @strawberry.field(
        description="Open sessions, the latest used first: your own, or with `userId` somebody's whom you manage."
    )
    async def sessions(self, info: Info, user_id: WhoseOrOwn = None) -> list[SessionType]:
        """Sessions."""
        found: Any = await open_sessions(info.context, global_id.user_id(user_id, "userId"))
        return list(found)


@strawberry.type
class SessionMutations:
    """Fields of ``Mutation`` about sessions."""

    @strawberry.mutation(
        description="The next access token, for the refresh token of the cookie or of the argument. Each refresh token"
        " is used once; one that comes again later ends the session."
    )
    async def refresh_session(self, info: Info, refresh_token: RefreshToken = None) -> RefreshResult:
        """Refresh."""
        return await or_refused(refresh_session(info.context, refresh_token))

    @strawberry.mutation(description="End the session of the refresh token. Access tokens run out by themselves.")
    async def sign_out(self, info: Info, refresh_token: RefreshToken = None) -> SignedOut:
        """Sign out."""
        await sign_out(info.context, refresh_token)
        return info.context.clock()

    @strawberry.mutation(
        description="End one session, or every session with every access token: your own, or with `userId` those of"
        " somebody whom you manage."
    )
    async def revoke_sessions(
        self, info: Info, user_id: WhoseOrOwn = None, session_id: SessionId = None
    ) -> RevokeSessionsResult:
        """Revoke."""
        return await or_refused(revoke_sessions(info.context, global_id.user_id(user_id, "userId"), session_id))
