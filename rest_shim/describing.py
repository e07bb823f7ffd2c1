"""Serves a description of the interface, as schema or as OpenAPI, to those who may see the whole graph."""

from starlette.types import Receive, Scope, Send

from graphql_api.admission import admit
from graphql_api.authentication import AuthenticationError
from graphql_api.exchange import Exchange, HttpError
from graphql_api.gateway import Gateway
from rest_shim.failures import refuse

_HEADERS = {"Cache-Control": "private, no-cache", "Vary": "Authorization"}


class Description:
    """One text: in development for everybody, otherwise by the rule of introspection."""

    def __init__(self, gateway: Gateway, body: bytes, media_type: bytes) -> None:
        self._gateway = gateway
        self._body = body
        self._media_type = media_type

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = Exchange(scope, receive, send)
        try:
            await admit(self._gateway, exchange)
            await self._refuse_stranger(exchange)
        except HttpError as error:
            await refuse(scope, receive, send, error)
        else:
            await exchange.respond(200, self._body, self._media_type, _HEADERS)

    async def _refuse_stranger(self, exchange: Exchange) -> None:
        if self._gateway.open_schema:
            return
        authorization = exchange.headers.get("authorization")
        try:
            context = await self._gateway.context(authorization, exchange.origin, exchange.id)
        except AuthenticationError as error:
            raise HttpError(401, str(error), WWW_Authenticate="Bearer") from error
        if context.account is None:
            raise HttpError(401, "Authentication required", WWW_Authenticate="Bearer")
        if refusal := self._gateway.introspection_refusal(context):
            raise HttpError(403, str(refusal), "NOT_ALLOWED")
