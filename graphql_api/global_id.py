"""Relay's global ids: opaque to clients, ``Type:key`` in base64url to us."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

from graphql_api.limits import MAX_GLOBAL_ID_CHARACTERS
from resolvers.refusals import BadArgument


def encode(type_name: str, key: object) -> str:
    """The global id of one object."""
    return urlsafe_b64encode(f"{type_name}:{key}".encode()).decode().rstrip("=")


def decode(global_id: str, argument: str = "id") -> tuple[str, str]:
    """Type name and key of a global id; raises ``BadArgument`` for anything else."""
    try:
        if len(global_id) > MAX_GLOBAL_ID_CHARACTERS:
            raise ValueError
        padded = global_id + "=" * (-len(global_id) % 4)
        type_name, _, key = urlsafe_b64decode(padded.encode("ascii")).decode().partition(":")
    except ValueError as error:
        raise BadArgument(argument, "This is no id of this graph; use one that an 'id' field gave.") from error
    if not type_name or not key:
        raise BadArgument(argument, "This is no id of this graph; use one that an 'id' field gave.")
    return type_name, key


def user_id(given: str | None, argument: str = "id") -> UUID | None:
    """A person's id, given as the global id of a participant or as the bare UUID."""
    if given is None:
        return None
    return _uuid(given, "Participant", argument)


def company_id(given: str | None, argument: str = "id") -> UUID | None:
    """An organisation's id, given as its global id or as the bare UUID."""
    if given is None:
        return None
    return _uuid(given, "Organization", argument)


def _uuid(given: str, type_name: str, argument: str) -> UUID:
    try:
        return UUID(given)
    except ValueError:
        pass
    found, key = decode(given, argument)
    if found != type_name:
        raise BadArgument(argument, f"This id names a {found}, not a {type_name}.")
    try:
        return UUID(key)
    except ValueError as error:
        raise BadArgument(argument, "This is no id of this graph; use one that an 'id' field gave.") from error
