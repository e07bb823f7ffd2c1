"""Whether the viewer may do something at all. Whose rows it reaches is for the policies, made of the same table."""

from db.permissions import Permission, roles_with
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
    Permission.INTROSPECT: "see the description of the whole graph",
}
"""What each permission lets a person do, as the end of a sentence."""

assert _ACTS.keys() == set(Permission)


def require(context: Context, permission: Permission) -> None:
    """Raise ``NotAllowed`` unless the viewer is signed in with a role that has this permission."""
    account = context.signed_in()
    roles = roles_with(permission)
    if account.role not in roles:
        allowed = " or ".join(sorted(role.value.replace("_", " ") for role in roles))
        raise NotAllowed(f"Insufficient permissions: only a {allowed} can {_ACTS[permission]}.")


def meaning(permission: Permission) -> str:
    """What a permission lets a person do."""
    return _ACTS[permission]
