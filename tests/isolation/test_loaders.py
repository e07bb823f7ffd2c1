"""No loader gives a viewer a foreign row, whatever keys it is asked for: every loader there is, and every key."""

from dataclasses import fields
from typing import Any, get_args, get_type_hints
from uuid import UUID

import orjson

from loaders import Loaders
from tests.isolation.examination import Examination
from tests.isolation.marks import found_in
from tests.isolation.targets import UNKNOWN


def keys_of(name: str, key: Any, examination: Examination) -> list[list[Any]]:
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
    raise AssertionError(f"tests/isolation/test_loaders.py does not know what keys {name} takes: {key}")


async def test_no_loader_gives_a_foreign_row(untouched: Examination) -> None:
    """Each loader, asked as each viewer for everybody's rows."""
    hints = get_type_hints(Loaders)
    for viewer in untouched.targets.cast.parts.values():
        if viewer.role is None or viewer.asks_for or not viewer.active:
            continue
        met: set[str] = set()
        for each in fields(Loaders):
            given = False
            for keys in keys_of(each.name, get_args(hints[each.name])[0], untouched):
                loader = getattr((await untouched.asking.context(viewer)).loaders, each.name)
                try:
                    rows = await loader.load_many(keys)
                except KeyError:  # a text of the other meaning
                    continue
                given = True
                found = found_in(orjson.dumps(rows, default=str).decode())
                assert not untouched.census.foreign(viewer, found), (viewer.name, each.name)
                met |= found
            assert given, f"tests/isolation/test_loaders.py found no key that {each.name} takes"
        assert met & untouched.census.met(viewer), viewer.name
