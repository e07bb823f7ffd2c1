"""Files of a folder and of a bucket: what their links let through, and what they do not."""

import asyncio
import stat
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socket import socket
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from moto.server import ThreadedMotoServer

from integrations.files import Bucket, Folder, NoSuchFile

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=24)
FILE, NAME = "0b2c9a44-9f0b-4c7e-8a51-000000000001", "dream_vasconcelos_2026-11-21.pdf"
OLD, NEW = b"o" * 32, b"n" * 32
PDF = b"%PDF-1.7 a secret"


def given(link: str) -> tuple[str, str, str, str]:
    """Name, file name, end and signature of a link."""
    parts = urlsplit(link)
    query = parse_qs(parts.query)
    name, filename = parts.path.split("/")[-2:]
    return name, filename, query["until"][0], query["signature"][0]


async def test_a_link_gives_the_file_until_it_runs_out(tmp_path: Path) -> None:
    """To the second; and what is gone is gone."""
    folder = Folder(tmp_path, [NEW], "https://graph.example.org/exports")
    await folder.keep(FILE, PDF, NAME)
    link = folder.link(FILE, NAME, NOW, LATER)
    assert link.startswith(f"https://graph.example.org/exports/{FILE}/{NAME}?")
    assert await folder.fetch(*given(link), LATER - timedelta(seconds=1)) == PDF
    with pytest.raises(NoSuchFile):
        await folder.fetch(*given(link), LATER)
    await folder.forget(FILE)
    await folder.forget(FILE)
    with pytest.raises(NoSuchFile):
        await folder.fetch(*given(link), NOW)


async def test_a_link_of_another_file_time_name_or_key_is_none(tmp_path: Path) -> None:
    """Each part is signed, and names that leave the folder are no names."""
    folder = Folder(tmp_path, [NEW], "")
    other = FILE[:-1] + "2"
    for name in (FILE, other):
        await folder.keep(name, PDF, NAME)
    name, filename, until, signature = given(folder.link(FILE, NAME, NOW, LATER))
    forged = given(Folder(tmp_path, [OLD], "").link(FILE, NAME, NOW, LATER))
    for attempt in (
        (other, filename, until, signature),
        (name, "x.pdf", until, signature),
        (name, filename, str(int(until) + 1), signature),
        (name, filename, "soon", signature),
        (name, filename, "9" * 400, signature),
        (name, filename, until, signature[:-1]),
        (name, filename, until, ""),
        (name, filename, until, "é"),
        forged,
        given(folder.link("../../etc/passwd", NAME, NOW, LATER)),
    ):
        with pytest.raises(NoSuchFile):
            await folder.fetch(*attempt, NOW)


async def test_what_lies_in_the_folder_is_encrypted_and_ours_alone(tmp_path: Path) -> None:
    """Nobody else reads it; a newer key opens what an older one has sealed, and no other key does."""
    before = Folder(tmp_path / "made", [OLD], "")
    await before.keep(FILE, PDF, NAME)
    (file,) = (tmp_path / "made").iterdir()
    assert b"secret" not in file.read_bytes()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    link = given(before.link(FILE, NAME, NOW, LATER))
    assert await Folder(tmp_path / "made", [NEW, OLD], "").fetch(*link, NOW) == PDF
    with pytest.raises(NoSuchFile):
        await Folder(tmp_path / "made", [NEW], "").fetch(*link, NOW)


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """A server that speaks S3, with a bucket."""
    with closing(socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = ThreadedMotoServer("127.0.0.1", port, verbose=False)
    server.start()
    yield f"http://127.0.0.1:{port}"
    server.stop()


async def test_a_bucket_keeps_it_and_its_link_needs_no_key(s3: str) -> None:
    """Put, fetched by the presigned address for a day, forgotten."""
    bucket = Bucket("exports", endpoint=s3, key_id="tests", secret="tests")
    await asyncio.to_thread(bucket.client.create_bucket, Bucket="exports")
    await bucket.keep(FILE, PDF, NAME)
    now = datetime.now(UTC)
    link = bucket.link(FILE, NAME, now, now + timedelta(hours=24))
    async with httpx.AsyncClient() as client:
        found = await client.get(link)
        assert (found.status_code, found.content) == (200, PDF)
        assert found.headers["content-disposition"] == f'attachment; filename="{NAME}"'
        assert found.headers["content-type"] == "application/pdf"
        query = parse_qs(urlsplit(link).query)
        assert 86_390 <= int(query["X-Amz-Expires"][0]) <= 86_400
        await bucket.forget(FILE)
        await bucket.forget(FILE)
        assert (await client.get(link)).status_code in (403, 404)  # S3 says 403 to whoever may not list
