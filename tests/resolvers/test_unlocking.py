"""When a tool is open: pure rules over a small programme in which an optional tool stands in the way."""

import pytest

from db.catalogue import Catalogue, Module, Tool
from db.models.tools import ProgressStatus
from resolvers.tools.unlocking import Statuses, incomplete, opened_by, status_of, waiting_for

LOCKED, UNLOCKED, IN_PROGRESS, COMPLETED = ProgressStatus


def _tool(sprint: int, slug: str, *prerequisites: str, optional: bool = False) -> Tool:
    question = {"key": "q", "label": "Q", "description": "A question.", "type": "text"}
    return Tool.model_validate(
        {
            "slug": slug,
            "sprint": sprint,
            "name": slug.title(),
            "description": "A tool.",
            "guidance": "Do it.",
            "module": 0,
            "optional": optional,
            "prerequisites": prerequisites,
            "questions": [question],
        },
        strict=False,
    )


@pytest.fixture(scope="module")
def programme() -> Catalogue:
    """start → middle and (optional) extra; end needs both; bonus needs only the optional one."""
    return Catalogue(
        [Module(number=0, name="All")],
        [
            _tool(0, "start"),
            _tool(1, "middle", "start"),
            _tool(2, "extra", "start", optional=True),
            _tool(3, "end", "middle", "extra"),
            _tool(4, "bonus", "extra"),
        ],
    )


def _locked(programme: Catalogue, **others: ProgressStatus) -> Statuses:
    return {tool.slug: LOCKED for tool in programme.tools} | others


def _slugs(tools: tuple[Tool, ...]) -> list[str]:
    return [tool.slug for tool in tools]


def test_a_stored_status_is_the_status(programme: Catalogue) -> None:
    """Even if its prerequisites say otherwise: what was once opened stays open."""
    statuses = _locked(programme, middle=UNLOCKED)
    assert status_of(programme, statuses, programme.by_slug["middle"]) is UNLOCKED


@pytest.mark.parametrize(
    ("start", "expected"),
    [(None, LOCKED), (IN_PROGRESS, LOCKED), (COMPLETED, UNLOCKED)],
)
def test_a_tool_newer_than_the_account_is_as_its_prerequisites_say(
    programme: Catalogue, start: ProgressStatus | None, expected: ProgressStatus
) -> None:
    """Without a progress row it is open once everything before it is completed."""
    statuses = {"start": start} if start else {}
    assert status_of(programme, statuses, programme.by_slug["middle"]) is expected


def test_a_root_without_a_row_is_open(programme: Catalogue) -> None:
    """Nothing stands before it."""
    assert status_of(programme, {}, programme.by_slug["start"]) is UNLOCKED


def test_an_optional_prerequisite_is_never_missing(programme: Catalogue) -> None:
    """End waits for Middle alone, Bonus for nothing."""
    statuses = _locked(programme)
    assert _slugs(incomplete(programme, statuses, programme.by_slug["end"])) == ["middle"]
    assert incomplete(programme, statuses, programme.by_slug["bonus"]) == ()


@pytest.mark.parametrize("extra", list(ProgressStatus))
def test_an_optional_prerequisite_never_blocks(programme: Catalogue, extra: ProgressStatus) -> None:
    """End opens with Middle, however far the optional Extra is."""
    statuses = _locked(programme, start=COMPLETED, middle=IN_PROGRESS, extra=extra)
    assert _slugs(opened_by(programme, statuses, programme.by_slug["middle"])) == ["end"]


@pytest.mark.parametrize("middle", [LOCKED, UNLOCKED, IN_PROGRESS])
def test_only_completion_counts(programme: Catalogue, middle: ProgressStatus) -> None:
    """A prerequisite that is open or begun still stands in the way."""
    statuses = _locked(programme, start=COMPLETED, middle=middle)
    assert _slugs(incomplete(programme, statuses, programme.by_slug["end"])) == ["middle"]


def test_completing_opens_all_that_waited_only_for_it(programme: Catalogue) -> None:
    """Start opens Middle and Extra, but not End, which waits for Middle."""
    assert _slugs(opened_by(programme, _locked(programme), programme.by_slug["start"])) == ["middle", "extra"]


def test_completing_again_opens_nothing_that_is_open(programme: Catalogue) -> None:
    """Only locked tools are opened; begun ones keep their status."""
    statuses = _locked(programme, middle=IN_PROGRESS, extra=UNLOCKED)
    assert opened_by(programme, statuses, programme.by_slug["start"]) == ()


def test_who_waits_is_who_is_locked_and_misses_it(programme: Catalogue) -> None:
    """End waits for Middle while Middle is not completed, and nobody waits for the optional Extra."""
    statuses = _locked(programme, start=COMPLETED, middle=UNLOCKED, extra=UNLOCKED, bonus=UNLOCKED)
    assert _slugs(waiting_for(programme, statuses, programme.by_slug["middle"])) == ["end"]
    assert waiting_for(programme, statuses, programme.by_slug["extra"]) == ()
    assert waiting_for(programme, statuses, programme.by_slug["start"]) == ()


def test_in_the_real_programme_nobody_waits_for_an_optional_tool(catalogue: Catalogue) -> None:
    """Energy, Customer Service and Agile Teams block nothing."""
    nothing: Statuses = {}
    optional = [tool for tool in catalogue.tools if tool.optional]
    assert _slugs(tuple(optional)) == ["energy", "customer-service", "agile-teams"]
    for tool in optional:
        assert opened_by(catalogue, nothing, tool) == ()
        assert all(tool not in incomplete(catalogue, nothing, other) for other in catalogue.tools)
