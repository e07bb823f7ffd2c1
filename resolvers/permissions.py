"""Which role may do what. Rows are protected by policies in the database; this table is about acts."""

from enum import StrEnum

from db.viewer import Role
from resolvers.context import Context
from resolvers.refusals import NotAllowed


class Act(StrEnum):
    """Something a person may or may not do."""

    WORK_ON_TOOLS = "work on their own tools"
    REVIEW = "review submissions"
    INTROSPECT = "see the description of the whole graph"
    INVITE = "invite people"


_ROLES: dict[Act, frozenset[Role]] = {
    Act.WORK_ON_TOOLS: frozenset(Role),
    Act.REVIEW: frozenset({Role.GURU}),
    Act.INTROSPECT: frozenset({Role.ADMIN}),
    Act.INVITE: frozenset({Role.ADMIN, Role.PLATFORM_ADMIN}),
}


def require(context: Context, act: Act) -> None:
    """Raise ``NotAllowed`` unless the viewer is signed in with a role that may do this."""
    account = context.signed_in()
    if account.role not in _ROLES[act]:
        allowed = " or ".join(sorted(role.value for role in _ROLES[act]))
        raise NotAllowed(f"Insufficient permissions: only a {allowed} can {act.value}.")
