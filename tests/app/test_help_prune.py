"""``help-log prune`` as an operator runs it."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from app.storage import Storage
from db.catalogue import Catalogue
from tests.app.conftest import Shell
from tests.db.databases import fresh_database


@pytest.fixture
async def old(storage: Storage, catalogue: Catalogue) -> AsyncIterator[str]:
    """The owner's URL of a database in which somebody asked once a day, for two years."""
    async with fresh_database(storage, "prune_help") as found:
        await found.migrate(catalogue)
        async with found.owner() as engine, engine.begin() as owner:
            await owner.execute(
                text(
                    "WITH somebody AS (INSERT INTO users.accounts (email, full_name, role)"
                    " VALUES ('ann@test.example', 'Ann', 'user') RETURNING id)"
                    " INSERT INTO help.requests (user_id, tool_slug, kind, outcome, asked_at)"
                    " SELECT id, 'woop', 'help', 'answered', now() - n * interval '1 day' + interval '1 hour'"
                    " FROM somebody, generate_series(1, 730) AS n"
                )
            )
        assert found.owner_url is not None
        yield found.owner_url


def test_it_counts_and_deletes_by_the_setting(shell: Shell, old: str) -> None:
    """A year unless it is set; a second run finds nothing."""
    shell.set(DATABASE_URL=old)
    counted = shell.run("help-log", "prune", "--dry-run")
    assert (counted.status, "✓ 365 requests for help are older than" in counted.out) == (0, True)
    assert "✓ 365 requests" in shell.run("help-log", "prune").out
    assert "✓ 0 requests" in shell.run("help-log", "prune").out
    shell.set(HELP_RETENTION="30")
    assert "✓ 335 requests" in shell.run("help-log", "prune").out
