"""The trail: one event for each change, in the same transaction, and nobody can take it back."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import asyncpg
import pytest

from db.models.tools import ProgressStatus, SubmissionStatus
from resolvers.context import Context, Origin
from resolvers.refusals import Refusal
from resolvers.tools.change import change, unchanged
from resolvers.tools.saving import save_answers
from resolvers.tools.submitting import reopen_tool, submit_tool
from tests.resolvers import stored
from tests.world import Person, World

Act = Callable[[World, Context], Awaitable[object]]


async def test_a_save_says_who_what_where_from(world: World, person: Person, context: Context) -> None:
    """Person, organisation, tool, submission, address, agent, time, and the keys that were set and cleared."""
    await save_answers(context, "woop", {"wish": "x", "outcome": "y"})
    elsewhere = replace(context, origin=Origin("2001:db8::7", "Mozilla/5.0 (test)"))
    await save_answers(elsewhere, "woop", {"wish": "z", "outcome": None, "mood": 1})
    row = await stored.submission(world, person, "woop")
    first, second = await stored.events(world, person)
    assert row is not None
    assert (first["ip_address"], first["user_agent"]) == ("127.0.0.1", "tests")
    assert second.pop("id") != first["id"]
    assert second == {
        "user_id": str(person.id),
        "organization_id": str(person.account.organization_id),
        "tool_slug": "woop",
        "action": "saved",
        "entity_type": "submission",
        "entity_id": row["id"],
        "changes": {
            "set": ["mood", "wish"],
            "cleared": ["outcome"],
            "version": [1, 2],
            "status": ["draft", "draft"],
        },
        "ip_address": "2001:db8::7",
        "user_agent": "Mozilla/5.0 (test)",
        "timestamp": row["updated_at"],
    }


async def test_every_act_leaves_one_event(world: World, person: Person, context: Context) -> None:
    """Save, submit, reopen and submit again: four events in that order, here and in the tool's own log."""
    await save_answers(context, "woop", {"wish": "x"})
    await submit_tool(context, "woop", world.answers("woop"))
    await reopen_tool(context, "woop")
    await submit_tool(context, "woop")
    events, log = await stored.events(world, person), await stored.tool_log(world, person, "woop")
    assert [event["action"] for event in events] == ["saved", "submitted", "reopened", "submitted"]
    assert [(entry["action"], entry["changes"], entry["timestamp"]) for entry in log] == [
        (event["action"], event["changes"], event["timestamp"]) for event in events
    ]
    assert events[1]["changes"]["unlocked"] == ["know-thyself"]
    assert events[1]["changes"]["status"] == ["draft", "submitted"]


async def _unknown_tool(_: World, context: Context) -> object:
    return await save_answers(context, "nothing", {})


async def _locked(_: World, context: Context) -> object:
    return await submit_tool(context, "pricing", {})


async def _wrong_shape(_: World, context: Context) -> object:
    return await save_answers(context, "woop", {"plan_if_then": 1})


async def _stale(_: World, context: Context) -> object:
    return await save_answers(context, "woop", {"wish": "y"}, expected_version=9)


async def _unanswered(_: World, context: Context) -> object:
    return await submit_tool(context, "woop", {"wish": "y"})


async def _too_large(_: World, context: Context) -> object:
    return await save_answers(context, "woop", {"wish": "y" * 1_000_001})


async def _not_submitted(_: World, context: Context) -> object:
    return await reopen_tool(context, "woop")


@pytest.mark.parametrize("act", [_unknown_tool, _locked, _wrong_shape, _stale, _unanswered, _too_large, _not_submitted])
async def test_a_refusal_writes_nothing(world: World, person: Person, context: Context, act: Act) -> None:
    """Neither answers nor values nor progress nor events change, whichever refusal it is."""
    await save_answers(context, "woop", {"wish": "x"})
    before = await stored.everything(world, person)
    with pytest.raises(Refusal):
        await act(world, context)
    assert await stored.everything(world, person) == before


async def test_a_fault_after_the_write_takes_it_back(world: World, person: Person, context: Context) -> None:
    """Whatever fails before the commit, answers, values, progress and event go together."""
    before = await stored.everything(world, person)
    with pytest.raises(ZeroDivisionError):
        await _write_and_fail(context, person)
    assert await stored.everything(world, person) == before


async def _write_and_fail(context: Context, person: Person) -> None:
    async with change(context, context.catalogue.by_slug["woop"], person.id) as current:
        await current.record(
            replace(unchanged({"wish": "x"}), changed=("wish",)),
            status=SubmissionStatus.DRAFT,
            progress=ProgressStatus.IN_PROGRESS,
            version=1,
            action="saved",
        )
        raise ZeroDivisionError


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit.events SET action = 'nothing'",
        "DELETE FROM audit.events",
        "TRUNCATE audit.events",
        "UPDATE sprint_00_woop.audit_log SET action = 'nothing'",
        "DELETE FROM sprint_00_woop.audit_log",
    ],
)
async def test_the_trail_is_append_only(world: World, person: Person, context: Context, sql: str) -> None:
    """The gateway's login may add to the trail, and neither change nor delete what is in it."""
    await save_answers(context, "woop", {"wish": "x"})
    before = await stored.everything(world, person)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with world.gateway.database.transaction(person.viewer) as transaction:
            await transaction.fetch(sql)
    assert await stored.everything(world, person) == before


async def test_nobody_signs_for_someone_else(world: World, person: Person) -> None:
    """An event under another person's name is refused by the database itself."""
    other = await world.person(person.account.organization_id)
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        async with world.gateway.database.transaction(person.viewer) as transaction:
            await transaction.fetch("INSERT INTO audit.events (user_id, action) VALUES ($1, 'saved')", other.id)
    assert await stored.events(world, other) == []
