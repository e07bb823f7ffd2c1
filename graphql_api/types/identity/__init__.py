"""People, how they sign in, and who may do what, as far as that does not concern tools."""

from graphql_api.types.identity.people import AccountType, AuthorType, TeamType

__all__ = ["AccountType", "AuthorType", "TeamType"]
