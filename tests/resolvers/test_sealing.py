"""Sensitive answers are stored encrypted, and everything that is decided about them is decided on the plain text."""

import asyncio
import json
from typing import Any

import pytest
from sqlalchemy import text

from db.database import Database
from db.encryption import MARK, EncryptionKeyError, KeyRing
from db.models.tools import UnreadableAnswers
from resolvers.context import Origin
from resolvers.refusals import InvalidAnswers, MissingAnswers
from resolvers.tools.reading import someones_submission
from resolvers.tools.saving import save_answers
from resolvers.tools.submitting import reopen_tool, submit_tool
from tests.resolvers.stored import events, submission, tool_log
from tests.world import Person, World

STORY = "On my sixtieth birthday the whole lighthouse sang."
HARDSHIPS = "Twice the ovens went cold; Marzipan the dog stayed."
SENSITIVE = {"birthday_story": STORY, "hardships": HARDSHIPS}
WORDS = ("whole lighthouse sang", "my sixtieth", "ovens went cold", "Marzipan the dog")

KNOW_THYSELF = "sprint_01_know_thyself"
ORIGIN = Origin("127.0.0.1", "tests")


@pytest.fixture
async def author(world: World) -> Person:
    """A participant whose Know Thyself is open."""
    person = await world.person(await world.organization())
    await world.complete(person, "woop")
    return person


async def save(world: World, person: Person, answers: dict[str, Any]) -> None:
    """Save answers to Know Thyself as this person."""
    await save_answers(await world.context(person), "know-thyself", answers)


async def read(world: World, person: Person) -> dict[str, Any]:
    """What the person reads back."""
    return (await someones_submission(await world.context(person), "know-thyself", None)).data


async def raw(world: World, person: Person) -> dict[str, Any]:
    """What is stored."""
    row = await submission(world, person, "know-thyself")
    assert row is not None
    data: dict[str, Any] = row["data"]
    return data


async def write_raw(world: World, person: Person, key: str, value: object) -> None:
    """Write past the gateway, as somebody who got hold of the database would."""
    async with world.as_owner() as owner:
        await owner.execute(
            text(f"UPDATE {KNOW_THYSELF}.submissions SET data = data || CAST(:answers AS jsonb) WHERE user_id = :user"),
            {"answers": json.dumps({key: value}), "user": person.id},
        )


async def test_no_word_of_a_sensitive_answer_is_in_the_database(world: World, author: Person) -> None:
    """Neither in its row, nor in any other of any table; the answers beside it are as they were sent."""
    await save(world, author, SENSITIVE | {"dream": "To sail around the world once."})
    stored = await raw(world, author)
    assert stored["dream"] == "To sail around the world once."
    assert all(stored[key].keys() == {MARK} for key in SENSITIVE)
    async with world.as_owner() as owner:
        tables = await owner.scalars(
            text(
                "SELECT format('%I.%I', nspname, relname) FROM pg_class JOIN pg_namespace AS n ON n.oid = relnamespace"
                " WHERE relkind = 'r' AND nspname !~ '^pg_' AND nspname <> 'information_schema'"
            )
        )
        for table in tables.all():
            for row in await owner.scalars(text(f"SELECT to_jsonb(t)::text FROM {table} AS t")):
                assert not [word for word in WORDS if word in row], table
    assert await read(world, author) == SENSITIVE | {"dream": "To sail around the world once."}


@pytest.mark.parametrize("key", ["birthdayStory", "Birthday-Story", "HARDSHIPS"])
async def test_the_same_answer_under_an_older_key_is_encrypted_too(world: World, author: Person, key: str) -> None:
    """Pages that send ``birthdayStory`` send the same story."""
    await save(world, author, {key: STORY, "goal_1": "sing"})
    stored = await raw(world, author)
    assert stored[key].keys() == {MARK}
    assert stored["goal_1"] == "sing"
    assert await read(world, author) == {key: STORY, "goal_1": "sing"}


async def test_saving_the_same_answer_again_is_no_change(world: World, author: Person) -> None:
    """Compared in plain text: a submitted tool stays submitted, an approved one approved, nothing goes stale."""
    await save(world, author, world.answers("know-thyself") | SENSITIVE)
    await submit_tool(await world.context(author), "know-thyself")
    before = await submission(world, author, "know-thyself")
    await submit_tool(await world.context(author), "know-thyself", SENSITIVE)
    assert await submission(world, author, "know-thyself") == before
    await save(world, author, SENSITIVE)
    *_, saved = await events(world, author)
    assert (saved["changes"]["set"], saved["changes"]["cleared"]) == ([], [])


async def test_a_changed_answer_is_told_by_its_key_alone(world: World, author: Person) -> None:
    """In both audit trails: which answers changed, nothing of what they say."""
    await save(world, author, SENSITIVE)
    await save(world, author, {"hardships": "None worth telling.", "birthday_story": None})
    *_, saved = await events(world, author)
    *_, logged = await tool_log(world, author, "know-thyself")
    assert saved["changes"]["set"] == logged["changes"]["set"] == ["hardships"]
    assert saved["changes"]["cleared"] == ["birthday_story"]
    assert await read(world, author) == {"hardships": "None worth telling."}


async def test_what_has_to_be_answered_is_checked_in_plain_text(world: World, author: Person) -> None:
    """A blank story is none; with a story the tool can be submitted, and reopened with the story in it."""
    await save(world, author, world.answers("know-thyself") | {"birthday_story": "  "})
    with pytest.raises(MissingAnswers) as refused:
        await submit_tool(await world.context(author), "know-thyself")
    assert [question.key for question in refused.value.questions] == ["birthday_story"]
    await submit_tool(await world.context(author), "know-thyself", SENSITIVE)
    await reopen_tool(await world.context(author), "know-thyself")
    assert (await read(world, author)).items() >= SENSITIVE.items()
    assert (await raw(world, author))["hardships"].keys() == {MARK}


@pytest.mark.parametrize("key", ["hardships", "activities", "birthdayStory", "nobody_asked"])
async def test_an_envelope_cannot_be_sent(world: World, author: Person, key: str) -> None:
    """Not even one's own, nor for a key that is no question; an object that merely holds one deeper is an answer."""
    await save(world, author, SENSITIVE)
    envelope = (await raw(world, author))["hardships"]
    for sent in (envelope, {MARK: None}, {MARK: "me", "more": 1}):
        with pytest.raises(InvalidAnswers) as refused:
            await save(world, author, {key: sent})
        assert [problem.path for problem in refused.value.problems] == [f"data.{key}"]
    await save(world, author, {"nobody_asked": [envelope]})
    assert (await read(world, author))["nobody_asked"] == [envelope]


async def test_answers_from_before_are_read_and_encrypted_by_the_next_save(world: World, author: Person) -> None:
    """Whatever that save is about."""
    await save(world, author, {"dream": "To sail."})
    await write_raw(world, author, "hardships", HARDSHIPS)
    assert (await read(world, author))["hardships"] == HARDSHIPS
    await save(world, author, {"dream": "To sail."})
    assert (await raw(world, author))["hardships"].keys() == {MARK}
    assert (await read(world, author))["hardships"] == HARDSHIPS


async def test_each_organization_has_a_key_and_so_has_who_belongs_to_none(world: World) -> None:
    """Colleagues share one; strangers do not."""
    acme, beta = await world.organization("Acme"), await world.organization("Beta")
    people = [await world.person(organization) for organization in (acme, acme, beta, None, None)]
    for person in people:
        await world.complete(person, "woop")
        await save(world, person, SENSITIVE)
        assert await read(world, person) == SENSITIVE
    ann, ben, bea, lone, other = [(await raw(world, person))["hardships"][MARK]["key"] for person in people]
    assert ann == ben
    assert len({ann, bea, lone, other}) == 4


async def test_colleagues_who_are_first_at_once_agree_on_a_key(world: World) -> None:
    """The first sensitive answers of an organisation, four at the same time."""
    organization = await world.organization()
    people = [await world.person(organization) for _ in range(4)]
    for person in people:
        await world.complete(person, "woop")
    await asyncio.gather(*(save(world, person, SENSITIVE) for person in people))
    assert len({(await raw(world, person))["hardships"][MARK]["key"] for person in people}) == 1
    assert [await read(world, person) for person in people] == [SENSITIVE] * 4


async def test_an_answer_moved_to_another_row_does_not_open(world: World, author: Person) -> None:
    """Neither a colleague's in one's own row, nor one's own under another question; the rest is still read."""
    colleague = await world.person(author.account.organization_id)
    await world.complete(colleague, "woop")
    await save(world, colleague, {"hardships": "Mine alone."})
    await save(world, author, SENSITIVE | {"dream": "To sail."})
    own = await raw(world, author)
    for moved in ((await raw(world, colleague))["hardships"], own["birthday_story"]):
        await write_raw(world, author, "hardships", moved)
        found = await someones_submission(await world.context(author), "know-thyself", None)
        assert (found.answer("dream"), found.answer("birthday_story")) == ("To sail.", STORY)
        with pytest.raises(UnreadableAnswers, match="hardships: it was changed, or was written for another place"):
            found.answer("hardships")
        with pytest.raises(UnreadableAnswers):
            assert found.data
    await write_raw(world, author, "hardships", own["hardships"])
    assert await read(world, author) == SENSITIVE | {"dream": "To sail."}


async def test_an_answer_that_does_not_open_is_never_saved_over(world: World, author: Person) -> None:
    """No save, submission or reopening writes a row of which it could not read everything."""
    await save(world, author, world.answers("know-thyself") | SENSITIVE)
    await submit_tool(await world.context(author), "know-thyself")
    sealed = (await raw(world, author))["hardships"]
    await write_raw(world, author, "hardships", {MARK: sealed[MARK] | {"text": sealed[MARK]["text"][:-4]}})
    before = await submission(world, author, "know-thyself")
    for attempt in (
        save(world, author, {"dream": "Another dream, long enough to be one."}),
        save(world, author, {"hardships": "Written anew."}),
        submit_tool(await world.context(author), "know-thyself", {"dream": "Another dream, long enough."}),
        reopen_tool(await world.context(author), "know-thyself"),
    ):
        with pytest.raises(UnreadableAnswers):
            await attempt
    assert await submission(world, author, "know-thyself") == before


async def test_without_the_operators_key_nothing_is_read_or_written(world: World, author: Person) -> None:
    """A gateway that was started with another key: a fault that names the key, and the row as it was."""
    await save(world, author, SENSITIVE | {"dream": "To sail."})
    before = await submission(world, author, "know-thyself")
    other = KeyRing.parse("other:" + "A" * 43 + "=")
    database = await Database.connect(world.storage.gateway_url, pool_size=1, key_ring=other)
    try:
        assert await database.lacking_encryption_keys() != []
        context = await world.gateway.context(author.headers["Authorization"], ORIGIN, "test", database)
        found = await someones_submission(context, "know-thyself", None)
        assert found.answer("dream") == "To sail."
        with pytest.raises(UnreadableAnswers, match="wrapped by encryption key 'tests', which is not in"):
            found.answer("hardships")
        with pytest.raises(UnreadableAnswers):
            await save_answers(context, "know-thyself", {"dream": "To sail on."})
        assert await submission(world, author, "know-thyself") == before
        colleague = await world.person(author.account.organization_id)
        await world.complete(colleague, "woop")
        context = await world.gateway.context(colleague.headers["Authorization"], ORIGIN, "test", database)
        with pytest.raises(EncryptionKeyError, match="which is not in ENCRYPTION_KEYS"):
            await save_answers(context, "know-thyself", SENSITIVE)
        assert await submission(world, colleague, "know-thyself") is None
    finally:
        await database.close()


async def test_a_data_key_that_is_gone_is_a_fault(world: World, author: Person) -> None:
    """As after a table was restored from the wrong backup; the gateway that has it in memory still reads."""
    await save(world, author, SENSITIVE)
    assert await read(world, author) == SENSITIVE
    async with world.as_owner() as owner:
        await owner.execute(
            text("DELETE FROM organizations.data_keys WHERE tenant_id = :tenant"),
            {"tenant": author.account.organization_id},
        )
    ring = world.gateway.database.data_keys.ring
    database = await Database.connect(world.storage.gateway_url, pool_size=1, key_ring=ring)
    try:
        context = await world.gateway.context(author.headers["Authorization"], ORIGIN, "test", database)
        found = await someones_submission(context, "know-thyself", None)
        with pytest.raises(UnreadableAnswers, match=r"is not in organizations\.data_keys"):
            found.answer("hardships")
    finally:
        await database.close()


async def test_people_without_sensitive_answers_read_no_key(world: World, author: Person) -> None:
    """Neither a save nor a read sends a statement for keys, and one who has them reads them once."""
    with world.sql() as statements:
        await save(world, author, {"dream": "To sail."})
        await read(world, author)
    assert not [statement for statement in statements if "data_keys" in statement or "lock_shared" in statement]
    await save(world, author, SENSITIVE)
    await read(world, author)
    with world.sql() as statements:
        await read(world, author)
    assert not [statement for statement in statements if "data_keys" in statement]
