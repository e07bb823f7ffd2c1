"""One operation of a connection that lasts: all that holds for a request holds for it, and its answers are many."""

import inspect
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from functools import partial
from typing import Any

import orjson
from graphql import ExecutionResult, GraphQLError, OperationType
from graphql.execution import Executor, create_source_event_stream

from graphql_api.exchange import HttpError
from graphql_api.execution.documents import Document
from graphql_api.execution.errors import told
from graphql_api.execution.spending import Spending
from graphql_api.limits import MAX_ERRORS
from graphql_api.live.visits import Visit
from graphql_api.parameters import Parameters
from graphql_api.types.tools.subscription.events import Delivery
from resolvers.refusals import BadArgument


class NotExecuted(Exception):
    """An operation that breaks a rule or a limit; ``errors`` as a response has them."""

    def __init__(self, errors: Sequence[dict[str, Any]]) -> None:
        super().__init__()
        self.errors = list(errors)


async def answers(visit: Visit, asked: Parameters) -> AsyncGenerator[bytes]:
    """Each answer, as JSON: one of a query, all of a subscription.

    Raises ``NotExecuted``; ``HttpError`` for a document that is not known or not trusted, and for mutations; and
    ``AuthenticationError`` as soon as the token identifies nobody.
    """
    gateway, request_id = visit.gateway, visit.exchange.id
    document = gateway.documents.get(gateway.stored.text_of(asked))
    if document.node is None:
        raise NotExecuted([told(error, request_id) for error in document.errors])
    name, variables = asked.operation_name, asked.variables
    operation = document.operation(name)
    if operation is not None and operation.operation is OperationType.MUTATION:
        raise HttpError(405, "Mutations are sent by POST, with an Accept of JSON; streams only read.", Allow="POST")
    try:
        spending = gateway.budget.admit(document.compilable(name), variables)
    except GraphQLError as error:
        raise NotExecuted([told(error, request_id)]) from error
    if operation is None or operation.operation is OperationType.QUERY:
        body = await gateway.compiled(document, name, variables, visit.authorization, spending)
        if body is None:
            answer = await gateway.execute(document, await visit.context(), variables, name, spending)
            if "data" not in answer:
                raise NotExecuted(answer["errors"])
            body = orjson.dumps(answer)
        yield body
        return
    async with aclosing(_events(visit, document, asked, spending)) as events:
        async for body in events:
            yield body


async def _events(visit: Visit, document: Document, asked: Parameters, spending: Spending) -> AsyncGenerator[bytes]:
    """Each event of a subscription, executed in the context in which it was read: a new one for each read."""
    gateway, request_id = visit.gateway, visit.exchange.id
    context = await visit.context()
    if document.introspects and (refusal := gateway.introspection_refusal(context)):
        raise NotExecuted([told(GraphQLError(str(refusal), original_error=refusal), request_id)])
    assert document.node is not None
    executor = Executor.build(
        gateway.graph.schema,
        document.node,
        context_value=context,
        raw_variable_values=dict(asked.variables or {}),
        operation_name=asked.operation_name,
        max_coercion_errors=MAX_ERRORS,
        hide_suggestions=True,
    )
    if isinstance(executor, list):
        raise NotExecuted([told(error, request_id) for error in executor])
    source: Any = create_source_event_stream(executor)
    if inspect.isawaitable(source):
        source = await source
    if isinstance(source, ExecutionResult):
        raise NotExecuted([told(error, request_id) for error in source.errors or ()])
    given = orjson.dumps(asked.variables, option=orjson.OPT_SORT_KEYS)

    async def execute(delivery: Delivery) -> bytes:
        answer = await gateway.execute(
            document, delivery.context, asked.variables, asked.operation_name, spending, event=delivery.source
        )
        return orjson.dumps(answer)

    async with aclosing(source) as deliveries:
        try:
            async for delivery in deliveries:
                assert isinstance(delivery, Delivery)
                key = (delivery.context.viewer.settings, document, asked.operation_name, given, delivery.key)
                yield await gateway.streams.answers.share(key, partial(execute, delivery))
        except BadArgument as error:
            wrong = GraphQLError(str(error), document.operation(asked.operation_name), original_error=error)
            raise NotExecuted([told(wrong, request_id)]) from error
