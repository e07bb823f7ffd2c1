"""A thousand subscribers on one process: ``python -m bench.live`` prints how long it takes from commit to client.

The time runs from just before the statement with the event is sent (it commits by itself) until its client has the
message, on the same clock: so the commit itself is in it. Server, PostgreSQL and all clients share the machine.
"""

import asyncio
import gc
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from uuid import UUID

import asyncpg
import jwt
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from bench.database import fill_anew, postgres
from bench.machine import Watch, this_machine, versions
from bench.peers import load_peers
from bench.processes import new_secret, process_tree, running
from db.catalogue import load_catalogue

SUBSCRIBERS = 1_000
LISTENERS = 20
"""Admins of one organisation who hear of everybody in it, each on as many connections as one may have."""

EVENTS = 300
RATE = 30.0
"""Commits a second of the first scenario."""

BROADCASTS = 5
PAUSE = 3.0
"""Seconds between two commits of the second."""

OWN = "subscription { toolUnlocked { ... on ToolUnlocked { id tool { slug progress { status } } } } }"
WHOLE = """subscription ($of: ID) { toolUnlocked(organizationId: $of) {
  ... on ToolUnlocked { id participant { fullName } tool { slug } }
} }"""

_HAPPEN = """
INSERT INTO outbox.events (at, kind, user_id, organization_id, tool_slug)
SELECT now(), 'tool_unlocked', id, organization_id, 'woop' FROM users.accounts WHERE id = $1 RETURNING id"""


class Client:
    """One subscriber, who notes when which event came."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self.came: dict[str, float] = {}

    async def begin(self, token: str, query: str, variables: dict[str, str]) -> None:
        """Connect, subscribe, and hear that it has begun."""
        await self._say(type="connection_init", payload={"Authorization": f"Bearer {token}"})
        await self._connection.recv()
        await self._say(type="subscribe", id="1", payload={"query": query, "variables": variables})
        begun = json.loads(await self._connection.recv())
        assert begun["type"] == "next", begun

    async def listen(self) -> None:
        """Until it is cancelled."""
        while True:
            text = await self._connection.recv()
            at = time.perf_counter()
            event = json.loads(text)["payload"]["data"]["toolUnlocked"]
            self.came[event["id"]] = at

    async def _say(self, **message: object) -> None:
        await self._connection.send(json.dumps(message))


async def _subscribe(
    stack: AsyncExitStack, address: str, tokens: Sequence[str], query: str, variables: dict[str, str]
) -> list[Client]:
    """As many clients as there are tokens, all of whom have begun."""
    turns = asyncio.Semaphore(20)

    async def one(token: str) -> Client:
        async with turns:
            connection = await stack.enter_async_context(
                connect(
                    address,
                    subprotocols=[Subprotocol("graphql-transport-ws")],
                    proxy=None,
                    compression=None,
                    open_timeout=60,
                )
            )
            client = Client(connection)
            await client.begin(token, query, variables)
            return client

    return list(await asyncio.gather(*map(one, tokens)))


async def _timed(
    address: str,
    owner: asyncpg.Connection,
    tokens: Sequence[str],
    query: str,
    variables: dict[str, str],
    people: Sequence[UUID],
    pause: float,
    each: int,
) -> list[float]:
    """Milliseconds of every delivery: something happens to these people one after the other; ``each`` has to hear."""
    async with AsyncExitStack() as stack:
        clients = await _subscribe(stack, address, tokens, query, variables)
        listening = [asyncio.create_task(client.listen()) for client in clients]
        await asyncio.sleep(2)
        gc.collect()
        gc.freeze()  # the time that the clients' own collector takes is none of the server's
        happened: dict[str, float] = {}
        for person in people:
            at = time.perf_counter()
            happened[str(await owner.fetchval(_HAPPEN, person))] = at
            await asyncio.sleep(max(0.0, at + pause - time.perf_counter()))
        wanted = len(people) * each
        for _ in range(300):
            if sum(len(client.came) for client in clients) >= wanted:
                break
            await asyncio.sleep(0.1)
        for task in listening:
            task.cancel()
        for task in listening:
            with suppress(asyncio.CancelledError):
                await task
        took = [(at - happened[event]) * 1000 for client in clients for event, at in client.came.items()]
        if len(took) < wanted:
            print(f"only {len(took):,} of {wanted:,} came in time", file=sys.stderr)
        return took


def _row(what: str, took: Sequence[float]) -> str:
    cuts = statistics.quantiles(took, n=100)
    return f"| {what} | {len(took):,} | {cuts[49]:.0f} | {cuts[94]:.0f} | {cuts[98]:.0f} | {max(took):.0f} |"


def _signed(secret: str, row: asyncpg.Record, role: str) -> str:
    now = time.time()
    claims = {"iss": "fast-track-graph", "id": str(row["id"]), "sub": str(row["id"]), "role": role}
    claims |= {"organization_id": str(row["organization_id"]), "iat": str(now)}
    return jwt.encode({**claims, "iat": now, "exp": int(now + 7200)}, secret, "HS256")


async def _measure(port: int, owner_url: str, secret: str) -> list[str]:
    address = f"ws://127.0.0.1:{port}/graphql"
    owner = await asyncpg.connect(owner_url)
    everybody = await owner.fetch("SELECT id, organization_id FROM users.accounts ORDER BY email")
    # Each as a participant: what a role adds to a read is another question.
    await owner.execute("UPDATE users.accounts SET role = 'user'")
    dice = random.Random(1)  # noqa: S311 - the same people each time
    people = [row["id"] for row in dice.choices(everybody[:SUBSCRIBERS], k=EVENTS)]
    tokens = [_signed(secret, row, "user") for row in everybody[:SUBSCRIBERS]]
    rows = [
        _row(
            f"{SUBSCRIBERS:,} participants, each hears of their own work; {RATE:.0f} commits a second",
            await _timed(address, owner, tokens, OWN, {}, people, 1 / RATE, 1),
        )
    ]
    company = everybody[0]["organization_id"]
    theirs = [row for row in everybody if row["organization_id"] == company]
    await owner.execute("UPDATE users.accounts SET role = 'admin' WHERE organization_id = $1", company)
    connections = SUBSCRIBERS // len(theirs)
    tokens = [token for row in theirs for token in [_signed(secret, row, "admin")] * connections]
    people = [row["id"] for row in dice.choices(theirs, k=BROADCASTS)]
    rows.append(
        _row(
            f"{len(tokens):,} connections of {len(theirs)} admins, all hear of each commit; one in {PAUSE:.0f} s",
            await _timed(address, owner, tokens, WHOLE, {"of": str(company)}, people, PAUSE, len(tokens)),
        )
    )
    await owner.close()
    return rows


def main() -> int:
    """Print the table."""
    secret = new_secret()
    (ours,) = [peer for peer in load_peers() if peer.name == "ours"]
    with tempfile.TemporaryDirectory() as logs, postgres() as storage:
        filled = asyncio.run(fill_anew(storage, load_catalogue(), SUBSCRIBERS, secret))
        assert storage.owner_url is not None
        database = process_tree(storage.embedded.get_pid())
        with running((ours,), filled.gateway_url, secret, Path(logs)) as servers:
            own = servers[0].tree
            watch = Watch(lambda: own.cpu_seconds() + database.cpu_seconds() + time.process_time())
            rows = asyncio.run(_measure(servers[0].port, storage.owner_url, secret))
            machine = this_machine(watch.others())
        print("| commit to client, milliseconds | deliveries | p50 | p95 | p99 | most |")
        print("|---|---|---|---|---|---|")
        print("\n".join(rows))
        print(f"\n{machine}\n{versions(filled.server_version)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
