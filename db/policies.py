"""The expressions that row-level policies are written with, made of the table of permissions; the role they bind.

A policy compares columns with transaction settings only, never with other rows: it costs the same for any number of
organisations. ``nullif(…, '')`` is needed because a setting reads as ``''`` once a transaction that had set it locally
is over; without it the cast fails instead of the rows staying away.
"""

from collections.abc import Collection

from db.permissions import PERMISSIONS, Permission, Reach
from db.viewer import Role

GATEWAY_ROLE = "fast_track_gateway"

ME = "nullif(current_setting('app.user_id', true), '')::uuid"
MY_ORGANIZATION = "nullif(current_setting('app.organization_id', true), '')::uuid"
IS_ADMIN = "current_setting('app.role', true) = 'admin'"
IS_PLATFORM_ADMIN = "current_setting('app.role', true) = 'platform_admin'"
WORKER_SETTING = "app.worker"
"""Set on the connections of a worker, which may see the queue of jobs; on no other."""

GUIDED = "nullif(current_setting('app.guided_organization_ids', true), '')::uuid[]"


def allowed(permission: Permission, owner: str = "user_id", organization: str = "organization_id") -> str:
    """The condition on a row that the permission's line of the table comes to.

    ``owner`` and ``organization``: the columns that say whose row it is.
    """
    able = _roles(permission, Reach.ALL)
    arms = [f"{owner} = {ME}"] if _roles(permission, Reach.OWN) else []
    if within := _roles(permission, Reach.ORGANIZATION):
        everyone = len(within) + len(able) == len(Role)  # the others are let in below, whatever the organisation
        arms.append(f"{organization} = {MY_ORGANIZATION}" + ("" if everyone else f" AND {_is_one_of(within)}"))
    if _roles(permission, Reach.GUIDED):
        arms.append(f"{organization} = ANY ({GUIDED})")  # a setting that only gurus have
    if able:
        arms.append(_is_one_of(able))
    return " OR ".join(f"({arm})" for arm in arms)


def _roles(permission: Permission, reach: Reach) -> list[Role]:
    return [role for role, reaches in PERMISSIONS[permission].items() if reach in reaches]


def _is_one_of(roles: Collection[Role]) -> str:
    names = ", ".join(f"'{role.value}'" for role in roles)
    return f"current_setting('app.role', true) IN ({names})"


def _once(setting: str, kind: str) -> str:
    """The setting read once for a scan instead of once for every row (ADR 0017); for tables read by the thousand."""
    # Without the outer cast, ANY would take the subquery's rows instead of the array's elements.
    return f"(SELECT {setting})::{kind}"


def _allowed_once(permission: Permission) -> str:
    """The same as ``allowed``, for tables read by the thousand; nobody may have the permission on everybody's rows."""
    assert not _roles(permission, Reach.ALL)
    assert len(_roles(permission, Reach.OWN)) == len(Role)
    # One subquery where three would do as well: each of them costs every scan of every statement its start.
    within = _is_one_of(_roles(permission, Reach.ORGANIZATION))
    organizations = f"CASE WHEN {within} THEN ARRAY[{MY_ORGANIZATION}] ELSE {GUIDED} END"
    return f"user_id = {_once(ME, 'uuid')} OR organization_id = ANY ({_once(organizations, 'uuid[]')})"


POLICY_TERMS = {
    "gateway": GATEWAY_ROLE,
    "me": ME,
    "my_organization": MY_ORGANIZATION,
    "is_admin": IS_ADMIN,
    "is_platform_admin": IS_PLATFORM_ADMIN,
    "guided": GUIDED,
    "guided_rows": f"organization_id = ANY ({GUIDED})",
    "own": f"user_id = {ME} AND organization_id IS NOT DISTINCT FROM {MY_ORGANIZATION}",
    # Who did it is always the viewer; it is filed where the viewer belongs, or with an organisation they look after.
    "own_event": (
        f"user_id = {ME}"
        f" AND (organization_id IS NOT DISTINCT FROM {MY_ORGANIZATION} OR organization_id = ANY ({GUIDED}))"
    ),
    "readable": _allowed_once(Permission.READ_WORK),
    "reviewable": allowed(Permission.REVIEW_WORK),
    "readable_account": allowed(Permission.READ_ACCOUNTS, owner="id"),
    "managed_account": allowed(Permission.MANAGE_ACCOUNTS, owner="id"),
    "managed_account_of": allowed(Permission.MANAGE_ACCOUNTS),
    "readable_organization": allowed(Permission.READ_ORGANIZATIONS, organization="id"),
    "readable_of_organization": allowed(Permission.READ_ORGANIZATIONS),
    "assignable": allowed(Permission.ASSIGN_GURUS),
    "readable_session": allowed(Permission.READ_SESSIONS),
    "ended_session_of": allowed(Permission.END_SESSIONS, owner="id"),
    "managed_service_key": allowed(Permission.MANAGE_SERVICE_KEYS),
    "readable_event": allowed(Permission.READ_AUDIT),
    # The viewer's own work, filed where the viewer belongs; or work of somebody else that the viewer may read.
    "own_fact": (
        f"actor_id = {ME} AND ({_allowed_once(Permission.READ_WORK)})"
        f" AND (user_id <> {ME} OR organization_id IS NOT DISTINCT FROM {MY_ORGANIZATION})"
    ),
    "managed_webhook": allowed(Permission.MANAGE_WEBHOOKS),
    "managed_jobs": allowed(Permission.MANAGE_JOBS),
    "is_worker": f"current_setting('{WORKER_SETTING}', true) = 'on'",
    "readable_help_usage": allowed(Permission.READ_HELP_USAGE),
}
"""What ``${name}`` stands for in a migration's SQL."""
