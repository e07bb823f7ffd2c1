"""Who may do what with whose rows: the one table behind row-level policies, decisions, GraphQL and REST."""

from collections.abc import Mapping
from enum import StrEnum

from db.viewer import Role


class Permission(StrEnum):
    """Something that may be done; the value is ``<what>:<how>``."""

    READ_WORK = "work:read"
    WRITE_WORK = "work:write"
    REVIEW_WORK = "work:review"
    READ_ORGANIZATIONS = "organizations:read"
    READ_ACCOUNTS = "accounts:read"
    MANAGE_ACCOUNTS = "accounts:manage"
    ASSIGN_GURUS = "gurus:assign"
    READ_SESSIONS = "sessions:read"
    END_SESSIONS = "sessions:end"
    MANAGE_SERVICE_KEYS = "service-keys:manage"
    READ_AUDIT = "audit:read"
    READ_HELP_USAGE = "help-usage:read"
    MANAGE_WEBHOOKS = "webhooks:manage"
    MANAGE_JOBS = "jobs:manage"
    INTROSPECT = "schema:introspect"


class Reach(StrEnum):
    """Whose rows a permission reaches."""

    OWN = "own"
    """The person's own."""
    ORGANIZATION = "organization"
    """Everybody's of the person's organisation."""
    GUIDED = "guided"
    """Everybody's of the organisations that a guru looks after."""
    ALL = "all"
    """Everybody's."""


Reaches = frozenset[Reach]

_NONE: Reaches = frozenset()
_OWN: Reaches = frozenset({Reach.OWN})
_ORG: Reaches = frozenset({Reach.ORGANIZATION})
_GUIDED: Reaches = frozenset({Reach.GUIDED})
_ALL: Reaches = frozenset({Reach.ALL})

_TABLE: Mapping[Permission, tuple[Reaches, Reaches, Reaches, Reaches]] = {
    #                                participant  guru            admin        platform admin
    Permission.READ_WORK:           (_OWN,        _OWN | _GUIDED, _OWN | _ORG, _OWN),
    Permission.WRITE_WORK:          (_OWN,        _OWN,           _OWN,        _OWN),
    Permission.REVIEW_WORK:         (_NONE,       _GUIDED,        _NONE,       _NONE),
    Permission.READ_ORGANIZATIONS:  (_ORG,        _ORG | _GUIDED, _ORG,        _ALL),
    Permission.READ_ACCOUNTS:       (_OWN,        _OWN | _GUIDED, _OWN | _ORG, _OWN | _ALL),
    Permission.MANAGE_ACCOUNTS:     (_NONE,       _NONE,          _ORG,        _ALL),
    Permission.ASSIGN_GURUS:        (_NONE,       _NONE,          _ORG,        _ALL),
    Permission.READ_SESSIONS:       (_OWN,        _OWN,           _OWN | _ORG, _OWN | _ALL),
    Permission.END_SESSIONS:        (_OWN,        _OWN,           _OWN | _ORG, _OWN | _ALL),
    Permission.MANAGE_SERVICE_KEYS: (_NONE,       _NONE,          _ORG,        _ALL),
    Permission.READ_AUDIT:          (_OWN,        _OWN,           _OWN | _ORG, _OWN | _ALL),
    Permission.READ_HELP_USAGE:     (_NONE,       _NONE,          _ORG,        _ALL),
    Permission.MANAGE_WEBHOOKS:     (_NONE,       _NONE,          _ORG,        _NONE),
    Permission.MANAGE_JOBS:         (_NONE,       _NONE,          _NONE,       _ALL),
    Permission.INTROSPECT:          (_NONE,       _NONE,          _ALL,        _ALL),
}  # fmt: skip

PERMISSIONS: Mapping[Permission, Mapping[Role, Reaches]] = {
    permission: dict(zip((Role.USER, Role.GURU, Role.ADMIN, Role.PLATFORM_ADMIN), reaches, strict=True))
    for permission, reaches in _TABLE.items()
}
"""By permission and role: whose rows. Nobody who is not signed in has any of them."""


def roles_with(permission: Permission) -> frozenset[Role]:
    """The roles that have a permission, however far it reaches."""
    return frozenset(role for role, reaches in PERMISSIONS[permission].items() if reaches)
