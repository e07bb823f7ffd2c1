"""What the programme's HTML pages call."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from db.viewer import Role
from tests.resolvers.stored import everything
from tests.rest_shim.rest import Reply, Rest
from tests.world import Person, World

Ids = dict[str, str]


async def question_ids(rest: Rest, slug: str) -> Ids:
    """Question ids by key, as a page learns them."""
    questions = (await rest.get(None, "/api/toolsave/questions", tool_slug=slug)).data
    return {question["question_key"]: question["id"] for question in questions}


async def save(rest: Rest, person: Person, *responses: dict[str, Any]) -> Reply:
    """Save responses as this person."""
    return await rest.post(person, "/api/toolsave/save", {"user_id": str(person.id), "responses": list(responses)})


async def load(rest: Rest, person: Person, slug: str) -> dict[str, Any]:
    """The answers of a tool."""
    found: dict[str, Any] = (await rest.get(person, "/api/toolsave/load", tool_slug=slug, user_id=person.id)).data
    return found


async def test_questions_are_public(rest: Rest) -> None:
    """Every question of a tool: id, key, type and, where it is published, the field id."""
    questions = (await rest.get(None, "/api/toolsave/questions", tool_slug="woop")).data
    assert len(questions) == 16
    assert questions[0] == {
        "id": "b6a79192-f012-50eb-8eaf-c9ac2ac8a986",
        "question_key": "wish",
        "question_type": "text",
        "reference_key": "intro.woop.wish",
    }
    assert questions[5]["question_type"] == "rating"
    assert {question["reference_key"] for question in questions[1:]} == {None}


async def test_question_ids_are_unique_and_stay(rest: Rest, world: World) -> None:
    """One UUID for each of the 150 questions; pages keep them, so these three may never change."""
    ids = {tool.slug: await question_ids(rest, tool.slug) for tool in world.catalogue.tools}
    every = [UUID(question_id) for tool in ids.values() for question_id in tool.values()]
    assert len(set(every)) == len(every) == 150
    assert ids["dream"]["one_sentence"] == "7e0e55ed-6b23-5de0-ad09-5d24aee14631"
    assert ids["program-overview"]["final_canvas"] == "93201d9e-3168-52ca-889d-aa4b65698131"


async def test_answers_as_text_become_what_the_question_asks(rest: Rest, world: World) -> None:
    """response_value is text: a number, list or compound question decodes it, a text question keeps it."""
    person = await world.person(await world.organization())
    await world.complete_before(person, "goals")
    ids = await question_ids(rest, "goals")
    asked = {q.type.value: q.key for q in world.catalogue.by_slug["goals"].questions}
    sent = {"text": '{"not": "decoded"}', "number": "12.5", "list": '["a", "b"]', "compound": '{"q1": {"target": 3}}'}
    saved = await save(
        rest,
        person,
        *({"question_id": ids[asked[kind]], "response_value": text} for kind, text in sent.items()),
    )
    assert saved.data == {"saved": 4}
    assert await load(rest, person, "goals") == {
        asked["text"]: '{"not": "decoded"}',
        asked["number"]: 12.5,
        asked["list"]: ["a", "b"],
        asked["compound"]: {"q1": {"target": 3}},
    }


async def test_data_wins_over_text(rest: Rest, person: Person) -> None:
    """response_data, any JSON, is taken where it is present; null is as good as absent."""
    ids = await question_ids(rest, "woop")
    await save(
        rest,
        person,
        {"question_id": ids["wish"], "response_value": "text", "response_data": ["data"]},
        {"question_id": ids["outcome"], "response_value": "text", "response_data": None},
        {"question_id": ids["commitment_level"], "response_value": "3", "response_data": 7},
    )
    assert await load(rest, person, "woop") == {"wish": ["data"], "outcome": "text", "commitment_level": 7}


async def test_null_and_blank_clear_an_answer(rest: Rest, person: Person) -> None:
    """As a save by key does."""
    ids = await question_ids(rest, "woop")
    await save(rest, person, *({"question_id": ids[key], "response_value": key} for key in ("wish", "outcome")))
    await save(
        rest,
        person,
        {"question_id": ids["wish"], "response_value": " "},
        {"question_id": ids["outcome"]},
    )
    assert await load(rest, person, "woop") == {}


async def test_what_does_not_fit_is_refused(rest: Rest, world: World, person: Person) -> None:
    """400 for an id that no question has, for questions of two tools, and for an answer of the wrong type."""
    woop, dream = await question_ids(rest, "woop"), await question_ids(rest, "dream")
    before = await everything(world, person)
    unknown = await save(rest, person, {"question_id": str(uuid4()), "response_value": "x"})
    assert (unknown.status, unknown.paths) == (400, ["responses.0.question_id"])
    two = await save(rest, person, {"question_id": woop["wish"]}, {"question_id": dream["mood_board"]})
    assert (two.status, two.paths) == (400, ["responses"])
    wrong = await save(rest, person, {"question_id": woop["commitment_level"], "response_value": "much"})
    assert (wrong.status, wrong.paths) == (400, ["data.commitment_level"])
    malformed = await save(rest, person, {"question_id": "wish", "response_value": 5, "mood": 1}, {})
    assert malformed.status == 400
    assert sorted(malformed.paths) == [
        "responses.0.mood",
        "responses.0.question_id",
        "responses.0.response_value",
        "responses.1.question_id",
    ]
    assert await everything(world, person) == before


async def test_saving_nothing_saves_nothing(rest: Rest, world: World, person: Person) -> None:
    """An empty list is fine, and writes nothing."""
    before = await everything(world, person)
    assert (await save(rest, person)).data == {"saved": 0}
    assert await everything(world, person) == before


async def test_a_locked_tool_is_not_saved(rest: Rest, person: Person) -> None:
    """403 with what is missing."""
    ids = await question_ids(rest, "know-thyself")
    refused = await save(rest, person, {"question_id": ids["dream"], "response_value": "Sail"})
    assert (refused.status, refused.body["details"]) == (403, {"missing": [{"tool": "woop", "fields": []}]})


@pytest.mark.parametrize(
    ("name", "value"),
    [("wish", "Sail"), ("intro.woop.wish", "Sail"), ("nobody.knows.this", None), ("", None), ("\x00", None)],
)
async def test_a_dependency_is_the_bare_value(rest: Rest, person: Person, name: str, value: str | None) -> None:
    """By field id or by its older name; null for what there is not."""
    await rest.post(person, "/api/tools/woop/data", {"data": {"wish": "Sail"}})
    path = "/api/toolsave/dependency"
    assert (await rest.get(person, path, reference_key=name, user_id=person.id)).data == value


async def test_the_profit_pool_is_a_part_of_the_market(rest: Rest, world: World, person: Person) -> None:
    """market.size.profit_pool is market.size.tam at profitPool; null before there is a market."""
    asked = {"reference_key": "market.size.profit_pool", "user_id": person.id}
    assert (await rest.get(person, "/api/toolsave/dependency", **asked)).data is None
    await world.complete_before(person, "segmentation-target-market")
    key = world.catalogue.fields["market.size.tam"].question.key
    profit_pool = world.answers("market-size")[key]["profitPool"]
    assert profit_pool
    assert (await rest.get(person, "/api/toolsave/dependency", **asked)).data == profit_pool


async def test_completing_reports_what_the_page_never_asked(rest: Rest, world: World, person: Person) -> None:
    """Required answers that are missing are named, not refused; the tool is completed and opens the next."""
    body = {"user_id": str(person.id), "tool_slug": "woop"}
    await rest.post(person, "/api/tools/woop/data", {"data": {"wish": "Sail"}})
    completed = await rest.post(person, "/api/toolsave/complete", body)
    assert completed.data == {
        "ok": True,
        "unlocked": ["know-thyself"],
        "missing": ["outcome", "obstacle_internal", "plan_if_then"],
    }
    done = (await rest.get(person, "/api/toolsave/completions", user_id=person.id)).data
    assert done == ["woop"]
    again = await rest.post(person, "/api/toolsave/complete", body)
    assert again.data == completed.data | {"unlocked": []}


@pytest.mark.parametrize(("slug", "status"), [("dream", 403), ("cartomancy", 404)])
async def test_a_tool_that_is_not_open_is_not_completed(rest: Rest, person: Person, slug: str, status: int) -> None:
    """Locked 403, unknown 404."""
    body = {"user_id": str(person.id), "tool_slug": slug}
    assert (await rest.post(person, "/api/toolsave/complete", body)).status == status


async def test_a_team_unlocks_together(rest: Rest, world: World) -> None:
    """Participants of the organisation who have completed the tool, of all there are; gurus do not count."""
    organization = await world.organization()
    one, other = await world.person(organization), await world.person(organization)
    await world.person(organization, Role.GURU)
    asked = {"tool_slug": "woop", "user_id": one.id}
    await world.complete(one, "woop")
    half = (await rest.get(one, "/api/toolsave/team-unlock", **asked)).data
    assert half == {"unlocked": False, "submitted": 1, "total": 2, "reason": None}
    await world.complete(other, "woop")
    whole = (await rest.get(one, "/api/toolsave/team-unlock", **asked)).data
    assert whole == {"unlocked": True, "submitted": 2, "total": 2, "reason": None}


@pytest.mark.parametrize("reason", ["no_org", "no_members"])
async def test_without_a_team_there_is_a_reason(rest: Rest, world: World, reason: str) -> None:
    """Somebody without an organisation, and a guru of one without participants."""
    person = await world.person(None if reason == "no_org" else await world.organization(), Role.GURU)
    asked = {"tool_slug": "woop", "user_id": person.id}
    found = (await rest.get(person, "/api/toolsave/team-unlock", **asked)).data
    assert found == {"unlocked": False, "submitted": 0, "total": 0, "reason": reason}
