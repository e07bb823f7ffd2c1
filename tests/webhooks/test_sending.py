"""Where webhooks may go: to the public internet, by TLS, to the machine that was checked, and for a limited time."""

import asyncio
import ipaddress
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from integrations.webhooks import Address, BadUrl, Sender, Undeliverable, is_public
from tests.webhooks.receiver import Receiver, receiving, status

SECRET = b"thirty-two bytes of a secret key"
NOW = datetime.now(UTC)


def resolving(*addresses: str) -> tuple[Sender, list[str]]:
    """A sender in whose world every host has these addresses, and the hosts that it looked up."""
    asked: list[str] = []

    async def resolve(host: str, _: int) -> Sequence[Address]:
        asked.append(host)
        return [ipaddress.ip_address(address) for address in addresses]

    return Sender(resolve=resolve, timeout=2), asked


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.1.2.3", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254"),  # noqa: S104
        *("100.64.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1"),
        *("::", "::1", "fe80::1", "fc00::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1"),
        *("64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::", "2001:0:7f00:1::", "::7f00:1"),
    ],
)
async def test_no_address_of_ours_is_public(address: str) -> None:
    """Neither written into the URL, nor found behind a name, alone or beside a good one."""
    assert not is_public(ipaddress.ip_address(address))
    written = f"[{address}]" if ":" in address else address
    with pytest.raises(BadUrl):
        Sender().check(f"https://{written}/")
    for found in ([address], ["93.184.215.14", address]):
        sender, _ = resolving(*found)
        with pytest.raises(Undeliverable, match="not on the public internet"):
            await sender.send("https://hooks.example/", "id", NOW, SECRET, b"{}")


@pytest.mark.parametrize("address", ["93.184.215.14", "1.1.1.1", "2606:4700:4700::1111"])
def test_the_others_are(address: str) -> None:
    """Of either kind."""
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        *("http://hooks.example/", "ftp://hooks.example/", "file:///etc/passwd", "https://", "https:///x", "nonsense"),
        *("https://user:word@hooks.example/", "https://localhost/", "https://hooks.example:0/", "https://[::1"),
        *("https://hooks.example:99999/", "https://hooks.exämple/", "https://hooks.example/a b", "https://127.1/\n"),
        "https://hooks.example/" + "x" * 2_000,
    ],
)
def test_what_no_webhook_is_sent_to(url: str) -> None:
    """Refused when it is saved."""
    with pytest.raises(BadUrl):
        Sender().check(url)


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1"])
async def test_numbers_that_mean_this_machine(host: str) -> None:
    """Resolvers read them as addresses; what they find is checked all the same."""
    with pytest.raises(Undeliverable):
        await Sender(timeout=2).send(f"https://{host}/", "id", NOW, SECRET, b"{}")


async def test_a_host_is_looked_up_once(receiver: Receiver) -> None:
    """So a name that says something else the second time gains nothing."""
    asked = []

    async def resolve(host: str, _: int) -> Sequence[Address]:
        asked.append(host)
        return [ipaddress.ip_address("127.0.0.1" if len(asked) == 1 else "10.0.0.1")]

    sender = Sender(to_loopback=True, resolve=resolve)
    assert await sender.send(f"http://hooks.example:{receiver.port}/x", "id", NOW, SECRET, b"{}") == 200
    assert asked == ["hooks.example"]
    (message,) = receiver.messages
    assert message.headers["host"] == f"hooks.example:{receiver.port}"
    assert message.path == "/x"


async def test_a_redirect_is_an_answer_and_not_followed(receiver: Receiver) -> None:
    """Wherever it leads."""
    async with receiving() as other:
        receiver.answers = [status(302, f"Location: {other.url}"), status(307, f"Location: {other.url}")]
        sender = Sender(to_loopback=True)
        for number in (302, 307):
            assert await sender.send(receiver.url, "id", NOW, SECRET, b"{}") == number
        assert other.messages == []


async def test_a_receiver_that_never_answers_is_given_up(receiver: Receiver) -> None:
    """After a time for all of it together."""
    receiver.silent = True
    started = asyncio.get_running_loop().time()
    with pytest.raises(Undeliverable, match=r"within 0\.3 seconds"):
        await Sender(to_loopback=True, timeout=0.3).send(receiver.url, "id", NOW, SECRET, b"{}")
    assert asyncio.get_running_loop().time() - started < 5


async def test_an_endless_answer_is_not_read(receiver: Receiver) -> None:
    """Only its beginning; the status counts."""
    receiver.answers = [b"HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\n\r\n" + b"x" * 5_000_000]
    assert await Sender(to_loopback=True).send(receiver.url, "id", NOW, SECRET, b"{}") == 200


async def test_nonsense_instead_of_an_answer(receiver: Receiver) -> None:
    """Is none."""
    receiver.answers = [b"hello\r\n\r\n"]
    with pytest.raises(Undeliverable, match="The connection failed"):
        await Sender(to_loopback=True).send(receiver.url, "id", NOW, SECRET, b"{}")


def certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """What a server of this name shows, and what trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(pem + made.public_bytes(serialization.Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    client = ssl.create_default_context(cadata=made.public_bytes(serialization.Encoding.PEM).decode())
    return server, client


async def test_tls_speaks_of_the_name_not_of_the_address(tmp_path: Path) -> None:
    """The certificate is the host's, though the connection goes to an address; another host's is refused."""
    server, client = certificate(tmp_path, "hooks.example")

    async def resolve(_: str, __: int) -> Sequence[Address]:
        return [ipaddress.ip_address("127.0.0.1")]

    sender = Sender(to_loopback=True, tls=client, resolve=resolve)
    async with receiving(server) as receiver:
        assert await sender.send(f"https://hooks.example:{receiver.port}/", "id", NOW, SECRET, b"{}") == 200
        with pytest.raises(Undeliverable, match="The connection failed"):
            await sender.send(f"https://other.example:{receiver.port}/", "id", NOW, SECRET, b"{}")
        assert len(receiver.messages) == 1
