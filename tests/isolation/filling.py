"""Fills three tenants with marked values: work through the gateway, everything else straight into the tables."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from db.catalogue import Question, QuestionType, Tool
from db.viewer import Role
from resolvers.identity import account_by_id
from tests.isolation.cast import TENANTS, Cast, Part, parts
from tests.isolation.catalogue import tables
from tests.isolation.marks import Marks, found_in_value
from tests.isolation.rows import complete
from tests.world import Person, World

BEGINNERS = 3
"""Tools that those have worked on who are not the tenant's first participant; that one has completed all."""


async def fill(world: World, marks: Marks) -> Cast:
    """The tenants with everybody in them, and a marked row of each person and tenant in each table."""
    companies = {tenant: await world.organization(tenant) for tenant in TENANTS}
    cast = Cast({}, companies, {part.name: part for part in parts()})
    async with world.as_owner() as owner:
        await _mark_companies(owner, marks, cast)
    for part in cast.parts.values():
        if part.role is not None and part.asks_for is None:
            await _settle(world, marks, cast, part)
    await _make_keys(world, marks, cast)
    await _use_keys(world, cast)
    async with world.as_owner() as owner:
        await _guide(owner, cast)
        await complete(owner, marks, cast, await tables(owner))
        await _join_histories(owner, world.catalogue.tools)
        if gone := [cast.people[part.name] for part in cast.parts.values() if not part.active]:
            await owner.execute(
                text("UPDATE users.accounts SET deactivated_at = now() WHERE id = ANY (:gone)"), {"gone": gone}
            )
    return cast


async def _join_histories(owner: AsyncConnection, tools: Iterable[Tool]) -> None:
    """The newest version of each value is the value's own again: both have been marked, each by itself."""
    for tool in tools:
        await owner.execute(
            text(
                f"UPDATE {tool.schema_name}.field_versions AS v SET version = o.version"
                f" FROM {tool.schema_name}.field_outputs AS o"
                " WHERE v.user_id = o.user_id AND v.field_id = o.field_id AND v.version ="
                f" (SELECT max(version) FROM {tool.schema_name}.field_versions AS w"
                "   WHERE w.user_id = o.user_id AND w.field_id = o.field_id)"
            )
        )


async def persons(world: World, cast: Cast) -> dict[str, Person]:
    """Everybody with a token of now; the deactivated with one that was theirs."""
    found = {}
    for name, user_id in cast.people.items():
        account = await account_by_id(world.gateway.database, user_id)
        assert account is not None, name
        found[name] = Person(account, world.gateway.tokens.sign(account))
    return found


def marked(marks: Marks, tool: Tool, answers: Mapping[str, Any]) -> dict[str, Any]:
    """These answers with a mark in every text and number that takes one."""
    return {key: _marked(marks, tool.question_by_key.get(key), value) for key, value in answers.items()}


def _marked(marks: Marks, question: Question | None, value: Any) -> Any:
    if question is not None and (question.constraints.options or question.type is QuestionType.RATING):
        return value
    match value:
        case str():
            return f"{value} {marks.text()}"
        case bool() | None:
            return value
        case int() | float():
            return marks.number()
        case list():
            return [_marked(marks, None, item) for item in value]
        case dict():
            return {key: _marked(marks, None, item) for key, item in value.items()}
    raise TypeError(type(value).__name__)


async def _mark_companies(owner: AsyncConnection, marks: Marks, cast: Cast) -> None:
    for tenant, id_ in cast.companies.items():
        await owner.execute(
            text(
                "UPDATE organizations.companies SET name = :name, slug = :slug, industry = :industry, size = :size"
                " WHERE id = :id"
            ),
            {
                "id": id_,
                "name": f"{tenant.title()} {marks.text()}",
                "slug": f"{tenant}-{marks.text()}",
                "industry": marks.text(),
                "size": marks.text(),
            },
        )


async def _settle(world: World, marks: Marks, cast: Cast, part: Part) -> None:
    """The account, marked, and the person's work."""
    assert part.role is not None
    company = cast.companies[part.tenant] if part.tenant else None
    person = await world.person(company, part.role, f"{part.name} {marks.text()}")
    cast.people[part.name] = person.id
    async with world.as_owner() as owner:
        await owner.execute(
            text("UPDATE users.accounts SET email = :email, password_hash = :hash WHERE id = :id"),
            {"id": person.id, "email": f"{marks.text()}@{part.tenant or 'nowhere'}.example", "hash": marks.text()},
        )
    tools = world.catalogue.sequence if part.name.endswith("-ann") else world.catalogue.sequence[:BEGINNERS]
    for tool in tools:
        data = marked(marks, tool, world.answers(tool.slug))
        cast.answered[part.name, f"{tool.schema_name}.submissions"] = found_in_value(data)
        answer = await world.graphql(
            person,
            "mutation ($tool: String!, $data: JSON!) { submitTool(tool: $tool, data: $data, allowMissing: true)"
            " { __typename ... on Refusal { message } } }",
            {"tool": tool.slug, "data": data},
        )
        assert answer.data["submitTool"]["__typename"] == "SubmissionSubmitted", answer


async def _make_keys(world: World, marks: Marks, cast: Cast) -> None:
    """A service key for each part that is one, made by the tenant's admin."""
    people = await persons(world, cast)
    for part in cast.parts.values():
        if part.asks_for is None:
            continue
        key = {
            "name": marks.text(),
            "operations": ["read"],
            "behalf": "MEMBERS",
            "expiresAt": (datetime.now(UTC) + timedelta(days=300)).isoformat(),
        }
        answer = await world.graphql(
            people[f"{part.tenant}-admin"],
            "mutation ($input: ServiceKeyInput!) { createServiceKey(input: $input)"
            " { __typename ... on ServiceKeyCreated { secret } } }",
            {"input": key},
        )
        cast.keys[part.name] = answer.data["createServiceKey"]["secret"]


async def _use_keys(world: World, cast: Cast) -> None:
    """Each key asks once for its person, in whose audit trail it stands from then on."""
    for part in cast.parts.values():
        if part.asks_for is not None:
            asked = {"X-Api-Key": cast.keys[part.name], "X-On-Behalf-Of": str(cast.people[part.asks_for])}
            answer = await world.client.post("/graphql", json={"query": "{ viewer { id } }"}, headers=asked)
            assert answer.json()["data"]["viewer"], answer.text


async def _guide(owner: AsyncConnection, cast: Cast) -> None:
    """Who guides whom: a new guru is assigned their own organisation, which not all of ours are."""
    gurus: dict[str, tuple[UUID, list[UUID]]] = {
        part.name: (cast.people[part.name], [cast.companies[tenant] for tenant in part.guides])
        for part in cast.parts.values()
        if part.role is Role.GURU
    }
    for user_id, guided in gurus.values():
        await owner.execute(text("DELETE FROM organizations.guru_assignments WHERE user_id = :id"), {"id": user_id})
        for company in guided:
            await owner.execute(
                text("INSERT INTO organizations.guru_assignments (user_id, organization_id) VALUES (:id, :company)"),
                {"id": user_id, "company": company},
            )
