"""No loader gives a viewer a foreign row, whatever keys it is asked for: every loader there is, and every key."""

from tests.isolation.loading import Loaded


async def test_no_loader_gives_a_foreign_row(loaded: Loaded) -> None:
    """Each loader, asked as each viewer for everybody's rows."""
    assert loaded.leaks == []


async def test_everybody_is_given_something(loaded: Loaded) -> None:
    """Else the silence about the rest would show nothing."""
    assert loaded.met
    assert [viewer for viewer, met in loaded.met.items() if not met] == []
