"""Reads of accounts and organisations."""

from functools import cache

from db.statements.viewer import Statement, as_viewer

_ACCOUNT_COLUMNS = """
SELECT a.id, a.email, a.full_name, a.role, a.organization_id, a.created_at, a.last_login_at,
       CASE a.role WHEN 'guru' THEN
         ARRAY(SELECT g.organization_id FROM organizations.guru_assignments AS g WHERE g.user_id = a.id)
       END AS guided_organization_ids
FROM users.accounts AS a
"""

ACCOUNTS = as_viewer(_ACCOUNT_COLUMNS + "WHERE a.id = ANY (viewer.account_ids)", account_ids="uuid[]")

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

_MEMBER_FILTER = """a.organization_id = viewer.company_id
  AND (viewer.member_role IS NULL OR a.role = viewer.member_role)
  AND (viewer.search IS NULL OR strpos(lower(a.full_name), lower(viewer.search)) > 0
       OR strpos(a.email, lower(viewer.search)) > 0)
  AND (viewer.tool_slug IS NULL OR EXISTS (
        SELECT FROM tool_access.progress AS p
        WHERE p.user_id = a.id AND p.tool_slug = viewer.tool_slug
          AND (viewer.tool_status IS NULL OR p.status = viewer.tool_status)))"""


@cache
def members(*, counted: bool, continued: bool) -> Statement:
    """A page of an organisation's members by name; with ``counted``, each row carries the size of the whole list.

    With ``continued`` the page begins after a member; as a text of its own, so that the index is entered there.
    """
    after = "AND (a.full_name, a.id) > (viewer.after_name, viewer.after_id)" if continued else ""
    total = f"(SELECT count(*) FROM users.accounts AS a WHERE {_MEMBER_FILTER})" if counted else "NULL::bigint"
    return as_viewer(
        f"""
SELECT page.*, {total} AS total
FROM (VALUES (1)) AS one
LEFT JOIN LATERAL (
  {_ACCOUNT_COLUMNS.strip()}
  WHERE {_MEMBER_FILTER}
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
