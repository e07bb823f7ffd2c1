"""Handing over mail: TLS that is verified, logins, servers that refuse, and what is tried again."""

import asyncio
import logging
import ssl
from dataclasses import replace
from email.headerregistry import Address
from email.message import EmailMessage
from pathlib import Path

import pytest

from integrations.mail import Encryption, Outgoing, SmtpServer, Templates
from integrations.mail.outgoing import MAX_QUEUED
from integrations.mail.smtp import Refused, Unreachable
from tests.mail.servers import PASSWORD, USER, certificates, smtp_server

SENDER = Address("Fast Track", addr_spec="no-reply@example.org")
SECRET = "the-token-of-the-mail"


def message(to: str = "ana@example.org") -> EmailMessage:
    """A mail with a secret in it."""
    values = {"name": "Ana", "greeting": "Hello Ana,", "address": to, "link": f"https://a.example/#{SECRET}"}
    return Templates().message("reset_password", SENDER, to, values | {"inviter": "", "where": ""})


async def made() -> EmailMessage:
    """The same, as it is put."""
    return message()


@pytest.fixture
def pair(tmp_path: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Certificates of a server and a client that trusts it."""
    return certificates(tmp_path)


async def test_starttls_and_a_login(pair: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    """The connection is upgraded before the login and the mail."""
    server_tls, client_tls = pair
    async with smtp_server(certificate=server_tls) as server:
        gateway = SmtpServer("127.0.0.1", server.port, Encryption.STARTTLS, USER, PASSWORD, client_tls)
        await gateway.deliver(message())
        assert (server.over_tls, server.recipients) == ([True], [["ana@example.org"]])
        assert server.got[0]["Subject"] == "Set a new password"
        with pytest.raises(Refused, match="code 535"):
            await replace(gateway, password="wrong").deliver(message())
        with pytest.raises((Refused, Unreachable)):
            await replace(gateway, user=None, password=None).deliver(message())
        assert len(server.got) == 1


async def test_tls_from_the_first_byte(pair: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    """As on port 465."""
    server_tls, client_tls = pair
    async with smtp_server(certificate=server_tls, tls_at_once=True) as server:
        await SmtpServer("127.0.0.1", server.port, Encryption.TLS, tls=client_tls).deliver(message())
        assert len(server.got) == 1


async def test_a_certificate_that_does_not_verify(pair: tuple[ssl.SSLContext, ssl.SSLContext], tmp_path: Path) -> None:
    """Of an unknown authority, or of another name: no mail, whichever way TLS begins."""
    for server_tls, client_tls in ((pair[0], None), certificates(tmp_path, "mail.example.org")):
        for encryption in (Encryption.STARTTLS, Encryption.TLS):
            async with smtp_server(certificate=server_tls, tls_at_once=encryption is Encryption.TLS) as server:
                gateway = SmtpServer("127.0.0.1", server.port, encryption, USER, PASSWORD, client_tls)
                with pytest.raises(Unreachable):
                    await gateway.deliver(message())
                assert server.attempts == 0


async def test_a_server_without_starttls_gets_nothing() -> None:
    """Nobody in between talks us out of TLS."""
    async with smtp_server() as server:
        with pytest.raises(Unreachable):
            await SmtpServer("127.0.0.1", server.port, Encryption.STARTTLS).deliver(message())
        assert server.attempts == 0


async def test_a_server_that_asks_to_come_again(caplog: pytest.LogCaptureFixture) -> None:
    """Twice "try later", then it takes the mail, once."""
    async with smtp_server("451 later", "421 later", "250 yes") as server:
        gateway = SmtpServer("127.0.0.1", server.port, Encryption.NONE)
        async with Outgoing(gateway.deliver, (0.0, 0.0, 0.0)) as outgoing:
            outgoing.put(made)
            await outgoing.drained()
            assert (outgoing.sent, outgoing.lost, server.attempts, len(server.got)) == (1, 0, 3, 1)
    assert SECRET not in caplog.text


async def test_a_server_that_refuses(caplog: pytest.LogCaptureFixture) -> None:
    """Is not asked again; the log says so and quotes neither mail nor server. The next mail is sent."""
    async with smtp_server(f"554 no {SECRET}", "250 yes") as server:
        gateway = SmtpServer("127.0.0.1", server.port, Encryption.NONE)
        async with Outgoing(gateway.deliver, (0.0,)) as outgoing:
            outgoing.put(made)
            await outgoing.drained()
            outgoing.put(made)
            await outgoing.drained()
            assert (outgoing.sent, outgoing.lost, server.attempts) == (1, 1, 2)
    assert "given up" in caplog.text
    ours = [record.getMessage() for record in caplog.records if record.name == "fast_track_graph"]
    assert not any(SECRET in line or "ana@" in line for line in ours)


async def test_nobody_listens(caplog: pytest.LogCaptureFixture) -> None:
    """Tried as often as there are times, then given up."""
    async with smtp_server() as server:
        port = server.port
    async with Outgoing(SmtpServer("127.0.0.1", port, Encryption.NONE).deliver, (0.0, 0.0)) as outgoing:
        outgoing.put(made)
        await outgoing.drained()
        assert outgoing.lost == 1
    assert caplog.text.count("tried again") == 2
    assert caplog.text.count("given up") == 1


async def test_what_cannot_be_made_holds_nobody_up(caplog: pytest.LogCaptureFixture) -> None:
    """Its error may hold a token: only its kind is logged."""

    async def broken() -> EmailMessage:
        raise ValueError(SECRET)

    async def nothing() -> None:
        return None

    async with (
        smtp_server() as server,
        Outgoing(SmtpServer("127.0.0.1", server.port, Encryption.NONE).deliver) as outgoing,
    ):
        for make in (broken, nothing, made):
            outgoing.put(make)
        await outgoing.drained()
        assert (outgoing.sent, outgoing.lost) == (1, 1)
    assert "ValueError" in caplog.text
    assert not [r for r in caplog.records if r.name == "fast_track_graph" and SECRET in r.getMessage()]


async def test_the_queue_is_bounded(caplog: pytest.LogCaptureFixture) -> None:
    """What does not fit is dropped, and the log says so; nobody waits."""
    hold = asyncio.Event()

    async def slow(_: EmailMessage) -> None:
        await hold.wait()

    async with Outgoing(slow) as outgoing:
        for _ in range(MAX_QUEUED + 3):
            outgoing.put(made)
        assert outgoing.lost == 3
        hold.set()
        await outgoing.drained()
        assert outgoing.sent == MAX_QUEUED
    assert caplog.text.count("dropped") == 3


async def test_a_process_that_stops_sends_what_it_holds() -> None:
    """And does not wait between attempts any more."""
    async with smtp_server(*["451 later"] * 5) as server:
        gateway = SmtpServer("127.0.0.1", server.port, Encryption.NONE)
        async with Outgoing(gateway.deliver, (3600.0,)) as outgoing:
            for _ in range(20):
                outgoing.put(made)
        assert outgoing.sent + outgoing.lost == 20
        assert len(server.got) >= 15


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example", SmtpServer("mail.example", 587, Encryption.STARTTLS)),
        ("smtps://u:p%40ss@mail.example", SmtpServer("mail.example", 465, Encryption.TLS, "u", "p@ss")),
        ("smtp://mail.example:2525/", SmtpServer("mail.example", 2525, Encryption.STARTTLS)),
        ("smtp+plain://localhost", SmtpServer("localhost", 25, Encryption.NONE)),
    ],
)
def test_urls_of_servers(url: str, server: SmtpServer) -> None:
    """What each stands for."""
    assert SmtpServer.at(url) == server
    assert "p@ss" not in repr(SmtpServer.at(url))


@pytest.mark.parametrize(
    "url",
    ["mail.example", "http://mail.example", "smtp://", "smtp://m:x", "smtp://m/path", "smtp+plain://mail.example"],
)
def test_what_is_no_server(url: str) -> None:
    """Without TLS nothing leaves this machine."""
    with pytest.raises(ValueError, match=r"SMTP server|without TLS"):
        SmtpServer.at(url)


@pytest.fixture(autouse=True)
def quiet() -> None:
    """aiosmtplib's and aiosmtpd's own debugging is none of ours."""
    logging.getLogger("mail.log").setLevel(logging.ERROR)
