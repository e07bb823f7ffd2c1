"""What LearnWorlds tells by webhook: what it changes, once, and what proves nothing."""

import asyncio
from collections.abc import AsyncIterator
from hmac import digest
from itertools import count
from pathlib import Path

import httpx
import orjson
import pytest
from sqlalchemy import text

from app.serving import application, open_gateway
from app.settings import DEVELOPMENT_WEBHOOK_SECRET, Environment, Settings, WebhookMode
from app.storage import Storage
from db.catalogue import Catalogue, CatalogueError, load_courses
from tests.rest_shim.documented import Documented
from tests.rest_shim.rest import Rest
from tests.rest_shim.school import HEADER, SHARED, SSO, WEBHOOK, Pupil, deliver, statement, webhook
from tests.world import World

SECRET = "a secret of webhooks that are signed"

_addresses = count(1)


@pytest.fixture
async def school(world: World, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """LearnWorlds, at an address of its own."""
    transport = httpx.ASGITransport(
        application(world.gateway, settings, world.storage),
        raise_app_exceptions=False,
        client=(f"10.5.0.{next(_addresses)}", 1),
    )
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway.test") as client:
        yield client


@pytest.fixture
async def pupil(rest: Rest) -> Pupil:
    """Somebody who has come from the school; only WOOP is open."""
    pupil = Pupil()
    assert (await rest.post(None, SSO, statement(pupil))).status == 201
    return pupil


async def progress(world: World, pupil: Pupil) -> dict[str, str]:
    """Status by tool, as it is stored."""
    async with world.as_owner() as rows:
        found = await rows.execute(
            text(
                "SELECT tool_slug, status FROM tool_access.progress AS p"
                " JOIN authentication.learnworlds_accounts AS l USING (user_id) WHERE l.learnworlds_id = :id"
            ),
            {"id": pupil.user_id},
        )
        return {row.tool_slug: row.status for row in found}


async def trail(world: World, pupil: Pupil) -> list[tuple[str, object]]:
    """What webhooks have done, as the trail has it."""
    async with world.as_owner() as rows:
        found = await rows.execute(
            text(
                "SELECT action, changes FROM audit.events AS e JOIN authentication.learnworlds_accounts AS l"
                " USING (user_id) WHERE l.learnworlds_id = :id AND action LIKE 'learnworlds_%' ORDER BY timestamp"
            ),
            {"id": pupil.user_id},
        )
        return [(row.action, row.changes) for row in found]


async def test_a_completed_course_opens_its_tools(
    school: httpx.AsyncClient, world: World, documented: Documented, pupil: Pupil
) -> None:
    """Whatever they depend on; those that were open stay as they are; it is in the trail."""
    answer = await deliver(school, webhook("courseCompleted", pupil, "fast-track-module-1"))
    documented.check(answer)
    module = load_courses(world.catalogue)["fast-track-module-1"]
    assert answer.status_code == 200
    assert answer.json() == {"success": True, "data": {"unlocked": list(module)}, "message": "processed"}
    found = await progress(world, pupil)
    assert {slug for slug, status in found.items() if status == "unlocked"} == {"woop", *module}
    assert await trail(world, pupil) == [
        (
            "learnworlds_courseCompleted",
            {"course": "fast-track-module-1", "unlocked": sorted(module), "progress_rows": 0},
        )
    ]
    again = await deliver(school, webhook("courseCompleted", pupil, "fast-track-dream"))
    assert again.json()["data"] == {"unlocked": []}


async def test_what_is_opened_can_be_worked_on(school: httpx.AsyncClient, visitor: Rest, pupil: Pupil) -> None:
    """And a tool that was completed is not opened again."""
    later = Pupil(pupil.user_id, pupil.email, "Paula Pupil the Second")
    token = (await visitor.post(None, SSO, statement(later))).data["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    path = "/api/tools/pricing/data"
    body: dict[str, dict[str, str]] = {"data": {}}
    assert (await visitor.send("POST", path, json=body, headers=headers)).status == 403
    await deliver(school, webhook("courseCompleted", pupil, "fast-track-pricing"))
    assert (await visitor.send("POST", path, json=body, headers=headers)).status == 201
    again = await deliver(school, webhook("courseCompleted", pupil, "fast-track-pricing"))
    assert again.json()["data"] == {"unlocked": []}


@pytest.mark.parametrize("kind", ["enrolledFreeCourse", "productBought"])
async def test_an_enrolment_makes_the_progress_rows(
    school: httpx.AsyncClient, world: World, pupil: Pupil, kind: str
) -> None:
    """Those that are missing; what is there stays."""
    async with world.as_owner() as rows:
        await rows.execute(
            text(
                "DELETE FROM tool_access.progress WHERE tool_slug <> 'dream' AND user_id ="
                " (SELECT user_id FROM authentication.learnworlds_accounts WHERE learnworlds_id = :id)"
            ),
            {"id": pupil.user_id},
        )
    assert (await deliver(school, webhook(kind, pupil))).json()["message"] == "processed"
    found = await progress(world, pupil)
    assert len(found) == 31
    assert [slug for slug, status in found.items() if status != "locked"] == ["woop"]
    assert (await trail(world, pupil))[0][1] == {"course": None, "unlocked": [], "progress_rows": 30}


async def test_the_same_body_has_its_effect_once(school: httpx.AsyncClient, world: World, pupil: Pupil) -> None:
    """200 "already processed", also when twenty come at once; another byte makes another webhook."""
    body = webhook("courseCompleted", pupil, "fast-track-dream")
    answers = await asyncio.gather(*(deliver(school, body) for _ in range(20)))
    assert [answer.status_code for answer in answers] == [200] * 20
    assert sorted(answer.json()["message"] for answer in answers) == ["already processed"] * 19 + ["processed"]
    assert len(await trail(world, pupil)) == 1
    assert (await deliver(school, body + b" ")).json()["message"] == "processed"


async def test_what_has_no_effect_is_ignored(school: httpx.AsyncClient, world: World, pupil: Pupil) -> None:
    """Other types, and courses that open nothing; about whomever."""
    for body in (
        webhook("userUpdated", pupil),
        webhook("courseCompleted", pupil, "watercolours"),
        orjson.dumps({"type": "awardedCertificate"}),
    ):
        for _ in range(2):
            answer = await deliver(school, body)
            assert (answer.status_code, answer.json()["message"]) == (200, "ignored")
    assert await trail(world, pupil) == []


async def test_somebody_unknown_is_not_found(school: httpx.AsyncClient, documented: Documented) -> None:
    """404, and it takes effect once they are known: LearnWorlds sends it again."""
    stranger = Pupil()
    body = webhook("courseCompleted", stranger, "fast-track-dream")
    answer = await deliver(school, body)
    documented.check(answer)
    assert (answer.status_code, answer.json()["message"]) == (404, "User not found")
    assert (await school.post(SSO, json=statement(stranger))).status_code == 201
    assert (await deliver(school, body)).json()["data"] == {"unlocked": ["dream"]}


WRONG = {
    "none": None,
    "empty": "",
    "version alone": "v1=",
    "without version": SHARED.removeprefix("v1="),
    "another version": SHARED.replace("v1=", "v2="),
    "a byte less": SHARED[:-1],
    "a byte more": SHARED + "x",
    "in capitals": SHARED.upper(),
    "very long": SHARED * 100,
    "no ASCII": "v1=ü",
    "signed, where a shared value is expected": "v1=" + "a" * 64,
}


@pytest.mark.parametrize("signature", WRONG.values(), ids=WRONG.keys())
async def test_what_the_school_has_not_sent_is_refused(
    school: httpx.AsyncClient, world: World, documented: Documented, pupil: Pupil, signature: str | None
) -> None:
    """401 and nothing done, whatever the body is."""
    before = await progress(world, pupil)
    for body in (webhook("courseCompleted", pupil, "fast-track-dream"), b"no JSON", b""):
        request = school.build_request("POST", WEBHOOK, content=body, headers={"Content-Type": "application/json"})
        if signature is not None:
            request.headers.raw.append((HEADER.encode(), signature.encode("latin-1")))
        answer = await school.send(request)
        documented.check(answer)
        assert (answer.status_code, answer.json()["code"]) == (401, "SIGN_IN_REFUSED")
    assert await progress(world, pupil) == before


UNREADABLE = {
    "nothing": b"",
    "no JSON": b"no JSON",
    "half of it": b'{"type": "courseCompleted"',
    "a list": b"[]",
    "null": b"null",
    "no type": b"{}",
    "a type that is none": b'{"type": 5.5}',
    "no data": b'{"type": "productBought"}',
    "no person": b'{"type": "productBought", "data": {}}',
    "a person without id": b'{"type": "productBought", "data": {"user": {"email": "a@b.example"}}}',
    "an id that is none": b'{"type": "productBought", "data": {"user": {"id": true}}}',
    "NUL": b'{"type": "productBought", "data": {"user": {"id": "\\u0000"}}}',
    "no course": b'{"type": "courseCompleted", "data": {"user": {"id": "1"}}}',
    "no UTF-8": b'{"type": "\xff"}',
    "a lone surrogate": b'{"type": "\\ud800"}',
    "deep": b"[" * 100_000,
}


@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE.keys())
async def test_what_cannot_be_read_is_told(school: httpx.AsyncClient, documented: Documented, body: bytes) -> None:
    """400 with where and why, though the school has sent it."""
    answer = await deliver(school, body)
    documented.check(answer)
    assert answer.status_code == 400
    assert answer.json()["details"][0]["message"].endswith(".")


async def test_a_body_over_the_limit_and_another_type(school: httpx.AsyncClient) -> None:
    """413 and 415, as everywhere."""
    assert (await deliver(school, b" " * 1_000_001)).status_code == 413
    for content_type in ("text/plain", "application/x-www-form-urlencoded"):
        answer = await school.post(WEBHOOK, content=b"{}", headers={HEADER: SHARED, "Content-Type": content_type})
        assert answer.status_code == 415


async def test_refusals_are_limited_and_the_school_is_not(school: httpx.AsyncClient, pupil: Pupil) -> None:
    """429 after 30 refusals from one address; what is signed goes on."""
    body = webhook("courseCompleted", pupil, "fast-track-dream")
    statuses = [(await deliver(school, body, "v1=guess")).status_code for _ in range(31)]
    assert statuses == [401] * 30 + [429]
    assert (await deliver(school, body)).status_code == 200


@pytest.mark.parametrize("prefix", ["", "v1="])
async def test_signed_webhooks(
    world: World, storage: Storage, catalogue: Catalogue, settings: Settings, pupil: Pupil, prefix: str
) -> None:
    """The second mode: over the body byte for byte; the shared value proves nothing any more."""
    mode = {"learnworlds_webhook_mode": WebhookMode.SIGNED, "learnworlds_webhook_secret": SECRET}
    signed = settings.model_copy(update=mode)
    body = webhook("courseCompleted", pupil, "fast-track-dream")
    # As another sender writes it: spaces, escapes, and the order of its keys.
    body = body.replace(b'"version":2', b'"version" : 2 , "note":"\\u00fc \xc3\xbc"')
    right = digest(SECRET.encode(), body, "sha256").hex()
    async with open_gateway(signed, storage, catalogue) as gateway:
        transport = httpx.ASGITransport(application(gateway, signed, storage), client=(f"10.4.0.{len(prefix)}", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://gateway.test") as client:
            for wrong in (right[:-1], right + "0", "", "z" * 64, "a" * 64, SECRET, f"v1={SECRET}", SHARED):
                assert (await deliver(client, body, wrong)).status_code == 401
            assert (await deliver(client, body.replace(b" ", b""), prefix + right)).status_code == 401
            answer = await deliver(client, body, prefix + right)
    assert (answer.status_code, answer.json()["data"]) == (200, {"unlocked": ["dream"]})
    assert DEVELOPMENT_WEBHOOK_SECRET != SECRET


async def test_without_a_secret_webhooks_are_refused(
    storage: Storage, catalogue: Catalogue, settings: Settings, pupil: Pupil
) -> None:
    """503, also for what carries development's value."""
    production = settings.model_copy(update={"environment": Environment.PRODUCTION, "jwt_secret": "k" * 32})
    async with open_gateway(production, storage, catalogue) as gateway:
        transport = httpx.ASGITransport(application(gateway, production, storage))
        async with httpx.AsyncClient(transport=transport, base_url="http://gateway.test") as client:
            answer = await deliver(client, webhook("courseCompleted", pupil, "fast-track-dream"))
    assert (answer.status_code, answer.json()["code"]) == (503, "NOT_SET_UP")


async def test_deliveries_are_forgotten_after_ninety_days(
    school: httpx.AsyncClient, world: World, pupil: Pupil
) -> None:
    """By those that come later."""
    async with world.as_owner() as rows:
        await rows.execute(
            text(
                "INSERT INTO tool_access.learnworlds_deliveries SELECT d.digest, l.user_id, 'productBought', d.at"
                " FROM authentication.learnworlds_accounts AS l,"
                " (VALUES (CAST('old' AS bytea), now() - interval '91 days'),"
                "  ('young', now() - interval '89 days')) AS d (digest, at)"
                " WHERE l.learnworlds_id = :id"
            ),
            {"id": pupil.user_id},
        )
    await deliver(school, webhook("productBought", pupil))
    async with world.as_owner() as rows:
        left = await rows.scalars(
            text("SELECT body_digest FROM tool_access.learnworlds_deliveries WHERE body_digest IN ('old', 'young')")
        )
        assert left.all() == [b"young"]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ('[courses]\na = ["cartomancy"]', "a: there is no tool 'cartomancy'"),
        ("[courses]\na = 5", "write \\[courses\\]"),
        ('[course]\na = ["woop"]', "only \\[courses\\] is read here"),
        ("no TOML", "not TOML"),
    ],
)
def test_a_table_of_courses_that_does_not_fit_stops_the_start(
    catalogue: Catalogue, tmp_path: Path, content: str, problem: str
) -> None:
    """With the file's name and what is wrong."""
    file = tmp_path / "ours.toml"
    file.write_text(content, "utf-8")
    with pytest.raises(CatalogueError, match=f"ours.toml: .*{problem}"):
        load_courses(catalogue, file)
