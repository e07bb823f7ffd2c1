"""Whether the viewer may do something, at all or with what is somebody's. The policies are made of the same table."""

from db.models.identity import Account
from db.permissions import PERMISSIONS, Permission, Reach, roles_with
from resolvers.context import Context
from resolvers.refusals import NotAllowed

_ACTS = {
    Permission.READ_WORK: "see work",
    Permission.WRITE_WORK: "work on their own tools",
    Permission.REVIEW_WORK: "review submissions",
    Permission.READ_ORGANIZATIONS: "see organisations",
    Permission.READ_ACCOUNTS: "see accounts",
    Permission.MANAGE_ACCOUNTS: "manage people",
    Permission.ASSIGN_GURUS: "assign gurus",
    Permission.READ_SESSIONS: "see sessions",
    Permission.END_SESSIONS: "end sessions",
    Permission.MANAGE_SERVICE_KEYS: "manage service keys",
    Permission.READ_AUDIT: "read the audit trail",
    Permission.READ_HELP_USAGE: "see how help is used",
    Permission.MANAGE_WEBHOOKS: "manage webhooks",
    Permission.MANAGE_JOBS: "see and repeat jobs",
    Permission.INTROSPECT: "see the description of the whole graph",
}
"""What each permission lets a person do, as the end of a sentence."""

assert _ACTS.keys() == set(Permission)


_OF_KEYS = frozenset({Permission.READ_WORK, Permission.WRITE_WORK})


def require(context: Context, permission: Permission) -> None:
    """Raise ``NotAllowed`` unless the viewer is signed in with a role that has this permission.

    A service key has none of its person's but those on the person's own work.
    """
    account = context.signed_in()
    if context.key is not None and permission not in _OF_KEYS:
        raise NotAllowed(f"A service key cannot {_ACTS[permission]}. Sign in as a person.")
    roles = roles_with(permission)
    if account.role not in roles:
        allowed = " or ".join(sorted(role.value.replace("_", " ") for role in roles))
        raise NotAllowed(f"Insufficient permissions: only a {allowed} can {_ACTS[permission]}.")


def require_reaching(context: Context, permission: Permission, person: Account) -> None:
    """Raise ``NotAllowed`` unless the viewer has this permission, and it reaches what is this person's."""
    require(context, permission)
    viewer, organization = context.signed_in(), person.organization_id
    reaches = {
        Reach.OWN: person.id == viewer.id,
        Reach.ORGANIZATION: organization is not None and organization == viewer.organization_id,
        Reach.GUIDED: organization in viewer.guided_organization_ids,
        Reach.ALL: True,
    }
    if not any(reaches[reach] for reach in PERMISSIONS[permission][viewer.role]):
        raise NotAllowed(f"Insufficient permissions: you can {_ACTS[permission]}, but not for this person.")


def meaning(permission: Permission) -> str:
    """What a permission lets a person do."""
    return _ACTS[permission]
