"""``python -m app keys``: a file made, rotated and shown, without anything secret on the screen."""

import json
from pathlib import Path

from tests.app.conftest import Shell


def test_create_list_rotate_revoke(shell: Shell, tmp_path: Path) -> None:
    """What an operator does in a year, and in an emergency."""
    file = tmp_path / "keys.json"
    made = shell.run("keys", "create", str(file))
    assert (made.status, made.err) == (0, "")
    assert made.out.endswith(f"set JWT_KEYS={file}.\n")
    shell.set(JWT_KEYS=str(file))
    first = shell.run("keys", "list").out.split()[0]
    rotated = shell.run("keys", "rotate").out.splitlines()
    assert [line.split("  ")[2].strip() for line in rotated] == ["signs", "will sign"]
    assert rotated[0].startswith(first)
    revoked = shell.run("keys", "rotate", "--revoke").out.splitlines()
    assert len(revoked) == 1
    assert first not in revoked[0]
    private = json.loads(file.read_text("utf-8"))["keys"][0]["d"]
    assert private not in revoked[0]


def test_the_first_key_needs_no_settings(shell: Shell, tmp_path: Path) -> None:
    """In production nothing else runs before there is one."""
    file = tmp_path / "keys.json"
    shell.set(ENVIRONMENT="production")
    assert shell.run("keys", "create", str(file)).status == 0
    assert "JWT_KEYS must be set" in shell.run("keys", "list", str(file)).err


def test_what_cannot_be_done(shell: Shell, tmp_path: Path) -> None:
    """One sentence and status 1: over a file that is there, on one that is not."""
    file = tmp_path / "keys.json"
    shell.run("keys", "create", str(file))
    twice = shell.run("keys", "create", str(file))
    assert (twice.status, twice.out) == (1, "")
    assert twice.err.startswith(f"{file} exists. Rotate its keys")
    missing = shell.run("keys", "rotate", str(tmp_path / "nothing"))
    assert (missing.status, missing.out) == (1, "")
    assert missing.err.startswith("The signing keys cannot be read")
