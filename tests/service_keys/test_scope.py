"""What a key reaches: one person's own rows, of the tools it was given, by operations it was given."""

from typing import Any

import pytest

from tests.service_keys.conftest import SENSITIVE, House
from tests.world import Person

EVERYTHING = """query ($user: ID!) {
  viewer { fullName role tools { slug progress { status percentage } answers submission { version }
    responses { data } whyLocked { tool { slug } status fields { id } } fieldValues { value author { fullName } }
    dependencies { value sourceVersion stale } teamUnlock { submitted total } }
    progressSummary { completedTools } nextTool { tool { slug } }
    organization { name teams { name } members { totalCount edges { node { databaseId } } } } }
  user(id: $user) { fullName }
  field(id: "intro.woop.wish") { value }
  submission(tool: "woop") { __typename ... on Submission { data } }
}"""


async def test_for_a_person_it_reads_what_the_person_wrote(house: House) -> None:
    """All tools, every query, every member: as the person sees it, except for other people and sensitive answers."""
    key = await house.key()
    answer = await key.post(EVERYTHING, house.ann, user=str(house.ben.id))
    seen = (await house.world.graphql(house.ann, EVERYTHING, {"user": str(house.ben.id)})).data
    (told,) = (tool for tool in seen["viewer"]["tools"] if tool["slug"] == "know-thyself")
    for response, question in zip(
        told["responses"], house.world.catalogue.by_slug["know-thyself"].questions, strict=True
    ):
        if question.sensitive:
            response["data"] = None
            del told["answers"][question.key]
    assert answer == {"data": seen, "status": 200}
    assert seen["viewer"]["progressSummary"] == {"completedTools": 2}


@pytest.mark.parametrize("who", ["guru", "admin"])
async def test_for_a_guru_or_an_admin_it_sees_nobody_else(house: House, who: str) -> None:
    """They see the whole organisation; a key that asks for them sees their own rows alone."""
    key, person = await house.key(), getattr(house, who)
    query = "query ($user: ID!) { user(id: $user) { fullName } organization { members { edges { node { email } } } } }"
    themselves = (await house.world.graphql(person, query, {"user": str(house.ann.id)})).data
    assert themselves["user"] == {"fullName": "Ann Ames"}
    answer = (await key.post(query, person, user=str(house.ann.id)))["data"]
    assert answer["user"] is None
    assert [edge["node"]["email"] for edge in answer["organization"]["members"]["edges"]] == [person.account.email]
    submission = f'{{ submission(tool: "woop", userId: "{house.ann.id}") {{ __typename }} }}'
    assert (await key.post(submission, person))["data"]["submission"] == {"__typename": "NotFound"}
    assert (await key.rest("GET", f"/api/tools/woop/data?user_id={house.ann.id}", person)).status_code == 404


async def test_without_a_person_it_sees_the_catalogue(house: House) -> None:
    """No viewer, no organisation, and no route that is about somebody."""
    key = await house.key()
    answer = await key.post("{ viewer { fullName } organization { name } tools { slug } }", None)
    assert (answer["data"]["viewer"], answer["data"]["organization"]) == (None, None)
    assert len(answer["data"]["tools"]) == 31
    assert (await key.rest("GET", "/api/toolsave/questions?tool_slug=woop", None)).status_code == 200
    refused = await key.rest("GET", "/api/user/progress", None)
    assert (refused.status_code, "X-On-Behalf-Of" in refused.json()["message"]) == (401, True)


async def test_tools_outside_are_as_if_never_answered(house: House) -> None:
    """The same answer as for somebody who has only done the tool in reach, by every way to ask."""
    key = await house.key(tools=["know-thyself"])
    tree = (await key.post(EVERYTHING, house.ann, user=str(house.ann.id)))["data"]
    tools = {tool.pop("slug"): tool for tool in tree["viewer"]["tools"]}
    told = house.world.answers("know-thyself")
    assert tools["know-thyself"]["answers"] == {key: told[key] for key in told.keys() - SENSITIVE}
    assert tools["woop"] | {"responses": None} == {
        "progress": {"status": "UNLOCKED", "percentage": 0},
        "answers": {},
        "submission": None,
        "responses": None,
        "whyLocked": [],
        "fieldValues": [{"value": None, "author": None}] * len(tools["woop"]["fieldValues"]),
        "dependencies": [],
        "teamUnlock": {"submitted": 0, "total": 0},
    }
    assert {each["data"] for each in tools["woop"]["responses"]} == {None}
    assert tree["viewer"]["progressSummary"] == {"completedTools": 1}
    assert (tree["field"]["value"], tree["submission"]) == (None, {"__typename": "NotFound"})
    text = str([tree["viewer"]["tools"], tree["field"]])
    assert not [value for value in house.world.answers("woop").values() if isinstance(value, str) and value in text]


async def test_what_was_built_on_tools_outside_was_built_on_nothing(house: House) -> None:
    """Else a key would see a value as stale for ever, and be told of a tool that is not there for it."""
    query = "{ viewer { knowThyself { stale fieldValues { stale } dependencies { stale } } } }"
    whole, part = await house.key(), await house.key(tools=["know-thyself"])

    async def marks(key: Any) -> set[bool]:
        tool = (await key.post(query, house.ann))["data"]["viewer"]["knowThyself"]
        return {tool["stale"], *(each["stale"] for each in tool["fieldValues"] + tool["dependencies"])}

    assert (await marks(whole), await marks(part)) == ({False}, {False})
    await house.world.graphql(house.ann, 'mutation { saveWoop(input: {wish: "Another wish"}) { __typename } }')
    assert (await marks(whole), await marks(part)) == ({True}, {False})


async def test_lineage_ends_where_the_tools_of_a_key_do(house: House) -> None:
    """No node, no source and no count of what lies beyond."""
    query = """{ lineage(fieldId: "identity.personal_dream") { upstream(depth: 3) { field { id } } }
      field(id: "identity.personal_dream") { provenance { builtOn { field { id } } } }
      impact(fieldId: "intro.woop.wish") { wouldTurnStale { id } alreadyStale { id } tools { slug } } }"""
    wish = {"field": {"id": "intro.woop.wish"}}
    whole = (await (await house.key()).post(query, house.ann))["data"]
    assert (whole["lineage"]["upstream"], whole["field"]["provenance"]["builtOn"]) == ([wish], [wish])
    assert len(whole["impact"]["wouldTurnStale"] + whole["impact"]["alreadyStale"]) == 3
    part = (await (await house.key(tools=["know-thyself"])).post(query, house.ann))["data"]
    assert part == {
        "lineage": {"upstream": []},
        "field": {"provenance": {"builtOn": []}},
        "impact": {"wouldTurnStale": [], "alreadyStale": [], "tools": []},
    }
    none = (await (await house.key(tools=["woop"])).post(query, house.ann))["data"]
    assert none["impact"] == {"wouldTurnStale": [], "alreadyStale": [], "tools": []}


async def test_a_filter_tells_nothing_of_tools_outside(house: House) -> None:
    """Neither by finding the person nor by counting them."""
    key = await house.key(tools=["know-thyself"])
    query = """query ($tool: String!, $status: ProgressStatus) { organization {
      members(filter: {tool: {slug: $tool, status: $status}}) { totalCount edges { node { fullName } } } } }"""

    async def count(tool: str, status: str | None) -> Any:
        answer = await key.post(query, house.ann, tool=tool, status=status)
        return answer["data"]["organization"]["members"]["totalCount"]

    assert await count("know-thyself", "COMPLETED") == 1
    assert [await count("woop", status) for status in ("COMPLETED", "LOCKED", "UNLOCKED", None)] == [0] * 4


async def test_nothing_sensitive(house: House) -> None:
    """By no way: answers, responses, one question, REST, an export, what a save that comes too late is told. What the
    key saves itself takes none of them away."""
    key = await house.key(operations=["read", "SaveSubmission", "ExportSubmission"])
    told = house.world.answers("know-thyself")
    secrets = [str(told[each])[:40] for each in SENSITIVE]
    mine = await house.world.client.get("/api/tools/know-thyself/data", headers=house.ann.headers)
    assert all(secret in mine.text for secret in secrets)
    tree = """{ viewer { knowThyself { answers birthdayStory hardships responses { data } submission { data } } } }"""
    save, given = {"documentId": "SaveSubmission"}, {"slug": "know-thyself", "data": {}}
    answers = [await key.post(tree, house.ann)]
    answers += [await key.post(save, house.ann, **given, if_match=version) for version in (7, 1)]
    outcomes = [each["data"].get("saveSubmission", {}).get("__typename") for each in answers]
    assert outcomes == [None, "StaleVersion", "SubmissionSaved"]
    for path in ("data", "export?format=json"):
        found = await key.rest("GET", f"/api/tools/know-thyself/{path}", house.ann)
        assert found.status_code == 200
        answers.append({"text": found.text})
    assert [secret for secret in secrets if secret in str(answers)] == []
    after = await house.world.client.get("/api/tools/know-thyself/data", headers=house.ann.headers)
    assert all(secret in after.text for secret in secrets)


async def test_rest_reads_the_same(house: House) -> None:
    """Old paths, old words; of a tool outside there is no submission."""
    key = await house.key(tools=["woop"])
    found = await key.rest("GET", "/api/tools/woop/data", house.ann)
    assert (found.status_code, found.json()["data"]["data"]) == (200, house.world.answers("woop"))
    absent = await key.rest("GET", "/api/tools/know-thyself/data", house.ann)
    assert (absent.status_code, absent.json()["message"]) == (404, "No submission found for this tool")
    mine = {"user_id": str(house.ann.id)}
    assert (await key.rest("GET", "/api/toolsave/completions", house.ann, params=mine)).status_code == 200
    mine = {"user_id": str(house.ben.id)}
    assert (await key.rest("GET", "/api/toolsave/completions", house.ann, params=mine)).status_code == 404


async def test_only_those_listed(house: House, stranger: Person) -> None:
    """Another organisation's people cannot be listed, nor can people there are not."""
    key = await house.key(behalf="LISTED", userIds=[str(house.ann.id)])
    query = "{ viewer { fullName } }"
    assert (await key.post(query, house.ann))["data"] == {"viewer": {"fullName": "Ann Ames"}}
    assert (await key.post(query, house.ben))["status"] == 403
    for listed in ([str(stranger.id)], ["00000000-0000-4000-8000-000000000000"], []):
        refused = await house.create(behalf="LISTED", userIds=listed)
        assert refused["__typename"] == "InvalidInput"
        assert refused["problems"][0]["path"].startswith("userIds")


async def test_no_organisation_but_its_own(house: House, stranger: Person) -> None:
    """Every member means of the key's organisation; and a member who is deactivated is none."""
    key = await house.key()
    query = "{ viewer { fullName } }"
    assert (await key.post(query, stranger))["status"] == 403
    deactivate = f'mutation {{ deactivateUser(userId: "{house.ann.id}") {{ __typename }} }}'
    assert (await house.world.graphql(house.admin, deactivate)).data["deactivateUser"]["__typename"] == "MemberChanged"
    assert (await key.post(query, house.ann))["status"] == 403


SAVE = """mutation ($tool: String!, $data: JSON!) { saveSubmission(tool: $tool, data: $data) { __typename
  ... on SubmissionSaved { submission { version } } ... on Locked { missing { tool { slug } status } }
  ... on Refusal { message } } }"""


async def test_a_mutation_has_to_be_named(house: House) -> None:
    """``read`` is for queries. A route's operation can be named, then it writes as the person, and the trail says
    by which key."""
    reading, writing = await house.key(), await house.key(operations=["read", "SaveSubmission"], tools=["woop"])
    body = {"data": {"wish": "A new wish"}}
    assert (await reading.rest("POST", "/api/tools/woop/data", house.ann, json=body)).status_code == 403
    assert (await reading.post(SAVE, house.ann, tool="woop", data={}))["status"] == 403
    assert (await writing.post(SAVE, house.ann, tool="woop", data={}))["status"] == 403
    saved = await writing.rest("POST", "/api/tools/woop/data", house.ann, json=body)
    assert (saved.status_code, saved.json()["data"]["data"]["wish"]) == (200, "A new wish")
    outside = await writing.rest("POST", "/api/tools/know-thyself/data", house.ann, json={"data": {}})
    assert (outside.status_code, outside.json()["code"]) == (403, "NOT_ALLOWED")
    async with house.world.gateway.database.transaction(house.ann.viewer) as transaction:
        (event,) = await transaction.fetch(
            "SELECT changes FROM audit.events WHERE user_id = $1 AND action = 'saved' AND changes ? 'service_key'",
            house.ann.id,
        )
    assert event["changes"]["service_key"] == str(writing.id)


async def test_what_a_key_has_written_and_what_it_sees_of_the_history(house: House) -> None:
    """An automation is named as one; versions and sources of other tools are not there; it can confirm nothing."""
    writing = await house.key(operations=["read", "SaveSubmission"])
    saved = await writing.rest("POST", "/api/tools/know-thyself/data", house.ann, json={"data": {"dream": "To bake"}})
    assert saved.status_code in (200, 201), saved.text
    query = """{ viewer { knowThyself { fieldValues(ids: ["identity.personal_dream"]) { provenance {
      authorKind builtOn { field { id } value } } history(first: 1) { edges { node { authorKind value } } } } } } }"""
    told = await writing.post(query, house.ann)
    (value,) = told["data"]["viewer"]["knowThyself"]["fieldValues"]
    assert value["history"]["edges"] == [{"node": {"authorKind": "AUTOMATION", "value": "To bake"}}]
    assert value["provenance"]["authorKind"] == "AUTOMATION"
    assert [source["field"]["id"] for source in value["provenance"]["builtOn"]] == ["intro.woop.wish"]
    narrow = await house.key(tools=["know-thyself"])
    told = await narrow.post(query, house.ann)
    (value,) = told["data"]["viewer"]["knowThyself"]["fieldValues"]
    assert value["provenance"]["builtOn"] == []
    woop = await narrow.post('{ history(fieldId: "intro.woop.wish") { edges { node { value } } } }', house.ann)
    assert woop["data"]["history"]["edges"] == []
    confirming = await writing.post('mutation { confirmValues(tool: "know-thyself") { __typename } }', house.ann)
    assert confirming["status"] == 403


async def test_a_lock_tells_nothing_of_tools_outside(house: House) -> None:
    """Which of the prerequisites are done is theirs to tell."""
    key = await house.key(operations=["read", "SaveSubmission"], tools=["values"])
    refused = await key.rest("POST", "/api/tools/values/data", house.ann, json={"data": {}})
    assert (refused.status_code, refused.json()["code"]) == (403, "LOCKED")
    said = [each["tool"] for each in refused.json()["details"]["missing"]]
    assert sorted(said) == ["dream", "know-thyself"]  # the second is done
    read = await key.post("{ viewer { values { whyLocked { tool { slug } status } } } }", house.ann)
    found = read["data"]["viewer"]["values"]["whyLocked"]
    assert sorted((each["tool"]["slug"], each["status"]) for each in found) == [
        ("dream", "LOCKED"),
        ("know-thyself", "LOCKED"),
    ]


async def test_every_other_field_is_for_people(house: House) -> None:
    """Sessions, people, permissions, keys and whatever comes: a key executes only what is on its list."""
    gateway = house.world.gateway
    schema = gateway.graph.schema
    assert schema.query_type
    assert schema.mutation_type
    every = set(schema.query_type.fields) | set(schema.mutation_type.fields)
    allowed = gateway.service_keys.fields
    assert allowed - {"__typename"} <= every
    assert {name for name in every - allowed if name.startswith("save")} == set()
    key = await house.key()
    for query in (
        "{ sessions { method } }",
        "{ ... on Query { serviceKeys { name } } }",
        "fragment F on Query { permissions { role } } { tools { slug } ...F }",
        "{ viewer { fullName } s: sessions @skip(if: true) { method } }",
    ):
        assert (await key.post(query, house.admin))["status"] == 403


async def test_not_even_when_its_operation_is_named(house: House) -> None:
    """A key can be given the document that signs out; it cannot execute it."""
    key = await house.key(operations=sorted(house.world.gateway.stored.named))
    refused = await key.rest("POST", "/api/auth/logout", house.admin, json={})
    assert (refused.status_code, refused.json()["code"]) == (403, "OUTSIDE_KEY_SCOPE")
