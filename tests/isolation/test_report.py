"""docs/isolation.md says what these tests found; ``make isolation`` writes it."""

import os

import pytest

from tests.isolation.conftest import SHARE
from tests.isolation.loading import Loaded
from tests.isolation.reading import Read
from tests.isolation.report import FILE, report, stale
from tests.isolation.writing import Written


async def test_the_report_is_current(
    read: Read, written: Written, loaded: Loaded, foreign_statements: list[str]
) -> None:
    """With all questions asked, its words are those of now, no leak is kept from it, and no number is far off."""
    if SHARE > 1:
        pytest.skip("asked in part: `make isolation` asks everything and writes the page")
    current = report(read, written, loaded, foreign_statements)
    if os.environ.get("UPDATE_ISOLATION"):
        FILE.write_text(current, "utf-8")
    assert stale(FILE.read_text("utf-8"), current) == [], "run make isolation"


def test_a_claim_that_has_become_wrong_is_noticed() -> None:
    """A leak, a word, a number far off; not a request more."""
    line = "| requests, REST | 1,200 | 0 |"
    assert stale(line, "| requests, REST | 1,210 | 0 |") == []
    for other in ("| requests, REST | 1,200 | 1 |", "| requests, SOAP | 1,200 | 0 |", "| requests, REST | 200 | 0 |"):
        assert stale(line, other)
