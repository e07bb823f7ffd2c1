"""Lineage over catalogues of sixty tools: each building on the one before it, or all on the first."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from shutil import copy

import pytest

from app.settings import Settings
from app.storage import Storage
from db.catalogue import CATALOGUE_PATH, load_catalogue
from tests.db.databases import fresh_database
from tests.history.asking import asked
from tests.world import Person, World, open_world

MANY = 60

TOOL = """
slug = "link-{number}"
sprint = {number}
name = "Link {number}"
description = "A link."
guidance = "Hold on."
module = 1
prerequisites = [{prerequisite}]

[[questions]]
key = "text"
label = "Text"
description = "What it says."
type = "text"
required = true
publishes = "tech.link.v{number}"
"""
NEED = """
[[needs]]
field = "tech.link.v{source}"
target = "before"
label = "The one before"
required = true
"""
LINEAGE = """query ($id: FieldId!, $depth: Int! = 1) { lineage(fieldId: $id) {
  upstream(depth: $depth) { distance field { id stale } }
  downstream(depth: $depth) { distance field { id value stale } sources { field { id } currentVersion } } }
  impact(fieldId: $id) { wouldTurnStale { id } alreadyStale { id } tools { slug } } }"""


@dataclass
class Links:
    """Somebody who has completed all sixty."""

    world: World
    person: Person

    async def save(self, number: int, text: str) -> None:
        """Change the value of one."""
        query = "mutation ($tool: String!, $data: JSON!) { submitTool(tool: $tool, data: $data) { __typename } }"
        found = await asked(self.world, self.person, query, tool=f"link-{number}", data={"text": text})
        assert found == {"submitTool": {"__typename": "SubmissionSubmitted"}}

    async def lineage(self, number: int, depth: int = 1) -> tuple[dict[int, int], dict[int, int], list[int]]:
        """Distances of what one was built on and of what was built on it; what would turn stale."""
        found = await asked(self.world, self.person, LINEAGE, id=f"tech.link.v{number}", depth=depth)
        up, down = (
            {_number(node["field"]["id"]): node["distance"] for node in found["lineage"][way]}
            for way in ("upstream", "downstream")
        )
        turning = [_number(each["id"]) for each in found["impact"]["wouldTurnStale"]]
        assert [tool["slug"] for tool in found["impact"]["tools"]] == [f"link-{each}" for each in turning]
        return up, down, turning


async def _links(
    storage: Storage, settings: Settings, folder: Path, name: str, source: Callable[[int], int]
) -> AsyncIterator[Links]:
    (folder / "tools").mkdir()
    copy(CATALOGUE_PATH / "modules.toml", folder)
    for file in ("courses.toml", "field_aliases.toml"):
        (folder / file).write_text("", "utf-8")
    for number in range(MANY):
        before = f'"link-{source(number)}"' if number else ""
        text = TOOL.format(number=number, prerequisite=before) + (NEED.format(source=source(number)) if number else "")
        (folder / "tools" / f"{number:02d}_link_{number}.toml").write_text(text, "utf-8")
    catalogue = load_catalogue(folder)
    async with fresh_database(storage, name) as own:
        await own.migrate(catalogue)
        without_courses = settings.model_copy(update={"learnworlds_courses": folder / "courses.toml"})
        async with open_world(own, catalogue, without_courses) as world:
            links = Links(world, await world.person(await world.organization()))
            for number in range(MANY):
                await links.save(number, f"Text {number}")
            yield links


@pytest.fixture(scope="module")
async def chain(storage: Storage, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Links]:
    """Each builds on the one before it."""
    async for made in _links(storage, settings, tmp_path_factory.mktemp("chain"), "chain", lambda number: number - 1):
        yield made


@pytest.fixture(scope="module")
async def fan(storage: Storage, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Links]:
    """All build on the first."""
    async for made in _links(storage, settings, tmp_path_factory.mktemp("fan"), "fan", lambda _: 0):
        yield made


async def test_a_chain_is_followed_to_its_end(chain: Links) -> None:
    """As many steps as it has, each value at its distance; one step more is refused."""
    last = MANY - 1
    assert chain.world.catalogue.longest_chain == last
    up, down, _ = await chain.lineage(last, last)
    assert (up, down) == ({last - steps: steps for steps in range(1, MANY)}, {})
    up, down, turning = await chain.lineage(0, last)
    assert (up, down, turning) == ({}, {steps: steps for steps in range(1, MANY)}, [1])
    up, down, turning = await chain.lineage(30, 3)
    assert (up, down, turning) == ({29: 1, 28: 2, 27: 3}, {31: 1, 32: 2, 33: 3}, [31])
    answer = await chain.world.graphql(chain.person, LINEAGE, {"id": "tech.link.v0", "depth": MANY})
    assert answer.errors[0]["message"].startswith("Ask for 1 to 59 steps")


async def test_staleness_goes_one_step_down_the_chain(chain: Links) -> None:
    """The end of sixty does not hear of it."""
    tools = "{ viewer { tools { slug stale } } }"
    await chain.save(10, "Another text")
    found = (await asked(chain.world, chain.person, tools))["viewer"]["tools"]
    assert [tool["slug"] for tool in found if tool["stale"]] == ["link-11"]
    assert (await chain.lineage(10))[2] == []
    await chain.save(11, "Built anew")
    found = (await asked(chain.world, chain.person, tools))["viewer"]["tools"]
    assert [tool["slug"] for tool in found if tool["stale"]] == ["link-12"]


async def test_a_chain_is_read_in_few_statements(chain: Links) -> None:
    """Sixty steps are no more than three."""
    ran = {}
    for depth in (3, MANY - 1):
        with chain.world.sql() as statements:
            await chain.lineage(0, depth)
        ran[depth] = len(statements)
    assert ran[3] == ran[MANY - 1] <= 4


async def test_a_fan_turns_stale_at_once(fan: Links) -> None:
    """What one change does to fifty-nine is foretold, and is what happens."""
    everybody = list(range(1, MANY))
    up, down, turning = await fan.lineage(0)
    assert (up, down, turning) == ({}, dict.fromkeys(everybody, 1), everybody)
    assert await fan.lineage(59) == ({0: 1}, {}, [])
    await fan.save(0, "Another text")
    found = (await asked(fan.world, fan.person, "{ viewer { tools { slug stale } } }"))["viewer"]["tools"]
    assert [_number(tool["slug"].replace("-", "v")) for tool in found if tool["stale"]] == everybody
    assert (await fan.lineage(0))[2] == []
    confirm = 'mutation { confirmValues(tool: "link-7") { __typename } }'
    assert (await asked(fan.world, fan.person, confirm))["confirmValues"] == {"__typename": "ValuesConfirmed"}
    assert (await fan.lineage(0))[2] == [7]


def _number(name: str) -> int:
    return int(name.rpartition("v")[2])
