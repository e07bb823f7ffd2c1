"""Whoever holds a connection that lasts. Who that is gets asked again whenever something is told."""

from uuid import UUID

from graphql_api.authentication import AuthenticationError
from graphql_api.exchange import Exchange
from graphql_api.gateway import Gateway
from resolvers.context import Context, Renewal


class Visit:
    """A person with a token. Raises ``AuthenticationError`` without one, or with one that we have not signed.

    A refresh cookie is never read: what a browser sends by itself opens no stream.
    """

    def __init__(self, gateway: Gateway, exchange: Exchange, authorization: str | None) -> None:
        claims = gateway.claimed(authorization)
        if claims is None:
            raise AuthenticationError("No token was sent: 'Authorization: Bearer …', as a header or at the beginning.")
        self.gateway = gateway
        self.authorization = authorization
        self.claims = claims
        self.exchange = exchange
        self._origin = exchange.origin
        self._renewal = Renewal(self.context, claims.expires)

    @property
    def person(self) -> UUID:
        """Who the token says it is."""
        assert self.claims.viewer.user_id is not None
        return self.claims.viewer.user_id

    async def context(self) -> Context:
        """A context of this moment. Raises ``AuthenticationError`` where the token identifies nobody any more."""
        # What is shared is who it is; loaders, which remember what they have read, are shared by none.
        context = await self.gateway.streams.identities.share(self.authorization, self._asked)
        return self.gateway.contexts.again(context, self._origin, self.exchange.id, self._renewal)

    async def _asked(self) -> Context:
        return await self.gateway.context(self.authorization, self._origin, self.exchange.id)
