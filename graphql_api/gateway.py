"""The gateway: turns a token into a viewer, and a document with variables into an answer."""

import inspect
from collections import OrderedDict
from collections.abc import Collection, Mapping
from contextlib import closing
from hashlib import blake2b
from typing import Any

import orjson
from graphql import ExecutionResult, GraphQLError, execute

from db.database import Database
from db.permissions import Permission
from db.viewer import Claims
from graphql_api.authentication import AuthenticationError, Tokens, bearer
from graphql_api.contexts import Contexts
from graphql_api.cookies import CookiePolicy
from graphql_api.execution.budget import Budget
from graphql_api.execution.compiled.declined import Unanswerable
from graphql_api.execution.compiled.operation import Compiler
from graphql_api.execution.compiled.plan import UnknownViewer
from graphql_api.execution.compiled.plans import NoPlan, Planned, Plans
from graphql_api.execution.documents import Document, Documents
from graphql_api.execution.errors import told
from graphql_api.execution.executor import CountingExecutor, Unawaited
from graphql_api.execution.spending import Spending, Tally
from graphql_api.graph import Graph
from graphql_api.limits import CACHED_SCHEMA_ANSWERS, MAX_ERRORS
from graphql_api.live.streams import Streams
from graphql_api.rate_limits import RateLimits
from graphql_api.service_keys import ServiceKeys
from graphql_api.stored import StoredDocuments
from resolvers.context import Clock, Context, Origin, RefreshCookie
from resolvers.permissions import require
from resolvers.read_trail import ReadTrail
from resolvers.refusals import NotAllowed
from resolvers.services import Services


class Gateway:
    """Everything a request needs, made once at start.

    ``open_schema``: everybody may introspect, as in development; otherwise those who have ``Permission.INTROSPECT``.
    """

    def __init__(
        self,
        graph: Graph,
        database: Database,
        tokens: Tokens,
        clock: Clock,
        rate_limits: RateLimits,
        services: Services,
        cookies: CookiePolicy | None = None,
        stored: StoredDocuments | None = None,
        budget: Budget | None = None,
        reads: ReadTrail | None = None,
        measured: Collection[str] = (),
        *,
        open_schema: bool = False,
    ) -> None:
        self.graph = graph
        self.database = database
        self.tokens = tokens
        self.cookies = cookies or CookiePolicy(secure=True, same_site="strict")
        self.open_schema = open_schema
        self.documents = Documents(graph.schema, measured, suggests=open_schema)
        self.budget = budget or Budget(graph.schema, graph.costs)
        self.stored = stored or StoredDocuments({})
        self.revision = _revision(graph)
        """Changes with the schema and the catalogue, and with nothing else."""
        self.plans = Plans(Compiler(graph.schema, graph.catalogue, graph.declared, graph.costs))
        self.compiled_answers = 0
        self.executed_answers = 0
        self.unanswered = 0
        """Of those executed by graphql-core, the ones that a plan left to it because of what it found in the rows."""
        self._schema_answers: OrderedDict[tuple[Document, str | None], tuple[dict[str, Any], int]] = OrderedDict()
        """The first out as the next comes in: few clients ask, and they all ask alike."""
        self.rate_limits = rate_limits
        self.services = services
        self.reads = reads or ReadTrail(database, graph.catalogue, clock)
        self.contexts = Contexts(graph.catalogue, database, tokens, clock, services, self.reads)
        self.streams = Streams()
        self.service_keys = ServiceKeys(graph.catalogue, database, self.stored, clock, services)

    async def context(
        self,
        authorization: str | None,
        origin: Origin,
        request_id: str,
        database: Database | None = None,
        cookie: RefreshCookie | None = None,
    ) -> Context:
        """The context of a request; raises ``AuthenticationError`` when its token identifies nobody."""
        return await self.contexts.for_token(authorization, origin, request_id, database, cookie)

    def counts(self) -> dict[str, dict[str, int]]:
        """Since the start: how the caches do, which answers were compiled, how often requests were limited."""
        return {
            "documents": {"hits": self.documents.hits, "misses": self.documents.misses},
            "plans": {"hits": self.plans.hits, "misses": self.plans.misses},
            "answers": {
                "compiled": self.compiled_answers,
                "graphql_core": self.executed_answers,
                "unanswered": self.unanswered,
            },
            "rate_limits": self.rate_limits.counts(),
            "cost": {
                "estimated": self.budget.estimated,
                "actual": self.budget.actual,
                "over_budget": self.budget.over,
            },
            "live": {"streams": self.streams.count, "subscriptions": self.services.feeds.followers},
            "limits_exceeded": dict(self.documents.exceeded),
        }

    def claimed(self, authorization: str | None) -> Claims | None:
        """What a token claims, by its signature alone; ``None`` without one.

        Raises ``AuthenticationError``. Whether the claims still hold is for the statement to check that reads rows.
        """
        token = bearer(authorization)
        return self.tokens.verify(token) if token else None

    async def compiled(
        self,
        document: Document,
        operation_name: str | None,
        variables: Mapping[str, Any] | None,
        authorization: str | None,
        spending: Spending | None = None,
    ) -> bytes | None:
        """The response body of a read that a plan can answer; ``None`` leaves it to ``execute``.

        Raises ``AuthenticationError`` for a token that identifies nobody, as ``context`` does.
        """
        claimed = self.claimed(authorization)
        planned = self.planned(document, operation_name, variables) if claimed else None
        if claimed is None or planned is None or isinstance(planned.plan, NoPlan):
            return None
        try:
            return await self.run(planned, claimed, spending=spending)
        except Unanswerable:
            return None

    def planned(
        self, document: Document, operation_name: str | None, variables: Mapping[str, Any] | None
    ) -> Planned | None:
        """The operation that a request means with its plan; ``None`` where the request breaks a rule of GraphQL."""
        operation = document.compilable(operation_name)
        values = operation.coerced(self.graph.schema, variables) if operation else None
        return Planned(operation, values, self.plans.get(operation, values)) if operation and values else None

    async def run(
        self, planned: Planned, claimed: Claims, database: Database | None = None, spending: Spending | None = None
    ) -> bytes:
        """The response body that a plan gives. Raises ``AuthenticationError``, and ``Unanswerable`` where it cannot."""
        assert not isinstance(planned.plan, NoPlan)
        try:
            reader = (database or self.database).reader(claimed)
            data, cost, people = await planned.plan.answer(reader, claimed.viewer, planned.values)
        except UnknownViewer as error:
            raise AuthenticationError("Invalid token") from error
        except Unanswerable:
            self.unanswered += 1
            raise
        except orjson.JSONDecodeError as error:
            self.unanswered += 1
            raise Unanswerable("a stored number is none that JSON readers know") from error
        self.reads.showed(claimed.viewer, people)
        self.compiled_answers += 1
        self.budget.spend(cost, spending)
        return f'{{"data":{data}}}'.encode()

    def introspection_refusal(self, context: Context) -> NotAllowed | None:
        """Why this viewer may not see the schema itself; ``None`` for those who may."""
        if self.open_schema:
            return None
        try:
            require(context, Permission.INTROSPECT)
        except NotAllowed as refusal:
            return refusal
        return None

    async def execute(
        self,
        document: Document,
        context: Context,
        variables: Mapping[str, Any] | None = None,
        operation_name: str | None = None,
        spending: Spending | None = None,
        event: Any = None,
    ) -> dict[str, Any]:
        """Run a valid document; ``data`` and, for faults only, ``errors``. ``event``: what a subscription tells.

        Raises ``NotInScope`` for an operation that the service key of the request may not execute.
        """
        assert document.node is not None
        if context.key is not None:
            await self.service_keys.refuse_outside_scope(document, operation_name, context)
        if document.introspects and (refusal := self.introspection_refusal(context)):
            return {"errors": [told(GraphQLError(str(refusal), original_error=refusal), context.request_id)]}
        self.executed_answers += 1
        if kept := self._schema_answers.get((document, operation_name)):
            self.budget.spend(kept[1], spending)
            return kept[0]
        tally = Tally()
        with closing(Unawaited()) as unawaited:
            result: Any = execute(
                self.graph.schema,
                document.node,
                event,
                context_value=context,
                variable_values=dict(variables or {}),
                operation_name=operation_name,
                max_coercion_errors=MAX_ERRORS,
                hide_suggestions=True,
                executor_class=CountingExecutor,
                costs=self.graph.costs,
                tally=tally,
                unawaited=unawaited,
            )
            if inspect.isawaitable(result):
                result = await result
        assert isinstance(result, ExecutionResult)
        self.budget.spend(tally.cost, spending)
        answer: dict[str, Any] = {}
        if result.errors:
            answer["errors"] = [told(error, context.request_id) for error in result.errors]
        if result.data is not None or not result.errors or any(error.path for error in result.errors):
            answer["data"] = result.data
        if document.reads_schema(operation_name) and "errors" not in answer:
            if len(self._schema_answers) >= CACHED_SCHEMA_ANSWERS:
                self._schema_answers.popitem(last=False)
            self._schema_answers[document, operation_name] = answer, tally.cost
        return answer


def _revision(graph: Graph) -> str:
    described = "".join(map(repr, graph.catalogue.tools))
    return blake2b((graph.sdl + described).encode(), digest_size=16).hexdigest()
