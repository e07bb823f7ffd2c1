"""Asks everything as everybody, and holds each answer against what its asker may meet."""

import re
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from rest_shim.routes import Route, load_routes
from tests.graphql_api.differential.compare import difference
from tests.isolation import requests
from tests.isolation.asking import Answer, Asking
from tests.isolation.cast import NOBODY, Part
from tests.isolation.census import ID, Census
from tests.isolation.marks import found_in
from tests.isolation.questions import Question
from tests.isolation.requests import Try
from tests.isolation.targets import HIDDEN, UNKNOWN_TEXT, Targets
from tests.isolation.targets import NOBODY as UNKNOWN

_OF_THE_MOMENT = re.compile(r'20[1-8]\d-\d\d-\d\dT[\d:.]+|"(?:remaining|retryAfter|resetSeconds)":\d+|in \d+ seconds')
"""What differs from request to request, whoever is asked about."""

MOST_REPEATED = 80
"""Characters that a message repeats of a value."""

Tries = Callable[[Part], Iterator[Try]]
"""What is tried as a viewer."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A leak: what came to whom, and by which request."""

    kind: str
    viewer: str
    way: str
    request: str
    what: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.viewer} ({self.way}) {self.what}\n    {self.request}"


Answers = dict[tuple[str, str], str]
"""Bodies by viewer and request."""


@dataclass(slots=True)
class Counts:
    """What one viewer tried and got."""

    requests: int = 0
    tries: Counter[str] = field(default_factory=Counter)
    """Requests by whose row was asked for."""
    statuses: Counter[int] = field(default_factory=Counter)
    met: set[str] = field(default_factory=set)
    """Marks that came, all of which may."""


@dataclass(slots=True)
class Examination:
    """Everything found so far."""

    asking: Asking
    census: Census
    targets: Targets
    findings: list[Finding] = field(default_factory=list)
    counts: dict[str, Counts] = field(default_factory=lambda: defaultdict(Counts))
    by_way: Counter[str] = field(default_factory=Counter)
    compared: int = 0
    """Answers for a hidden row that were held against the one for no row."""
    repeated: int = 0
    """Answers that were held against those of before, when somebody else's rows were others."""

    async def examine(
        self,
        viewers: Sequence[Part],
        tries: Sequence[Tries],
        way: str,
        before: "Answers | None" = None,
        prepare: Callable[[], Awaitable[object]] | None = None,
    ) -> "Answers":
        """Try everything as each viewer; the same thing by all, one after the other, before the next.

        ``before``: answers that must be given again, where there are such. ``prepare`` runs ahead of each request.
        Returns the answers of now.
        """
        answers: Answers = {}
        for of in tries:
            for viewer in viewers:
                alike: dict[str, list[tuple[Try, Answer]]] = defaultdict(list)
                for each in of(viewer):
                    if prepare:
                        await prepare()
                    answer = await self.asking.ask(viewer, each.request)
                    key = viewer.name, each.request.sent
                    answers[key] = answer.body
                    self.take(viewer, each, answer, way)
                    if before is not None and key in before:
                        self.repeated += 1
                        if found := difference(before[key].encode(), answer.body.encode()):
                            self._report("changed answer", viewer, way, each, found)
                    if each.group:
                        alike[each.group].append((each, answer))
                for group in alike.values():
                    self.compare(viewer, group, way)
        return answers

    def take(self, viewer: Part, each: Try, answer: Answer, way: str) -> None:
        """Hold an answer against what its asker may meet."""
        self.by_way[way] += 1
        self.targets.learn(viewer, answer.body)
        counts = self.counts[viewer.name]
        counts.requests += 1
        counts.tries[each.whose] += 1
        counts.statuses[answer.status] += 1
        found = answer.marks
        if strange := self.census.foreign(viewer, found, each.request.sent):
            self._report("foreign row", viewer, way, each, f"met {strange}")
        counts.met |= found & self.census.met(viewer)
        if answer.status >= 500 or "INTERNAL_SERVER_ERROR" in answer.body:
            self._report("fault", viewer, way, each, f"{answer.status} {answer.body[:500]}")
        if viewer is not NOBODY and "private" not in answer.headers.get("cache-control", ""):
            self._report("shared cache", viewer, way, each, f"cache-control: {answer.headers.get('cache-control')}")

    def compare(self, viewer: Part, group: Sequence[tuple[Try, Answer]], way: str) -> None:
        """The answer for a hidden row is, byte for byte, the one for a row that does not exist."""
        unknown = [self._bare(each, answer) for each, answer in group if each.whose == UNKNOWN]
        for each, answer in group:
            if each.whose == HIDDEN and unknown:
                self.compared += 1
                if (mine := self._bare(each, answer)) != unknown[0]:
                    self._report("existence", viewer, way, each, _where_they_part(mine, unknown[0]))

    def _bare(self, each: Try, answer: Answer) -> str:
        """The answer without what was asked for, and without the ids of rows that the request itself has made."""
        return ID.sub(lambda id_: id_[0] if id_[0] in self.census.ids else "<new>", _without_target(each, answer))

    def _report(self, kind: str, viewer: Part, way: str, each: Try, what: str) -> None:
        self.findings.append(Finding(kind, viewer.name, way, str(each.request), what))


def graphql_tries(found: Sequence[Question], targets: Targets) -> list[Tries]:
    """What the questions try: the first of each root field everything as everybody, the others a part of it in turn."""
    first = {question.root: number for number, question in reversed(list(enumerate(found)))}

    def tries_of(number: int, question: Question) -> Tries:
        def tries(viewer: Part) -> Iterator[Try]:
            tried = requests.of_question(question, targets, viewer)
            if first[question.root] == number:
                return requests.widened(tried)
            return requests.thinned(tried, viewer, number) if requests.asks(viewer, number) else iter(())

        return tries

    return [tries_of(number, question) for number, question in enumerate(found)]


def rest_tries(found: Iterable[Route], targets: Targets) -> list[Tries]:
    """What the routes try."""

    def tries_of(route: Route) -> Tries:
        return lambda viewer: requests.of_route(route, targets, viewer)

    return [tries_of(route) for route in found]


def reading_routes(asking: Asking) -> list[Route]:
    """Every route that changes nothing."""
    return [route for route in load_routes(asking.world.gateway.graph) if not requests.changes(route)]


def _where_they_part(one: str, other: str) -> str:
    """The two texts around the first place where they differ."""
    pairs = enumerate(zip(one, other, strict=False))
    at = max(0, next((place for place, (a, b) in pairs if a != b), min(len(one), len(other))) - 80)
    return f"{one[at : at + 160]!r} ≠ {other[at : at + 160]!r}"


def _without_target(each: Try, answer: Answer) -> str:
    """The answer, with the value that was asked for taken out."""
    assert each.target is not None
    value = each.target.value
    text = answer.whole
    for item in value if isinstance(value, list) else [value]:
        # Another argument may be what is unknown; and a message that repeats a value cuts it.
        spelled = {str(item), *(found_in(str(item))), UNKNOWN_TEXT}
        if len(repr(str(item))) > MOST_REPEATED:
            spelled.add(repr(str(item))[:MOST_REPEATED])
        for spelling in sorted(spelled, key=len, reverse=True):
            text = text.replace(spelling, "<asked>")
    return _OF_THE_MOMENT.sub("<now>", text)
