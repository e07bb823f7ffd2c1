"""Asking for help over GraphQL: what n8n is told, what comes back, and what is answered in its place."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import text

from db.viewer import Role
from tests.help.conftest import Desk
from tests.help.n8n_server import ADVICE, Answer, answering, flooding, redirecting
from tests.world import Person

WAITING = """SELECT count(*) FROM pg_locks JOIN pg_database AS d ON d.oid = database
WHERE locktype = 'advisory' AND NOT granted AND datname = current_database()"""
TEN_REQUESTS = """INSERT INTO help.requests (user_id, tool_slug, kind, asked_at)
SELECT :id, 'woop', 'help', clock_timestamp() FROM generate_series(1, 10)"""


async def test_an_answer(desk: Desk, person: Person) -> None:
    """With what is left of the hour."""
    assert await desk.ask(person) == {
        "__typename": "Help",
        "answer": "Write **one** sentence.",
        "suggestions": ["Begin with a verb."],
        "confidenceScore": 0.75,
        "tool": {"slug": "woop"},
        "limit": 10,
        "remaining": 9,
        "resetSeconds": 3600,
    }


async def test_that_somebody_asked_is_an_event(desk: Desk, person: Person) -> None:
    """One for each question that was counted, without the question."""
    await desk.ask(person, "", "woop")
    await desk.ask(person)
    async with desk.world.as_owner() as owner:
        found = await owner.execute(
            text("SELECT kind, tool_slug, details FROM outbox.events WHERE user_id = :id"), {"id": person.id}
        )
        assert [tuple(row) for row in found] == [("help_requested", "woop", {})]


async def test_what_n8n_is_told(desk: Desk, person: Person) -> None:
    """The tool, every question with the answer as it stands on the page, what it builds on; and nobody's name."""
    await desk.world.complete(person, "woop", "know-thyself")
    desk.n8n.received.clear()
    await desk.ask(person, "  What next? ", "dream", dream_narrative="We bake for the whole valley.")
    told = desk.n8n.received[0].json
    assert {key: told[key] for key in ("version", "kind", "question", "user_id")} == {
        "version": 1,
        "kind": "help",
        "question": "What next?",
        "user_id": str(person.id),
    }
    dream = desk.world.catalogue.by_slug["dream"]
    assert (told["tool"]["slug"], told["tool"]["module"]["name"], told["tool"]["status"]) == (
        "dream",
        desk.world.catalogue.modules[dream.module].name,
        "unlocked",
    )
    assert [each["key"] for each in told["questions"]] == [question.key for question in dream.questions]
    answers = {each["key"]: each["answer"] for each in told["questions"] if each["answer"] is not None}
    assert answers == {"dream_narrative": "We bake for the whole valley."}
    sources = {each["field_id"]: (each["source_tool"], each["value"]) for each in told["builds_on"]}
    assert sources.keys() == {need.source.id for need in desk.world.catalogue.needs["dream"]}
    assert all(value is not None for _, value in sources.values())
    raw = desk.n8n.received[0].body.decode()
    assert not any(secret in raw for secret in ("Paula", "Private", "test.example", person.token))


async def test_nothing_is_saved_by_asking(desk: Desk, person: Person) -> None:
    """Answers that come with a question stay on the page."""
    await desk.ask(person, wish="Sleep more", reflection="an older page's")
    answer = await desk.world.graphql(person, '{ viewer { tool(slug: "woop") { answers } } }')
    assert answer.data["viewer"]["tool"]["answers"] == {}


async def test_sensitive_answers_stay_here(desk: Desk, person: Person) -> None:
    """Saved or not, in whatever spelling: n8n learns that there is such a question, and no more."""
    await desk.world.complete(person, "woop", "know-thyself")
    desk.n8n.received.clear()
    stored = desk.world.answers("know-thyself")
    tool = desk.world.catalogue.by_slug["know-thyself"]
    sensitive = [question.key for question in tool.questions if question.sensitive]
    assert sensitive
    await desk.ask(
        person, "And now?", "know-thyself", birthdayStory="BORN-ON-A-SHIP", **{sensitive[0]: "ON-A-SHIP-TOO"}
    )
    raw = desk.n8n.received[0].body.decode()
    told = {each["key"]: each for each in desk.n8n.received[0].json["questions"]}
    assert [told[key]["withheld"] for key in sensitive] == [True] * len(sensitive)
    assert [told[key]["answer"] for key in sensitive] == [None] * len(sensitive)
    assert "A-SHIP" not in raw
    assert not any(str(stored[key])[:40] in raw for key in sensitive)


@pytest.mark.parametrize(
    ("question", "tool", "data", "refusal", "paths"),
    [
        ("", "woop", {}, "InvalidInput", ["question"]),
        (" \n ", "woop", {}, "InvalidInput", ["question"]),
        ("x" * 2_001, "woop", {}, "InvalidInput", ["question"]),
        ("a\x00b", "woop", {}, "InvalidInput", ["question"]),
        ("?", "nothing", {}, "NotFound", None),
        ("?", "woop", {"plan_if_then": 7}, "InvalidAnswers", ["currentData.plan_if_then"]),
    ],
)
async def test_what_is_refused(
    desk: Desk, person: Person, question: str, tool: str, data: Any, refusal: str, paths: list[str] | None
) -> None:
    """As data, before n8n is asked, and without costing anything."""
    found = await desk.ask(person, question, tool, **data)
    assert (found["__typename"], [each["path"] for each in found.get("problems", [])] or None) == (refusal, paths)
    assert desk.n8n.received == []
    assert (await desk.ask(person))["remaining"] == 9


async def test_more_than_could_be_saved(desk: Desk, person: Person) -> None:
    """What is saved and what is on the page, together."""
    saved = await desk.world.graphql(
        person,
        'mutation ($data: JSON!) { saveSubmission(tool: "woop", data: $data) { __typename } }',
        {"data": {"wish": "x" * 600_000}},
    )
    assert saved.data["saveSubmission"]["__typename"] == "SubmissionSaved"
    found = await desk.ask(person, outcome="y" * 600_000)
    assert (found["__typename"], found["problems"][0]["path"]) == ("InvalidAnswers", "currentData")


async def test_nobody_asks(desk: Desk) -> None:
    """Who is not signed in may not."""
    answer = await desk.world.graphql(
        None, 'mutation { requestHelp(tool: "woop", question: "?") { __typename ... on Refusal { message } } }'
    )
    assert answer.data["requestHelp"]["__typename"] == "NotAllowed"


WRONG_SHAPES: list[Any] = [
    [],
    "text",
    None,
    {},
    ADVICE | {"answer": ""},
    ADVICE | {"answer": "<b></b>"},
    ADVICE | {"answer": 7},
    ADVICE | {"answer": "x" * 20_001},
    ADVICE | {"suggestions": "one"},
    ADVICE | {"suggestions": ["s"] * 51},
    ADVICE | {"confidence_score": 1.5},
    ADVICE | {"confidence_score": "high"},
    [ADVICE],
]


@pytest.mark.parametrize("content", WRONG_SHAPES)
async def test_answers_of_the_wrong_shape(desk: Desk, person: Person, content: Any) -> None:
    """Are not shown; the tool's own guidance is."""
    desk.n8n.otherwise = answering(b"null" if content is None else content)
    found = await desk.ask(person)
    guidance = desk.world.catalogue.by_slug["woop"].guidance
    assert (found["__typename"], found["guidance"].startswith(guidance)) == ("AssistantUnusable", True)
    assert "Still to answer: Wish" in found["guidance"]


@pytest.mark.parametrize(
    ("answer", "refusal"),
    [
        (answering(b"<html>", kind="text/html"), "AssistantUnusable"),
        (answering(b"{}", "500 Internal Server Error"), "AssistantUnusable"),
        (redirecting("http://127.0.0.1:1/"), "AssistantUnusable"),
        (answering(b"{}", "404 Not Found"), "AssistantUnavailable"),
    ],
)
async def test_when_it_does_not_answer(desk: Desk, person: Person, answer: Answer, refusal: str) -> None:
    """Each is data, with the guidance."""
    desk.n8n.otherwise = answer
    found = await desk.ask(person)
    assert (found["__typename"], bool(found["guidance"])) == (refusal, True)
    assert found["guidance"] in found["message"]


async def test_silence(desk: Desk, person: Person) -> None:
    """The same, when patience ends."""
    desk.silence()
    found = await desk.ask(person)
    assert (found["__typename"], bool(found["guidance"])) == ("AssistantTimedOut", True)


async def test_fifty_megabytes(desk: Desk, person: Person) -> None:
    """Are refused, and others are answered meanwhile."""
    desk.n8n.answers.append(flooding(desk.n8n))
    found, others = await asyncio.gather(desk.ask(person), desk.world.client.get("/health/live"))
    assert (found["__typename"], others.status_code) == ("AssistantUnusable", 200)


async def test_answers_are_made_harmless(desk: Desk, person: Person) -> None:
    """And are not stored anywhere."""
    text_given = '<script>alert(1)</script>\n\nHello <b onclick="x">you</b>, see [this](javascript:alert(1))'
    desk.n8n.otherwise = answering(
        {"answer": text_given, "suggestions": ["<i>do</i> it"], "confidence_score": 1, "user": "somebody"}
    )
    found = await desk.ask(person)
    assert (found["answer"], found["suggestions"], found["confidenceScore"]) == ("Hello you, see this", ["do it"], 1.0)


async def test_ten_an_hour(desk: Desk, person: Person) -> None:
    """The eleventh is told when; eleven at once are no way around it. An assistant that is not there costs nothing."""
    desk.n8n.answers += [answering(b"{}", "404 Not Found")] * 3
    for _ in range(3):
        assert (await desk.ask(person))["__typename"] == "AssistantUnavailable"
    found = await asyncio.gather(*(desk.ask(person) for _ in range(11)))
    (refused,) = [each for each in found if each["__typename"] != "Help"]
    assert (refused["__typename"], refused["limit"], refused["remaining"]) == ("RateLimited", 10, 0)
    assert 3590 <= refused["retryAfter"] <= 3600
    assert sorted(each["remaining"] for each in found if each["__typename"] == "Help") == list(range(10))
    async with desk.world.as_owner() as owner:
        await owner.execute(
            text("UPDATE help.requests SET asked_at = asked_at - interval '1 hour' WHERE user_id = :id"),
            {"id": person.id},
        )
    assert (await desk.ask(person))["remaining"] == 9


async def test_an_hour_is_never_longer(desk: Desk, person: Person) -> None:
    """However long one waits for one's own earlier requests to be counted."""
    database, viewer = desk.world.gateway.database, (await desk.world.context(person)).viewer
    async with database.transaction(viewer, lock=person.id):
        asking = asyncio.ensure_future(desk.ask(person))
        async with desk.world.owner.connect() as owner:
            while not await owner.scalar(text(WAITING)):
                pass  # each look is a round trip, in which the request goes on
        async with desk.world.as_owner() as owner:
            await owner.execute(text(TEN_REQUESTS), {"id": person.id})
    assert 3590 <= (await asking)["retryAfter"] <= 3600


@pytest.mark.parametrize("role", [Role.GURU, Role.ADMIN])
async def test_fifty_for_those_who_help(desk: Desk, role: Role) -> None:
    """Gurus and admins; the next one is told when."""
    somebody = await desk.world.person(await desk.world.organization(), role)
    found = await desk.ask(somebody)
    assert (found["limit"], found["remaining"]) == (50, 49)
    async with desk.world.as_owner() as owner:
        for _ in range(4):
            await owner.execute(text(TEN_REQUESTS), {"id": somebody.id})
        await owner.execute(text(TEN_REQUESTS.replace("10)", "9)")), {"id": somebody.id})
    assert (await desk.ask(somebody))["__typename"] == "RateLimited"


async def test_ten_challenges_an_hour(desk: Desk, person: Person) -> None:
    """Counted apart from questions; each says how many are left and when the count starts again."""
    advice, desk.n8n.otherwise = desk.n8n.otherwise, answering({"encouragement": "Well done."})
    found = [await desk.challenge(person) for _ in range(11)]
    assert [each["__typename"] for each in found] == ["Challenge"] * 10 + ["RateLimited"]
    assert [each["remaining"] for each in found] == [*range(9, -1, -1), 0]
    assert {each["limit"] for each in found} == {10}
    assert 3590 <= found[0]["resetSeconds"] <= 3600
    desk.n8n.otherwise = advice
    assert (await desk.ask(person))["remaining"] == 9


async def test_the_log_says_nothing(desk: Desk, person: Person, caplog: pytest.LogCaptureFixture) -> None:
    """Neither question nor answer, neither in the database nor in the process's log."""
    desk.n8n.answers.append(answering({"answer": 7, "secret": "ANSWER-OF-N8N"}))
    await desk.ask(person, "QUESTION-OF-PAULA", wish="WISH-OF-PAULA")
    async with desk.world.as_owner() as owner:
        rows = (
            await owner.execute(text("SELECT * FROM help.requests WHERE user_id = :id"), {"id": person.id})
        ).mappings()
        (row,) = rows.all()
    assert (row["tool_slug"], row["kind"], row["outcome"]) == ("woop", "help", "unusable")
    assert row["milliseconds"] >= 0
    assert set(row) == {
        "id", "user_id", "organization_id", "tool_slug", "kind", "outcome", "milliseconds", "asked_at",
    }  # fmt: skip
    assert "answer: string_type" in caplog.text
    assert not any(word in caplog.text for word in ("QUESTION-OF", "WISH-OF", "ANSWER-OF", "webhook/help"))
