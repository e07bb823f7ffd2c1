"""Random stored rows, written past the policies: answers of wrong types, gaps, stale values, authors out of sight."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from db.catalogue import Catalogue, QuestionType, Tool
from db.models.tools import ProgressStatus, SubmissionStatus
from tests.graphql_api.differential.cast import COMPANIES, PARTS, Cast
from tests.world import Person, World

STRINGS = (
    "plain",
    "",
    " ",
    "quotes \" and ' and `",
    "back\\slash \\n \\u0041 \\",
    "line\nfeed\r\n\ttab \x01\x08\x0c\x1f\x7f",
    "\u2028 and \u2029 and \ufeff and \ufffd",
    "🧨 👩‍👩‍👧 e\u0301 ﷽ \U0010ffff",
    "%s %(x)s %% {} {0} {x!r} $1 ${y} :name ::text",
    "</script><!-- ]]> &amp;",
    "null",
    "true",
    "007",
    "1e5",
    "1.5",
    "-0",
    "NaN",
    "'; DROP TABLE users.accounts; --",
    "ÿþ\x02\x10 junk \u0080\u009f",
    "long " * 300,
)
NUMBERS = (
    0,
    1,
    -1,
    5,
    5.0,
    4.5,
    -0.0,
    0.1,
    1e-7,
    1.5e300,
    1e308,
    2**31 - 1,
    2**31,
    -(2**31) - 1,
    2**53 + 1,
    2**63,
    10**30,
)
_BEGAN = datetime(2024, 2, 29, 23, 59, 59, 999999, UTC)


async def write(world: World, cast: Cast, seed: int) -> None:
    """Random work for everyone, the same for the same seed but for the ids of people."""
    rng = Random(seed)  # noqa: S311 - a seed, not a secret
    async with world.as_owner() as connection:
        await _companies(connection, cast)
        await _teams(connection, rng, cast)
        for word, person in cast.people.items():
            part = PARTS[word]
            await _account(connection, rng, person)
            await _progress(connection, rng, world.catalogue, cast, person, gaps=1.0 if part.work == 0 else 0.15)
            await _work(connection, rng, world.catalogue, cast, word)


def value(rng: Random, kind: str, mistyped: float) -> Any:
    """A JSON value for a question of this type; of any other with the probability given."""
    if rng.random() < mistyped:
        kind = rng.choice([*QuestionType, "boolean"])
    if rng.random() < 0.04:
        return None
    match kind:
        case QuestionType.TEXT:
            return rng.choice(STRINGS)
        case QuestionType.NUMBER:
            return rng.choice(NUMBERS)
        case QuestionType.RATING:
            return rng.randint(1, 10) if rng.random() > mistyped else rng.choice(NUMBERS)
        case QuestionType.LIST:
            return [_any(rng, 2) for _ in range(rng.randint(0, 4))]
        case QuestionType.COMPOUND:
            return {rng.choice(_KEYS): _any(rng, 2) for _ in range(rng.randint(0, 4))}
    return rng.random() < 0.5


_KEYS = (
    "statement",
    "text",
    "b",
    "a",
    "Ä",
    "",
    "%s",
    'quo"te',
    "back\\slash",
    "long_key_name",
    "__proto__",
    "🔑",
    "primary",
)


def _any(rng: Random, depth: int) -> Any:
    match rng.randrange(8 if depth else 5):
        case 0 | 1:
            return rng.choice(STRINGS)
        case 2:
            return rng.choice(NUMBERS)
        case 3:
            return None
        case 4:
            return rng.random() < 0.5
        case 5:
            return [_any(rng, depth - 1) for _ in range(rng.randint(0, 3))]
        case 6:
            return {rng.choice(_KEYS): _any(rng, depth - 1) for _ in range(rng.randint(0, 3))}
    return [[[[[[_any(rng, 0)]]]]]]


def _time(rng: Random) -> datetime:
    match rng.randrange(6):
        case 0:
            return datetime(2025, 1, 1, tzinfo=UTC)
        case 1:
            return datetime(2025, 6, 1, 12, 30, 15, 120000, UTC)
        case 2:
            return datetime(2025, 6, 1, 12, 30, 15, 1, UTC)
        case 3 if rng.random() < 0.1:
            return rng.choice([datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, 23, 59, 59, 999999, UTC)])
    return _BEGAN + timedelta(seconds=rng.randrange(40_000_000), microseconds=rng.randrange(1_000_000))


def _perhaps(rng: Random, share: float = 0.6) -> datetime | None:
    return _time(rng) if rng.random() < share else None


async def _companies(connection: AsyncConnection, cast: Cast) -> None:
    await connection.execute(
        text("UPDATE organizations.companies SET name = :name, slug = :slug, industry = :industry WHERE id = :id"),
        [
            {
                "id": id_,
                "name": COMPANIES[word],
                "slug": None if word == "forge" else f"{word}-{id_}",
                "industry": STRINGS[7] if word == "bakery" else None,
            }
            for word, id_ in cast.companies.items()
        ],
    )
    await connection.execute(
        text("INSERT INTO organizations.guru_assignments (user_id, organization_id) VALUES (:user, :company)"),
        {"user": cast.people["greta"].id, "company": cast.companies["forge"]},
    )


async def _teams(connection: AsyncConnection, rng: Random, cast: Cast) -> None:
    rows = []
    for company in cast.companies.values():
        people = [p.id for p in cast.people.values() if p.account.organization_id == company]
        for _ in range(rng.randint(0, 3)):
            members = [str(id_) for id_ in rng.sample(people, rng.randint(0, len(people)))]
            lead = rng.choice([None, *people])
            name = rng.choice(STRINGS[:-1])
            rows.append({"company": company, "name": name, "lead": lead, "members": json.dumps(members)})
    await _insert(
        connection,
        "INSERT INTO organizations.teams (organization_id, name, lead_user_id, members)"
        " VALUES (:company, :name, :lead, CAST(:members AS jsonb))",
        rows,
    )


async def _account(connection: AsyncConnection, rng: Random, person: Person) -> None:
    await connection.execute(
        text("UPDATE users.accounts SET created_at = :created, last_login_at = :login WHERE id = :id"),
        {"id": person.id, "created": _time(rng), "login": _perhaps(rng)},
    )


async def _progress(
    connection: AsyncConnection, rng: Random, catalogue: Catalogue, cast: Cast, person: Person, *, gaps: float
) -> None:
    await connection.execute(text("DELETE FROM tool_access.progress WHERE user_id = :id"), {"id": person.id})
    slugs = [tool.slug for tool in catalogue.tools if rng.random() >= gaps]
    rows = [
        {
            "user": person.id,
            "company": _filed_under(rng, cast, person),
            "slug": slug,
            "status": rng.choice(list(ProgressStatus)).value,
            "percentage": rng.choice([0, 33, 100]),
            "unlocked": _perhaps(rng),
            "started": _perhaps(rng),
            "accessed": _perhaps(rng),
            "completed": _perhaps(rng),
        }
        for slug in ([*slugs, "retired-tool"] if slugs else [])
    ]
    await _insert(
        connection,
        "INSERT INTO tool_access.progress (user_id, organization_id, tool_slug, status, progress_percentage,"
        " unlocked_at, started_at, last_accessed_at, completed_at) VALUES (:user, :company, :slug, :status,"
        " :percentage, :unlocked, :started, :accessed, :completed)",
        rows,
    )


async def _work(connection: AsyncConnection, rng: Random, catalogue: Catalogue, cast: Cast, word: str) -> None:
    part = PARTS[word]
    tools = [tool for tool in catalogue.tools if rng.random() < part.work]
    data = {
        tool.slug: {q.key: value(rng, q.type, part.mistyped) for q in tool.questions if rng.random() < 0.85}
        for tool in tools
    }
    versions = {
        question.publishes: rng.choice([1, 2, 3, 3, 4, 2147483647])
        for tool in tools
        for question in tool.published
        if question.publishes and (question.key in data[tool.slug] or rng.random() < 0.05)
    }
    for tool in tools:
        await _tool(connection, rng, catalogue, cast, word, tool, data[tool.slug], versions)


async def _tool(
    connection: AsyncConnection,
    rng: Random,
    catalogue: Catalogue,
    cast: Cast,
    word: str,
    tool: Tool,
    data: Mapping[str, Any],
    versions: Mapping[str, int],
) -> None:
    person = cast.people[word]
    submission = {
        "id": uuid4(),
        "user": person.id,
        "company": _filed_under(rng, cast, person),
        "data": json.dumps(dict(data) | ({"retired_question": _any(rng, 2)} if rng.random() < 0.1 else {})),
        "status": rng.choice(list(SubmissionStatus)).value,
        "version": rng.choice([1, 2, 3, 2147483647]),
        "built_on": json.dumps(_built_on(rng, catalogue, tool, versions)),
        "reviewer": rng.choice([None, cast.people["greta"].id]),
        "reviewed": _perhaps(rng, 0.3),
        "comment": rng.choice([None, *STRINGS]),
        "created": _time(rng),
        "updated": _time(rng),
        "submitted": _perhaps(rng),
        "completed": _perhaps(rng, 0.3),
    }
    await connection.execute(
        text(
            f"INSERT INTO {tool.schema_name}.submissions (id, user_id, organization_id, data, status, version,"
            " built_on, reviewed_by, reviewed_at, review_comment, created_at, updated_at, submitted_at, completed_at)"
            " VALUES (:id, :user, :company, CAST(:data AS jsonb), :status, :version, CAST(:built_on AS jsonb),"
            " :reviewer, :reviewed, :comment, :created, :updated, :submitted, :completed)"
        ),
        submission,
    )
    others = [None, person.id, person.id, *(other.id for other in cast.people.values())]
    outputs = [
        {
            "submission": submission["id"],
            "user": person.id,
            "company": _filed_under(rng, cast, person),
            "field": question.publishes,
            # Now and then not what the submission says, so that reading the one for the other shows.
            "value": json.dumps(
                data[question.key]
                if question.key in data and rng.random() < 0.7
                else value(rng, question.type, PARTS[word].mistyped)
            ),
            "version": versions[question.publishes],
            "built_on": json.dumps(_built_on(rng, catalogue, tool, versions)),
            "author": rng.choice(others),
            "updated": _time(rng),
        }
        for question in tool.published
        if question.publishes and question.publishes in versions
    ]
    await _insert(
        connection,
        f"INSERT INTO {tool.schema_name}.field_outputs (submission_id, user_id, organization_id, field_id, value,"
        " version, built_on, author_id, updated_at) VALUES (:submission, :user, :company, :field,"
        " CAST(:value AS jsonb), :version, CAST(:built_on AS jsonb), :author, :updated)",
        outputs,
    )


def _built_on(rng: Random, catalogue: Catalogue, tool: Tool, versions: Mapping[str, int]) -> dict[str, int]:
    """Versions of some sources, mostly those of now; others have moved on, or have lost their value."""
    built_on = {
        need.source.id: versions.get(need.source.id, 1) if rng.random() < 0.85 else rng.randint(0, 5)
        for need in catalogue.needs[tool.slug]
        if rng.random() < 0.7 and (need.source.id in versions or rng.random() < 0.1)
    }
    if rng.random() < 0.03:
        built_on["retired.field"] = 1
    return built_on


def _filed_under(rng: Random, cast: Cast, person: Person) -> UUID | None:
    """The organisation of a row: its person's, but for rows from before somebody moved."""
    if rng.random() < 0.97:
        return person.account.organization_id
    return rng.choice([None, *cast.companies.values()])


async def _insert(connection: AsyncConnection, sql: str, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        await connection.execute(text(sql), rows)
