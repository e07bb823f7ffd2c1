"""``audit prune`` as an operator runs it."""

import re
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from app.storage import Storage
from db.catalogue import Catalogue
from tests.app.conftest import Shell
from tests.db.databases import fresh_database


@pytest.fixture
async def old(storage: Storage, catalogue: Catalogue) -> AsyncIterator[str]:
    """The owner's URL of a database with an entry of each day of the last ten years."""
    async with fresh_database(storage, "prune") as found:
        await found.migrate(catalogue)
        async with found.owner() as engine, engine.begin() as owner:
            await owner.execute(
                text(
                    'INSERT INTO audit.events (action, "timestamp")'
                    " SELECT 'saved', now() - n * interval '1 day' + interval '1 hour'"
                    " FROM generate_series(1, 3650) AS n"
                )
            )
        assert found.owner_url is not None
        yield found.owner_url


def test_it_counts_and_deletes_by_the_setting(shell: Shell, old: str) -> None:
    """Seven years unless it is set; a second run finds nothing."""
    shell.set(DATABASE_URL=old)
    counted = shell.run("audit", "prune", "--dry-run")
    assert (counted.status, counted.err) == (0, "")
    assert re.search(r"1,093 entries are older than \d{4}-\d\d-\d\d; nothing was deleted", counted.out)
    pruned = shell.run("audit", "prune")
    assert (pruned.status, "    audit.events: 1,093 deleted\n" in pruned.out) == (0, True)
    assert "✓ 0 entries" in shell.run("audit", "prune").out
    shell.set(AUDIT_RETENTION="365")
    # What is left of the ten years, and that the first run is in the trail.
    assert "✓ 2,192 entries" in shell.run("audit", "prune").out


def test_less_than_a_year_is_refused(shell: Shell) -> None:
    """Before anything is looked at."""
    shell.set(DATABASE_URL="postgresql://nobody@nowhere.invalid/x", AUDIT_RETENTION="364")
    refused = shell.run("audit", "prune")
    assert (refused.status, refused.out) == (1, "")
    assert "AUDIT_RETENTION" in refused.err
