"""Random requests over random rows come to the same answer on graphql-core and on the compiled execution.

They cost the same on both, and never more than was estimated.

Each seed draws documents, each document several requests with new variables and another viewer: a plan that remembers
more of a request than it may shows as a difference. A failure prints the request, made smaller; ``KEEP_CASES=1`` keeps
it in ``cases/``, where it is asked again in every run. ``-k seed-7-`` runs one seed.
"""

import logging
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

import pytest

from tests.graphql_api.differential import cast as people
from tests.graphql_api.differential import kept, stored
from tests.graphql_api.differential.cast import Cast
from tests.graphql_api.differential.compare import Malformed, decoded, difference
from tests.graphql_api.differential.generator import Request, document
from tests.graphql_api.differential.kept import Case
from tests.graphql_api.differential.shrink import shrunk
from tests.graphql_api.differential.sides import compiled, estimated, on_graphql_core, read
from tests.world import World

SEEDS = range(int(os.environ.get("DIFFERENTIAL_SEEDS", "20")))
"""More than these twenty to go hunting: ``DIFFERENTIAL_SEEDS=200``."""

REQUESTS = 500
"""Of each seed; 10,000 in all."""

REQUESTS_OF_ONE_DOCUMENT = 5

MAX_INVALID = 0.2
"""Documents that validation may refuse: more, and the generator is wrong."""

MIN_COMPILED = 0.42
"""Requests of a seed that the compiled execution answers: fewer, and little is compared."""

STORED = 20261121
"""Seed of the stored rows."""


@pytest.fixture(scope="module")
async def cast(world: World) -> Cast:
    """People of three organisations with random work."""
    made = await people.gather(world)
    await stored.write(world, made, STORED)
    return made


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: f"seed-{seed}-")
async def test_random_requests_are_answered_alike(world: World, cast: Cast, seed: int) -> None:
    """Of 500 requests both ways answer alike, none fails on our side, and half of them are compiled."""
    counts: Counter[str] = Counter()
    number = 0
    world.statements.clear()
    while counts["requests"] < REQUESTS:
        number += 1
        rng = Random(f"{seed}/{number}")  # noqa: S311 - a seed, not a secret
        drawn = document(world.gateway.graph.schema, world.catalogue, rng)
        counts["documents"] += 1
        if world.gateway.documents.get(cast.with_ids(drawn.text)).node is None:
            counts["invalid"] += 1
            continue
        for _ in range(REQUESTS_OF_ONE_DOCUMENT):
            case = Case(rng.choice(people.VIEWERS), drawn.request(), f"{seed}/{number}")
            counts["requests"] += 1
            counts[await _asked(world, cast, case)] += 1
    assert counts["invalid"] <= MAX_INVALID * counts["documents"], counts
    if hasattr(world.gateway, "compiled"):
        assert counts["compiled"] >= MIN_COMPILED * counts["requests"], counts


async def test_kept_cases_are_answered_alike(world: World, cast: Cast) -> None:
    """What once came out differently does so no more."""
    for case in kept.cases():
        await _asked(world, cast, case)


async def _asked(world: World, cast: Cast, case: Case) -> str:
    """How the request was answered; fails where the ways differ."""
    way, wrong = await _compared(world, cast, case.viewer, case.request)
    if wrong is None:
        return way

    async def fails(request: Request) -> bool:
        valid = read(world, cast, request).node is not None
        return valid and (await _compared(world, cast, case.viewer, request))[1] is not None

    with _quiet():
        smaller = Case(case.viewer, await shrunk(case.request, fails), case.seed)
    if os.environ.get("KEEP_CASES") == "1":
        smaller.path.write_text(smaller.text, "utf-8")
    _, wrong = await _compared(world, cast, smaller.viewer, smaller.request)
    theirs = await on_graphql_core(world, cast, smaller.viewer, smaller.request)
    try:
        ours = await compiled(world, cast, smaller.viewer, smaller.request)
    except Exception:  # noqa: BLE001 - ``wrong`` says what it raises
        ours = None
    pytest.fail(
        f"{wrong}\n\n{smaller.text}\nfile: {smaller.path.name}\n\ngraphql-core: {theirs.decode():.3000}\n\n"
        f"compiled: {ours.decode() if ours is not None else None!s:.3000}\n\nas drawn:\n{case.text}",
        pytrace=False,
    )


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the log of the gateway, where a fault would be told again for every try."""
    log = logging.getLogger("fast_track_graph")
    log.disabled = True
    try:
        yield
    finally:
        log.disabled = False


async def _compared(world: World, cast: Cast, viewer: str | None, request: Request) -> tuple[str, str | None]:
    """Which way answered, and what is wrong with it."""
    told, retold = estimated(world, cast, request), estimated(world, cast, request)
    theirs = await on_graphql_core(world, cast, viewer, request, told)
    if told.estimated is not None and told.actual > told.estimated:
        return "graphql-core", f"it costs {told.actual}, more than the estimate of {told.estimated}"
    if b"INTERNAL_SERVER_ERROR" in theirs:
        codes = [error.get("extensions", {}).get("code") for error in decoded(theirs).get("errors", [])]
        if "INTERNAL_SERVER_ERROR" in codes:
            return "graphql-core", "graphql-core fails on our side"
    try:
        ours = await compiled(world, cast, viewer, request, retold)
        if ours is None:
            return "graphql-core", None
        if told.actual != retold.actual:
            return "compiled", f"it costs {retold.actual}, on graphql-core {told.actual}"
        return "compiled", difference(theirs, ours)
    except Malformed as error:
        return "compiled", str(error)
    except Exception as error:  # noqa: BLE001 - whatever it is, the request that did it is what has to be shown
        return "compiled", f"the compiled execution raises {error!r}"
