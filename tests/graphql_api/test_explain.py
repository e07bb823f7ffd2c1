"""How an operation is executed, shown to developers only, over HTTP and on the command line."""

from pathlib import Path

import httpx
import pytest

from app.__main__ import main
from app.serving import application
from app.settings import Settings
from tests.world import Person, World

DREAM = "query Dream { viewer { dream { oneSentence } } }"


@pytest.fixture(scope="module")
async def viewer(world: World) -> Person:
    """A participant."""
    return await world.person(await world.organization())


async def _explained(world: World, person: Person | None, query: str, variables: object = None) -> httpx.Response:
    headers = {"X-Explain": "1"} | (person.headers if person else {})
    return await world.client.post("/graphql", json={"query": query, "variables": variables}, headers=headers)


async def test_a_compiled_read_shows_its_plan_and_its_one_statement(world: World, viewer: Person) -> None:
    """The answer is the same as without the header; beside it stand plan and SQL."""
    plain = await world.graphql(viewer, DREAM)
    body = (await _explained(world, viewer, DREAM)).json()
    assert body["data"] == plain.data
    shown = body["extensions"]["explain"]
    assert shown["plan"][:2] == ["query Dream", "├─ compiled: one statement"]
    assert any("values of dream: identity.dream.one_sentence" in line for line in shown["plan"])
    (statement,) = shown["sql"]
    assert any("sprint_02_dream.field_outputs" in line for line in statement)
    assert str(viewer.id) not in str(shown)


async def test_a_fallback_says_why_and_what_ran(world: World, viewer: Person) -> None:
    """Two fields of Query that read rows have no plan: the reason, and every statement that was sent."""
    query = "{ viewer { fullName } me: viewer { email } organization { name } }"
    shown = (await _explained(world, viewer, query)).json()["extensions"]["explain"]
    assert shown["plan"][1] == "└─ graphql-core with look-ahead, because several fields of Query read rows"
    assert len(shown["sql"]) >= 2


async def test_a_value_of_another_type_shows_as_unanswered(world: World, viewer: Person) -> None:
    """There is a plan, but this one answer came from graphql-core."""
    await world.complete(viewer, "woop", "know-thyself")
    await world.complete(viewer, "dream")
    async with world.as_owner() as owner:
        await owner.exec_driver_sql(
            "UPDATE sprint_02_dream.field_outputs SET value = '7'"
            f" WHERE user_id = '{viewer.id}' AND field_id = 'identity.dream.one_sentence'"
        )
    body = (await _explained(world, viewer, DREAM)).json()
    assert body["data"] == {"viewer": {"dream": {"oneSentence": "7"}}}
    assert "answered by graphql-core: a stored value is no text" in body["extensions"]["explain"]["plan"][1]


async def test_nobody_is_told_so(world: World) -> None:
    """Without a token nothing is compiled."""
    body = (await _explained(world, None, DREAM)).json()
    assert body["data"] == {"viewer": None}
    assert "nobody is signed in" in body["extensions"]["explain"]["plan"][1]


async def test_variables_that_break_a_rule(world: World, viewer: Person) -> None:
    """The refusal is graphql-core's, and the plan says so."""
    body = (await _explained(world, viewer, "query ($s: String!) { viewer { tool(slug: $s) { name } } }")).json()
    assert "$s" in body["errors"][0]["message"]
    assert body["extensions"]["explain"]["plan"] == ["graphql-core: the operation or its variables are refused"]


async def test_production_does_not_explain(world: World, viewer: Person, settings: Settings) -> None:
    """The header is as if it were not there."""
    served = application(
        world.gateway,
        settings.model_copy(update={"environment": "production"}),
        world.storage,
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(served), base_url="http://test") as client:
        answer = await client.post("/graphql", json={"query": DREAM}, headers={**viewer.headers, "X-Explain": "1"})
    assert "extensions" not in answer.json()


def test_the_command_explains_every_operation(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Plan and SQL of a file's operations; a variable decides which tool is read."""
    file = tmp_path / "questions.graphql"
    file.write_text(f"{DREAM} query One($slug: String!) {{ viewer {{ tool(slug: $slug) {{ answers }} }} }}")
    assert main(["explain", str(file), "--variables", '{"slug": "pricing"}']) == 0
    told = capsys.readouterr().out
    assert "query Dream\n├─ compiled: one statement\n" in told
    assert "$slug names the tool pricing" in told
    assert "FROM sprint_18_pricing.submissions AS s" in told


@pytest.mark.parametrize(
    ("text", "variables", "told"),
    [
        ("{ nothing }", "{}", "Cannot query field 'nothing'"),
        ("{ viewer", "{}", "Syntax Error"),
        (DREAM, "[]", "--variables takes an object"),
        (DREAM, "{", "--variables is no JSON"),
    ],
)
def test_the_command_says_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, variables: str, told: str
) -> None:
    """A document or variables that are none: a sentence and status 1."""
    file = tmp_path / "question.graphql"
    file.write_text(text)
    assert main(["explain", str(file), "--variables", variables]) == 1
    captured = capsys.readouterr()
    assert told in captured.out + captured.err
