"""``GET /api/data/{field_id}/history`` for programs that speak REST."""

from tests.outbox.conftest import Save
from tests.world import World

PATH = "/api/data/intro.woop.wish/history"


async def test_the_versions_of_a_value(world: World, save: Save) -> None:
    """Newest first, in pages."""
    person = await world.person(await world.organization(), name="Ann Author")
    await save(person, "woop", wish="A bakery")
    await save(person, "woop", wish="Two bakeries")
    answer = await world.client.get(PATH, params={"first": 1}, headers=person.headers)
    assert answer.status_code == 200, answer.text
    page = answer.json()["data"]
    (newest,) = page["versions"]
    assert newest.pop("at")
    assert newest == {
        "version": 2,
        "value": "Two bakeries",
        "available": True,
        "size": 14,
        "author_id": str(person.id),
        "author_name": "Ann Author",
        "author_kind": "human",
        "confirmed_at": None,
        "built_on": [],
    }
    assert page["has_next_page"]
    answer = await world.client.get(PATH, params={"after": page["end_cursor"]}, headers=person.headers)
    assert [each["value"] for each in answer.json()["data"]["versions"]] == ["A bakery"]


async def test_who_may_not_see_it_and_what_there_is_not(world: World) -> None:
    """A stranger's and an unknown field's are 404 with a sentence; without a token it is 401; a bad size is 400."""
    person, stranger = await world.person(await world.organization()), await world.person()
    for path, status, parameters in (
        (PATH, 404, {"user_id": str(stranger.id)}),
        ("/api/data/no.such.field/history", 404, {}),
        (PATH, 400, {"first": "101"}),
    ):
        answer = await world.client.get(path, params=parameters, headers=person.headers)
        assert answer.status_code == status, answer.text
        assert answer.json()["success"] is False
    assert (await world.client.get(PATH)).status_code == 401
