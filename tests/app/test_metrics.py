"""Metrics: what a scraper reads, and who may be one."""

from collections.abc import Mapping

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from app.serving import application
from app.settings import Environment, Settings
from tests.world import World

TOKEN = "scraper's own long token"


async def scraped(client: httpx.AsyncClient, headers: Mapping[str, str] | None = None) -> dict[tuple[str, ...], float]:
    """Every sample by its name and the values of its labels, those in the order of the labels' names."""
    answer = await client.get("/metrics", headers=headers)
    assert answer.status_code == 200, answer.text
    families = text_string_to_metric_families(answer.text)
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in families
        for sample in family.samples
    }


async def test_requests_are_counted_by_surface_and_status(world: World) -> None:
    """One of each kind: one more of each, and the time of each is in a bucket."""
    before = await scraped(world.client)
    await world.client.post("/graphql", json={"query": "{ __typename }"})
    await world.client.get("/api/nothing")
    await world.client.get("/health/live")
    after = await scraped(world.client)
    seconds = "fast_track_request_seconds"
    for surface, status in (("graphql", "200"), ("rest", "404"), ("page", "200")):
        counted = after[f"{seconds}_count", status, surface]
        assert counted > before.get((f"{seconds}_count", status, surface), 0), surface
        assert after[f"{seconds}_bucket", "+Inf", status, surface] == counted
    pages = f"{seconds}_count", "200", "page"
    assert after[pages] == before.get(pages, 0) + 2  # the health check, and the first scrape itself


async def test_the_cost_of_operations_is_summed(world: World) -> None:
    """As estimated and as spent, beside the counters of the caches."""
    person = await world.person(await world.organization())
    before = await scraped(world.client)
    answer = await world.client.post(
        "/graphql", json={"query": "{ viewer { fullName tools { slug } } }"}, headers=person.headers
    )
    after = await scraped(world.client)
    for kind in ("estimated", "actual"):
        told = int(answer.headers[f"x-cost-{kind}"])
        assert after["fast_track_cost_total", kind] - before["fast_track_cost_total", kind] == told
    compiled = "fast_track_answers_total", "compiled"
    assert after[compiled] == before[compiled] + 1


@pytest.mark.parametrize("sent", [None, "", f"Basic {TOKEN}", "Bearer wrong", f"Bearer {TOKEN} ", TOKEN])
async def test_in_production_the_token_is_needed(world: World, settings: Settings, sent: str | None) -> None:
    """Who does not send it learns nothing; without the setting there is nothing to learn."""
    headers = {"Authorization": sent} if sent is not None else {}
    for token in (TOKEN, None):
        update = {"environment": Environment.PRODUCTION, "metrics_token": token}
        app = application(world.gateway, settings.model_copy(update=update), world.storage)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway.test") as client:
            assert (await client.get("/metrics", headers=headers)).status_code == 404
            if token:
                assert await scraped(client, {"Authorization": f"Bearer {token}"})
