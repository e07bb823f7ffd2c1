"""Everybody listens to everything, with the ids of everybody, while something happens to everybody's work."""

import asyncio
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from uuid import UUID

from graphql import OperationType
from sqlalchemy import text

from db.models.outbox import FactKind
from graphql_api.authentication import AuthenticationError
from graphql_api.exchange import Exchange
from graphql_api.live.visits import Visit
from tests.isolation import requests
from tests.isolation.asking import Answer, Request
from tests.isolation.cast import Part
from tests.isolation.examination import Examination, Finding
from tests.isolation.listeners import Listener, Pulse
from tests.isolation.questions import Question, questions
from tests.isolation.requests import Try
from tests.isolation.rules import work
from tests.isolation.targets import HIDDEN, NOBODY, OWN, SEEN

WAY = "subscription"

DETAILS = {
    FactKind.PROGRESS_CHANGED: {"from": "unlocked", "to": "in_progress"},
    FactKind.TOOL_UNLOCKED: {},
    FactKind.FIELD_CHANGED: {},
    FactKind.STALE_CHANGED: {"stale": True},
}
"""What happens to everybody, once of each kind."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What was listened to. ``refused``: viewers who may not listen at all; ``met``: events that came, by viewer."""

    asked: frozenset[str]
    listeners: int
    refused: frozenset[str]
    met: Mapping[str, int]


async def listen_to_everything(examination: Examination, share: int = 1) -> Heard:
    """Every subscription; where ``share`` is more than one each viewer listens to a part of them, in turn."""
    targets = examination.targets
    asked: set[str] = set()
    found = list(questions(targets.schema, OperationType.SUBSCRIPTION, asked))
    refused, listeners, pulse = set[str](), list[Listener](), Pulse()
    async with asyncio.TaskGroup() as group:
        running = []
        for number, viewer in enumerate(targets.cast.parts.values()):
            visit = _visit(examination, viewer)
            if visit is None or not await _welcome(visit):
                refused.add(viewer.name)
                continue
            for listener in _attempts(examination, pulse, viewer, found, number, share):
                listeners.append(listener)
                running.append(group.create_task(listener.listen(visit)))
        pulse.beat()
        for listener in listeners:
            assert await listener.hears(lambda each: bool(each.messages)), f"nothing is said to {listener.viewer.name}"
        owners = await _happen(examination)
        pulse.beat()
        met = await _judge(examination, listeners, owners)
        for task in running:
            task.cancel()
    return Heard(frozenset(asked), len(listeners), frozenset(refused), met)


def _visit(examination: Examination, viewer: Part) -> Visit | None:
    """The viewer's connection; none for those who have no token."""
    headers = examination.asking.identity(viewer)
    scope = {"method": "POST", "path": "/graphql", "headers": [], "client": ("192.0.2.1", 1), "query_string": b""}
    exchange = Exchange(scope, _unused, _unused)
    try:
        return Visit(examination.asking.world.gateway, exchange, headers.get("Authorization"))
    except AuthenticationError:
        return None


async def _unused(*_: Any) -> Any:
    raise AssertionError


async def _welcome(visit: Visit) -> bool:
    try:
        await visit.context()
    except AuthenticationError:
        return False
    return True


def _attempts(
    examination: Examination, pulse: Pulse, viewer: Part, found: Sequence[Question], number: int, share: int
) -> Iterator[Listener]:
    """With everything, each question with every id; else one question of each subscription with a few."""
    roots: dict[str, list[Question]] = defaultdict(list)
    for question in found:
        roots[question.root].append(replace(question, text=_with_id(question)))
    for of_root in roots.values():
        for question in of_root if share == 1 else [of_root[number % len(of_root)]]:
            tried = list(_listeners(examination, pulse, viewer, question))
            yield from tried if share == 1 else _few(tried, number)


def _listeners(examination: Examination, pulse: Pulse, viewer: Part, question: Question) -> Iterator[Listener]:
    """A listener for each person and each organisation that can be named; one follows either, never both."""
    targets = examination.targets
    kind = "".join(f"_{char.lower()}" if char.isupper() else char for char in question.root)
    whose = [slot for slot in question.slots if slot.meaning.startswith("Subscription.") and slot.names_a_row]
    if not whose:
        for attempt in requests.of_question(question, targets, viewer):
            yield Listener(pulse, viewer, attempt, kind, viewer.name)
        return
    base = {slot.name: None if slot in whose else targets.of(viewer, slot)[0].value for slot in question.slots}
    for slot in whose:
        for target in targets.of(viewer, slot, question.narrowed):
            body: dict[str, Any] = {"query": question.text, "variables": {**base, slot.name: target.value}}
            group = f"{question.text}\n{slot.name}\n{target.form}" if target.whose in (HIDDEN, NOBODY) else ""
            attempt = Try(Request("POST", "/graphql", json=body), group, target)
            yield Listener(pulse, viewer, attempt, kind, target.name)


def _with_id(question: Question) -> str:
    """The text, which asks for each event's id as well: not all parts of a large question do."""
    begin = re.compile(rf"({question.root}(?:\([^)]*\))? {{ )")
    return begin.sub(r"\1__typename ... on ToolEvent { id } ", question.text, count=1)


def _few(tried: Sequence[Listener], number: int) -> Iterator[Listener]:
    """One's own, one that is seen, one hidden row with what is asked of no row in its form."""
    for whose in (OWN, SEEN, HIDDEN):
        if those := [each for each in tried if each.attempt.whose == whose]:
            chosen = those[0 if whose == OWN else number % len(those)]
            yield chosen
            if whose == HIDDEN:
                group = chosen.attempt.group
                yield from (each for each in tried if each.attempt.whose == NOBODY and each.attempt.group == group)


async def _happen(examination: Examination) -> dict[str, tuple[str, str | None, str]]:
    """Something of each kind happens to everybody; person, tenant and kind by the event's id."""
    world, cast = examination.asking.world, examination.targets.cast
    fields = list(world.catalogue.fields)
    tool = world.catalogue.fields[fields[0]].tool.slug
    owners: dict[str, tuple[str, str | None, str]] = {}
    for name, person in cast.people.items():
        async with world.as_owner() as owner:
            for kind, details in DETAILS.items():
                ids = [fields[0], fields[len(fields) // 2]] if kind is FactKind.FIELD_CHANGED else []
                added: UUID = await owner.scalar(
                    text(
                        "INSERT INTO outbox.events (at, kind, user_id, organization_id, tool_slug, field_ids, details)"
                        " SELECT now(), :kind, id, organization_id, :tool, :fields, CAST(:details AS jsonb)"
                        " FROM users.accounts WHERE id = :person RETURNING id"
                    ),
                    {
                        "kind": kind.value,
                        "tool": tool,
                        "fields": ids,
                        "details": json.dumps(details),
                        "person": person,
                    },
                )
                owners[str(added)] = name, cast.parts[name].tenant, kind.value
    return owners


def _all_of(wanted: set[str], listener: Listener) -> bool:
    return wanted <= set(listener.ids)


async def _judge(
    examination: Examination, listeners: Sequence[Listener], owners: Mapping[str, tuple[str, str | None, str]]
) -> dict[str, int]:
    """Hold what came against what may come. What has to come is waited for; by then what must not has come too."""
    met: dict[str, int] = defaultdict(int)
    alike: dict[tuple[str, str], list[tuple[Try, Answer]]] = defaultdict(list)
    for listener in listeners:
        viewer, attempt = listener.viewer, listener.attempt
        if listener.has_begun:
            owed = {
                id_
                for id_, (person, tenant, kind) in owners.items()
                if kind == listener.kind and listener.followed in (person, tenant) and work(viewer, person, tenant)
            }
            if not await listener.hears(partial(_all_of, owed)):
                missed = len(owed - set(listener.ids))
                what = f"missed {missed} of {len(owed)}"
                examination.findings.append(Finding("missed", viewer.name, WAY, str(attempt.request), what))
        for id_ in listener.ids:
            person, tenant, _ = owners[id_]
            met[viewer.name] += 1
            if not work(viewer, person, tenant):
                what = f"heard of {person}"
                examination.findings.append(Finding("foreign event", viewer.name, WAY, str(attempt.request), what))
        answer = Answer(200, {"cache-control": "private"}, json.dumps(listener.messages))
        examination.take(viewer, attempt, answer, WAY)
        if attempt.group:
            alike[viewer.name, attempt.group].append((attempt, answer))
    for (name, _), group in alike.items():
        examination.compare(examination.targets.cast.parts[name], group, WAY)
    return dict(met)
