"""Exports: ten in any hour, counted by what was recorded, whoever asks at the same moment."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from db.viewer import Role
from resolvers.context import Context
from resolvers.refusals import NotAllowed, NotFound, RateLimited
from resolvers.tools.exporting import EXPORTS_PER_HOUR, export_json
from resolvers.tools.saving import save_answers
from tests.resolvers import stored
from tests.world import Person, World


@pytest.fixture
async def saved(context: Context) -> Context:
    """A participant with something to export."""
    await save_answers(context, "woop", {"wish": "x"})
    return context


def _at(context: Context, time: datetime) -> Context:
    return replace(context, clock=lambda: time)


async def test_the_eleventh_export_of_an_hour_waits(world: World, person: Person, saved: Context) -> None:
    """What is left counts down to 0; then the refusal says when the first of the ten is an hour old."""
    start = saved.clock()
    left = [
        (await export_json(_at(saved, start + timedelta(minutes=number)), "woop", None)).allowance.remaining
        for number in range(EXPORTS_PER_HOUR)
    ]
    assert left == list(range(9, -1, -1))
    before = await stored.everything(world, person)
    with pytest.raises(RateLimited) as refusal:
        await export_json(_at(saved, start + timedelta(minutes=50)), "woop", None)
    assert refusal.value.reset_at == start + timedelta(hours=1)
    assert refusal.value.retry_after == 600
    assert await stored.everything(world, person) == before
    again = await export_json(_at(saved, start + timedelta(hours=1)), "woop", None)
    assert (again.allowance.remaining, again.allowance.reset_at) == (0, start + timedelta(hours=1, minutes=1))


async def test_exports_at_the_same_moment_are_all_counted(world: World, person: Person, saved: Context) -> None:
    """Of twelve at once ten are given."""
    contexts = [await world.context(person) for _ in range(12)]
    results = await asyncio.gather(
        *(export_json(context, "woop", None) for context in contexts), return_exceptions=True
    )
    assert [type(result) for result in results].count(RateLimited) == 2
    exported = [event for event in await stored.events(world, person) if event["action"] == "exported"]
    assert len(exported) == EXPORTS_PER_HOUR


async def test_one_persons_exports_do_not_count_for_another(world: World, saved: Context) -> None:
    """Not even within the organisation."""
    for _ in range(EXPORTS_PER_HOUR):
        await export_json(saved, "woop", None)
    colleague = await world.context(await world.person(saved.viewer.organization_id))
    await save_answers(colleague, "woop", {"wish": "y"})
    assert (await export_json(colleague, "woop", None)).allowance.remaining == 9


async def test_an_export_leaves_one_event(world: World, person: Person, saved: Context) -> None:
    """Who, which tool, which version, where from."""
    await export_json(saved, "woop", None)
    row, event = await stored.submission(world, person, "woop"), (await stored.events(world, person))[-1]
    assert row is not None
    assert (event["action"], event["entity_id"], event["tool_slug"]) == ("exported", row["id"], "woop")
    assert (event["changes"], event["ip_address"]) == ({"format": "json", "version": 1}, "127.0.0.1")


async def test_nobody_signed_in_exports_nothing(world: World) -> None:
    """Without a token there is nothing of one's own."""
    with pytest.raises(NotAllowed):
        await export_json(await world.context(None), "woop", None)


async def test_a_colleagues_work_is_not_exported(world: World, person: Person, saved: Context) -> None:
    """By a participant; to an admin of another organisation it is not there at all."""
    colleague = await world.person(person.account.organization_id)
    with pytest.raises(NotAllowed):
        await export_json(await world.context(colleague), "woop", person.id)
    stranger = await world.person(await world.organization(), role=Role.ADMIN)
    with pytest.raises(NotFound):
        await export_json(await world.context(stranger), "woop", person.id)


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("Ana María Núñez", "nunez"),
        ("Madonna", "madonna"),
        ("日本 太郎", "export"),
        ("Patrick O'Hara", "o-hara"),
        ("../../etc/passwd", "etc-passwd"),
        ("Eve \r\nSet-Cookie:x", "set-cookie-x"),
    ],
)
async def test_the_file_name_is_safe_wherever_it_goes(world: World, name: str, part: str) -> None:
    """The last name in plain letters, or a word that says what it is."""
    person = await world.person(name=name)
    context = await world.context(person)
    await save_answers(context, "woop", {"wish": "x"})
    export = await export_json(context, "woop", None)
    assert export.filename == f"woop_{part}_{context.clock():%Y-%m-%d}.json"
