"""A real n8n on loopback: installed from npm, with the workflows of docs/n8n in it."""

import asyncio
import json
import os
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

VERSION = "1.123.81"
NODE = "24"
OVERRIDES = {"xlsx": "0.18.5", "@langchain/core": "1.1.49"}
"""Versions that n8n asks for and the registry does not have."""

WORKFLOWS = Path(__file__).parents[2] / "docs" / "n8n"
START_SECONDS = 180


class N8n:
    """n8n in a folder: the packages, and below ``home`` what it stores."""

    def __init__(self, folder: Path, home: Path, port: int, environment: Mapping[str, str]) -> None:
        self._app = folder / "app"
        node = folder / "node"
        self._node = node / "node_modules" / ".bin"
        self._home = home
        self.port = port
        self._environment = {
            **os.environ,
            "PATH": f"{self._node}:{os.environ['PATH']}",
            "N8N_USER_FOLDER": str(home),
            "N8N_PORT": str(port),
            "N8N_LISTEN_ADDRESS": "127.0.0.1",
            "N8N_ENCRYPTION_KEY": "a key of the test alone",
            "N8N_DIAGNOSTICS_ENABLED": "false",
            "N8N_VERSION_NOTIFICATIONS_ENABLED": "false",
            "N8N_TEMPLATES_ENABLED": "false",
            **environment,
        }

    async def install(self) -> None:
        """Fetch Node and n8n, unless they are there."""
        if (self._app / "node_modules" / "n8n").exists():
            return
        npm = shutil.which("npm")
        if npm is None:
            raise SystemExit("npm is needed to install n8n")
        for folder, package in (
            (self._node.parents[1], {"dependencies": {"node": NODE}}),
            (self._app, {"dependencies": {"n8n": VERSION}, "overrides": OVERRIDES}),
        ):
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "package.json").write_text(json.dumps({"private": True, **package}), "utf-8")
            await _done(
                npm, "install", "--legacy-peer-deps", "--no-audit", "--no-fund", cwd=folder, env=self._environment
            )

    async def load(self, credential: Mapping[str, Any], more: Mapping[str, Any]) -> None:
        """Import the workflows, the credential and one workflow ``more``, and activate all."""
        incoming = self._home / "incoming"
        incoming.mkdir(parents=True)
        for file in WORKFLOWS.glob("*.json"):
            if file.name != "operations.json":
                shutil.copy(file, incoming)
        (incoming / "more.json").write_text(json.dumps(more), "utf-8")
        credentials = self._home / "credentials.json"
        credentials.write_text(json.dumps([credential]), "utf-8")
        await self._command("import:credentials", f"--input={credentials}")
        await self._command("import:workflow", "--separate", f"--input={incoming}")
        await self._command("update:workflow", "--all", "--active=true")

    @asynccontextmanager
    async def running(self, webhook: str) -> AsyncIterator[None]:
        """n8n answers, and knows its webhooks, such as this one; it is ready before it does."""
        log = (self._home / "n8n.log").open("wb")
        process = await asyncio.create_subprocess_exec(
            self._node / "node", self._binary, "start", stdout=log, stderr=log, cwd=self._home, env=self._environment
        )
        try:
            await until(f"http://127.0.0.1:{self.port}/webhook/{webhook}", 401, START_SECONDS, "POST")
            yield
        finally:
            process.terminate()
            await process.wait()
            log.close()

    @property
    def _binary(self) -> Path:
        return self._app / "node_modules" / "n8n" / "bin" / "n8n"

    async def _command(self, *arguments: str) -> None:
        await _done(self._node / "node", self._binary, *arguments, cwd=self._home, env=self._environment)


async def until(url: str, status: int, seconds: float, method: str = "GET") -> None:
    """Wait until an address answers with this status."""
    async with asyncio.timeout(seconds), httpx.AsyncClient(trust_env=False) as client:
        while True:
            try:
                if (await client.request(method, url)).status_code == status:
                    return
            except httpx.HTTPError:
                pass
            await asyncio.sleep(0.5)


async def _done(*command: str | Path, cwd: Path, env: Mapping[str, str]) -> None:
    process = await asyncio.create_subprocess_exec(
        *command, cwd=cwd, env=env, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    told, _ = await process.communicate()
    if process.returncode:
        raise SystemExit(f"{command} failed:\n{told.decode()[-2000:]}")
