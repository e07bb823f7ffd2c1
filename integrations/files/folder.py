"""Files in a folder, encrypted; and links that prove that we have made them, and until when they hold."""

import asyncio
import hashlib
import hmac
import os
import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from urllib.parse import quote, urlencode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NAME = re.compile(r"[a-z0-9-]{1,64}")
_NONCE_BYTES = 12
_LINKS = b"fast-track-graph links to files"
_CONTENT = b"fast-track-graph content of files"


class NoSuchFile(Exception):
    """The link was not made by us, has run out, or its file is gone; which of them is nobody's business."""


class Folder:
    """Files in ``path``, which is made when it is needed.

    ``secrets`` sign the links and encrypt what is kept: the first of them, while the others still verify and open.
    ``address`` is what links begin with.
    """

    def __init__(self, path: Path, secrets: Sequence[bytes], address: str) -> None:
        self._path = path
        self._signing = [_derived(secret, _LINKS) for secret in secrets]
        self._sealing = [AESGCM(_derived(secret, _CONTENT)) for secret in secrets]
        self._address = address

    async def keep(self, name: str, content: bytes, filename: str) -> None:
        """Keep a file."""
        del filename
        await asyncio.to_thread(self._write, self._file(name), content, name)

    def link(self, name: str, filename: str, now: datetime, until: datetime) -> str:
        """The address of a file, until then."""
        del now
        end = int(until.timestamp())
        query = urlencode({"until": end, "signature": _signature(self._signing[0], name, filename, end)})
        return f"{self._address}/{name}/{quote(filename)}?{query}"

    async def forget(self, name: str) -> None:
        """Delete a file."""
        await asyncio.to_thread(self._file(name).unlink, missing_ok=True)

    async def fetch(self, name: str, filename: str, until: str, signature: str, now: datetime) -> bytes:
        """What a link leads to. Raises ``NoSuchFile``."""
        if not until.isascii() or not until.isdecimal() or len(until) > 12 or not signature.isascii():
            raise NoSuchFile
        end = int(until)
        # Each key is tried, whatever the one before said: how long it takes tells nothing.
        good = [hmac.compare_digest(_signature(key, name, filename, end), signature) for key in self._signing]
        if not any(good) or now.timestamp() >= end:
            raise NoSuchFile
        return await asyncio.to_thread(self._read, self._file(name), name)

    def _file(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise NoSuchFile
        return self._path / name

    def _write(self, file: Path, content: bytes, name: str) -> None:
        self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
        nonce = os.urandom(_NONCE_BYTES)
        sealed = nonce + self._sealing[0].encrypt(nonce, content, name.encode())
        # Whole or not at all: two workers may be at it, and one may be killed.
        begun = file.with_name(f"{name}.{os.urandom(8).hex()}")
        try:
            begun.touch(0o600, exist_ok=False)
            begun.write_bytes(sealed)
            begun.replace(file)
        finally:
            begun.unlink(missing_ok=True)

    def _read(self, file: Path, name: str) -> bytes:
        try:
            sealed = file.read_bytes()
        except FileNotFoundError as error:
            raise NoSuchFile from error
        for key in self._sealing:
            try:
                return key.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], name.encode())
            except InvalidTag:
                continue
        raise NoSuchFile


def _derived(secret: bytes, purpose: bytes) -> bytes:
    return hmac.new(secret, purpose, hashlib.sha256).digest()


def _signature(key: bytes, name: str, filename: str, end: int) -> str:
    return hmac.new(key, f"{name}\n{filename}\n{end}".encode(), hashlib.sha256).hexdigest()
