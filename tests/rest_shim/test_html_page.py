"""A whole life of one of the programme's HTML pages, over the paths that it calls today."""

from typing import Any
from uuid import uuid4

from tests.rest_shim.rest import Rest
from tests.world import World


async def test_a_page_from_sign_in_to_dashboard(rest: Rest, world: World) -> None:
    """Identify, ask, load, look at a dependency, save, complete; completions and dashboard then show it."""
    email = f"{uuid4().hex}@page.example"
    signed_in = (await rest.post(None, "/api/toolsave/identify", {"lw_email": email, "lw_name": "Nova Página"})).data
    me = {"user_id": signed_in["user_id"]}
    token = {"Authorization": f"Bearer {signed_in['access_token']}"}

    async def get(path: str, **query: str) -> Any:
        return (await rest.send("GET", path, headers=token, params=query)).data

    async def post(path: str, **body: Any) -> Any:
        return (await rest.send("POST", path, headers=token, json=body)).data

    async def page(slug: str) -> Any:
        """What every page does when it is opened, filled in and finished."""
        questions = await get("/api/toolsave/questions", tool_slug=slug)
        assert await get("/api/toolsave/load", tool_slug=slug, **me) == {}
        answers = world.answers(slug)
        responses = [
            {"question_id": question["id"], **_response(answers[question["question_key"]])}
            for question in questions
            if question["question_key"] in answers
        ]
        assert await post("/api/toolsave/save", responses=responses, **me) == {"saved": len(responses)}
        assert await get("/api/toolsave/load", tool_slug=slug, **me) == answers
        return await post("/api/toolsave/complete", tool_slug=slug, **me)

    assert await get("/api/toolsave/dependency", reference_key="wish", **me) is None
    assert await page("woop") == {"ok": True, "unlocked": ["know-thyself"], "missing": []}
    assert await get("/api/toolsave/dependency", reference_key="wish", **me) == world.answers("woop")["wish"]
    assert await page("know-thyself") == {"ok": True, "unlocked": ["dream", "energy"], "missing": []}

    assert await get("/api/toolsave/completions", **me) == ["woop", "know-thyself"]
    progress = {row["slug"]: row for row in await get("/api/dashboard/progress")}
    assert progress["know-thyself"]["status"] == "completed"
    assert progress["know-thyself"]["completedAt"] > progress["woop"]["completedAt"]
    assert (progress["dream"]["status"], progress["values"]["status"]) == ("unlocked", "locked")
    shown = await get("/api/dashboard/submission", tool_slug="woop")
    assert {row["question"]: row["data"] for row in shown}["Wish"] == world.answers("woop")["wish"]


def _response(answer: Any) -> dict[str, Any]:
    return {"response_value": answer} if isinstance(answer, str) else {"response_data": answer}
