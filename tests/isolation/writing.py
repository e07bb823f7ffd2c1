"""Every mutation with everybody's ids as everybody: what of other people's rows is another afterwards."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from graphql import OperationType
from sqlalchemy.ext.asyncio import AsyncConnection

from tests.isolation import requests
from tests.isolation.cast import Cast, Part
from tests.isolation.catalogue import Table, tables
from tests.isolation.examination import Examination, Finding, Tries
from tests.isolation.questions import Question, questions
from tests.isolation.rules import administered, own, platform
from tests.isolation.targets import HIDDEN, NOBODY
from tests.world import World

GROWING = {"audit.events": "an attempt to sign in as somebody is recorded with them"}
"""Tables into which a stranger's request may put a row of somebody else, and why. No row in them is changed."""

RENEWED = {"authentication.password_resets": "anybody may ask for a mail to any address, whose link replaces the last"}
"""Tables in which a stranger's request may renew the one row of somebody else, and why. None in them goes away."""

Digests = Mapping[tuple[str, str | None, str | None], frozenset[str]]
"""Digests of rows by table, person and tenant."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was tried. ``rows``: rows that were looked at after each viewer."""

    examination: Examination
    asked: frozenset[str]
    rows: int


async def write_everything(examination: Examination, share: int = 1) -> Written:
    """Every mutation by everybody; where ``share`` is more than one, each viewer tries that part of them, in turn."""
    asked: set[str] = set()
    targets, asking = examination.targets, examination.asking
    found = _one_of_each(questions(targets.schema, OperationType.MUTATION, asked))
    seen = 0
    for number, viewer in enumerate(targets.cast.parts.values()):
        async with asking.world.as_owner() as owner:
            before = await _digests(owner, targets.cast)
        tries = [_tries(examination, question) for question in found[number % share :: share]]
        # Else one would be throttled for what was tried before, and an answer would tell of that alone.
        unthrottled = partial(_forget_attempts, asking.world)
        await examination.examine([viewer], tries, "mutation", prepare=unthrottled)
        async with asking.world.as_owner() as owner:
            after = await _digests(owner, targets.cast)
        seen += sum(len(rows) for rows in after.values())
        for table, person, tenant in before.keys() | after.keys():
            old, new = before.get((table, person, tenant), frozenset()), after.get((table, person, tenant), frozenset())
            if not _as_before(table, old, new) and not _may_change(viewer, table, person, tenant):
                what = f"{table} of {person or tenant}: {len(old - new)} rows gone or changed, {len(new - old)} new"
                examination.findings.append(Finding("foreign write", viewer.name, "mutation", "any of them", what))
    return Written(examination, frozenset(asked), seen)


def _as_before(table: str, old: frozenset[str], new: frozenset[str]) -> bool:
    if table in RENEWED:
        return len(old) <= len(new)
    return old <= new if table in GROWING else old == new


async def _forget_attempts(world: World) -> None:
    async with world.as_owner() as owner:
        await owner.exec_driver_sql("DELETE FROM rates.counters")


def _one_of_each(found: Iterable[Question]) -> list[Question]:
    """One question for each mutation: the first selects most of what it gives."""
    by_root: dict[str, Question] = {}
    for question in found:
        by_root.setdefault(question.root, question)
    return list(by_root.values())


def _tries(examination: Examination, question: Question) -> Tries:
    """Foreign ids and unknown ones; what names nobody else is tried as it is."""

    def tries(viewer: Part) -> list[requests.Try]:
        found = list(requests.of_question(question, examination.targets, viewer))
        foreign = [each for each in found if each.whose in (HIDDEN, NOBODY)]
        return foreign or found[:1]

    return lambda viewer: iter(tries(viewer))


def _may_change(viewer: Part, table: str, person: str | None, tenant: str | None) -> bool:
    """Their own; a guru what is guided, an admin what belongs to the tenant; who runs the platform people, not work."""
    if viewer.role is None or not viewer.active:
        return False
    if own(viewer, person, tenant) or tenant in viewer.guides or administered(viewer, tenant):
        return True
    if viewer.asks_for and table in ("authentication.service_keys", "authentication.service_key_uses"):
        # When the key was used last; uses of days gone by are forgotten. Those are filed with their person alone.
        return (tenant or (person or "").partition("-")[0]) == viewer.tenant
    if table == "organizations.data_keys":  # made when the first of a tenant needs one
        return tenant is not None and tenant == viewer.tenant
    return platform(viewer) and not table.startswith("sprint_")


async def _digests(owner: AsyncConnection, cast: Cast) -> Digests:
    found: dict[tuple[str, str | None, str | None], frozenset[str]] = {}
    for table in (await tables(owner)).values():
        if table.owned:
            for person, company, rows in await _rows(owner, table):
                found[table.name, cast.named(person), cast.named(company)] = frozenset(rows)
    return found


async def _rows(owner: AsyncConnection, table: Table) -> list[tuple[UUID | None, UUID | None, list[str]]]:
    rows = await owner.exec_driver_sql(
        f"SELECT {table.person or 'NULL::uuid'} AS person, {table.company or 'NULL::uuid'} AS company,"
        " array_agg(md5(t::text)) AS digests"
        f" FROM {table.name} AS t GROUP BY 1, 2"
    )
    return [(row.person, row.company, row.digests) for row in rows]
