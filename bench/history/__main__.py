"""Saves with and without the history, in one run: ``python -m bench.history`` prints both and their ratio.

Both are whole GraphQL saves of the running application, one after the other in turns, of the same people on the same
rows. "Without" is the same statement with the one part taken out that writes the versions.
"""

import asyncio
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager
from unittest import mock
from uuid import UUID

import httpx
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.accounts import NewAccount, create_account, create_organization
from app.demo import content
from app.serving import application, open_gateway
from app.settings import Settings
from app.storage import create_database
from bench.database import postgres
from bench.machine import this_machine, versions
from db.catalogue import Catalogue, load_catalogue
from db.statements import tools as sql
from db.viewer import Role
from resolvers.identity import account_by_id

TOOLS = ("woop", "values", "value-proposition")
"""A tool with one published value and one dependent, one with five values, and the one with the most dependents."""

PEOPLE = 8
ROUNDS = 60
WARM = 8
"""Rounds before those that count: the first save of a connection plans its statements."""

_KEPT = re.compile(r", kept AS \(.*?\n\)(?=, progressed AS)", re.DOTALL)

_SAVE = """mutation ($tool: String!, $data: JSON!) { saveSubmission(tool: $tool, data: $data) { __typename
  ... on Refusal { message } } }"""


@contextmanager
def without_history() -> Iterator[None]:
    """Saves in here write no versions."""
    whole: Callable[..., str] = sql.record_submission

    def shorter(*given: object, **options: object) -> str:
        text, found = _KEPT.subn("", whole(*given, **options))
        assert found == 1, "there is no such part any more"
        return text.replace("$20::text AS author_kind", "$20::text AS unused")

    with mock.patch.object(sql, "record_submission", shorter):
        yield


async def main() -> None:
    """Measure and print."""
    with postgres() as storage:
        await create_database(storage)
        catalogue = load_catalogue()
        await storage.migrate(catalogue)
        async with AsyncExitStack() as stack:
            settings = Settings(_env_file=None)  # type: ignore[call-arg]  # pydantic-settings' own argument
            gateway = await stack.enter_async_context(open_gateway(settings, storage, catalogue))
            transport = httpx.ASGITransport(application(gateway, settings, storage))
            client = await stack.enter_async_context(httpx.AsyncClient(transport=transport, base_url="http://bench"))
            owner = await stack.enter_async_context(storage.owner())
            async with owner.begin() as connection:
                ids = [await _person(connection, catalogue, number) for number in range(PEOPLE)]
                server: str = await connection.scalar(text("SHOW server_version"))
            headers = []
            for user_id in ids:
                account = await account_by_id(gateway.database, user_id)
                assert account is not None
                headers.append({"Authorization": f"Bearer {gateway.tokens.sign(account)}"})
            print(this_machine(0.0), versions(server), sep="\n")
            for who in headers:
                for tool in catalogue.sequence:
                    await _post(client, who, tool.slug, content.answers("acme", tool), submit=True)
            for slug in TOOLS:
                await _compare(client, catalogue, headers, slug)


async def _person(connection: AsyncConnection, catalogue: Catalogue, number: int) -> UUID:
    company = await create_organization(connection, f"bench-{number}", f"Bench {number}")
    account = NewAccount(f"bench-{number}@bench.example", f"Person {number}", Role.USER, company)
    return await create_account(connection, catalogue, account)


async def _compare(client: httpx.AsyncClient, catalogue: Catalogue, people: list[dict[str, str]], slug: str) -> None:
    tool = catalogue.by_slug[slug]
    texts = [question.key for question in tool.published if question.type.value == "text"]
    taken: dict[str, list[float]] = {"with": [], "without": []}
    for number in range(WARM + ROUNDS):
        for who in people:
            for kind in ("with", "without") if number % 2 else ("without", "with"):
                answers = dict.fromkeys(texts, f"{number} {kind} " + "words that say what we want " * 8)
                began = time.perf_counter()
                if kind == "with":
                    await _post(client, who, slug, answers)
                else:
                    with without_history():
                        await _post(client, who, slug, answers)
                if number >= WARM:
                    taken[kind].append((time.perf_counter() - began) * 1000)
    found = {kind: statistics.median(each) for kind, each in taken.items()}
    ratio = found["with"] / found["without"]
    print(
        f"{slug:20} {len(texts)} values a save: {found['with']:6.2f} ms with, {found['without']:6.2f} ms without,"
        f" {ratio:.3f} times"
    )


async def _post(
    client: httpx.AsyncClient, who: dict[str, str], tool: str, data: Mapping[str, object], *, submit: bool = False
) -> None:
    query = _SAVE.replace("saveSubmission", "submitTool") if submit else _SAVE
    answer = await client.post(
        "/graphql", json={"query": query, "variables": {"tool": tool, "data": data}}, headers=who
    )
    said = answer.json()
    if "errors" in said or "message" in next(iter(said["data"].values())):
        sys.exit(str(said))


if __name__ == "__main__":
    asyncio.run(main())
