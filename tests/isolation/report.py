"""Writes what was tried and what came back, as docs/isolation.md; and reads the committed one for what it claims."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.isolation.examination import Examination
from tests.isolation.listening import WAY
from tests.isolation.loading import Loaded
from tests.isolation.reading import Read
from tests.isolation.targets import HIDDEN, OWN, SEEN
from tests.isolation.targets import NOBODY as UNKNOWN
from tests.isolation.writing import GROWING, RENEWED, Written

FILE = Path(__file__).parents[2] / "docs" / "isolation.md"

TOLERANCE = 0.25
"""How far a number may be off before the report has to be written anew: a field more or less is no news."""


def report(read: Read, written: Written, loaded: Loaded, statements: Sequence[str]) -> str:
    """The whole report."""
    return (
        "\n".join([*_head(read, written, loaded, statements), *_viewers(read, written), *_marks(read), *_stranger()])
        + "\n"
    )


def stale(committed: str, current: str) -> list[str]:
    """Where the committed report claims something else: other words, or a number that is far off."""
    old, new = committed.splitlines(), current.splitlines()
    if len(old) != len(new):
        return [f"{len(old)} lines, now {len(new)}"]
    return [f"{one!r}, now {two!r}" for one, two in zip(old, new, strict=True) if _differ(one, two)]


def _differ(one: str, two: str) -> bool:
    numbers = [[int(each.replace(",", "")) for each in re.findall(r"\d[\d,]*", line)] for line in (one, two)]
    words = [re.sub(r"[\d,]+|\s+|-{3,}", " ", line) for line in (one, two)]
    if words[0].split() != words[1].split() or len(numbers[0]) != len(numbers[1]):
        return True
    return any(
        (old == 0) != (new == 0) or abs(old - new) > TOLERANCE * max(old, new, 8)
        for old, new in zip(*numbers, strict=True)
    )


def _head(read: Read, written: Written, loaded: Loaded, statements: Sequence[str]) -> Iterator[str]:
    examination, mutation = read.examination, written.examination
    assert mutation.targets.schema.mutation_type is not None
    yield from [
        "# Isolation",
        "",
        "What somebody meets of rows that are not theirs to see. `make isolation` writes this page; the questions are",
        "generated from the schema, the routes, the loaders and PostgreSQL's catalogue, so that what is new is asked",
        "too. Each row of three tenants holds values that stand nowhere else. Every answer, its headers included, is",
        "searched for those that its asker must not meet, by rules that stand in `tests/isolation/rules.py` once more.",
        "",
        "| tried | how many | leaks |",
        "|---|---|---|",
    ]
    found = Counter((finding.kind, finding.way) for finding in examination.findings)
    changing = Counter(finding.kind for finding in mutation.findings)
    kinds = Counter(finding.kind for finding in examination.findings)
    tables = len(examination.census.per_table)
    rows: list[tuple[str, int, int | None]] = [
        ("fields of the schema", len(read.asked), None),
        ("REST paths that read", len(read.routes), None),
        ("mutations", len(mutation.targets.schema.mutation_type.fields), None),
        ("subscriptions", _subscriptions(examination), None),
        *(
            (f"requests that read: {way}", count, found["foreign row", way] + found["fault", way])
            for way, count in sorted(examination.by_way.items())
        ),
        (
            "subscriptions begun or refused, while something happened to everybody",
            read.heard.listeners,
            found["foreign event", WAY] + found["missed", WAY],
        ),
        ("requests that change something: what came", mutation.by_way["mutation"], changing["foreign row"]),
        ("rows looked at for what they changed", written.rows, changing["foreign write"]),
        ("answers for a hidden row held against the one for no row", examination.compared, kinds["existence"]),
        ("the same of mutations", mutation.compared, changing["existence"]),
        ("answers asked for again after another tenant had changed", examination.repeated, kinds["changed answer"]),
        ("reads with the entity tag of somebody else", read.revalidated, kinds["shared tag"]),
        (
            "answers that a proxy could keep",
            examination.asking.asked + mutation.asking.asked,
            kinds["shared cache"] + changing["shared cache"],
        ),
        ("loaders, each with everybody's keys", len(loaded.names), len(loaded.leaks)),
        ("tables, each with an insert, an update and a delete", tables, len(statements)),
    ]
    for what, count, leaks in rows:
        yield f"| {what} | {count:,} | {'' if leaks is None else leaks} |"


def _viewers(read: Read, written: Written) -> Iterator[str]:
    yield from [
        "",
        "## By viewer",
        "",
        "Requests by whose row they ask for, and how many of the marked values that a viewer may meet did come.",
        "",
        "| viewer | what | own | visible | hidden | nobody's | changes | values met | of |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    examination = read.examination
    for name, part in examination.targets.cast.parts.items():
        counts = examination.counts[name]
        tried = " | ".join(f"{counts.tries[whose]:,}" for whose in (OWN, SEEN, HIDDEN, UNKNOWN))
        changes = written.examination.counts[name].requests
        met, allowed = len(counts.met), len(examination.census.met(part))
        yield f"| {name} | {part.kind} | {tried} | {changes:,} | {met:,} | {allowed:,} |"


def _marks(read: Read) -> Iterator[str]:
    yield from [
        "",
        "## By table",
        "",
        "Marked values by tenant; all tools' tables together. A table without any holds nothing that could be told.",
        "",
        "| table | acme | beta | corp | none |",
        "|---|---|---|---|---|",
    ]
    together: dict[str, Counter[str]] = {}
    for table, counts in read.examination.census.per_table.items():
        name = re.sub(r"^sprint_\w+\.", "of a tool: ", table)
        together.setdefault(name, Counter()).update(counts)
    for name, counts in sorted(together.items()):
        numbers = " | ".join(f"{counts[tenant]:,}" for tenant in ("acme", "beta", "corp", "none"))
        yield f"| {name} | {numbers} |"


def _stranger() -> Iterator[str]:
    yield from ["", "## What a stranger may add", "", "Nothing else that is there is changed by it.", ""]
    for table, why in (GROWING | RENEWED).items():
        yield f"- `{table}`: {why}."


def _subscriptions(examination: Examination) -> int:
    subscriptions = examination.targets.schema.subscription_type
    return len(subscriptions.fields) if subscriptions else 0
