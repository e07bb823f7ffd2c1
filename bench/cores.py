"""Which core does what: servers on one, PostgreSQL and the load generator on another, where the machine lets us say."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

_CORES = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []

PINNED = len(_CORES) > 1
SERVER_CORE = _CORES[0] if PINNED else None
OTHER_CORE = _CORES[1] if PINNED else None


@contextmanager
def on(core: int | None) -> Iterator[None]:
    """Processes started inside the block stay on ``core``; on any where it is ``None``."""
    if core is None:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
