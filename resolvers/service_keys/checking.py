"""What a new service key shall be, and whether that makes sense."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from db.models.service_keys import Behalf
from resolvers.context import Context
from resolvers.refusals import Problem
from resolvers.service_keys.scope import ANY_QUERY

MAX_KEY_NAME = 100
"""Characters of a key's name."""

MAX_KEY_LIFETIME = timedelta(days=365)
"""How long a key is good."""

MAX_KEY_OPERATIONS = 100
"""Operations of one key."""

MAX_KEY_USERS = 100
"""People whom one key lists; for more of them there are keys for every member."""


@dataclass(frozen=True, slots=True)
class NewServiceKey:
    """What a key shall be. ``tools``: slugs or aliases, ``None`` for every tool."""

    name: str
    operations: Sequence[str]
    tools: Sequence[str] | None
    behalf: Behalf
    user_ids: Sequence[UUID]
    expires_at: datetime
    organization_id: UUID | None = None


async def problems_of(context: Context, new: NewServiceKey, company_id: UUID, now: datetime) -> list[Problem]:
    """Every problem of a new key, by input; people of other organisations are like people who do not exist."""
    return [
        *_of_name(new.name),
        *_of_operations(context, new.operations),
        *_of_tools(context, new.tools),
        *await _of_people(context, new, company_id),
        *_of_time(new.expires_at, now),
    ]


def known_tools(context: Context, names: Sequence[str]) -> list[str]:
    """The slugs of tools by slug or alias, each once; what is no tool is left out."""
    found = (context.catalogue.find(name) for name in names)
    return sorted({tool.slug for tool in found if tool})


def unknown_tools(context: Context, names: Sequence[str] | None) -> Iterator[Problem]:
    """A problem for each name that no tool has."""
    for number, name in enumerate(names or ()):
        if context.catalogue.find(name) is None:
            yield Problem(f"tools.{number}", f"Tool not found: {name!r:.80}")


def _of_name(name: str) -> Iterator[Problem]:
    if not 1 <= len(name.strip()) <= MAX_KEY_NAME or not name.isprintable():
        yield Problem("name", f"A name has 1 to {MAX_KEY_NAME} characters that can be seen.")


def _of_operations(context: Context, operations: Sequence[str]) -> Iterator[Problem]:
    if not 1 <= len(operations) <= MAX_KEY_OPERATIONS:
        yield Problem("operations", f"Name 1 to {MAX_KEY_OPERATIONS} operations; '{ANY_QUERY}' stands for every query.")
        return
    for number, name in enumerate(operations):
        if name != ANY_QUERY and name not in context.services.stored_operations:
            yield Problem(
                f"operations.{number}",
                f"No document is stored under {name!r:.80}. Add it to a manifest, or name '{ANY_QUERY}'.",
            )


def _of_tools(context: Context, tools: Sequence[str] | None) -> Iterator[Problem]:
    if tools is not None and not tools:
        yield Problem("tools", "Name at least one tool, or leave them out: then the key reaches every tool.")
    yield from unknown_tools(context, tools)


async def _of_people(context: Context, new: NewServiceKey, company_id: UUID) -> list[Problem]:
    if new.behalf is not Behalf.LISTED:
        message = "Only a key for listed people lists people; leave them out."
        return [Problem("userIds", message)] if new.user_ids else []
    if not 1 <= len(new.user_ids) <= MAX_KEY_USERS:
        return [Problem("userIds", f"List 1 to {MAX_KEY_USERS} people.")]
    accounts = await context.loaders.accounts.load_many(new.user_ids)
    return [
        Problem(f"userIds.{number}", "User not found in this organization.")
        for number, account in enumerate(accounts)
        if account is None or account.organization_id != company_id
    ]


def _of_time(expires_at: datetime, now: datetime) -> Iterator[Problem]:
    if not now < expires_at <= now + MAX_KEY_LIFETIME:
        yield Problem("expiresAt", f"A key is good for at most {MAX_KEY_LIFETIME.days} days; name a time until then.")
