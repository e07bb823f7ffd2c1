"""What happens is told: signed, shaped, tried again, given up, replayed; only as an admin of the organisation."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import text
from standardwebhooks import WebhookVerificationError

from tests.webhooks.conftest import Company
from tests.webhooks.receiver import Receiver, event_of, receiving, status

pytestmark = pytest.mark.usefixtures("worker")

DOCUMENT = """
query ($userId: ID!, $fieldIds: [FieldId!]!) {
  user(id: $userId) { fullName }
  fields(ids: $fieldIds, userId: $userId) { id value }
}"""


async def until(company: Company, **wanted: Any) -> dict[str, Any]:
    """Wait until the newest delivery is so."""
    async with asyncio.timeout(30):
        while True:
            found = await company.deliveries()
            if found and wanted.items() <= found[0].items():
                return found[0]
            await asyncio.sleep(0.05)


async def test_an_event_is_told_signed(company: Company, receiver: Receiver) -> None:
    """Only of the kinds that are wanted, only of the organisation; the library finds the signature good."""
    made = await company.webhook(receiver.url, "SUBMITTED", "TOOL_UNLOCKED")
    stranger = await company.world.person(await company.world.organization())
    await company.world.complete(stranger, "woop")
    await company.world.complete(company.person, "woop")
    await receiver.until(2)
    await until(company, status="DELIVERED")
    found = {}
    for message in receiver.messages:
        body = message.verified(made["secret"])
        found[body["type"]] = (body["event"]["userId"], body["event"]["tool"], body["event"]["details"])
        assert message.id == body["event"]["id"]
        assert "data" not in body
    assert found == {
        "submitted": (str(company.person.id), "woop", {"version": 1}),
        "tool_unlocked": (str(company.person.id), "know-thyself", {}),
    }
    with pytest.raises(WebhookVerificationError):
        receiver.messages[0].verified("whsec_" + "A" * 43 + "=")


async def test_a_document_shapes_the_body(company: Company, receiver: Receiver) -> None:
    """It is asked as the admin, about the event; nothing else of the person is in it."""
    made = await company.webhook(
        receiver.url,
        "FIELD_CHANGED",
        document=DOCUMENT,
    )
    await company.world.complete(company.person, "woop")
    await receiver.until(1)
    wish = company.world.answers("woop")["wish"]
    assert receiver.messages[0].verified(made["secret"])["data"] == {
        "user": {"fullName": "Pat Tester"},
        "fields": [{"id": "intro.woop.wish", "value": wish}],
    }


async def test_what_fails_is_tried_again_and_then_replayed(company: Company, receiver: Receiver) -> None:
    """Under the same id each time; a dead delivery is listed, and delivered when it is replayed."""
    await company.webhook(receiver.url)
    receiver.answers = [status(500), b"nonsense\r\n\r\n", status(302, "Location: http://127.0.0.1:1/")]
    await company.world.complete(company.person, "woop")
    dead = await until(company, status="FAILED")
    assert (dead["attempts"], dead["lastStatus"], dead["lastError"]) == (3, 302, "The receiver answered 302.")
    assert await company.deliveries("FAILED") == [dead]
    answer = await company.world.graphql(
        company.admin,
        "mutation ($id: UUID!) { replayDelivery(id: $id) { __typename } }",
        {"id": dead["databaseId"]},
    )
    assert answer.data == {"replayDelivery": {"__typename": "DeliveryReplayed"}}
    arrived = await until(company, status="DELIVERED")
    assert arrived["attempts"] == 4
    assert {message.id for message in receiver.messages} == {dead["eventId"]}
    assert len(receiver.messages) == 4


async def test_a_failure_is_followed_by_success(company: Company, receiver: Receiver) -> None:
    """Nothing is dead, and nothing is left in the queue."""
    await company.webhook(receiver.url)
    receiver.answers = [status(503)]
    await company.world.complete(company.person, "woop")
    arrived = await until(company, status="DELIVERED")
    assert (arrived["attempts"], arrived["lastError"]) == (2, None)


async def test_a_receiver_that_is_gone_is_told_no_more(company: Company, receiver: Receiver) -> None:
    """410 pauses the webhook; an admin starts it again."""
    made = await company.webhook(receiver.url)
    receiver.answers = [status(410)]
    await company.world.complete(company.person, "woop")
    await until(company, status="FAILED", attempts=1)
    assert await company.paused() == ["The receiver answered 410 Gone."]
    await company.world.complete(company.person, "know-thyself")
    assert len(await company.deliveries()) == 1
    await company.world.graphql(
        company.admin,
        "mutation ($id: UUID!, $input: WebhookInput!) { updateWebhook(id: $id, input: $input) { __typename } }",
        {"id": made["id"], "input": {"url": receiver.url, "events": ["SUBMITTED"]}},
    )
    assert await company.paused() == [None]
    await company.world.complete(company.person, "dream")
    await until(company, status="DELIVERED")
    assert event_of(receiver.messages[-1])["tool"] == "dream"


@pytest.mark.parametrize(
    "change", ["role = 'user'", "deactivated_at = now()", "organization_id = NULL"], ids=["demoted", "gone", "moved"]
)
async def test_a_webhook_of_an_admin_who_is_none_any_more_tells_nothing(
    company: Company, receiver: Receiver, change: str
) -> None:
    """It pauses, and says why."""
    await company.webhook(receiver.url, document="query ($userId: ID!) { user(id: $userId) { fullName } }")
    async with company.world.as_owner() as owner:
        await owner.execute(text(f"UPDATE users.accounts SET {change} WHERE id = :id"), {"id": company.admin.id})
    await company.world.complete(company.person, "woop")
    async with asyncio.timeout(30):
        while True:
            async with company.world.as_owner() as owner:
                row = (
                    await owner.execute(
                        text(
                            "SELECT d.status, e.active, e.paused_because FROM webhooks.deliveries AS d"
                            " JOIN webhooks.endpoints AS e ON e.id = endpoint_id WHERE e.changed_by = :id"
                        ),
                        {"id": company.admin.id},
                    )
                ).one()
            if row.status == "failed":
                break
            await asyncio.sleep(0.05)
    assert row.active is False
    assert "no admin" in row.paused_because
    assert receiver.messages == []


async def test_a_slow_receiver_holds_up_no_other(company: Company, receiver: Receiver) -> None:
    """One that never answers, and one that does."""
    async with receiving() as slow:
        slow.silent = True
        await company.webhook(slow.url)
        await company.webhook(receiver.url)
        await company.world.complete(company.person, "woop")
        await slow.until(1)
        await receiver.until(1)


async def test_a_rolled_back_change_is_not_told(company: Company, receiver: Receiver) -> None:
    """Refused is not happened."""
    await company.webhook(receiver.url, "FIELD_CHANGED")
    await company.world.graphql(
        company.person, 'mutation { saveSubmission(tool: "dream", data: { one_sentence: "x" }) { __typename } }'
    )
    assert await company.deliveries() == []
    async with company.world.as_owner() as owner:
        assert await owner.scalar(text("SELECT count(*) FROM procrastinate.procrastinate_jobs")) == 0
