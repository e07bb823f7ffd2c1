"""What values were built on, what was built on them, and what a change of one would make stale.

Pure: what was recorded goes in, answers come out. The catalogue has no part in it: a source that had no value when
something was built, or that is needed only since, was not built upon.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from db.models.tools import Story
from resolvers.tools.staleness import Versions, moved_on

Stories = Mapping[str, Sequence[Story]]
"""What was built on what, by the slug of its tool."""

Distances = Mapping[str, int]
"""Steps from where it began by field id, the nearest first."""


@dataclass(frozen=True, slots=True)
class Impact:
    """What was built on a value, by field id: what would turn stale if it changed now, and what is stale already.

    ``tools``: slugs of those with something that would turn stale, also by the answers of one that publishes nothing.
    """

    would_turn_stale: frozenset[str]
    already_stale: frozenset[str]
    tools: frozenset[str]


def upstream(stories: Stories, field_id: str, depth: int) -> Distances:
    """What a value was built on, what that was built on, and so on for ``depth`` steps."""
    built_on = {story.field_id: story.built_on for story in _all(stories) if story.field_id}
    return _reached(field_id, depth, lambda each: built_on.get(each, ()))


def downstream(stories: Stories, field_id: str, depth: int) -> Distances:
    """What was built on a value, what was built on that, and so on for ``depth`` steps."""
    users: dict[str, list[str]] = {}
    for story in _all(stories):
        for source in story.built_on if story.field_id else ():
            users.setdefault(source, []).append(str(story.field_id))
    return _reached(field_id, depth, lambda each: users.get(each, ()))


def impact(stories: Stories, field_id: str) -> Impact:
    """What a change of a value would do: whatever was built on it and is fresh turns stale, and nothing else."""
    current = versions(stories)
    turning: set[str] = set()
    stale: set[str] = set()
    tools: set[str] = set()
    for slug, each in stories.items():
        for story in each:
            if field_id not in story.built_on:
                continue
            fresh = not moved_on(story.built_on, current)
            if fresh:
                tools.add(slug)
            if story.field_id:
                (turning if fresh else stale).add(story.field_id)
    return Impact(frozenset(turning), frozenset(stale), frozenset(tools))


def versions(stories: Stories) -> Versions:
    """The versions there are now."""
    return {story.field_id: story.version for story in _all(stories) if story.field_id}


def _all(stories: Stories) -> Iterable[Story]:
    return (story for each in stories.values() for story in each)


def _reached(start: str, depth: int, beyond: Callable[[str], Iterable[str]]) -> Distances:
    found = {start: 0}
    last = [start]
    for distance in range(1, depth + 1):
        last = [each for known in last for each in beyond(known) if found.setdefault(each, distance) == distance]
        last = list(dict.fromkeys(last))
    del found[start]
    return found
