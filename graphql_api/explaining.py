"""Answers a request and says how: what ``X-Explain: 1`` asks for, in development only."""

from collections.abc import Mapping
from typing import Any

import orjson

from graphql_api.exchange import Exchange
from graphql_api.execution.compiled.declined import Unanswerable
from graphql_api.execution.compiled.plans import NoPlan
from graphql_api.execution.documents import Document
from graphql_api.execution.explain import explained
from graphql_api.execution.spending import Spending
from graphql_api.gateway import Gateway


async def explained_answer(
    gateway: Gateway,
    exchange: Exchange,
    document: Document,
    name: str | None,
    variables: Mapping[str, Any] | None,
    spending: Spending,
) -> dict[str, Any]:
    """The answer, with ``extensions.explain``: the plan as lines of text, and the statements that ran."""
    authorization = exchange.headers.get("authorization")
    claimed = gateway.claimed(authorization)
    planned = gateway.planned(document, name, variables)
    unanswered = None if claimed else "nobody is signed in"
    sent: list[str] = []
    database = gateway.database.observed(sent.append)
    if claimed and planned and not isinstance(planned.plan, NoPlan):
        try:
            answer = orjson.loads(await gateway.run(planned, claimed, database, spending))
        except Unanswerable as reason:
            unanswered = str(reason)
        else:
            return _with(answer, explained(planned), sent)
    context = await gateway.context(authorization, exchange.origin, exchange.id, database)
    answer = await gateway.execute(document, context, variables, name, spending)
    return _with(answer, explained(planned, unanswered), sent)


def _with(answer: dict[str, Any], plan: list[str], sql: list[str]) -> dict[str, Any]:
    shown = {"plan": plan, "sql": [statement.splitlines() for statement in sql]}
    return answer | {"extensions": {"explain": shown}}
