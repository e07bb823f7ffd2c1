"""The REST paths of help, as the programme's pages call them."""

from typing import Any
from uuid import uuid4

import pytest

from db.viewer import Role
from tests.help.conftest import Desk
from tests.help.n8n_server import Answer, answering
from tests.rest_shim.documented import Documented
from tests.rest_shim.rest import Rest
from tests.world import Person, World

ASKED = {"tool_slug": "woop", "question": "How do I begin?"}
REMARKS = {
    "overall_quality": "needs work",
    "challenges": [
        {"question_key": "wish", "feedback": "Too <b>vague</b>.", "suggestion": "Say by when.", "severity": "high"},
        {"question_key": "nothing", "feedback": "There is no such question."},
    ],
    "encouragement": "You are **close**.",
}


async def test_help(desk: Desk, person: Person) -> None:
    """The contract's answer, with what is left in the headers."""
    reply = await desk.rest.post(person, "/api/ai/help", ASKED | {"current_data": {"wish": "Sleep"}})
    assert {key: reply.data[key] for key in ("answer", "suggestions", "confidence_score", "tool_slug")} == {
        "answer": "Write **one** sentence.",
        "suggestions": ["Begin with a verb."],
        "confidence_score": 0.75,
        "tool_slug": "woop",
    }
    assert "T" in reply.data["timestamp"]
    assert [reply.headers[f"x-ratelimit-{name}"] for name in ("limit", "remaining", "reset")] == ["10", "9", "3600"]
    assert (await desk.rest.post(person, "/api/ai/help", ASKED | {"current_data": None})).status == 200


@pytest.mark.parametrize(
    ("body", "paths"),
    [
        ({"tool_slug": "woop"}, ["question"]),
        (ASKED | {"question": ""}, ["question"]),
        (ASKED | {"question": 7}, ["question"]),
        (ASKED | {"question": "x" * 2_001}, ["question"]),
        (ASKED | {"current_data": "text"}, ["current_data"]),
        (ASKED | {"current_data": {"plan_if_then": 7}}, ["current_data.plan_if_then"]),
    ],
)
async def test_help_refuses(desk: Desk, person: Person, body: dict[str, Any], paths: list[str]) -> None:
    """400 with a problem for each."""
    reply = await desk.rest.post(person, "/api/ai/help", body)
    assert (reply.status, reply.paths) == (400, paths)
    assert desk.n8n.received == []


@pytest.mark.parametrize(
    ("answer", "status", "code"),
    [
        (None, 504, "ASSISTANT_TIMED_OUT"),
        (answering(b"{}", "404 Not Found"), 503, "ASSISTANT_UNAVAILABLE"),
        (answering({"answer": ""}), 502, "ASSISTANT_UNUSABLE"),
        (answering(b"<html>", kind="text/html"), 502, "ASSISTANT_UNUSABLE"),
    ],
)
async def test_help_when_n8n_does_not_answer(
    desk: Desk, person: Person, answer: Answer | None, status: int, code: str
) -> None:
    """The contract's statuses, each with the tool's own guidance; in message and details."""
    if answer is None:
        desk.silence()
    else:
        desk.n8n.otherwise = answer
    reply = await desk.rest.post(person, "/api/ai/help", ASKED)
    guidance = desk.world.catalogue.by_slug["woop"].guidance
    assert (reply.status, reply.body["code"]) == (status, code)
    assert guidance in reply.body["message"]
    assert reply.body["details"]["guidance"].startswith(guidance)
    assert ("retry-after" in reply.headers) is (status == 503)


async def test_the_eleventh(desk: Desk, person: Person) -> None:
    """429 with remaining and reset."""
    for _ in range(10):
        await desk.rest.post(person, "/api/ai/help", ASKED)
    reply = await desk.rest.post(person, "/api/ai/help", ASKED)
    assert (reply.status, reply.body["code"], reply.body["details"]["remaining"]) == (429, "RATE_LIMITED", 0)
    assert int(reply.headers["retry-after"]) == int(reply.headers["x-ratelimit-reset"]) > 3500
    assert "T" in reply.body["details"]["reset_at"]


async def test_a_challenge(desk: Desk, person: Person) -> None:
    """The question's own words beside each remark; remarks about questions that are none are left out."""
    desk.n8n.otherwise = answering(REMARKS)
    body = {"user_id": str(person.id), "tool_slug": "woop", "answers": {"wish": "Sleep"}, "attempt": 2}
    reply = await desk.rest.post(person, "/api/ai/challenge", body)
    assert (reply.headers["x-ratelimit-limit"], reply.headers["x-ratelimit-remaining"]) == ("10", "9")
    assert 3590 <= int(reply.headers["x-ratelimit-reset"]) <= 3600
    label = desk.world.catalogue.by_slug["woop"].question_by_key["wish"].label
    assert reply.data == {
        "has_challenges": True,
        "overall_quality": "needs work",
        "challenges": [
            {
                "question_key": "wish",
                "question_text": label,
                "feedback": "Too vague.",
                "suggestion": "Say by when.",
                "severity": "high",
            }
        ],
        "encouragement": "You are **close**.",
    }
    told = desk.n8n.received[0]
    assert (told.path, told.json["kind"], told.json["attempt"]) == ("/webhook/challenge", "challenge", 2)
    desk.n8n.otherwise = answering({"encouragement": "Well done."})
    nothing = await desk.rest.post(person, "/api/ai/challenge", body)
    assert (nothing.data["has_challenges"], nothing.data["encouragement"]) == (False, "Well done.")


async def test_a_challenge_for_somebody_else(desk: Desk, person: Person) -> None:
    """Whoever is not signed in as that person learns nothing."""
    for user_id in (uuid4(), (await desk.world.person()).id):
        body = {"user_id": str(user_id), "tool_slug": "woop", "answers": {}, "attempt": 1}
        assert (await desk.rest.post(person, "/api/ai/challenge", body)).status == 404
    wrong: list[dict[str, Any]] = [{"attempt": 0}, {"attempt": "x"}, {"answers": []}]
    for each in wrong:
        body = {"user_id": str(person.id), "tool_slug": "woop", "answers": {}, "attempt": 1} | each
        assert (await desk.rest.post(person, "/api/ai/challenge", body)).status == 400
    assert desk.n8n.received == []


async def test_a_server_without_n8n(world: World) -> None:
    """Challenges nothing, and helps with what the tool says itself: 503."""
    rest = Rest(world.client, Documented((await world.client.get("/openapi.json")).json()))
    person = await world.person(await world.organization())
    body = {"user_id": str(person.id), "tool_slug": "woop", "answers": {"wish": "Sleep"}, "attempt": 1}
    assert (await rest.post(person, "/api/ai/challenge", body)).data == {
        "has_challenges": False,
        "overall_quality": None,
        "challenges": [],
        "encouragement": "",
    }
    reply = await rest.post(person, "/api/ai/help", ASKED)
    assert (reply.status, reply.body["code"]) == (503, "ASSISTANT_UNAVAILABLE")
    assert reply.body["details"]["guidance"].startswith(world.catalogue.by_slug["woop"].guidance)


async def test_usage(desk: Desk) -> None:
    """For an admin: how often, with which tools, how long, how much in vain; of everybody or one person."""
    organization = await desk.world.organization()
    ann, ben = [await desk.world.person(organization) for _ in range(2)]
    admin = await desk.world.person(organization, Role.ADMIN)
    stranger = await desk.world.person(await desk.world.organization())
    await desk.rest.post(ann, "/api/ai/help", ASKED)
    await desk.rest.post(ann, "/api/ai/help", ASKED | {"tool_slug": "dream"})
    desk.n8n.otherwise = answering({"nothing": "agreed on"})
    await desk.rest.post(ben, "/api/ai/help", ASKED)
    await desk.rest.post(ben, "/api/ai/help", ASKED)
    await desk.rest.post(stranger, "/api/ai/help", ASKED)
    usage = (await desk.rest.get(admin, "/api/ai/usage")).data
    assert usage["average_response_time_ms"] >= 0
    assert {key: usage[key] for key in ("total_requests", "requests_per_tool", "error_rate")} == {
        "total_requests": 4,
        "requests_per_tool": {"dream": 1, "woop": 3},
        "error_rate": 0.5,
    }
    for query, total in (
        ({"user_id": ann.id}, 2),
        ({"user_id": stranger.id}, 0),
        ({"from": "2020-01-01T00:00:00Z"}, 4),
        ({"from": "2020-01-01", "to": "2120-01-01"}, 4),
        ({"to": "2020-01-01T00:00:00Z"}, 0),
    ):
        assert (await desk.rest.get(admin, "/api/ai/usage", **query)).data["total_requests"] == total
    nothing = (await desk.rest.get(admin, "/api/ai/usage", user_id=stranger.id)).data
    assert (nothing["average_response_time_ms"], nothing["error_rate"]) == (None, 0.0)
    assert (await desk.rest.get(admin, "/api/ai/usage", **{"from": "yesterday"})).paths == ["from"]
    guru = await desk.world.person(organization, Role.GURU)
    for somebody in (ann, guru):
        assert (await desk.rest.get(somebody, "/api/ai/usage")).status == 403
    platform = await desk.world.person(None, Role.PLATFORM_ADMIN)
    assert (await desk.rest.get(platform, "/api/ai/usage", user_id=stranger.id)).data["total_requests"] == 1
