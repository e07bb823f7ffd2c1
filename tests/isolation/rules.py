"""Who may see whose rows, table by table: said here once more, and by no policy, so that a wrong policy shows."""

import re
from collections.abc import Callable

from db.viewer import Role
from tests.isolation.cast import Part


def own(viewer: Part, person: str | None, tenant: str | None) -> bool:
    """The person whose row it is."""
    del tenant
    return person is not None and person == (viewer.asks_for or viewer.name)


def administered(viewer: Part, tenant: str | None) -> bool:
    """Whether this is the tenant that the viewer is admin of."""
    return viewer.role is Role.ADMIN and tenant is not None and tenant == viewer.tenant


def platform(viewer: Part) -> bool:
    """Whether the viewer runs the platform."""
    return viewer.role is not None and viewer.role.value == "platform_admin"


def work(viewer: Part, person: str | None, tenant: str | None) -> bool:
    """The person, an admin of theirs, a guru of theirs."""
    return own(viewer, person, tenant) or administered(viewer, tenant) or tenant in viewer.guides


def accounts(viewer: Part, person: str | None, tenant: str | None) -> bool:
    """As work; and who runs the platform."""
    return work(viewer, person, tenant) or platform(viewer)


def records(viewer: Part, person: str | None, tenant: str | None) -> bool:
    """The person, an admin of theirs, and who runs the platform."""
    return own(viewer, person, tenant) or administered(viewer, tenant) or platform(viewer)


def company(viewer: Part, person: str | None, tenant: str | None) -> bool:
    """Everybody of the tenant, its gurus, and who runs the platform."""
    del person
    return (tenant is not None and tenant == viewer.tenant) or tenant in viewer.guides or platform(viewer)


def teams(viewer: Part, person: str | None, tenant: str | None) -> bool:
    """As the tenant; but of colleagues a service key is told nothing."""
    return viewer.asks_for is None and company(viewer, person, tenant)


def invitations(viewer: Part, person: str | None, tenant: str | None) -> bool:
    """An admin of the tenant, and who runs the platform."""
    del person
    return administered(viewer, tenant) or platform(viewer)


def webhooks(viewer: Part, person: str | None, tenant: str | None) -> bool:
    """An admin of the tenant, and nobody else."""
    del person
    return administered(viewer, tenant)


def data_keys(viewer: Part, person: str | None, tenant: str | None) -> bool:
    """Everybody of the tenant and its gurus; who belongs nowhere has one of their own."""
    return own(viewer, person, tenant) or (company(viewer, person, tenant) and not platform(viewer))


Rule = Callable[[Part, str | None, str | None], bool]

RULES: dict[str, Rule] = {
    "users.accounts": accounts,
    "users.profiles": own,
    "organizations.companies": company,
    "organizations.teams": teams,
    "organizations.guru_assignments": records,
    "tool_access.permissions": work,
    "tool_access.progress": work,
    "audit.events": records,
    "outbox.events": work,
    "webhooks.endpoints": webhooks,
    "webhooks.deliveries": webhooks,
    "authentication.sessions": records,
    "authentication.invitations": invitations,
    "authentication.service_keys": invitations,
    "organizations.data_keys": data_keys,
    "help.requests": records,
}
"""Those of tools follow ``work``. A table without a rule is its rows' own person's alone: more has to be said here."""

SECRET = re.compile(r"password|hash|digest|secret|salt|wrapped|fingerprint|nonce|ciphertext")
"""Columns whose content is shown to nobody."""


def rule_of(table: str, column: str) -> Rule | None:
    """The rule for a column; ``None`` for what is shown to nobody."""
    if SECRET.search(column):
        return None
    return work if table.startswith("sprint_") else RULES.get(table, own)


def visible(viewer: Part, rule: Rule | None, person: str | None, tenant: str | None) -> bool:
    """Whether this viewer may meet what stands in such a row."""
    return rule is not None and viewer.role is not None and viewer.active and rule(viewer, person, tenant)
