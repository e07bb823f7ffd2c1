"""A webhook of n8n, called with patience but not without end: what comes back is bounded, whatever is sent."""

import asyncio
from collections.abc import Callable, Mapping
from hashlib import sha256
from hmac import new
from http import HTTPStatus
from time import time
from typing import Any

import httpx
import orjson

from integrations.n8n.breaker import OPEN_SECONDS, Breaker

PATIENCE = 30.0
"""Seconds from the question to the end of the answer, a second try included."""

CONNECT_SECONDS = 3.0
"""Seconds until a connection stands."""

RETRY_AFTER = 0.5
"""Seconds before the second and last try."""

MAX_ANSWER_BYTES = 262_144
"""An answer that is longer is not read to its end."""

MAX_CALLS = 20
"""Calls of one process at a time; a further one waits ``POOL_SECONDS`` for its turn."""

POOL_SECONDS = 2.0

_NOT_THERE = {HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT}
_NOT_NOW = {HTTPStatus.NOT_FOUND, HTTPStatus.TOO_MANY_REQUESTS}
"""n8n knows a webhook only while its workflow is active, and says 404 until then."""


class CallFailed(Exception):
    """There is no answer to use. The message is for the log: it holds nothing of question or answer."""


class Unavailable(CallFailed):
    """Nobody is there; ``retry_after`` says in how many seconds somebody may be."""

    def __init__(self, message: str, retry_after: float = OPEN_SECONDS) -> None:
        self.retry_after = retry_after
        super().__init__(message)


class TimedOut(CallFailed):
    """Somebody was there, and did not answer in time."""


class Unusable(CallFailed):
    """There was an answer, and not one that was agreed on."""


class _TryAgain(Exception):
    """The call did not get through to a workflow, so that making it again does nothing twice."""


def open_client() -> httpx.AsyncClient:
    """The connections for ``Webhook``. Neither proxies nor passwords come from the environment."""
    return httpx.AsyncClient(
        timeout=httpx.Timeout(PATIENCE, connect=CONNECT_SECONDS, pool=POOL_SECONDS),
        limits=httpx.Limits(max_connections=MAX_CALLS),
        follow_redirects=False,
        trust_env=False,
    )


class Webhook:
    """One webhook. ``secret`` signs what is sent; ``patience`` is in seconds."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        url: str,
        secret: str,
        patience: float = PATIENCE,
        breaker: Breaker | None = None,
        clock: Callable[[], float] = time,
    ) -> None:
        self._client = client
        self._url = url
        self._secret = secret.encode()
        self._patience = patience
        self._breaker = breaker or Breaker()
        self._clock = clock

    async def call(self, question: Mapping[str, Any], key: str) -> Any:
        """What the workflow answers, as decoded JSON.

        ``key`` names the question: a second try has the same. Raises ``Unavailable``, ``TimedOut`` or ``Unusable``.
        """
        if wait := self._breaker.wait():
            raise Unavailable("it did not answer before, and is not asked for a while", wait)
        self._breaker.begin()
        try:
            async with asyncio.timeout(self._patience):
                answer = await self._twice(orjson.dumps(question), key)
        except httpx.PoolTimeout as error:
            self._breaker.given_up()
            raise Unavailable("too many questions at once", 1.0) from error
        except (TimeoutError, httpx.TimeoutException) as error:
            self._breaker.failed()
            raise TimedOut(f"no answer within {self._patience:g} seconds") from error
        except Unavailable:
            self._breaker.failed()
            raise
        except Unusable:
            self._breaker.succeeded()  # a wrong answer comes from somebody who is there
            raise
        except BaseException:
            self._breaker.given_up()
            raise
        self._breaker.succeeded()
        return answer

    async def _twice(self, body: bytes, key: str) -> Any:
        headers = self._headers(body, key)
        try:
            return await self._once(body, headers)
        except _TryAgain:
            await asyncio.sleep(RETRY_AFTER)
        try:
            return await self._once(body, headers)
        except _TryAgain as error:
            raise Unavailable(f"twice {error}") from error

    async def _once(self, body: bytes, headers: Mapping[str, str]) -> Any:
        try:
            async with self._client.stream("POST", self._url, content=body, headers=headers) as answer:
                _refuse_status(answer.status_code)
                return _decoded(await _content(answer))
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise _TryAgain("no connection") from error
        except httpx.TimeoutException:
            raise
        except httpx.HTTPError as error:  # broken off in between: whether the workflow ran nobody knows
            raise Unavailable(f"the connection broke: {type(error).__name__}") from error

    def _headers(self, body: bytes, key: str) -> Mapping[str, str]:
        timestamp = str(int(self._clock()))
        return {
            "Content-Type": "application/json",
            "Accept": "application/json",
            # What is compressed says nothing of its size.
            "Accept-Encoding": "identity",
            "User-Agent": "fast-track-graph",
            "Idempotency-Key": key,
            "X-Fast-Track-Timestamp": timestamp,
            "X-Fast-Track-Signature": signature(self._secret, timestamp, body),
        }


def signature(secret: bytes, timestamp: str, body: bytes) -> str:
    """``v1=`` and the hex HMAC-SHA256 over timestamp, full stop and body."""
    return "v1=" + new(secret, timestamp.encode() + b"." + body, sha256).hexdigest()


def _refuse_status(status: int) -> None:
    if status in _NOT_THERE:
        raise _TryAgain(f"status {status}")
    if status in _NOT_NOW:
        raise Unavailable(f"status {status}")
    if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        raise Unusable(f"status {status}")


async def _content(answer: httpx.Response) -> bytes:
    """The body, as far as it may be read."""
    if answer.headers.get("content-encoding", "identity") != "identity":
        raise Unusable("it is compressed")
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Unusable(f"it is {kind or 'of no kind'!r:.60}, not JSON")
    told = answer.headers.get("content-length", "0")
    if told.isdecimal() and int(told) > MAX_ANSWER_BYTES:
        raise Unusable(f"it has {told:.20} bytes")
    content = bytearray()
    async for part in answer.aiter_raw():
        content += part
        if len(content) > MAX_ANSWER_BYTES:
            raise Unusable(f"it has more than {MAX_ANSWER_BYTES} bytes")
    return bytes(content)


def _decoded(content: bytes) -> Any:
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise Unusable("it is no JSON") from error
