"""What was built on what, worked out from what was recorded: no database, no catalogue."""

import pytest

from db.models.tools import Story
from resolvers.tools.lineage import Impact, Stories, downstream, impact, upstream, versions

CHAIN: Stories = {
    "one": [Story("a", 1, {})],
    "two": [Story("b", 1, {"a": 1}), Story("b2", 2, {"a": 1})],
    "three": [Story("c", 4, {"b": 1, "b2": 1})],
    "four": [Story("d", 1, {"c": 4, "a": 1})],
    "silent": [Story(None, 3, {"c": 4, "b": 1})],
}
"""d was built on c and a, c on b and on a b2 that has changed since, those on a; so were the answers of a tool that
publishes nothing on c and b."""


@pytest.mark.parametrize(
    ("start", "depth", "found"),
    [
        ("d", 1, {"a": 1, "c": 1}),
        ("d", 2, {"a": 1, "c": 1, "b": 2, "b2": 2}),
        ("d", 60, {"a": 1, "c": 1, "b": 2, "b2": 2}),
        ("a", 3, {}),
        ("none", 3, {}),
    ],
)
def test_upstream_goes_to_the_sources_by_the_shortest_way(start: str, depth: int, found: dict[str, int]) -> None:
    """The nearest first, each once."""
    assert upstream(CHAIN, start, depth) == found
    assert list(upstream(CHAIN, start, depth).values()) == sorted(found.values())


@pytest.mark.parametrize(
    ("start", "depth", "found"),
    [
        ("a", 1, {"b": 1, "b2": 1, "d": 1}),
        ("a", 2, {"b": 1, "b2": 1, "d": 1, "c": 2}),
        ("b", 9, {"c": 1, "d": 2}),
        ("d", 9, {}),
        ("none", 9, {}),
    ],
)
def test_downstream_goes_to_what_was_built_on_it(start: str, depth: int, found: dict[str, int]) -> None:
    """The other way; answers that nobody publishes are no value."""
    assert downstream(CHAIN, start, depth) == found


def test_what_is_gone_is_still_what_was_built_on() -> None:
    """The value has no story any more; what was built on it keeps its own."""
    stories = {"two": [Story("b", 1, {"a": 1})]}
    assert upstream(stories, "b", 3) == {"a": 1}
    assert downstream(stories, "a", 3) == {"b": 1}


def test_a_circle_ends() -> None:
    """No catalogue makes one; two of them, one after the other, could."""
    stories = {"one": [Story("a", 1, {"b": 1})], "two": [Story("b", 1, {"a": 1})]}
    assert upstream(stories, "a", 60) == {"b": 1}
    assert downstream(stories, "a", 60) == {"b": 1}


@pytest.mark.parametrize(
    ("changed", "turning", "stale", "tools"),
    [
        ("a", {"b", "b2", "d"}, set(), {"two", "four"}),
        ("b", set(), {"c"}, {"silent"}),
        ("b2", set(), {"c"}, set()),
        ("c", {"d"}, set(), {"four", "silent"}),
        ("d", set(), set(), set()),
        ("none", set(), set(), set()),
    ],
)
def test_impact_tells_fresh_from_stale(changed: str, turning: set[str], stale: set[str], tools: set[str]) -> None:
    """c is stale since b2 has changed; the answers of a tool without values count for the tool alone."""
    assert impact(CHAIN, changed) == Impact(frozenset(turning), frozenset(stale), frozenset(tools))


def test_a_change_of_what_is_gone_turns_nothing_stale() -> None:
    """What was built on it is stale as it is."""
    stories = {"two": [Story("b", 1, {"a": 1})]}
    assert impact(stories, "a") == Impact(frozenset(), frozenset({"b"}), frozenset())


def test_versions_are_those_of_values() -> None:
    """Answers of a tool that publishes nothing are no value."""
    assert versions(CHAIN) == {"a": 1, "b": 1, "b2": 2, "c": 4, "d": 1}


def test_a_chain_of_sixty_and_a_fan_of_sixty() -> None:
    """As deep as it is long; as wide as it is broad."""
    chain = {str(n): [Story(f"v{n}", 1, {f"v{n - 1}": 1} if n else {})] for n in range(60)}
    assert upstream(chain, "v59", 59) == {f"v{59 - n}": n for n in range(1, 60)}
    assert downstream(chain, "v0", 30) == {f"v{n}": n for n in range(1, 31)}
    assert impact(chain, "v0").would_turn_stale == {"v1"}
    fan = {"0": [Story("v0", 1, {})]} | {str(n): [Story(f"v{n}", 1, {"v0": 1})] for n in range(1, 60)}
    assert impact(fan, "v0").would_turn_stale == downstream(fan, "v0", 1).keys()
    assert len(impact(fan, "v0").tools) == 59
