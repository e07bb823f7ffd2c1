"""Requests of automations: how a service key is sent, and which operations it may execute."""

from typing import NamedTuple

from graphql import FieldNode, FragmentSpreadNode, InlineFragmentNode, OperationType, SelectionSetNode

from db.catalogue import Catalogue
from db.database import Database
from graphql_api.authentication import AuthenticationError
from graphql_api.cross_site import RequestHeaders
from graphql_api.exchange import HttpError
from graphql_api.execution.compiled.plans import Operation
from graphql_api.execution.documents import Document
from graphql_api.stored import StoredDocuments
from resolvers.context import Clock, Context
from resolvers.refusals import SignInRefused
from resolvers.service_keys.scope import ANY_QUERY, KeyScope
from resolvers.service_keys.secret import MARK
from resolvers.service_keys.using import KeyUse, identify_key, record_key_refusal
from resolvers.services import Services

_FIELDS = frozenset(
    {
        "__typename",
        "field",
        "fields",
        "history",
        "impact",
        "lineage",
        "node",
        "nodes",
        "organization",
        "reference",
        "submission",
        "tool",
        "tools",
        "user",
        "viewer",
        "exportSubmission",
        "reopenTool",
        "saveResponses",
        "saveSubmission",
        "submitTool",
    }
)
"""Fields of ``Query`` and ``Mutation`` for service keys, beside the saves of each tool. What is not here, such as
everything about sessions, people and keys, no key ever executes."""


def fields_for_keys(catalogue: Catalogue) -> frozenset[str]:
    """Every field of ``Query`` and ``Mutation`` that a service key can be given."""
    return _FIELDS | {f"save{tool.type_name}" for tool in catalogue.tools}


class PresentedKey(NamedTuple):
    """A service key as a request brings it, and for whom it says it asks."""

    text: str
    for_user: str | None


class NotInScope(HttpError):
    """A service key asks for what it was not given."""

    def __init__(self, message: str) -> None:
        super().__init__(403, message, "OUTSIDE_KEY_SCOPE")


def presented_key(headers: RequestHeaders) -> PresentedKey | None:
    """The service key of a request; ``None`` for one of a person, or of nobody.

    Raises ``HttpError`` 401 for a request with a key and a token, or two keys: it does not say who asks.
    """
    authorization, key = headers.get("authorization"), headers.get("x-api-key")
    if key is None:
        if authorization is None:
            return None
        scheme, _, token = authorization.partition(" ")
        key = token.strip()
        if not key.startswith(MARK) or scheme.lower() != "bearer":
            return None
    elif authorization is not None:
        raise HttpError(401, "Send a service key or an Authorization, not both.", WWW_Authenticate="Bearer")
    return PresentedKey(key, headers.get("x-on-behalf-of"))


class ServiceKeys:
    """Knows good keys from others, and what each may execute."""

    def __init__(
        self, catalogue: Catalogue, database: Database, stored: StoredDocuments, clock: Clock, services: Services
    ) -> None:
        self.fields = fields_for_keys(catalogue)
        self._database = database
        self._stored = stored
        self._clock = clock
        self._services = services

    async def identify(self, presented: PresentedKey) -> KeyUse:
        """The key that a request came with; raises ``AuthenticationError`` for one that is not good."""
        try:
            return await identify_key(self._database, presented.text, presented.for_user, self._clock())
        except SignInRefused as refusal:
            raise AuthenticationError(str(refusal)) from refusal

    async def refuse_outside_scope(self, document: Document, operation_name: str | None, context: Context) -> None:
        """Raise ``NotInScope`` for an operation that the key of the request may not execute.

        That it tried is in the audit trail, once a minute.
        """
        key = context.key
        assert key is not None
        reason = self._outside_scope(key, document, operation_name)
        if reason is None:
            return
        now = self._clock()
        if self._services.refusals_told.first((key, reason), now):
            await record_key_refusal(self._database, key, {"reason": reason}, context.origin, now)
        raise NotInScope(reason)

    def _outside_scope(self, key: KeyScope, document: Document, operation_name: str | None) -> str | None:
        operation = document.compilable(operation_name)
        if operation is None:
            return None  # no operation of that name: executing it says so
        assert document.node is not None
        assert document.node.loc is not None
        named = key.operations.intersection(self._stored.ids_of(document.node.loc.source.body))
        reads = operation.node.operation is OperationType.QUERY
        if not named and not (reads and ANY_QUERY in key.operations):
            return "This service key was not given this operation. Have an admin make one that names it."
        if excess := sorted(_root_fields(operation) - self.fields):
            return f"No service key can use {', '.join(excess)}. Sign in as a person."
        return None


def _root_fields(operation: Operation) -> set[str]:
    """Every field at the top of an operation, through fragments, skipped or not."""
    found: set[str] = set()
    seen: set[str] = set()
    left: list[SelectionSetNode] = [operation.node.selection_set]
    while left:
        for node in left.pop().selections:
            if isinstance(node, FieldNode):
                found.add(node.name.value)
            elif isinstance(node, InlineFragmentNode):
                left.append(node.selection_set)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in seen:
                seen.add(node.name.value)
                left.append(operation.fragments[node.name.value].selection_set)
    return found
