"""Metrics: what a scraper reads, and who may be one."""

from collections.abc import Mapping
from copy import copy

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from app.serving import application
from app.settings import Environment, Settings
from db.database import Database
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


async def test_jobs_of_all_workers_are_counted(world: World) -> None:
    """By status; where the database does not say, the other series are there without them."""
    async with world.as_owner() as owner:
        await owner.execute(text("DELETE FROM procrastinate.procrastinate_jobs"))
        for status, count in (("todo", 3), ("failed", 2)):
            await owner.execute(
                text(
                    "INSERT INTO procrastinate.procrastinate_jobs (queue_name, task_name, status, attempts)"
                    " SELECT 'none', 'nothing', :status, 1 FROM generate_series(1, :count)"
                ),
                {"status": status, "count": count},
            )
    told = await scraped(world.client)
    assert {key: told["fast_track_jobs", key] for key in ("todo", "doing", "failed")} == {
        "todo": 3,
        "doing": 0,
        "failed": 2,
    }
    async with world.as_owner() as owner:
        await owner.execute(text("DELETE FROM procrastinate.procrastinate_jobs"))


async def test_without_the_database_there_are_metrics(world: World, settings: Settings) -> None:
    """All but the jobs: who looks why nothing goes on needs them."""
    database = await Database.connect(world.storage.gateway_url, pool_size=1)
    gateway = copy(world.gateway)
    gateway.database = database
    await database.close()
    transport = httpx.ASGITransport(application(gateway, settings, world.storage))
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway.test") as client:
        told = await scraped(client)
    assert "fast_track_cost_total" in {name for name, *_ in told}
    assert "fast_track_jobs" not in {name for name, *_ in told}
