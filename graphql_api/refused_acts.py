"""Puts into the audit trail what somebody was not allowed to do: every mutation, whatever it is."""

from inspect import isawaitable
from typing import Any

from graphql import GraphQLFieldResolver, GraphQLResolveInfo, GraphQLSchema

from graphql_api.types.refusals import Refused
from resolvers import refusals
from resolvers.auditing import record_refused_act


def record_refused_acts(schema: GraphQLSchema) -> None:
    """Have each field of ``Mutation`` record that it was refused with ``NotAllowed``."""
    assert schema.mutation_type is not None
    for name, field in schema.mutation_type.fields.items():
        assert field.resolve is not None
        field.resolve = _recording(name, field.resolve)


def _recording(name: str, resolve: GraphQLFieldResolver) -> GraphQLFieldResolver:
    async def recording(source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        result = resolve(source, info, **arguments)
        if isawaitable(result):
            result = await result
        if isinstance(result, Refused) and isinstance(result.refusal, refusals.NotAllowed):
            await record_refused_act(info.context, name)
        return result

    return recording
