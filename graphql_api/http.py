"""GraphQL over HTTP: one ASGI endpoint for ``/graphql``. What lasts there it leaves to ``live``."""

import logging
from collections.abc import Collection, Mapping
from typing import Any

import orjson
from graphql import GraphQLError
from starlette.types import Receive, Scope, Send

from graphql_api.admission import admit
from graphql_api.authentication import AuthenticationError
from graphql_api.conditional import conditional_answer
from graphql_api.cross_site import SAFE_METHODS, refuse_cross_site
from graphql_api.exchange import Exchange, HttpError
from graphql_api.execution.documents import Document
from graphql_api.execution.errors import fault, told
from graphql_api.execution.spending import Spending, TooExpensive
from graphql_api.explaining import explained_answer
from graphql_api.gateway import Gateway
from graphql_api.live.endpoint import LiveEndpoint
from graphql_api.negotiation import EVENT_STREAM, Form, Outcome, Profile, negotiated
from graphql_api.parameters import MalformedRequest, Parameters, read_parameters
from graphql_api.stored import PersistedQueryNotFound
from resolvers.service_keys.using import KeyUse

_log = logging.getLogger("fast_track_graph")

# Refusals whose status the profile decides.
_OUTCOMES: Mapping[type[HttpError], Outcome] = {
    MalformedRequest: Outcome.MALFORMED,
    PersistedQueryNotFound: Outcome.INVALID,
}

_PRIVATE = {"Cache-Control": "private, no-store", "Vary": "Accept, Authorization"}


class GraphQLEndpoint:
    """Takes GET and POST as the GraphQL-over-HTTP specification has them; with ``explains``, ``X-Explain: 1`` too."""

    def __init__(
        self,
        gateway: Gateway,
        *,
        explains: bool = False,
        profile: Profile = Profile.DEFAULT,
        trusted_origins: Collection[str] = (),
    ) -> None:
        self._gateway = gateway
        self._explains = explains
        self._profile = profile
        self._trusted_origins = trusted_origins
        self._live = LiveEndpoint(gateway, trusted_origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._live.socket(scope, receive, send)
            return
        exchange = Exchange(scope, receive, send)
        accept = exchange.headers.get("accept")
        if accept is not None and EVENT_STREAM in accept:
            await self._live.events(exchange)
            return
        form = negotiated(self._profile, accept)
        try:
            status, answer, headers = await self._answer(exchange, form)
        except HttpError as error:
            outcome = _OUTCOMES.get(type(error))
            status = form.statuses[outcome] if outcome else error.status
            headers = _PRIVATE | error.headers
            answer = orjson.dumps({"errors": [{"message": str(error), "extensions": {"code": error.code}}]})
        except Exception:  # noqa: BLE001 - the last that could answer; what it was is in the log
            _log.exception("request %s failed", exchange.id)
            status, answer, headers = 500, orjson.dumps({"errors": [fault(exchange.id)]}), _PRIVATE
        await exchange.respond(status, answer, form.media_type(status), headers)

    async def _answer(self, exchange: Exchange, form: Form) -> tuple[int, bytes, Mapping[str, str]]:
        if exchange.method not in SAFE_METHODS:
            refuse_cross_site(exchange.headers, self._trusted_origins)
        key_use = await admit(self._gateway, exchange)
        if not form.acceptable:
            raise HttpError(406, "Accept application/graphql-response+json or application/json.")
        asked = await read_parameters(exchange)
        document = self._gateway.documents.get(self._gateway.stored.text_of(asked))
        name, variables = asked.operation_name, asked.variables
        if document.node is None:
            outcome = Outcome.INVALID if document.parsed else Outcome.UNREADABLE
            errors = [told(error, exchange.id) for error in document.errors]
            return form.statuses[outcome], orjson.dumps({"errors": errors}), _PRIVATE
        if exchange.method == "GET" and not document.is_query(name):
            raise HttpError(405, "Only queries may be sent by GET; use POST.", Allow="POST")
        if document.is_subscription(name):
            raise HttpError(406, "Listen over WebSocket, or with 'Accept: text/event-stream' (docs/subscriptions.md).")
        try:
            spending = self._gateway.budget.admit(document.compilable(name), variables)
        except GraphQLError as error:
            answer = {"errors": [told(error, exchange.id)]}
            cost = error.headers if isinstance(error, TooExpensive) else {}
            return form.statuses[Outcome.INVALID], orjson.dumps(answer), _PRIVATE | cost
        if key_use is not None:
            status, body, headers = await self._answered_for_key(exchange, form, asked, document, spending, key_use)
        else:
            status, body, headers = await self._admitted(exchange, form, asked, document, spending)
        return status, body, {**headers, **spending.headers}

    async def _answered_for_key(
        self, exchange: Exchange, form: Form, asked: Parameters, document: Document, spending: Spending, use: KeyUse
    ) -> tuple[int, bytes, Mapping[str, str]]:
        """A service key's answer: by graphql-core always, whose loaders know what the key does not reach."""
        try:
            context = await self._gateway.contexts.for_key(use, exchange.origin, exchange.id)
        except AuthenticationError as error:
            raise HttpError(401, str(error), WWW_Authenticate="Bearer") from error
        executed = await self._gateway.execute(document, context, asked.variables, asked.operation_name, spending)
        return _executed(executed, form)

    async def _admitted(
        self, exchange: Exchange, form: Form, asked: Parameters, document: Document, spending: Spending
    ) -> tuple[int, bytes, Mapping[str, str]]:
        name, variables = asked.operation_name, asked.variables
        authorization = exchange.headers.get("authorization")
        try:
            if self._explains and exchange.headers.get("x-explain") == "1":
                return _executed(
                    await explained_answer(self._gateway, exchange, document, name, variables, spending), form
                )
            if asked.query is None and exchange.method == "GET":
                known = exchange.headers.get("if-none-match")
                answered = await conditional_answer(
                    self._gateway, document, name, variables, authorization, known, spending
                )
                if answered:
                    return answered
            body = await self._gateway.compiled(document, name, variables, authorization, spending)
            if body is not None:
                return form.statuses[Outcome.COMPLETE], body, _PRIVATE
            cookie = self._gateway.cookies.read(exchange.headers.get("cookie"))
            context = await self._gateway.context(authorization, exchange.origin, exchange.id, cookie=cookie)
        except AuthenticationError as error:
            raise HttpError(401, str(error), WWW_Authenticate="Bearer") from error
        executed = await self._gateway.execute(document, context, variables, name, spending)
        status, answer, headers = _executed(executed, form)
        return status, answer, {**headers, **self._gateway.cookies.headers(cookie)}


def _executed(answer: dict[str, Any], form: Form) -> tuple[int, bytes, Mapping[str, str]]:
    outcome = Outcome.COMPLETE
    if "errors" in answer:
        outcome = Outcome.PARTIAL if "data" in answer else Outcome.INVALID
    return form.statuses[outcome], orjson.dumps(answer), _PRIVATE
