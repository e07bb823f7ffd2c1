"""What the process measures of itself, for Prometheus: requests by surface and status, and the gateway's counters."""

import asyncio
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from hmac import compare_digest

import asyncpg
from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.settings import Settings
from graphql_api.gateway import Gateway
from graphql_api.live.sse import STREAM_TYPE

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
"""Upper bounds of the buckets of request durations."""

JOBS_WITHIN = 2.0
"""Seconds that the database has to say how many jobs there are."""

_STATUSES = ("todo", "doing", "failed")

_HELP = {
    "documents": "Documents that were found parsed and validated (hits), or were not (misses).",
    "plans": "Compiled plans that were found (hits), or made (misses).",
    "answers": "Answers by what executed them; unanswered: left to graphql-core because of what the rows held.",
    "rate_limits": "Requests refused; times the shared counter was asked; times it could not be (alone).",
    "cost": "Cost of operations as estimated and as spent; operations over the budget.",
    "live": "Connections that last (streams), and subscriptions, as many as there are now.",
    "limits_exceeded": "Documents that went beyond a limit, by limit.",
}


class Metrics:
    """The registry of one application."""

    def __init__(self, gateway: Gateway) -> None:
        self._database = gateway.database
        self._jobs = _Jobs()
        self.registry = CollectorRegistry()
        self.registry.register(_Counts(gateway))
        self.registry.register(self._jobs)
        self._seconds = Histogram(
            "fast_track_request_seconds",
            "Time until the answer was complete, by what served it.",
            ("surface", "status"),
            buckets=SECONDS,
            registry=self.registry,
        )
        self._series: dict[tuple[str, int], Histogram] = {}

    def observe(self, surface: str, status: int, seconds: float) -> None:
        """Count one request."""
        series = self._series.get((surface, status))
        if series is None:
            series = self._series[surface, status] = self._seconds.labels(surface, str(status))
        series.observe(seconds)

    async def exposition(self) -> bytes:
        """All series in Prometheus' text format; without those of the jobs where the database cannot be asked."""
        self._jobs.by_status = {}
        with suppress(OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            async with asyncio.timeout(JOBS_WITHIN):
                self._jobs.by_status = dict.fromkeys(_STATUSES, 0) | await self._database.jobs()
        return generate_latest(self.registry)


class _Jobs(Collector):
    """The jobs of all workers, as many as there are."""

    def __init__(self) -> None:
        self.by_status: Mapping[str, int] = {}

    def collect(self) -> Iterator[Metric]:
        family = GaugeMetricFamily(
            "fast_track_jobs",
            "Jobs that wait (todo), are done (doing) or dead (failed) at the moment.",
            labels=("status",),
        )
        for status, count in self.by_status.items():
            family.add_metric((status,), count)
        yield family


class _Counts(Collector):
    """The gateway's counters, read when somebody asks: counting costs a request nothing more."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def collect(self) -> Iterator[Metric]:
        for name, counts in self._gateway.counts().items():
            of_kind = GaugeMetricFamily if name == "live" else CounterMetricFamily
            family = of_kind(f"fast_track_{name}", _HELP[name], labels=("kind",))
            for kind, count in counts.items():
                family.add_metric((kind,), count)
            yield family


class Measured:
    """Takes the time of every request. ``surface``: ``graphql``, ``rest`` or ``page``, by the beginning of its path;
    ``stream`` for an answer that lasts as long as somebody listens."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, surface = 500, _surface(scope["path"])
        begun = time.perf_counter()

        async def noting(message: Message) -> None:
            nonlocal status, surface
            if message["type"] == "http.response.start":
                status = message["status"]
                if (b"content-type", STREAM_TYPE) in message["headers"]:
                    surface = "stream"
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            self._metrics.observe(surface, status, time.perf_counter() - begun)


def _surface(path: str) -> str:
    if path == "/graphql":
        return "graphql"
    return "rest" if path.startswith("/api/") else "page"


def metrics_route(metrics: Metrics, settings: Settings) -> Route:
    """``GET /metrics``: for everybody in development, else for who sends ``METRICS_TOKEN``; without one, 404."""

    async def show(request: Request) -> Response:
        if not _may_see(request, settings):
            raise HTTPException(404)
        return Response(await metrics.exposition(), media_type=CONTENT_TYPE_LATEST)

    return Route("/metrics", show, methods=["GET"], include_in_schema=False)


def _may_see(request: Request, settings: Settings) -> bool:
    if settings.metrics_token is None:
        return settings.in_development
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    return scheme.lower() == "bearer" and compare_digest(given.encode(), settings.metrics_token.encode())
