"""Reads of accounts and organisations."""

from functools import cache

from db.statements.viewer import ACCOUNT_COLUMNS, SESSION_LASTS, Statement, as_viewer

_ACCOUNT_COLUMNS = """
SELECT a.id, a.email, a.full_name, a.role, a.organization_id, a.created_at, a.last_login_at,
       a.deactivated_at, a.tokens_valid_from,
       CASE a.role WHEN 'guru' THEN
         ARRAY(SELECT g.organization_id FROM organizations.guru_assignments AS g WHERE g.user_id = a.id)
       END AS guided_organization_ids
FROM users.accounts AS a
"""

ACCOUNTS = as_viewer(_ACCOUNT_COLUMNS + "WHERE a.id = ANY (viewer.account_ids)", account_ids="uuid[]")

OWN_ACCOUNT = as_viewer(
    f"{_ACCOUNT_COLUMNS}WHERE a.id = viewer.user_id AND {SESSION_LASTS}", user_id="uuid", session_id="uuid"
)
"""The account ``user_id``, read as itself; none where ``session_id`` is of a session that has ended."""

COMPANIES = as_viewer(
    "SELECT c.id, c.name, c.slug, c.industry, c.size, c.created_at FROM organizations.companies AS c\n"
    "WHERE c.id = ANY (viewer.company_ids)",
    company_ids="uuid[]",
)

TEAMS = as_viewer(
    "SELECT t.id, t.organization_id, t.name, t.lead_user_id, t.members FROM organizations.teams AS t\n"
    "WHERE t.organization_id = ANY (viewer.company_ids) ORDER BY t.name, t.id",
    company_ids="uuid[]",
)

_OF_COMPANY = "a.organization_id = viewer.company_id"

_MEMBER_FILTER = """(viewer.member_role IS NULL OR a.role = viewer.member_role)
  AND (viewer.search IS NULL OR strpos(lower(a.full_name), lower(viewer.search)) > 0
       OR strpos(a.email, lower(viewer.search)) > 0)
  AND (viewer.tool_slug IS NULL OR EXISTS (
        SELECT FROM tool_access.progress AS p
        WHERE p.user_id = a.id AND p.tool_slug = viewer.tool_slug
          AND (viewer.tool_status IS NULL OR p.status = viewer.tool_status)))"""

_AFTER = "AND (a.full_name, a.id) > (viewer.after_name, viewer.after_id)"

PAGE_KEYS = {"page_size": "int"}
AFTER_KEYS = {"after_name": "text", "after_id": "uuid"}
FILTER_KEYS = {"member_role": "text", "search": "text", "tool_slug": "text", "tool_status": "text"}
"""Parameters of ``members_page``."""


def members_page(*, filtered: bool, continued: bool) -> str:
    """A join named ``person``: a page of the members of ``company``, by name; one row of NULLs for an empty page."""
    wanted = f"\n    AND {_MEMBER_FILTER}" if filtered else ""
    after = f"\n    {_AFTER}" if continued else ""
    return f"""LEFT JOIN LATERAL (
    SELECT {ACCOUNT_COLUMNS}
    FROM users.accounts AS a WHERE a.organization_id = company.id{wanted}{after}
    ORDER BY a.full_name, a.id LIMIT viewer.page_size
  ) AS person ON true"""


def members_total(*, filtered: bool) -> str:
    """The size of the whole list that ``members_page`` shows a page of, as text."""
    wanted = f" AND {_MEMBER_FILTER}" if filtered else ""
    return f"(SELECT count(*)::text FROM users.accounts AS a WHERE a.organization_id = company.id{wanted})"


COMPANY_ASKED_FOR = """LEFT JOIN LATERAL (
    SELECT c.* FROM organizations.companies AS c
    WHERE c.id = coalesce(viewer.company_id, me.organization_id) OFFSET 0
  ) AS company ON true"""
"""A join named ``company``: the organisation with the id ``company_id``, without one the viewer's own."""

PERSON_ASKED_FOR = f"""LEFT JOIN LATERAL (
    SELECT {ACCOUNT_COLUMNS}
    FROM users.accounts AS a WHERE a.id = coalesce(viewer.person_id, me.id) OFFSET 0
  ) AS person ON true"""
"""A join named ``person``: the person with the id ``person_id``, without one the viewer."""

ME = "CROSS JOIN LATERAL (SELECT me.*) AS person"
"""A join named ``person``: the viewer."""


@cache
def members(*, counted: bool, continued: bool) -> Statement:
    """A page of an organisation's members by name; with ``counted``, each row carries the size of the whole list.

    With ``continued`` the page begins after a member; as a text of its own, so that the index is entered there.
    """
    after = _AFTER if continued else ""
    wanted = f"{_OF_COMPANY}\n  AND {_MEMBER_FILTER}"
    total = f"(SELECT count(*) FROM users.accounts AS a WHERE {wanted})" if counted else "NULL::bigint"
    return as_viewer(
        f"""
SELECT page.*, {total} AS total
FROM (VALUES (1)) AS one
LEFT JOIN LATERAL (
  {_ACCOUNT_COLUMNS.strip()}
  WHERE {wanted}
    {after}
  ORDER BY a.full_name, a.id
  LIMIT viewer.page_size
) AS page ON true""",
        company_id="uuid",
        page_size="int",
        after_name="text",
        after_id="uuid",
        member_role="text",
        search="text",
        tool_slug="text",
        tool_status="text",
    )
