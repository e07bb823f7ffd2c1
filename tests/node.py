"""Node, for tests that need it: whether it is there, and the pinned packages of a folder."""

import shutil
import subprocess
from pathlib import Path

import pytest

NODE, NPM = shutil.which("node"), shutil.which("npm")

OLDEST = (20, 11)
"""The oldest Node that our programs run on."""

_INSTALL = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error")


def _missing() -> str | None:
    """Why programs cannot be run here."""
    if NODE is None or NPM is None:
        return "Node is missing: apt-get install nodejs npm"
    asked = [NODE, "--version"]
    version = subprocess.run(asked, check=True, capture_output=True, text=True).stdout  # noqa: S603 - found on the path
    found = tuple(int(part) for part in version.strip().lstrip("v").split(".")[:2])
    return None if found >= OLDEST else f"This Node is {version.strip()}; 20.11 is needed."


_MISSING = _missing()
needs_node = pytest.mark.skipif(bool(_MISSING), reason=_MISSING or "Node is here")
"""Marks a test, or as ``pytestmark`` a module, that is skipped on a machine without Node."""


def npm(folder: Path, *command: str) -> str:
    """Run npm in a folder; what it printed. Fails with its complaints."""
    asked = [str(NPM), *command]
    ran = subprocess.run(asked, cwd=folder, check=False, capture_output=True, text=True)  # noqa: S603 - found on the path
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def install(folder: Path) -> None:
    """Install what the folder's lock file pins, unless that is there."""
    found, lock = folder / "node_modules" / ".package-lock.json", folder / "package-lock.json"
    if not found.exists() or found.stat().st_mtime < lock.stat().st_mtime:
        npm(folder, *_INSTALL)
