"""Fills a migrated database with made-up participants, in bulk, as its owner."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db.catalogue import Catalogue, Question, QuestionType, Tool

MEMBERS = 50
"""People of one organisation; the first of them is its admin."""

OUTPUTS = 4
"""Values of one tool at the least; where a tool publishes fewer, some under ids that no tool publishes any more."""

_ORGANIZATIONS = f"""
INSERT INTO organizations.companies (name, slug)
SELECT format('Organisation %s', n), format('organisation-%s', n) FROM generate_series(1, :users / {MEMBERS}) AS n"""

_ACCOUNTS = f"""
INSERT INTO users.accounts (email, full_name, role, organization_id)
SELECT format('person-%s@bench.example', n), format('Person %s', lpad(n::text, 6, '0')),
       CASE WHEN n % {MEMBERS} = 1 THEN 'admin' ELSE 'user' END, company.id
FROM generate_series(1, :users) AS n
JOIN organizations.companies AS company ON company.slug = format('organisation-%s', (n - 1) / {MEMBERS} + 1)"""

_PROFILES = "INSERT INTO users.profiles (user_id) SELECT id FROM users.accounts"

_PROGRESS = """
INSERT INTO tool_access.progress (user_id, organization_id, tool_slug, status, progress_percentage, unlocked_at)
SELECT account.id, account.organization_id, tool.slug,
       (ARRAY['completed', 'in_progress', 'unlocked', 'locked'])[1 + step],
       (ARRAY[100, 60, 0, 0])[1 + step], CASE WHEN step < 3 THEN now() END
FROM users.accounts AS account
CROSS JOIN unnest(CAST(:slugs AS text[])) WITH ORDINALITY AS tool (slug, number)
CROSS JOIN LATERAL (SELECT (right(account.full_name, 4)::int + tool.number) % 4 AS step) AS stands"""

_SUBMISSIONS = """
INSERT INTO {schema}.submissions (user_id, organization_id, data, status, submitted_at)
SELECT id, organization_id, jsonb_build_object('written_by', full_name), 'submitted', now() FROM users.accounts"""

_OUTPUTS = """
INSERT INTO {schema}.field_outputs (submission_id, user_id, organization_id, field_id, value, version, author_id)
SELECT work.id, work.user_id, work.organization_id, field.id, field.value, 1, work.user_id
FROM {schema}.submissions AS work
JOIN users.accounts AS account ON account.id = work.user_id
CROSS JOIN LATERAL (VALUES {values}) AS field (id, value)"""

_SENTENCE = (
    "to_jsonb(format('{label}, as %s sees it: written down in one meeting, tried with three customers and changed twice"
    " since.', account.full_name))"
)
_OBJECT = (
    "jsonb_build_object('summary', {sentence}, 'score', right(account.full_name, 3)::int % 10,"
    " 'items', jsonb_build_array('first', 'second', account.full_name))"
)
_VALUES = {
    QuestionType.TEXT: "{sentence}",
    QuestionType.NUMBER: "to_jsonb(right(account.full_name, 3)::int)",
    QuestionType.RATING: "to_jsonb(1 + right(account.full_name, 3)::int % 10)",
    QuestionType.LIST: "jsonb_build_array('first', 'second', account.full_name)",
    QuestionType.COMPOUND: _OBJECT,
}


async def fill(owner: AsyncEngine, catalogue: Catalogue, users: int) -> None:
    """Write ``users`` people in organisations of ``MEMBERS``, with progress and work in every tool."""
    async with owner.begin() as connection:
        # Foreign keys hold by construction; checking each of them takes longer than all the rest.
        await connection.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in (_ORGANIZATIONS, _ACCOUNTS, _PROFILES):
            await _run(connection, statement, users=users)
        await _run(connection, _PROGRESS, slugs=[tool.slug for tool in catalogue.tools])
        for tool in catalogue.tools:
            await _run(connection, _SUBMISSIONS.format(schema=tool.schema_name))
            await _run(connection, _OUTPUTS.format(schema=tool.schema_name, values=_values(tool)))
    async with owner.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        await connection.execute(text("VACUUM ANALYZE"))
        await connection.execute(text("CHECKPOINT"))


async def _run(connection: AsyncConnection, sql: str, **parameters: object) -> None:
    used = {name: value for name, value in parameters.items() if f":{name}" in sql}
    await connection.execute(text(sql), used)


def _values(tool: Tool) -> str:
    rows = [f"('{question.publishes}', {_value(question)})" for question in tool.published]
    retired = range(len(rows), OUTPUTS)
    return ", ".join([*rows, *(f"('retired.field_{number}', to_jsonb({number}))" for number in retired)])


def _value(question: Question) -> str:
    sentence = _SENTENCE.format(label=question.label.replace("'", "''").replace("%", "%%"))
    return _VALUES[question.type].format(sentence=sentence)
