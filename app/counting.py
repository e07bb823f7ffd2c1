"""Where requests and attempts are counted: in PostgreSQL, or in the Redis that ``REDIS_URL`` names."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import blake2b

from sqlalchemy.engine import make_url

from app.settings import Settings
from app.storage import Storage
from db.database import Database
from db.rate_counters import PostgresCounters
from graphql_api.rate_limits import PerMinute
from integrations.redis_counters import RedisCounters
from resolvers.counters import Counters


@asynccontextmanager
async def open_counters(settings: Settings, storage: Storage, database: Database) -> AsyncIterator[Counters]:
    """The counters that all gateways of this installation share. Nothing is asked of the store before it is used."""
    secret = _secret(settings, storage)
    if settings.redis_url is None:
        yield Counters(PostgresCounters(database), secret)
        return
    redis = RedisCounters(settings.redis_url)
    try:
        yield Counters(redis, secret)
    finally:
        await redis.close()


def per_minute(settings: Settings) -> PerMinute:
    """The limits of requests as they are set."""
    return PerMinute(
        settings.rate_limit_per_address,
        settings.rate_limit_per_user,
        settings.rate_limit_per_organization,
        settings.rate_limit_per_service_key,
    )


def _secret(settings: Settings, storage: Storage) -> bytes:
    """What all gateways of an installation know and no store does: the password of their database login."""
    known = f"{make_url(storage.gateway_url).password or ''}\0{settings.jwt_secret or ''}"
    return blake2b(known.encode(), person=b"counted subjects").digest()
