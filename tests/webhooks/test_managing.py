"""Who may make, see and change webhooks, and what is refused when one is saved."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from db.encryption import KeyRing
from db.encryption.key_ring import WrappedKey
from db.encryption.rotation import rewrap
from db.viewer import Role
from tests.webhooks.conftest import CREATE, Company
from tests.world import Person

URL = "https://hooks.example/ftg"

CHANGES = {
    "updateWebhook": "updateWebhook(id: $id, input: $input)",
    "deleteWebhook": "deleteWebhook(id: $id)",
    "rotateWebhookSecret": "rotateWebhookSecret(id: $id)",
    "replayDelivery": "replayDelivery(id: $id)",
}


async def change(company: Company, who: Person | None, name: str, id_: str, **wish: Any) -> str:
    """The type that a change comes to."""
    declared = "($id: UUID!, $input: WebhookInput!)" if "$input" in CHANGES[name] else "($id: UUID!)"
    answer = await company.world.graphql(
        who,
        f"mutation {declared} {{ {CHANGES[name]} {{ __typename }} }}",
        {"id": id_, "input": {"url": URL, "events": ["SUBMITTED"]} | wish},
    )
    return str(answer.data[name]["__typename"])


async def problems(company: Company, **wish: Any) -> list[tuple[str, str]]:
    """What is wrong with a new webhook."""
    given = {"url": URL, "events": ["SUBMITTED"]} | wish
    answer = await company.world.graphql(company.admin, CREATE, {"input": given})
    return [(each["path"], each["message"]) for each in answer.data["createWebhook"].get("problems", [])]


async def test_only_admins_make_webhooks_and_see_them(company: Company) -> None:
    """Nobody, a participant, a guru, who runs the platform; then the admin."""
    organization = company.admin.account.organization_id
    made = await company.webhook(URL)
    others: list[Person | None] = [None, company.person]
    others += [await company.world.person(organization, role) for role in (Role.GURU, Role.PLATFORM_ADMIN)]
    for other in others:
        answer = await company.world.graphql(other, CREATE, {"input": {"url": URL, "events": ["SUBMITTED"]}})
        assert answer.data["createWebhook"]["__typename"] == "NotAllowed"
        seen = await company.world.graphql(other, "{ webhooks { url } webhookDeliveries { edges { cursor } } }")
        assert seen.data == {"webhooks": [], "webhookDeliveries": {"edges": []}}
        for name in CHANGES:
            assert await change(company, other, name, made["id"]) == "NotAllowed"
    seen = await company.world.graphql(company.admin, "{ webhooks { url active document events changedBy } }")
    assert seen.data["webhooks"] == [
        {
            "url": URL,
            "active": True,
            "document": None,
            "events": ["SUBMITTED"],
            "changedBy": str(company.admin.id),
        }
    ]


async def test_another_organisations_webhook_is_not_there(company: Company) -> None:
    """For its admin it looks like one that there never was."""
    made = await company.webhook(URL)
    stranger = await company.world.person(await company.world.organization(), Role.ADMIN)
    for name in CHANGES:
        for id_ in (made["id"], str(uuid4())):
            assert await change(company, stranger, name, id_) == "NotFound"
    assert await company.paused() == [None]


async def test_the_secret_is_shown_once_and_stored_wrapped(company: Company) -> None:
    """No field has it; rotating gives another one."""
    made = await company.webhook(URL)
    assert made["secret"].startswith("whsec_")
    answer = await company.world.graphql(
        company.admin,
        "mutation ($id: UUID!) { rotateWebhookSecret(id: $id) { ... on WebhookWithSecret { secret } } }",
        {"id": made["id"]},
    )
    assert answer.data["rotateWebhookSecret"]["secret"] not in ("", made["secret"])
    async with company.world.as_owner() as owner:
        row = (
            await owner.execute(text("SELECT e::text FROM webhooks.endpoints AS e WHERE id = :i"), {"i": made["id"]})
        ).scalar_one()
    assert made["secret"].removeprefix("whsec_") not in row


@pytest.mark.parametrize(
    ("wish", "path", "message"),
    [
        ({"url": "http://hooks.example/"}, "url", "by https"),
        ({"url": "https://10.0.0.1/"}, "url", "not on the public internet"),
        ({"url": "https://[::ffff:169.254.169.254]/"}, "url", "not on the public internet"),
        ({"events": []}, "events", "at least one"),
        ({"events": ["SUBMITTED", "SUBMITTED"]}, "events", "each once"),
        ({"document": "nonsense {"}, "document", "Syntax Error"),
        ({"document": "{ nonsense }"}, "document", "Cannot query field"),
        ({"document": 'mutation { submitTool(tool: "woop") { __typename } }'}, "document", "one query"),
        ({"document": "query A { viewer { id } } query B { viewer { id } }"}, "document", "one query"),
        ({"document": "query ($x: ID!) { user(id: $x) { id } }"}, "document", "nothing that an event has"),
        ({"document": "{ viewer { id } }" + " " * 20_000}, "document", "at most 20,000"),
    ],
)
async def test_what_is_refused(world_company: Company, wish: dict[str, Any], path: str, message: str) -> None:
    """With a sentence that says what to mend."""
    found = await problems(world_company, **wish)
    assert found
    assert all(each[0] == path for each in found), found
    assert any(message in each[1] for each in found), found


@pytest.fixture
async def world_company(company: Company, world: Any) -> Company:
    """The same organisation at a gateway that sends to the public internet only."""
    return Company(world, company.admin, company.person)


async def test_a_new_encryption_key_takes_over_the_secrets(company: Company) -> None:
    """``encryption rewrap`` wraps them as it does data keys, and the secret is the same."""
    made = await company.webhook(URL)
    ring = company.world.gateway.database.data_keys.ring
    other = KeyRing.parse("other:b3RoZXIgb3RoZXIgb3RoZXIgb3RoZXIgb3RoZXIgb3Q=")
    both = KeyRing([*other.keys, *ring.keys])

    async def stored() -> WrappedKey:
        async with company.world.as_owner() as owner:
            row = (
                await owner.execute(
                    text(
                        "SELECT id, organization_id AS tenant_id, wrapped, wrapped_by, fingerprint"
                        " FROM webhooks.endpoints WHERE id = :id"
                    ),
                    {"id": UUID(made["id"])},
                )
            ).one()
            return WrappedKey(**row._mapping)

    secret = ring.unwrap(await stored())
    await rewrap(company.world.owner, both, lambda _: None)
    try:
        assert other.unwrap(await stored()) == secret
    finally:
        await rewrap(company.world.owner, KeyRing([*ring.keys, *other.keys]), lambda _: None)


async def test_dead_jobs_are_seen_and_replayed_by_who_runs_the_platform(company: Company) -> None:
    """And by nobody else."""
    async with company.world.as_owner() as owner:
        number = await owner.scalar(
            text(
                "INSERT INTO procrastinate.procrastinate_jobs (queue_name, task_name, status, attempts)"
                " VALUES ('work', 'something', 'failed', 8) RETURNING id"
            )
        )
    runner = await company.world.person(None, Role.PLATFORM_ADMIN)
    replay = "mutation ($n: String!) { replayJob(number: $n) { __typename } }"
    for other in (None, company.person, company.admin):
        assert (await company.world.graphql(other, "{ failedJobs { number } }")).data == {"failedJobs": []}
        answer = await company.world.graphql(other, replay, {"n": str(number)})
        assert answer.data["replayJob"]["__typename"] == "NotAllowed"
    seen = await company.world.graphql(runner, "{ failedJobs { number name attempts } }")
    assert seen.data["failedJobs"] == [{"number": str(number), "name": "something", "attempts": 8}]
    for given, expected in ((str(number), "JobReplayed"), (str(number), "NotFound"), ("x", "NotFound")):
        answer = await company.world.graphql(runner, replay, {"n": given})
        assert answer.data["replayJob"]["__typename"] == expected
