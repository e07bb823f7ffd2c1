"""The expressions that every row-level policy is written with, and the role they bind.

A policy compares columns with transaction settings only, never with other rows: it costs the same for any number of
organisations. ``nullif(…, '')`` is needed because a setting reads as ``''`` once a transaction that had set it locally
is over; without it the cast fails instead of the rows staying away.
"""

GATEWAY_ROLE = "fast_track_gateway"

ME = "nullif(current_setting('app.user_id', true), '')::uuid"
MY_ORGANIZATION = "nullif(current_setting('app.organization_id', true), '')::uuid"
IS_ADMIN = "current_setting('app.role', true) = 'admin'"
IS_PLATFORM_ADMIN = "current_setting('app.role', true) = 'platform_admin'"
GUIDED = "nullif(current_setting('app.guided_organization_ids', true), '')::uuid[]"


def _once(setting: str, kind: str) -> str:
    """The setting read once for a scan instead of once for every row (ADR 0017); for tables read by the thousand."""
    # Without the outer cast, ANY would take the subquery's rows instead of the array's elements.
    return f"(SELECT {setting})::{kind}"


# One subquery where three would do as well: each of them costs every scan of every statement its start.
_READABLE_ORGANIZATIONS = f"CASE WHEN {IS_ADMIN} THEN ARRAY[{MY_ORGANIZATION}] ELSE {GUIDED} END"
_READABLE = f"user_id = {_once(ME, 'uuid')} OR organization_id = ANY ({_once(_READABLE_ORGANIZATIONS, 'uuid[]')})"

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
    "readable": _READABLE,
}
"""What ``${name}`` stands for in a migration's SQL."""
