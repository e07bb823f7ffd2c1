"""A service key has a limit of its own, beside its organisation's; keys that are not good count for the address."""

from app.settings import Settings
from db.viewer import Role
from resolvers.service_keys.secret import new_key
from tests.rates.test_http import QUERY, limited, rates
from tests.service_keys.conftest import CREATE, in_days
from tests.world import World


async def _key(world: World) -> tuple[dict[str, str], dict[str, str]]:
    """What a key of a new organisation sends, and what its admin does."""
    admin = await world.person(await world.organization(), Role.ADMIN)
    wanted = {"name": "n8n", "operations": ["read"], "behalf": "MEMBERS", "expiresAt": in_days(1)}
    created = (await world.graphql(admin, CREATE, {"input": wanted})).data["createServiceKey"]
    return {"X-Api-Key": created["secret"], "X-On-Behalf-Of": str(admin.id)}, admin.headers


async def test_a_key_has_its_own_limit(world: World, settings: Settings) -> None:
    """It spends nothing of the person for whom it asks; another key has another limit."""
    (one, admin), (other, _) = [await _key(world) for _ in range(2)]
    async with limited(world, settings, rate_limit_per_service_key=2, rate_limit_per_user=1) as gate:
        answers = [await gate.post("/graphql", QUERY, one) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert [rates(answer) for answer in answers] == [("2", "1"), ("2", "0"), ("2", "0")]
        assert (await gate.get("/api/user/progress", one)).status_code == 429
        assert (await gate.post("/graphql", QUERY, other)).status_code == 200
        assert (await gate.post("/graphql", QUERY, admin)).status_code == 200


async def test_a_key_spends_its_organisations_limit(world: World, settings: Settings) -> None:
    """As its people do."""
    key, admin = await _key(world)
    async with limited(world, settings, rate_limit_per_organization=2) as gate:
        statuses = [(await gate.post("/graphql", QUERY, headers)).status_code for headers in (key, admin, key, admin)]
    assert statuses == [200, 200, 429, 429]


async def test_guessing_counts_for_the_address(world: World, settings: Settings) -> None:
    """And past its limit the database is not asked about keys any more."""
    async with limited(world, settings, rate_limit_per_address=2, rate_limit_per_service_key=100) as gate:
        statuses = [(await gate.post("/graphql", QUERY, {"X-Api-Key": new_key().text})).status_code for _ in range(4)]
    assert statuses == [401, 401, 429, 429]
