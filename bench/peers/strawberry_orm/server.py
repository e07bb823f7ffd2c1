"""The application: who asks is known from the token, the session is theirs, then Strawberry's own router."""

import os
from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

import jwt
from fastapi import Depends, FastAPI, Header, HTTPException
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from strawberry.fastapi import GraphQLRouter

from bench.peers.strawberry_orm.loaders import Loaders
from bench.peers.strawberry_orm.models import User
from bench.peers.strawberry_orm.schema import Context, schema

SECRET = os.environ["JWT_SECRET"]

engine = create_async_engine(
    os.environ["GATEWAY_DATABASE_URL"].replace("postgresql://", "postgresql+asyncpg://", 1),
    pool_size=int(os.environ["DATABASE_POOL_SIZE"]),
    max_overflow=0,
)
sessions = async_sessionmaker(engine, expire_on_commit=False)


async def get_session() -> AsyncIterator[AsyncSession]:
    """A session for the time of the request."""
    async with sessions() as session:
        yield session


async def get_context(
    session: Annotated[AsyncSession, Depends(get_session)], authorization: Annotated[str, Header()]
) -> Context:
    """The person whom the token names, in a transaction that carries their identity."""
    try:
        claims = jwt.decode(
            authorization.removeprefix("Bearer "),
            SECRET,
            algorithms=["HS256"],
            issuer="fast-track-graph",
            options={"require": ["exp", "iat", "id"]},
        )
    except jwt.InvalidTokenError as error:
        raise HTTPException(401, "Invalid token") from error
    await session.execute(
        select(
            func.set_config("app.user_id", claims["id"], True),
            func.set_config("app.organization_id", claims["organization_id"] or "", True),
            func.set_config("app.role", claims["role"], True),
            func.set_config("app.guided_organization_ids", "", True),
        )
    )
    user = await session.get(User, UUID(claims["id"]))
    if user is None:
        raise HTTPException(401, "Invalid token")
    return Context(session, user, Loaders(session))


app = FastAPI()
app.include_router(GraphQLRouter(schema, context_getter=get_context), prefix="/graphql")
