"""Every loader, asked as everybody for everybody's rows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, get_args, get_type_hints
from uuid import UUID

import orjson
from sqlalchemy import text

from loaders import Loaders
from loaders.history import HistoryKey, VersionKey
from resolvers.tools.history import NEWEST
from tests.isolation.cast import Part
from tests.isolation.examination import Examination
from tests.isolation.marks import found_in
from tests.isolation.targets import UNKNOWN


@dataclass(slots=True)
class Loaded:
    """What came of it. ``met``: values that may come and did, by viewer."""

    names: tuple[str, ...]
    leaks: list[str] = field(default_factory=list)
    met: dict[str, set[str]] = field(default_factory=dict)


async def load_everything(examination: Examination) -> Loaded:
    """Each loader as each viewer who signs in."""
    keys_of = {
        name: get_args(get_type_hints(made.func)["return"])[0]
        for name, made in vars(Loaders).items()
        if isinstance(made, cached_property)
    }
    loaded = Loaded(tuple(keys_of))
    versions = await _versions(examination)
    for viewer in examination.targets.cast.parts.values():
        if viewer.role is None or viewer.asks_for or not viewer.active:
            continue
        met: set[str] = set()
        for name in loaded.names:
            found = await _found(examination, viewer, name, keys_of[name], versions)
            if foreign := examination.census.foreign(viewer, found):
                loaded.leaks.append(f"{viewer.name} by {name}: {foreign}")
            met |= found
        loaded.met[viewer.name] = met & examination.census.met(viewer)
    return loaded


async def _versions(examination: Examination) -> list[VersionKey]:
    """Every version of every value there is."""
    arms = " UNION ALL ".join(
        f"SELECT user_id, field_id, version FROM {tool.schema_name}.field_versions"
        for tool in examination.targets.catalogue.tools
    )
    async with examination.asking.world.as_owner() as owner:
        rows = await owner.execute(text(arms))
        fields_of = examination.targets.catalogue.fields
        return [VersionKey(row.user_id, row.field_id, row.version, True) for row in rows if row.field_id in fields_of]


async def _found(
    examination: Examination, viewer: Part, name: str, key: Any, versions: Sequence[VersionKey]
) -> set[str]:
    found: set[str] = set()
    given = False
    for keys in _keys_of(name, key, examination, versions):
        loader = getattr((await examination.asking.context(viewer)).loaders, name)
        try:
            rows = await loader.load_many(keys)
        except KeyError:  # a text of the other meaning
            continue
        given = True
        found |= found_in(orjson.dumps(rows, default=str).decode())
    assert given, f"tests/isolation/loading.py found no key that {name} takes"
    return found


def _keys_of(name: str, key: Any, examination: Examination, versions: Sequence[VersionKey]) -> list[list[Any]]:
    """Every key that a loader of this type of key could be asked for, by what a text in it may mean."""
    ids = [UNKNOWN, *{id_ for rows in examination.targets.keys.values() for id_ in rows.values()}]
    people = [UNKNOWN, *examination.targets.cast.people.values()]
    catalogue = examination.targets.catalogue
    slugs, field_ids = [tool.slug for tool in catalogue.tools], list(catalogue.fields)
    if key is UUID:
        return [list(ids)]
    if key is str:
        return [list(slugs), list(field_ids)]
    if key is VersionKey:
        return [list(versions)]
    if key is HistoryKey:
        return [[HistoryKey(person, field_id, NEWEST, 10, True) for person in people for field_id in field_ids]]
    if get_args(key) == (UUID, str):
        return [[(person, word) for person in people for word in words] for words in (slugs, field_ids)]
    raise AssertionError(f"tests/isolation/loading.py does not know what keys {name} takes: {key}")
