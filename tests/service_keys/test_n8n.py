"""The key of docs/service-keys.md: n8n may read the context of somebody it was asked about, and nothing else."""

import pytest

from tests.service_keys.conftest import SENSITIVE, House, Key
from tests.world import Person

HELP = {"documentId": "HelpContext"}


@pytest.fixture
async def n8n(house: House) -> Key:
    """One stored operation, all tools, and only for whom it is asked."""
    return await house.key(operations=["HelpContext"], behalf="ASKED")


async def test_it_reads_the_context_of_somebody_it_was_asked_about(house: House, n8n: Key) -> None:
    """While the grant lives: answers, progress, and what the tool builds on."""
    granted = await house.grant(n8n, house.ann, by=house.ann)
    assert granted == {"__typename": "ServiceKeyGranted"}
    answer = await n8n.post(HELP, house.ann, user=str(house.ann.id), tool="know-thyself")
    found = answer["data"]["user"]
    assert (answer["status"], found["fullName"]) == (200, "Ann Ames")
    answers = house.world.answers("know-thyself")
    assert answers.keys() >= SENSITIVE
    assert found["tool"]["answers"] == {key: answers[key] for key in answers.keys() - SENSITIVE}
    assert found["tool"]["progress"] == {"status": "COMPLETED"}


async def test_it_knows_nobody_else(house: House, n8n: Key, stranger: Person) -> None:
    """Colleagues, strangers, people there are not and texts that are no id: one refusal for all, and as data null."""
    await house.grant(n8n, house.ann)
    nobody = "00000000-0000-4000-8000-000000000000"
    refusals = [
        await n8n.post(HELP, other, user=str(house.ann.id), tool="woop")
        for other in (house.ben, house.admin, stranger, nobody, "null", "")
    ]
    assert {answer["status"] for answer in refusals} == {403}
    assert len({str(answer) for answer in refusals}) == 1
    for other in (str(house.ben.id), str(house.admin.id), str(stranger.id), nobody):
        answer = await n8n.post(HELP, house.ann, user=other, tool="woop")
        assert answer == {"data": {"user": None}, "status": 200}


async def test_it_does_nothing_else(house: House, n8n: Key) -> None:
    """No other query, be it stored or not, no mutation, no schema, no REST route: 403 each, and in the trail once."""
    await house.grant(n8n, house.ann)
    asked = [
        "{ viewer { fullName } }",
        "{ tools { slug } }",
        "{ __schema { queryType { name } } }",
        'mutation { reopenTool(tool: "woop") { __typename } }',
        "mutation { signOut { at } }",
    ]
    answers = [await n8n.post(query, house.ann) for query in asked]
    answers.append(await n8n.post({"documentId": "ListTools"}, house.ann))
    assert [answer["status"] for answer in answers] == [403] * 6
    assert {answer["errors"][0]["extensions"]["code"] for answer in answers} == {"OUTSIDE_KEY_SCOPE"}
    for method, path in (("GET", "/api/user/progress"), ("GET", "/api/tools"), ("POST", "/api/tools/woop/submit")):
        refused = await n8n.rest(method, path, house.ann, **({"json": {}} if method == "POST" else {}))
        assert (refused.status_code, refused.json()["code"]) == (403, "OUTSIDE_KEY_SCOPE")


async def test_the_grant_ends(house: House, n8n: Key) -> None:
    """Before it is given, when its time is over, and when it is taken back, there is no such person."""
    asked = {"user": str(house.ann.id), "tool": "woop"}
    statuses = [(await n8n.post(HELP, house.ann, **asked))["status"]]
    for days in (1, -1):
        await house.grant(n8n, house.ann, days)
        statuses.append((await n8n.post(HELP, house.ann, **asked))["status"])
    assert statuses == [403, 200, 403]


async def test_a_grant_is_for_its_tools(house: House, n8n: Key) -> None:
    """The others are as if nobody had ever answered them."""
    await house.grant(n8n, house.ann, tools=["woop"])
    for tool, there in (("woop", True), ("know-thyself", False)):
        answer = await n8n.post(HELP, house.ann, user=str(house.ann.id), tool=tool)
        assert bool(answer["data"]["user"]["tool"]["answers"]) is there
    needs = await n8n.post(HELP, house.ann, user=str(house.ann.id), tool="dream")
    assert {each["available"] for each in needs["data"]["user"]["tool"]["dependencies"]} == {False}


@pytest.mark.parametrize(("before", "after"), [(None, ["woop"]), (["know-thyself"], ["woop"])])
async def test_a_grant_takes_the_place_of_the_one_before(
    house: House, n8n: Key, before: list[str] | None, after: list[str]
) -> None:
    """With all its tools: what the new one does not name cannot be read any more."""
    await house.grant(n8n, house.ann, tools=before)
    await house.grant(n8n, house.ann, tools=after)
    answer = await n8n.post(HELP, house.ann, user=str(house.ann.id), tool="know-thyself")
    assert answer["data"]["user"]["tool"]["answers"] == {}


@pytest.mark.parametrize("tools", [None, ["woop"], ["dream"]])
async def test_a_grant_is_taken_back_as_a_whole(house: House, n8n: Key, tools: list[str] | None) -> None:
    """Whatever tools the one that has ended names."""
    await house.grant(n8n, house.ann, tools=["woop"])
    await house.grant(n8n, house.ann, -1, tools)
    assert (await n8n.post(HELP, house.ann, user=str(house.ann.id), tool="woop"))["status"] == 403


async def test_who_may_grant(house: House, n8n: Key, stranger: Person) -> None:
    """The person, and the admin; for everybody else there is neither key nor person."""
    outcomes = [
        (await house.grant(n8n, user, by=by))["__typename"]
        for user, by in (
            (house.ann, stranger),
            (house.ann, house.ben),
            (house.ann, house.guru),
            (stranger, house.admin),
            (stranger, stranger),
            (house.ann, house.ann),
            (house.ben, house.admin),
        )
    ]
    assert outcomes == ["NotFound"] * 5 + ["ServiceKeyGranted"] * 2
    for days, tools in ((32, None), (1, ["nothing"])):
        assert (await house.grant(n8n, house.ann, days, tools))["__typename"] == "InvalidInput"
