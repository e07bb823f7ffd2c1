"""Nobody reads a foreign row, or learns that there is one, by any field or REST path, at once or when asked again."""

from tests.isolation.conftest import SHARE
from tests.isolation.listening import DETAILS
from tests.isolation.reading import Read


async def test_nothing_foreign_comes(read: Read) -> None:
    """No foreign value, no other answer for a hidden row than for none, none that changes with foreign rows."""
    found = [str(finding) for finding in read.examination.findings]
    assert not found, f"{len(found)} leaks:\n" + "\n".join(found[:20])


async def test_every_field_stands_in_a_question(read: Read) -> None:
    """None is left out. ``make isolation`` sends all of the questions, the tests every twentieth."""
    assert read.unasked == frozenset()


async def test_every_subscription_is_listened_to(read: Read) -> None:
    """As everybody who has a token, while something of each kind happens to everybody; and it is heard of."""
    subscription = read.examination.targets.schema.subscription_type
    assert subscription is not None
    assert {f"Subscription.{name}" for name in subscription.fields} <= read.heard.asked
    for name, part in read.examination.targets.cast.parts.items():
        if name in read.heard.refused:
            assert part.role is None or part.asks_for or not part.active, name
        elif SHARE == 1:
            assert read.heard.met[name] >= len(DETAILS), name
    assert sum(read.heard.met.values()) > 500 // SHARE


async def test_everybody_meets_their_own(read: Read) -> None:
    """What may come does come, else the silence about the rest would show nothing.

    A quarter of it at least: of lists that are longer than two pages, such as the audit trail, no more is asked for.
    """
    examination = read.examination
    for name, counts in examination.counts.items():
        viewer = examination.targets.cast.parts[name]
        allowed = examination.census.met(viewer)
        if SHARE == 1 and allowed:
            assert len(counts.met & allowed) > len(allowed) / 4, name
        if not viewer.active:
            assert set(counts.statuses) == {401}, name
    assert examination.compared > 1000 // SHARE
    assert examination.repeated > 1000 // SHARE
