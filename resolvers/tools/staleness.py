"""When a value has fallen behind what it was built on. Pure: versions in, answers out."""

from collections.abc import Mapping

Versions = Mapping[str, int]
"""Version by field id; a field without a value has no entry."""


def moved_on(built_on: Versions, current: Versions) -> frozenset[str]:
    """The source fields that have changed, or lost their value, since something was built on ``built_on``.

    A source that had no value then was not built upon, so its first value makes nothing stale.
    """
    return frozenset(field for field, version in built_on.items() if current.get(field) != version)
