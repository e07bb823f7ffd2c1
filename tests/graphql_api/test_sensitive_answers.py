"""Sensitive answers over GraphQL: plain text to whoever may read the row, to nobody else, and nowhere but there."""

import json
import logging
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import text

from db.encryption import MARK
from db.encryption.envelope import DataKey, Place, seal
from db.encryption.key_ring import WrappedKey
from db.viewer import Role
from tests.graphql_api.compiled.planning import Planning
from tests.resolvers.stored import events, submission
from tests.world import Person, World

STORY = "On my sixtieth birthday the whole lighthouse sang."
HARDSHIPS = "Twice the ovens went cold; Marzipan the dog stayed."
WORDS = ("lighthouse", "sixtieth", "ovens", "Marzipan")

SAVE = """
mutation ($input: KnowThyselfInput!) {
  saveKnowThyself(input: $input) {
    __typename
    ... on SubmissionSaved { submission { data } tool { answers } }
  }
}"""

READ = """
query ($user: ID!) {
  user(id: $user) {
    knowThyself { hardships birthdayStory answers responses { question { key } text data } submission { data version } }
  }
}"""


@pytest.fixture
async def author(world: World) -> Person:
    """A participant with a story and hardships."""
    person = await world.person(await world.organization("Lighthouses"))
    await world.complete(person, "woop")
    saved = await world.graphql(person, SAVE, {"input": {"birthdayStory": STORY, "hardships": HARDSHIPS}})
    expected = {"birthday_story": STORY, "hardships": HARDSHIPS}
    assert saved.data["saveKnowThyself"] == {
        "__typename": "SubmissionSaved",
        "submission": {"data": expected},
        "tool": {"answers": expected},
    }
    return person


async def test_whoever_may_read_the_row_reads_plain_text(world: World, author: Person) -> None:
    """The author, their guru and their admin, in every field that shows answers."""
    organization = author.account.organization_id
    for reader in (
        author,
        await world.person(organization, Role.GURU),
        await world.person(organization, Role.ADMIN),
    ):
        tool = (await world.graphql(reader, READ, {"user": str(author.id)})).data["user"]["knowThyself"]
        assert (tool["hardships"], tool["birthdayStory"]) == (HARDSHIPS, STORY)
        assert tool["answers"] == tool["submission"]["data"] == {"birthday_story": STORY, "hardships": HARDSHIPS}
        shown = {row["question"]["key"]: (row["text"], row["data"]) for row in tool["responses"]}
        assert shown["hardships"] == (HARDSHIPS, HARDSHIPS)
        assert shown["dream"] == (None, None)


async def test_nobody_else_reads_anything(world: World, author: Person) -> None:
    """A colleague and a stranger, whether or not the gateway has the data key in memory."""
    for reader in (
        await world.person(author.account.organization_id),
        await world.person(await world.organization(), Role.ADMIN),
    ):
        answer = await world.graphql(reader, READ, {"user": str(author.id)})
        assert (answer.data, answer.errors) == ({"user": None}, [])


async def test_a_page_of_members_shows_each_of_them(world: World, author: Person) -> None:
    """Many rows at once; who has nothing sensitive is there too."""
    await world.person(author.account.organization_id, name="Quiet Colleague")
    admin = await world.person(author.account.organization_id, Role.ADMIN, "Ada Admin")
    query = "{ organization { members { edges { node { fullName knowThyself { hardships } } } } } }"
    edges = (await world.graphql(admin, query)).data["organization"]["members"]["edges"]
    assert {edge["node"]["fullName"]: edge["node"]["knowThyself"]["hardships"] for edge in edges} == {
        "Ada Admin": None,
        "Pat Tester": HARDSHIPS,
        "Quiet Colleague": None,
    }


@pytest.mark.parametrize(
    ("field", "compiled"),
    [
        ("hardships", False),
        ("birthdayStory", False),
        ("answers", False),
        ("responses { text }", False),
        ("submission { data }", False),
        ("submission { status version }", True),
        ("whatLove", True),
        ("dream values", True),
        ("progress { status }", True),
    ],
)
async def test_only_reads_that_show_sensitive_answers_are_not_compiled(
    world: World, author: Person, field: str, compiled: bool
) -> None:
    """What stands beside them in the same row is compiled as before, and answered without them."""
    query = f"{{ viewer {{ knowThyself {{ {field} }} }} }}"
    assert Planning(world.gateway.graph).compiles(query) is compiled
    before = world.gateway.compiled_answers
    answer = await world.graphql(author, query)
    assert answer.errors == []
    assert world.gateway.compiled_answers - before == compiled
    assert MARK not in str(answer.data)


async def test_other_tools_are_compiled_as_before(world: World) -> None:
    """Nothing of this costs who never touches a sensitive answer."""
    planning = Planning(world.gateway.graph)
    assert planning.compiles("{ viewer { woop { answers responses { data } submission { data } } } }")


async def test_an_answer_that_was_sensitive_once_still_opens(world: World, author: Person) -> None:
    """In a tool without sensitive questions: the compiled read leaves the row to graphql-core, which opens it."""
    await world.graphql(author, 'mutation { saveWoop(input: {wish: "Sail"}) { __typename } }')
    tenant = author.account.organization_id
    assert tenant is not None
    async with world.as_owner() as owner:
        rows = await owner.execute(
            text(
                "SELECT id, tenant_id, wrapped, wrapped_by, fingerprint FROM organizations.data_keys"
                " WHERE tenant_id = :tenant"
            ),
            {"tenant": tenant},
        )
        wrapped = WrappedKey(**rows.one()._mapping)
        key = DataKey(wrapped.id, tenant, AESGCM(world.gateway.database.data_keys.ring.unwrap(wrapped)))
        sealed = {"goal": seal(key, Place(tenant, author.id, "woop", "goal"), HARDSHIPS)}
        await owner.execute(
            text("UPDATE sprint_00_woop.submissions SET data = data || CAST(:sealed AS jsonb) WHERE user_id = :user"),
            {"sealed": json.dumps(sealed), "user": author.id},
        )
    for field in ("answers", "submission { data }"):
        query = f"{{ viewer {{ woop {{ {field} }} }} }}"
        assert Planning(world.gateway.graph).compiles(query)
        answer = await world.graphql(author, query)
        assert answer.errors == []
        assert HARDSHIPS in str(answer.data)
        assert MARK not in str(answer.data)


async def test_one_damaged_answer_hides_nothing_but_itself(
    world: World, author: Person, caplog: pytest.LogCaptureFixture
) -> None:
    """A masked fault at its field; the operator reads which answer it is and why, and no word of it."""
    async with world.as_owner() as owner:
        await owner.execute(
            text(
                "UPDATE sprint_01_know_thyself.submissions"
                " SET data = jsonb_set(data, '{hardships,$sealed,text}', '\"AAAA\"') WHERE user_id = :user"
            ),
            {"user": author.id},
        )
    with caplog.at_level(logging.DEBUG):
        answer = await world.graphql(
            author, "{ viewer { knowThyself { hardships birthdayStory submission { status } } } }"
        )
    tool = answer.data["viewer"]["knowThyself"]
    assert tool == {"hardships": None, "birthdayStory": STORY, "submission": {"status": "DRAFT"}}
    (error,) = answer.errors
    assert error["path"] == ["viewer", "knowThyself", "hardships"]
    assert error["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    assert error["message"].startswith("Something went wrong on our side.")
    told = caplog.text
    assert f"answer hardships of know-thyself of person {author.id} does not open: it was changed" in told
    assert not [word for word in WORDS if word in told]
    before = await submission(world, author, "know-thyself")
    saved = await world.graphql(author, SAVE, {"input": {"hardships": "Anew."}})
    assert saved.errors[0]["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    assert await submission(world, author, "know-thyself") == before


async def test_no_word_of_them_is_logged_audited_or_explained(
    world: World, author: Person, caplog: pytest.LogCaptureFixture
) -> None:
    """At the finest log level, over a life of the tool; and in every statement that is sent, and in ``X-Explain``."""
    answers = world.answers("know-thyself") | {"birthday_story": STORY, "hardships": HARDSHIPS}
    shown: list[Any] = []
    with caplog.at_level(logging.DEBUG), world.sql() as statements:
        for query, variables in (
            (SAVE, {"input": {"hardships": HARDSHIPS + " Again."}}),
            (SAVE, {"input": {"hardships": [HARDSHIPS], "birthdayStory": STORY}}),
            (
                'mutation ($data: JSON!) { submitTool(tool: "know-thyself", data: $data) { __typename } }',
                {"data": answers},
            ),
            ('mutation { reopenTool(tool: "know-thyself") { __typename } }', {}),
            (
                (
                    'mutation ($data: JSON!) { saveSubmission(tool: "know-thyself", data: $data, expectedVersion: 99)'
                    " { __typename ... on Refusal { message } } }"
                ),
                {"data": {"hardships": [HARDSHIPS], "birthday_story": STORY}},
            ),
        ):
            await world.graphql(author, query, variables)
        response = await world.client.post(
            "/graphql",
            json={"query": READ, "variables": {"user": str(author.id)}},
            headers=author.headers | {"X-Explain": "1"},
        )
        shown.append(response.json()["extensions"])
    shown += [caplog.text, statements, await events(world, author)]
    assert HARDSHIPS in response.text
    assert statements
    assert not [word for word in WORDS if word in str(shown)]


async def test_a_page_can_ask_which_questions_are_sensitive(world: World) -> None:
    """The catalogue says so to anyone."""
    answer = await world.graphql(None, "{ tools { slug questions { key sensitive } } }")
    found = [(t["slug"], q["key"]) for t in answer.data["tools"] for q in t["questions"] if q["sensitive"]]
    assert found == [("know-thyself", "hardships"), ("know-thyself", "birthday_story")]
