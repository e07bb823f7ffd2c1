"""The file of the keys that sign access tokens: made, rotated and listed by ``python -m app keys …``."""

import os
import secrets
from argparse import Namespace
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from app.settings import Settings
from graphql_api.signing_keys import KeySet, SigningKeyError, key_set_of, new_key, rotated

PUBLISHED_BEFORE_SIGNING = 600
"""Seconds that a new key is in the key set before it signs: whoever verifies tokens may keep the set for half of it."""


def create_key_file(file: Path, now: float, *, exist_ok: bool = False) -> None:
    """A new file with one key that signs at once. Raises ``SigningKeyError`` where there is one, unless that is ok."""
    if exist_ok and file.exists():
        return
    draft = _draft(file, [new_key(now)])
    try:
        file.hardlink_to(draft)  # unlike a rename, never over a file that has come into being meanwhile
    except FileExistsError:
        if not exist_ok:
            raise SigningKeyError(f"{file} exists. Rotate its keys: python -m app keys rotate {file}") from None
    finally:
        draft.unlink()


def rotate_key_file(file: Path, now: float, lifetime: float, *, revoke: bool = False) -> None:
    """Add a key that will sign, and drop those that no living token was signed with; with ``revoke``, drop them all."""
    entries = [] if revoke else _entries(file)
    keys = [new_key(now)] if revoke else rotated(entries, now, lead=PUBLISHED_BEFORE_SIGNING, lifetime=lifetime)
    _draft(file, keys).replace(file)


async def create_keys(given: Namespace, _: Settings) -> int:
    """Make the file."""
    file = Path(given.file)
    create_key_file(file, datetime.now(UTC).timestamp())
    print(f"{file} holds one signing key. Keep it secret, back it up, and set JWT_KEYS={file}.")
    return 0


async def rotate_keys(given: Namespace, settings: Settings) -> int:
    """Rotate the keys of the file."""
    rotate_key_file(_file(given, settings), datetime.now(UTC).timestamp(), settings.jwt_expiry, revoke=given.revoke)
    return await list_keys(given, settings)


async def list_keys(given: Namespace, settings: Settings) -> int:
    """Print the keys, one a line, without what is secret."""
    file = _file(given, settings)
    keys = KeySet.of(key_set_of(_read(file), str(file)))
    now = datetime.now(UTC).timestamp()
    signing = keys.signing(now)
    for key in keys.keys.values():
        begins = datetime.fromtimestamp(key.signs_from, UTC)
        state = "signs" if key is signing else "will sign" if key.signs_from > now else "verifies"
        print(f"{key.id}  {key.algorithm}  {state:<9}  from {begins:%Y-%m-%d %H:%M} UTC")
    return 0


def _file(given: Namespace, settings: Settings) -> Path:
    file = Path(given.file) if given.file else settings.signing_keys
    if file is None:
        raise SigningKeyError("Name the file, or set JWT_KEYS.")
    return file


def _entries(file: Path) -> Sequence[dict[str, Any]]:
    raw = _read(file)
    key_set_of(raw, str(file))
    found: list[dict[str, Any]] = orjson.loads(raw)["keys"]
    return found


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise SigningKeyError(f"The signing keys cannot be read: {error}") from error


def _draft(file: Path, keys: Sequence[dict[str, Any]]) -> Path:
    """The finished file beside the real one, readable by its owner alone."""
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
            opened.write(orjson.dumps({"keys": list(keys)}, option=orjson.OPT_INDENT_2) + b"\n")
    except OSError as error:
        raise SigningKeyError(f"The signing keys cannot be written: {error}") from error
    return draft
