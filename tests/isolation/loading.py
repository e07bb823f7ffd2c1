"""Every loader, asked as everybody for everybody's rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, get_args, get_type_hints
from uuid import UUID

import orjson

from loaders import Loaders
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
    hints: Mapping[str, Any] = get_type_hints(Loaders)
    loaded = Loaded(tuple(each.name for each in fields(Loaders)))
    for viewer in examination.targets.cast.parts.values():
        if viewer.role is None or viewer.asks_for or not viewer.active:
            continue
        met: set[str] = set()
        for name in loaded.names:
            found = await _found(examination, viewer, name, get_args(hints[name])[0])
            if foreign := examination.census.foreign(viewer, found):
                loaded.leaks.append(f"{viewer.name} by {name}: {foreign}")
            met |= found
        loaded.met[viewer.name] = met & examination.census.met(viewer)
    return loaded


async def _found(examination: Examination, viewer: Part, name: str, key: Any) -> set[str]:
    found: set[str] = set()
    given = False
    for keys in _keys_of(name, key, examination):
        loader = getattr((await examination.asking.context(viewer)).loaders, name)
        try:
            rows = await loader.load_many(keys)
        except KeyError:  # a text of the other meaning
            continue
        given = True
        found |= found_in(orjson.dumps(rows, default=str).decode())
    assert given, f"tests/isolation/loading.py found no key that {name} takes"
    return found


def _keys_of(name: str, key: Any, examination: Examination) -> list[list[Any]]:
    """Every key that a loader of this type of key could be asked for, by what a text in it may mean."""
    ids = [UNKNOWN, *{id_ for rows in examination.targets.keys.values() for id_ in rows.values()}]
    people = [UNKNOWN, *examination.targets.cast.people.values()]
    catalogue = examination.targets.catalogue
    slugs, field_ids = [tool.slug for tool in catalogue.tools], list(catalogue.fields)
    if key is UUID:
        return [list(ids)]
    if key is str:
        return [list(slugs), list(field_ids)]
    if get_args(key) == (UUID, str):
        return [[(person, text) for person in people for text in texts] for texts in (slugs, field_ids)]
    raise AssertionError(f"tests/isolation/loading.py does not know what keys {name} takes: {key}")
