"""Making, changing and deleting the webhooks of an organisation. For its admins."""

import os
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from db.database import Record, Transaction
from db.encryption.key_ring import KEY_BYTES
from db.models.outbox import FactKind
from db.models.webhooks import Webhook
from db.permissions import Permission
from db.statements import webhooks as sql
from integrations.webhooks import BadUrl
from resolvers.auditing import record_event
from resolvers.context import Context
from resolvers.permissions import require
from resolvers.refusals import InvalidInput, NotFound, Problem

MAX_WEBHOOKS = 20
"""Webhooks of one organisation."""

MAX_DOCUMENT_CHARACTERS = 20_000
"""Characters of a webhook's document."""

CheckDocument = Callable[[str], Sequence[str]]
"""What is wrong with a document, a sentence each; nothing for a good one."""


@dataclass(frozen=True, slots=True)
class WebhookWish:
    """What a webhook shall be. ``document``: what is asked of the graph for the body; none sends the event alone."""

    url: str
    events: Sequence[FactKind]
    document: str | None = None


@dataclass(frozen=True, slots=True)
class WithSecret:
    """A webhook, and for this once the secret that its messages are signed with."""

    webhook: Webhook
    secret: str = field(repr=False)


async def create_webhook(context: Context, wish: WebhookWish, check: CheckDocument) -> WithSecret:
    """A webhook of the viewer's organisation. Raises ``NotAllowed``, ``NotFound`` and ``InvalidInput``."""
    company = _company(context)
    _refuse(context, wish, check)
    webhook_id, (secret, shown) = uuid4(), _new_secret()
    wrapped = context.database.data_keys.ring.wrap(secret, webhook_id, company)
    async with context.database.transaction(context.viewer) as transaction:
        count = await transaction.fetch_row(sql.COUNT, company)
        if count is None or count["count"] >= MAX_WEBHOOKS:
            raise InvalidInput([Problem("url", f"An organisation has at most {MAX_WEBHOOKS} webhooks.")])
        row = await transaction.fetch_row(
            sql.CREATE,
            webhook_id,
            company,
            wish.url,
            [kind.value for kind in wish.events],
            wish.document,
            wrapped.wrapped,
            wrapped.wrapped_by,
            wrapped.fingerprint,
            context.signed_in().id,
            context.clock(),
        )
        webhook = await _recorded(context, transaction, row, "webhook_created")
    return WithSecret(webhook, shown)


async def change_webhook(
    context: Context, webhook_id: UUID, wish: WebhookWish, check: CheckDocument, *, active: bool
) -> Webhook:
    """Have a webhook be so from now on; its document is then executed as the viewer.

    Raises ``NotAllowed``, ``NotFound`` and ``InvalidInput``.
    """
    _company(context)
    _refuse(context, wish, check)
    async with context.database.transaction(context.viewer) as transaction:
        row = await transaction.fetch_row(
            sql.CHANGE,
            webhook_id,
            wish.url,
            [kind.value for kind in wish.events],
            wish.document,
            active,
            context.signed_in().id,
            context.clock(),
        )
        return await _recorded(context, transaction, row, "webhook_changed")


async def rotate_webhook_secret(context: Context, webhook_id: UUID) -> WithSecret:
    """A new secret, in force with the next message. Raises ``NotAllowed`` and ``NotFound``."""
    company = _company(context)
    secret, shown = _new_secret()
    wrapped = context.database.data_keys.ring.wrap(secret, webhook_id, company)
    async with context.database.transaction(context.viewer) as transaction:
        row = await transaction.fetch_row(
            sql.CHANGE_SECRET,
            webhook_id,
            wrapped.wrapped,
            wrapped.wrapped_by,
            wrapped.fingerprint,
            context.signed_in().id,
            context.clock(),
        )
        webhook = await _recorded(context, transaction, row, "webhook_secret_rotated")
    return WithSecret(webhook, shown)


async def delete_webhook(context: Context, webhook_id: UUID) -> Webhook:
    """Delete a webhook with its deliveries. Raises ``NotAllowed`` and ``NotFound``."""
    _company(context)
    async with context.database.transaction(context.viewer) as transaction:
        row = await transaction.fetch_row(sql.DELETE, webhook_id)
        return await _recorded(context, transaction, row, "webhook_deleted")


async def webhooks(context: Context) -> Sequence[Webhook]:
    """The webhooks of the viewer's organisation, the oldest first; none for those who do not manage them."""
    company = context.viewer.organization_id
    if company is None or context.account is None:
        return ()
    rows = await context.database.reader(context.viewer)(sql.ENDPOINTS, company)
    return [webhook_of(row) for row in rows]


def webhook_of(row: Record) -> Webhook:
    """The webhook of a row."""
    return Webhook(**(dict(row) | {"events": tuple(row["events"])}))


def _company(context: Context) -> UUID:
    require(context, Permission.MANAGE_WEBHOOKS)
    company = context.viewer.organization_id
    if company is None:
        raise NotFound("Organisation not found")
    return company


def _new_secret() -> tuple[bytes, str]:
    """A secret, and the same as Standard Webhooks writes it."""
    secret = os.urandom(KEY_BYTES)
    return secret, f"whsec_{b64encode(secret).decode()}"


def _refuse(context: Context, wish: WebhookWish, check: CheckDocument) -> None:
    if problems := list(_problems(context, wish, check)):
        raise InvalidInput(problems)


def _problems(context: Context, wish: WebhookWish, check: CheckDocument) -> Iterator[Problem]:
    try:
        context.services.webhooks.check(wish.url)
    except BadUrl as error:
        yield Problem("url", str(error))
    if not wish.events or len(set(wish.events)) < len(wish.events):
        yield Problem("events", "Name at least one kind of event, each once.")
    if wish.document is not None:
        if len(wish.document) > MAX_DOCUMENT_CHARACTERS or "\x00" in wish.document:
            yield Problem("document", f"A document has at most {MAX_DOCUMENT_CHARACTERS:,} characters.")
        else:
            for message in check(wish.document):
                yield Problem("document", message)


async def _recorded(context: Context, transaction: Transaction, row: Record | None, action: str) -> Webhook:
    if row is None:
        raise NotFound("Webhook not found")
    webhook = webhook_of(row)
    details = {"events": list(webhook.events), "active": webhook.active, "document": webhook.document is not None}
    entity = ("webhook", webhook.id)
    await record_event(context, transaction, action, entity, details, organization_id=webhook.organization_id)
    return webhook
