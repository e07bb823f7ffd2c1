"""What is in the trail, what is never in it, and that nobody who writes it can take anything back."""

import asyncpg
import pytest
from sqlalchemy import text

from db.viewer import Role
from tests.world import Person, World


async def _trail(world: World, person: Person) -> list[tuple[str, object]]:
    async with world.as_owner() as owner:
        rows = await owner.execute(
            text('SELECT action, changes FROM audit.events WHERE user_id = :id ORDER BY "timestamp", id'),
            {"id": person.id},
        )
        return [(row.action, row.changes) for row in rows]


async def test_a_refused_act_is_in_it_once_a_minute(world: World) -> None:
    """Every mutation that a role does not allow, by its name; nothing else that is refused."""
    person = await world.person(await world.organization())
    for _ in range(3):
        await world.graphql(person, f'mutation {{ changeRole(userId: "{person.id}", role: ADMIN) {{ __typename }} }}')
    await world.graphql(person, 'mutation { approveSubmission(userId: "x", tool: "woop") { __typename } }')
    await world.graphql(
        person, f'mutation {{ approveSubmission(userId: "{person.id}", tool: "woop") {{ __typename }} }}'
    )
    await world.graphql(person, 'mutation { reopenTool(tool: "woop") { __typename } }')
    found = await _trail(world, person)
    assert {("refused", str({"act": act})) for act in ("changeRole", "approveSubmission")} == {
        (action, str(changes)) for action, changes in found
    }
    assert 2 <= len(found) <= 4


async def test_nobody_leaves_nothing(world: World) -> None:
    """Who is not signed in could fill the trail."""
    async with world.as_owner() as owner:
        count = text("SELECT count(*) FROM audit.events WHERE action = 'refused' AND user_id IS NULL")
        assert await owner.scalar(count) == 0
    await world.graphql(None, 'mutation { reopenTool(tool: "woop") { __typename } }')
    async with world.as_owner() as owner:
        assert await owner.scalar(count) == 0


async def test_role_changes_and_exports_are_in_it(world: World) -> None:
    """Under the name of who did them."""
    organization = await world.organization()
    admin, ann = await world.person(organization, Role.ADMIN), await world.person(organization)
    await world.complete(ann, "woop")
    await world.graphql(admin, f'mutation {{ changeRole(userId: "{ann.id}", role: GURU) {{ __typename }} }}')
    await world.graphql(admin, f'mutation {{ exportSubmission(tool: "woop", userId: "{ann.id}") {{ __typename }} }}')
    assert [action for action, _ in await _trail(world, admin) if action != "read"] == ["role_changed", "exported"]


async def test_no_answer_is_ever_in_it(world: World) -> None:
    """Saved, submitted, reopened, sent back and exported: neither trail nor logs hold a word of what was answered."""
    organization = await world.organization()
    ann, guru = await world.person(organization), await world.person(organization, Role.GURU)
    secret = "Xylophone-7f3a"
    answers = world.answers("woop") | {"wish": secret, "not a question": secret}
    for mutation in (
        'mutation ($data: JSON!) { saveSubmission(tool: "woop", data: $data) { __typename } }',
        'mutation ($data: JSON!) { submitTool(tool: "woop", data: $data) { __typename } }',
    ):
        assert not (await world.graphql(ann, mutation, {"data": answers})).errors
    comment = f'mutation {{ rejectSubmission(userId: "{ann.id}", tool: "woop", comment: "{secret}") {{ __typename }} }}'
    assert (await world.graphql(guru, comment)).data["rejectSubmission"]["__typename"] == "SubmissionReviewed"
    await world.graphql(ann, 'mutation { exportSubmission(tool: "woop") { __typename } }')
    async with world.as_owner() as owner:
        for table in ("audit.events", "sprint_00_woop.audit_log"):
            rows = await owner.scalars(
                text(f"SELECT t::text FROM {table} AS t WHERE user_id IN (:ann, :guru)"),
                {"ann": ann.id, "guru": guru.id},
            )
            found = rows.all()
            assert found
            assert not [row for row in found if secret in row]


@pytest.mark.parametrize("table", ["audit.events", "sprint_00_woop.audit_log", "sprint_30_program_overview.audit_log"])
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE {} SET action = 'nothing'",
        "DELETE FROM {}",
        "TRUNCATE {}",
        "DROP TABLE {}",
        "ALTER TABLE {} DISABLE ROW LEVEL SECURITY",
    ],
)
async def test_who_writes_it_takes_nothing_back(world: World, table: str, sql: str) -> None:
    """The gateway's login, as whoever it may be."""
    for role in Role:
        person = await world.person(None if role is Role.PLATFORM_ADMIN else await world.organization(), role)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with world.gateway.database.transaction(person.viewer) as transaction:
                await transaction.fetch(sql.format(table))
