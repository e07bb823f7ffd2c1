"""Which tests stay in one process where several run, and which come first."""

from xdist.scheduler import LoadScopeScheduling

TOGETHER = ("tests/isolation/", "tests/browser/", "tests/fuzz/")
"""Folders whose tests share what takes long to make, in the order in which they begin."""

LONG = ("tests/graphql_api/differential/", "tests/resolvers/test_model.py", "tests/db/encryption/")
"""What takes minutes as well, though nothing is shared beyond a file."""


class Scheduler(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """Gives a process one of the folders above, or a file, as a whole.

    xdist's own ``loadgroup`` marks tests in a way that pytest 9.2 no longer heeds: each test is then on its own, and
    what a file has made once is made by every process.
    """

    def _split_scope(self, nodeid: str) -> str:
        return next((folder for folder in TOGETHER if nodeid.startswith(folder)), nodeid.partition("::")[0])


def place_in_line(nodeid: str) -> int:
    """Where a test stands: the smaller, the earlier."""
    first = (*TOGETHER, *LONG)
    return next((place for place, begin in enumerate(first) if nodeid.startswith(begin)), len(first))
