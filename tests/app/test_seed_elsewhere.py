"""Databases that are not empty: where the demo data stays out, and where it begins anew."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from app.accounts import NewAccount, create_account, create_organization
from app.demo import content
from app.storage import Storage
from db.catalogue import Catalogue
from db.viewer import Role
from tests.app.conftest import Shell
from tests.db.databases import fresh_database


@pytest.fixture
async def database(storage: Storage, catalogue: Catalogue) -> AsyncIterator[Storage]:
    """A migrated database with nobody in it."""
    async with fresh_database(storage, "elsewhere") as found:
        await found.migrate(catalogue)
        yield found


async def accounts(database: Storage) -> list[str]:
    """The addresses of everyone there."""
    async with database.owner() as engine, engine.connect() as owner:
        return sorted((await owner.execute(text("SELECT email FROM users.accounts"))).scalars())


@pytest.fixture
async def with_another_organization(database: Storage) -> Storage:
    """Somebody else's organisation is there."""
    async with database.owner() as engine, engine.begin() as owner:
        await create_organization(owner, "gamma", "Gamma")
    return database


@pytest.fixture
async def with_another_account(database: Storage, catalogue: Catalogue) -> Storage:
    """Somebody is there who belongs to no organisation."""
    async with database.owner() as engine, engine.begin() as owner:
        await create_account(owner, catalogue, NewAccount("carla@gamma.example", "Carla", Role.USER, None))
    return database


@pytest.fixture
async def with_half_a_demo(database: Storage, catalogue: Catalogue) -> Storage:
    """A seeding was interrupted after its first person."""
    first = content.people()[0].account
    async with database.owner() as engine, engine.begin() as owner:
        company = await create_organization(owner, "acme", "Acme")
        await create_account(owner, catalogue, NewAccount(first.email, first.full_name, first.role, company))
    return database


def seed(shell: Shell, database: Storage) -> str:
    """What ``seed`` says on the error stream, after its status."""
    assert database.owner_url is not None
    shell.set(DATABASE_URL=database.owner_url)
    printed = shell.run("seed")
    return f"{printed.status} {printed.err.strip().splitlines()[-1]}"


@pytest.fixture
def refused(shell: Shell, with_another_account: Storage) -> str:
    """What ``seed`` says there."""
    return seed(shell, with_another_account)


@pytest.fixture
def written(shell: Shell, with_half_a_demo: Storage) -> str:
    """What ``seed`` says there."""
    return seed(shell, with_half_a_demo)


def test_it_stays_out_of_a_database_with_other_organizations(shell: Shell, with_another_organization: Storage) -> None:
    """In one sentence, with status 1."""
    assert seed(shell, with_another_organization).startswith("1 This database holds 1 other organisation(s)")


async def test_it_stays_out_of_a_database_with_other_people(refused: str, with_another_account: Storage) -> None:
    """Somebody without an organisation is somebody all the same, and is still there after it."""
    assert refused.startswith("1 This database holds 1 other account(s)")
    assert await accounts(with_another_account) == ["carla@gamma.example"]


async def test_a_seeding_that_was_interrupted_begins_anew(written: str, with_half_a_demo: Storage) -> None:
    """What it had left behind is no obstacle."""
    assert "demo data written" in written
    assert await accounts(with_half_a_demo) == sorted(person.account.email for person in content.people())


def test_it_does_not_run_before_the_migrations(shell: Shell, database: Storage) -> None:
    """It says which command comes first."""
    assert database.owner_url is not None
    shell.set(DATABASE_URL=database.owner_url)
    assert shell.run("migrate", "down").status == 0
    assert seed(shell, database) == "1 The database is not up to date. Run: python -m app migrate"
