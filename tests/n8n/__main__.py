"""Asks a real n8n for help, end to end: gateway → webhook → GraphQL node → gateway → answer. Prints what it saw.

``python -m tests.n8n [FOLDER]``: where n8n is or shall be installed, ``.data/n8n`` without it.
"""

import asyncio
import json
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from tests.n8n.n8n import WORKFLOWS, N8n, until

ROOT = Path(__file__).parents[2]
SECRET = "a-secret-that-n8n-and-gateway-share-here"
CREDENTIAL = "fastTrackKey0001"
CREATE = """mutation ($until: DateTime!) {
  createServiceKey(input: {name: "n8n", operations: ["HelpBackground"], behalf: MEMBERS, expiresAt: $until}) {
    __typename ... on ServiceKeyCreated { secret } ... on Refusal { message } } }"""


class Gateway:
    """A gateway with demo data, in a process of its own."""

    def __init__(self, data: Path, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._data, self._port = data, port
        self.client = httpx.AsyncClient(base_url=self.url, timeout=60, trust_env=False)

    @asynccontextmanager
    async def running(self, **settings: str) -> AsyncIterator[None]:
        """It answers."""
        environment = {
            "PATH": "/usr/bin:/bin",
            "HOME": str(self._data),
            "DATA_DIR": str(self._data / "gateway"),
            "PORT": str(self._port),
            "STORED_DOCUMENTS": str(WORKFLOWS / "operations.json"),
            "N8N_SECRET": SECRET,
            **settings,
        }
        with (self._data / "gateway.log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "app", "serve", stdout=log, stderr=log, cwd=ROOT, env=environment
            )
            try:
                await until(f"{self.url}/health/ready", 200, 120)
                yield
            finally:
                process.terminate()
                await process.wait()

    async def headers(self, email: str) -> dict[str, str]:
        """What identifies one of the demo people."""
        answer = await self.client.post("/dev/token", json={"email": email})
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}

    async def service_key(self) -> str:
        """A key that may execute the workflows' one operation."""
        until = (datetime.now(UTC) + timedelta(days=1)).isoformat()
        answer = await self.client.post(
            "/graphql",
            json={"query": CREATE, "variables": {"until": until}},
            headers=await self.headers("admin@acme.example"),
        )
        secret: str = answer.json()["data"]["createServiceKey"]["secret"]
        return secret

    async def help(self, email: str, tool: str, **data: Any) -> httpx.Response:
        """Ask."""
        body = {"tool_slug": tool, "question": "What next?", "current_data": data}
        return await self.client.post("/api/ai/help", json=body, headers=await self.headers(email))


def raw_workflow() -> Mapping[str, Any]:
    """A GraphQL node of version 1 as it is by default: the query as ``application/graphql``."""
    found: dict[str, Any] = json.loads((WORKFLOWS / "help-graphql-node-1.json").read_text("utf-8"))
    names = ("Question", "Ask the graph", "Answer")
    nodes = {node["name"]: node for node in found["nodes"] if node["name"] in names}
    nodes["Question"]["parameters"]["path"] = nodes["Question"]["webhookId"] = "fast-track-raw"
    endpoint = nodes["Ask the graph"]["parameters"]["endpoint"]
    query = '{ tool(slug: "pricing") { name } submission(tool: "pricing") { __typename } }'
    nodes["Ask the graph"]["parameters"] = {"endpoint": endpoint, "requestFormat": "graphql", "query": query}
    del nodes["Ask the graph"]["onError"]
    links = {one: {"main": [[{"node": next_, "type": "main", "index": 0}]]} for one, next_ in pairwise(names)}
    return found | {"id": "fastTrackRaw0001", "name": "raw", "nodes": list(nodes.values()), "connections": links}


class Report:
    """What was seen."""

    def __init__(self) -> None:
        self.failed = 0

    def saw(self, what: str, holds: bool, detail: object = "") -> None:
        """Print one line."""
        self.failed += not holds
        print(f"  {'✓' if holds else '✗'} {what}" + ("" if holds else f": {detail}"), flush=True)


async def examine(gateway: Gateway, n8n: N8n, report: Report) -> None:
    """Ask in every way."""
    webhooks = f"http://127.0.0.1:{n8n.port}/webhook"
    for version, path in (("1.1", "fast-track-help"), ("1", "fast-track-help-1")):
        async with gateway.running(
            N8N_HELP_URL=f"{webhooks}/{path}", N8N_CHALLENGE_URL=f"{webhooks}/fast-track-challenge"
        ):
            print(f"GraphQL node of version {version}", flush=True)
            answer = await gateway.help("halfway@acme.example", "value-proposition", vp_statement="Ovens.")
            data = answer.json().get("data", {})
            report.saw("help: 200 with advice", answer.status_code == 200 and bool(data["answer"]), answer.text)
            report.saw("the advice is about what is on the page", "Say more about" in str(data), data)
            locked = await gateway.help("starter@acme.example", "pricing")
            told = str(locked.json())
            report.saw("of a locked tool: what the graph says", "Complete " in told and " first." in told, told)
            print(json.dumps(data, indent=2, ensure_ascii=False), flush=True)
    async with gateway.running(
        N8N_HELP_URL=f"{webhooks}/fast-track-help", N8N_CHALLENGE_URL=f"{webhooks}/fast-track-challenge"
    ):
        print("The others", flush=True)
        headers = await gateway.headers("halfway@acme.example")
        me = (await gateway.client.get("/api/auth/me", headers=headers)).json()["data"]
        body = {"user_id": me["id"], "tool_slug": "woop", "answers": {"wish": "Sleep"}, "attempt": 2}
        found = await gateway.client.post("/api/ai/challenge", json=body, headers=headers)
        report.saw(
            "challenge: 200 with a remark about a short answer", found.json()["data"]["has_challenges"], found.text
        )
        raw = await gateway.client.post(f"{webhooks}/fast-track-raw", json={})
        expected = {"data": {"tool": {"name": "Pricing Strategy"}, "submission": {"__typename": "NotAllowed"}}}
        report.saw("version 1, its default form: a refusal comes as data", raw.json() == expected, raw.text)
        forged = await gateway.client.post(
            f"{webhooks}/fast-track-help", json={}, headers={"X-Fast-Track-Signature": "v1=0"}
        )
        report.saw("n8n refuses what is not signed: 401", forged.status_code == 401, forged.text)


async def main(folder: Path) -> int:
    """Install, start, ask, stop."""
    report = Report()
    with TemporaryDirectory(prefix="ftg-n8n", ignore_cleanup_errors=True) as name:
        place = Path(name)
        gateway = Gateway(place, _free_port())
        environment = {"FAST_TRACK_URL": gateway.url, "FAST_TRACK_SECRET": SECRET}
        n8n = N8n(folder, place / "n8n", _free_port(), environment)
        await n8n.install()
        async with gateway.running():
            key = await gateway.service_key()
        header = {"name": "X-Api-Key", "value": key}
        credential = {"id": CREDENTIAL, "name": "Fast Track service key", "type": "httpHeaderAuth", "data": header}
        await n8n.load(credential, raw_workflow())
        async with n8n.running("fast-track-help"):
            await examine(gateway, n8n, report)
        async with gateway.running(N8N_HELP_URL=f"http://127.0.0.1:{n8n.port}/webhook/fast-track-help"):
            gone = await gateway.help("halfway@acme.example", "woop")
            report.saw("n8n stopped: 503 with the tool's own guidance", gone.status_code == 503, gone.text)
        if report.failed:
            for log in (place / "gateway.log", place / "n8n" / "n8n.log"):
                print(f"--- {log.name}\n{log.read_text('utf-8')[-3000:]}")
    return 1 if report.failed else 0


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


if __name__ == "__main__":
    sys.exit(asyncio.run(main(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT / ".data" / "n8n")))
