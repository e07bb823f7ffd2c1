"""The harness can fail: each of these leaks is built in on purpose, and is reported."""

from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from graphql import OperationType

from db.viewer import Claims
from graphql_api import conditional
from graphql_api.execution.documents import Document
from resolvers.context import Context
from resolvers.live.feeds import Following
from resolvers.refusals import NotFound
from resolvers.tools.reading import someones_submission
from tests.isolation import caching
from tests.isolation.catalogue import tables
from tests.isolation.conftest import Filled
from tests.isolation.disturbing import disturb, unconcerned
from tests.isolation.examination import Examination, graphql_tries, reading_routes, rest_tries
from tests.isolation.listening import listen_to_everything
from tests.isolation.questions import Question, questions
from tests.isolation.statements import statements_that_write

VIEWERS = ("acme-ann", "beta-ann", "beta-admin")


@pytest.fixture(scope="module")
async def scratch(filled: Filled) -> AsyncIterator[Examination]:
    """A copy that the tests of this file may break."""
    async with filled.copy("broken") as examination:
        yield examination


@pytest.fixture
def broken(scratch: Examination) -> Examination:
    """An examination of it that has not found anything yet."""
    return Examination(scratch.asking, scratch.census, scratch.targets)


async def asked_about(examination: Examination, *roots: str) -> list[str]:
    """The kinds of what is found when a few viewers ask the first question of these root fields."""
    targets = examination.targets
    first: dict[str, Question] = {}
    for question in questions(targets.schema, OperationType.QUERY, set()):
        first.setdefault(question.root, question)
    viewers = [targets.cast.parts[name] for name in VIEWERS]
    await examination.examine(viewers, graphql_tries([first[root] for root in roots], targets), "self-check")
    return [finding.kind for finding in examination.findings]


@asynccontextmanager
async def open_to_all(examination: Examination, table: str, *policies: str) -> AsyncIterator[None]:
    """Inside the block these policies of a table let everybody through."""
    (schema, name), names = table.split("."), ",".join(policies)
    async with examination.asking.world.as_owner() as owner:
        found = (
            await owner.exec_driver_sql(
                "SELECT policyname, qual, with_check FROM pg_policies"
                f" WHERE schemaname = '{schema}' AND tablename = '{name}' AND policyname = ANY ('{{{names}}}')"
            )
        ).all()
        for row in found:
            check = " WITH CHECK (true)" if row.with_check else ""
            await owner.exec_driver_sql(f"ALTER POLICY {row.policyname} ON {table} USING (true){check}")
    try:
        yield
    finally:
        async with examination.asking.world.as_owner() as owner:
            for row in found:
                check = f" WITH CHECK ({row.with_check})" if row.with_check else ""
                await owner.exec_driver_sql(f"ALTER POLICY {row.policyname} ON {table} USING ({row.qual}){check}")


async def test_nothing_is_found_where_nothing_is_wrong(broken: Examination) -> None:
    """The same few questions, without a leak."""
    assert await asked_about(broken, "user", "organization", "node", "submission") == []
    assert broken.compared


async def test_a_policy_that_shows_every_account(broken: Examination) -> None:
    """Foreign people come, by their id."""
    async with open_to_all(broken, "users.accounts", "readable"):
        assert {"foreign row", "existence"} <= set(await asked_about(broken, "user"))


async def test_a_policy_that_shows_every_organization(broken: Examination) -> None:
    """Foreign organisations come, by their id."""
    async with open_to_all(broken, "organizations.companies", "readable"):
        assert {"foreign row", "existence"} <= set(await asked_about(broken, "organization"))


async def test_a_policy_that_lets_everybody_write(broken: Examination) -> None:
    """A hidden row is changed."""
    table = "sprint_02_dream.submissions"
    async with open_to_all(broken, table, "readable", "own_update"):
        assert [each for each in await statements_that_write(broken, [table]) if f"UPDATE {table}" in each]


async def test_an_answer_that_is_kept_for_everybody(broken: Examination, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache keyed by what is asked, and not by who asks."""
    gateway = broken.asking.world.gateway
    kept: dict[Any, Any] = {}
    compiled = gateway.compiled

    async def cached(document: Document, name: str | None, variables: Mapping[str, Any] | None, *rest: Any) -> Any:
        key = (id(document), str(variables))
        if key not in kept:
            kept[key] = await compiled(document, name, variables, *rest)
        return kept[key]

    monkeypatch.setattr(gateway, "compiled", cached)
    targets = broken.targets
    viewers = [targets.cast.parts[name] for name in VIEWERS]
    routes = [route for route in reading_routes(broken.asking) if route.entry.path == "/api/user/progress"]
    await broken.examine(viewers, rest_tries(routes, targets), "self-check")
    assert "foreign row" in {finding.kind for finding in broken.findings}


async def test_a_token_that_is_taken_for_another(broken: Examination, monkeypatch: pytest.MonkeyPatch) -> None:
    """Verified tokens are remembered; here the first one stands for all."""
    tokens: Any = broken.asking.world.gateway.tokens
    first: OrderedDict[str, Claims] = OrderedDict()
    verify = type(tokens).verify

    def remembered(self: Any, token: str) -> Claims:
        return first.setdefault("all", verify(self, token))

    monkeypatch.setattr(type(tokens), "verify", remembered)
    assert "foreign row" in await asked_about(broken, "viewer", "organization")


async def test_an_entity_tag_without_the_viewer(broken: Examination, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who sends somebody else's tag is told that nothing has changed."""
    made = conditional._tag

    async def anonymous(*arguments: Any, **named: Any) -> str:
        await made(*arguments, **named)
        return 'W/"the same for all"'

    monkeypatch.setattr(conditional, "_tag", anonymous)
    await caching.revalidate(broken, [broken.targets.cast.parts[name] for name in VIEWERS], share=4)
    assert "shared tag" in {finding.kind for finding in broken.findings}


async def test_a_refusal_that_tells_who_exists(broken: Examination, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message for a foreign person is another one than for nobody."""
    strangers = set(broken.targets.cast.people.values())

    async def telling(context: Any, tool: str, user_id: Any) -> Any:
        try:
            return await someones_submission(context, tool, user_id)
        except NotFound:
            raise NotFound("This is not yours." if user_id in strangers else "There is no such person.") from None

    monkeypatch.setattr("graphql_api.types.tools.query.someones_submission", telling)
    assert "existence" in await asked_about(broken, "submission")


async def test_a_loader_that_serves_several_requests(broken: Examination, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the first viewer's request has loaded is given to the next one's."""
    gateway = broken.asking.world.gateway
    context = gateway.context
    first: list[Any] = []

    async def shared(*arguments: Any, **named: Any) -> Any:
        made = await context(*arguments, **named)
        first.append(made.loaders)
        return replace(made, loaders=first[0])

    monkeypatch.setattr(gateway, "context", shared)
    with broken.asking.on_graphql_core():
        assert "foreign row" in await asked_about(broken, "user")


async def test_a_listener_who_hears_of_others(broken: Examination, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody may follow whom they like, and is shown what happened."""

    async def anybody(context: Context, user_id: UUID | None, organization_id: UUID | None) -> Following:
        if organization_id:
            return Following(organization_id, whole=True)
        return Following(user_id or context.signed_in().id)

    monkeypatch.setattr("graphql_api.types.tools.subscription.following_of", anybody)
    async with open_to_all(broken, "outbox.events", "readable"):
        await listen_to_everything(broken, share=12)
    assert "foreign event" in {finding.kind for finding in broken.findings}


async def test_a_count_over_all_tenants(broken: Examination) -> None:
    """Counts carry no mark; but this one changes when another tenant does."""
    async with broken.asking.world.as_owner() as owner:
        await owner.exec_driver_sql(
            "CREATE OR REPLACE FUNCTION tool_access.team_completion(wanted_tool TEXT)"
            " RETURNS TABLE (submitted BIGINT, total BIGINT) LANGUAGE sql STABLE SECURITY DEFINER"
            " SET search_path = pg_catalog, pg_temp AS"
            " 'SELECT count(*) FILTER (WHERE status = ''completed''), count(*) FROM tool_access.progress'"
        )
    found = [route for route in reading_routes(broken.asking) if route.entry.path == "/api/toolsave/team-unlock"]
    cast, world = broken.targets.cast, broken.asking.world
    viewers = [viewer for viewer in cast.parts.values() if viewer.name in VIEWERS and unconcerned(viewer, "corp")]
    tries = rest_tries(found, broken.targets)
    before = await broken.examine(viewers, tries, "self-check")
    async with world.as_owner() as owner:
        await disturb(owner, world.catalogue, await tables(owner), cast, "corp")
    await broken.examine(viewers, tries, "self-check", before)
    assert "changed answer" in {finding.kind for finding in broken.findings}
