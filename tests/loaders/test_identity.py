"""Loaders of people and organisations on real rows: anonymous, another tenant, the right one."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from db.viewer import ANONYMOUS, Role, Viewer
from loaders import Loaders
from tests.world import Person, World


@pytest.fixture(scope="module")
async def people(world: World) -> dict[str, Person]:
    """Ann with her admin and guru in an organisation that has two teams; a stranger."""
    organization = await world.organization("Acme")
    ann = await world.person(organization, name="Ann")
    async with world.as_owner() as owner:
        for name in ("West", "East"):
            await owner.execute(
                text(
                    "INSERT INTO organizations.teams (organization_id, name, lead_user_id, members)"
                    " VALUES (:organization, :name, :lead, jsonb_build_array(CAST(:lead AS uuid)))"
                ),
                {"organization": organization, "name": name, "lead": ann.id},
            )
    return {
        "ann": ann,
        "guru": await world.person(organization, Role.GURU, "Guru"),
        "admin": await world.person(organization, Role.ADMIN, "Admin"),
        "stranger": await world.person(await world.organization("Beta"), Role.ADMIN, "Stranger"),
    }


def organization(people: dict[str, Person]) -> UUID:
    """Ann's organisation."""
    found = people["ann"].account.organization_id
    assert found is not None
    return found


def loaders(world: World, viewer: Viewer) -> Loaders:
    """Loaders of one request of this viewer."""
    return Loaders(world.gateway.database.reader(viewer), world.catalogue, world.gateway.database.data_keys)


@pytest.mark.parametrize("who", ["anonymous", "stranger"])
async def test_other_tenants_find_nobody(world: World, people: dict[str, Person], who: str) -> None:
    """No person, no organisation, no team."""
    found = loaders(world, people[who].viewer if who in people else ANONYMOUS)
    assert await found.accounts.load(people["ann"].id) is None
    assert await found.companies.load(organization(people)) is None
    assert list(await found.teams.load(organization(people))) == []


async def test_a_participant_finds_themselves_and_their_organization(world: World, people: dict[str, Person]) -> None:
    """Not their colleagues."""
    found = loaders(world, people["ann"].viewer)
    accounts = await found.accounts.load_many([people["admin"].id, people["ann"].id])
    assert [account.full_name if account else None for account in accounts] == [None, "Ann"]
    company = await found.companies.load(organization(people))
    assert company is not None
    assert company.name == "Acme"


@pytest.mark.parametrize("who", ["guru", "admin"])
async def test_people_come_in_the_order_of_their_keys(world: World, people: dict[str, Person], who: str) -> None:
    """In one statement, with a gap for each who is not there or not to be seen."""
    keys = [people["guru"].id, uuid4(), people["stranger"].id, people["ann"].id]
    with world.sql() as statements:
        accounts = await loaders(world, people[who].viewer).accounts.load_many(keys)
    assert [account.full_name if account else None for account in accounts] == ["Guru", None, None, "Ann"]
    assert len(statements) == 1


async def test_only_gurus_guide(world: World, people: dict[str, Person]) -> None:
    """The guru's organisations come with the account; everybody else has none."""
    found = loaders(world, people["admin"].viewer)
    accounts = await found.accounts.load_many([people["guru"].id, people["ann"].id, people["admin"].id])
    assert [account.guided_organization_ids for account in accounts if account] == [(organization(people),), (), ()]


async def test_teams_come_by_name(world: World, people: dict[str, Person]) -> None:
    """With their lead and members; an organisation without teams has none."""
    with world.sql() as statements:
        teams, others = await loaders(world, people["ann"].viewer).teams.load_many([organization(people), uuid4()])
    assert len(statements) == 1
    assert [(team.name, team.lead_user_id, team.member_ids) for team in teams] == [
        (name, people["ann"].id, (people["ann"].id,)) for name in ("East", "West")
    ]
    assert list(others) == []
