"""Sends webhooks to addresses that customers name, and to no machine of ours.

The host is looked up here, every address it has is checked, and the connection goes to one that was checked: there is
no second lookup that could say something else. Redirects are not followed.
"""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import httpcore
from httpcore import AnyIOBackend
from standardwebhooks import Webhook

TIMEOUT = 15.0
"""Seconds for one delivery in all, from looking up the host to the end of the answer."""

MAX_ANSWER_BYTES = 65_536
"""Of an answer, which is read to leave the connection in order and then forgotten."""

MAX_URL_CHARACTERS = 2_000

_EMBEDDED = [ipaddress.ip_network(text) for text in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")]
"""Addresses of IPv6 that lead to one of IPv4 that is written in them."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

Resolve = Callable[[str, int], Awaitable[Sequence[Address]]]
"""The addresses of a host for a port; raises ``OSError`` for one that is not found."""


class Undeliverable(Exception):
    """It was not delivered; the message says why, without the address and without what was answered."""


class BadUrl(Exception):
    """No webhook is sent to such a URL; the message says why."""


def is_public(address: Address) -> bool:
    """Whether an address is one of the public internet, and of a single machine."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if any(address in network for network in _EMBEDDED):
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


async def look_up(host: str, port: int) -> Sequence[Address]:
    """The addresses that this machine's resolver knows."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(ipaddress.ip_address(entry[4][0]) for entry in found))


class Sender:
    """Sends. ``to_loopback``: this machine may be addressed, and without TLS; for development and tests."""

    def __init__(
        self,
        *,
        to_loopback: bool = False,
        tls: ssl.SSLContext | None = None,
        timeout: float = TIMEOUT,
        resolve: Resolve = look_up,
    ) -> None:
        self.resolve = resolve
        self._to_loopback = to_loopback
        self._tls = tls
        self._timeout = timeout

    def check(self, url: str) -> None:
        """Raise ``BadUrl`` for a URL that no webhook could ever be sent to. Nothing is looked up."""
        if len(url) > MAX_URL_CHARACTERS or not url.isascii() or not url.isprintable() or " " in url:
            raise BadUrl(f"A URL has at most {MAX_URL_CHARACTERS:,} characters of ASCII and no spaces.")
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise BadUrl("This is no URL.") from error
        host = parts.hostname
        if not host or port == 0:
            raise BadUrl("A URL names a host, and a port from 1 to 65535 if any.")
        if parts.username is not None or parts.password is not None:
            raise BadUrl("A URL holds no user or password; a receiver knows us by the signature.")
        if parts.scheme != "https" and not (self._to_loopback and parts.scheme == "http"):
            raise BadUrl("Webhooks are sent by https.")
        try:
            self.refuse([ipaddress.ip_address(host)])
        except ValueError:
            if host == "localhost" and not self._to_loopback:
                raise BadUrl("This host is not on the public internet.") from None
        except Undeliverable as refusal:
            raise BadUrl(str(refusal)) from refusal

    def refuse(self, addresses: Iterable[Address]) -> None:
        """Raise ``Undeliverable`` if any of a host's addresses is not a public one."""
        for address in addresses:
            if not is_public(address) and not (self._to_loopback and address.is_loopback):
                raise Undeliverable("The host is not on the public internet.")

    async def send(self, url: str, message_id: str, at: datetime, secret: bytes, body: bytes) -> int:
        """POST a signed body; the status of the answer, whatever it is. ``at`` is in UTC.

        Raises ``Undeliverable`` where there is no answer in time, or nobody to ask.
        """
        try:
            self.check(url)
        except BadUrl as error:
            raise Undeliverable(str(error)) from error
        headers = {
            "Host": urlsplit(url).netloc,
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            "User-Agent": "fast-track-graph",
            "Accept-Encoding": "identity",
            "Connection": "close",
            **signed(message_id, at, secret, body),
        }
        try:
            async with asyncio.timeout(self._timeout):
                return await self._post(url, headers, body)
        except TimeoutError as error:
            raise Undeliverable(f"There was no answer within {self._timeout:g} seconds.") from error
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, OSError) as error:
            # ssl.SSLError is an OSError; httpcore's ConnectError stands for both.
            raise Undeliverable(f"The connection failed: {type(error).__name__}.") from error

    async def _post(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        backend = _Checked(self)
        async with (
            httpcore.AsyncConnectionPool(ssl_context=self._tls, network_backend=backend) as pool,
            pool.stream("POST", url, headers=list(headers.items()), content=body) as answer,
        ):
            read = 0
            async for part in answer.aiter_stream():
                read += len(part)
                if read > MAX_ANSWER_BYTES:
                    break
            return int(answer.status)


def signed(message_id: str, at: datetime, secret: bytes, body: bytes) -> dict[str, str]:
    """The headers of Standard Webhooks for a body, which is UTF-8."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(message_id, at, body.decode()),
    }


class _Checked(AnyIOBackend):
    """Connects to an address that was looked up and checked here. TLS goes on to speak of the host's name."""

    def __init__(self, sender: Sender) -> None:
        super().__init__()
        self._sender = sender

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is the library's
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Raises ``Undeliverable`` for a host that is not public, or is not found."""
        try:
            addresses = await self._sender.resolve(host, port)
        except OSError as error:
            raise Undeliverable("The host is not found.") from error
        self._sender.refuse(addresses)
        if not addresses:
            raise Undeliverable("The host is not found.")
        for number, address in enumerate(addresses, 1):
            try:
                return await super().connect_tcp(str(address), port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if number == len(addresses):
                    raise
        raise AssertionError
