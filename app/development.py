"""Conveniences of development: pick a person, be signed in. None of this exists in production."""

from datetime import timedelta

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy import text
from starlette.responses import JSONResponse

from app.accounts import AccountError, NewAccount, account_id, create_account
from app.storage import Storage
from db.catalogue import Catalogue
from db.database import Database
from db.viewer import Role
from graphql_api.authentication import Tokens
from resolvers.identity import account_by_id
from resolvers.refusals import BadArgument, NotFound
from resolvers.signing_in import SignIn

LIFETIME = timedelta(hours=8)
"""How long a token lasts at least that is given for nothing: a working day, since nothing refreshes it."""


class DevelopmentSignIn:
    """Tokens by mail address alone. Looks people up as the owner: nobody is signed in yet who could see them."""

    def __init__(self, storage: Storage, database: Database, tokens: Tokens, catalogue: Catalogue) -> None:
        self._storage = storage
        self._database = database
        self._tokens = tokens.lasting(max(tokens.lifetime, LIFETIME))
        self._catalogue = catalogue

    async def token(self, email: str) -> SignIn:
        """A token for an account; raises ``NotFound`` with the command that makes one."""
        async with self._storage.owner() as engine, engine.connect() as connection:
            user_id = await account_id(connection, email)
        account = await account_by_id(self._database, user_id) if user_id else None
        if account is None:
            raise NotFound(f"No account for {email}. Make one: python -m app user add --email {email} --name …")
        return SignIn(account, self._tokens.sign(account), round(self._tokens.lifetime.total_seconds()))

    async def identify(self, email: str | None, name: str | None) -> SignIn:
        """A token for an address; an account without organisation is made for one that is new.

        Raises ``BadArgument`` for an address or a name that is none.
        """
        if not email:
            raise BadArgument("email", "Send a mail address.")
        async with self._storage.owner() as engine, engine.begin() as connection:
            if not await account_id(connection, email):
                try:
                    await create_account(
                        connection,
                        self._catalogue,
                        NewAccount(email, name or email.partition("@")[0], Role.USER, None),
                    )
                except AccountError as error:
                    raise BadArgument(error.about, str(error)) from error
        return await self.token(email)

    async def people(self) -> list[dict[str, str]]:
        """Everyone there is, to pick from."""
        async with self._storage.owner() as engine, engine.connect() as connection:
            rows = await connection.execute(
                text(
                    "SELECT a.email, a.full_name AS name, a.role, coalesce(c.name, '') AS organization"
                    " FROM users.accounts AS a LEFT JOIN organizations.companies AS c ON c.id = a.organization_id"
                    " ORDER BY c.name NULLS LAST, a.role, a.email LIMIT 200"
                )
            )
            return [dict(row._mapping) for row in rows]


class _Who(BaseModel):
    email: str


def development_routes(sign_in: DevelopmentSignIn) -> APIRouter:
    """``/dev/users`` and ``/dev/token``."""
    router = APIRouter(prefix="/dev", include_in_schema=False)

    @router.get("/users")
    async def users() -> list[dict[str, str]]:
        return await sign_in.people()

    @router.post("/token")
    async def token(who: _Who) -> JSONResponse:
        try:
            return JSONResponse({"access_token": (await sign_in.token(who.email)).access_token})
        except NotFound as error:
            return JSONResponse({"errors": [{"message": str(error)}]}, 404)

    return router
