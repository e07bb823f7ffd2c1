"""A participant's tools as a document to be printed: plain values in the order of a book, no HTML.

    document: lang, title, author, description, generator, created, cover, contents (whether there is a table), chapters
    cover:    brand, kicker, title, facts [[label, value], …]
    chapter:  id, title, note, sections [{title, answers [{label, value}]}], sources [{label, tool, note, value}]

A ``value`` is an answer as stored; ``None`` for what is not there yet.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import orjson

from db.catalogue import Question
from db.models.tools import Json, SubmissionStatus
from resolvers.refusals import TooLarge
from resolvers.tools.answers import is_empty
from resolvers.tools.participant import Participant, ToolView
from resolvers.tools.values import Dependency

BRAND = "Fast Track"

MAX_PDF_WEIGHT = 5_000_000
"""Weight of a document that is printed; see ``weight``."""

ITEM_WEIGHT = 200
"""What an item of a list, a row or a cell weighs beside its bytes: laying it out takes as long as that much text."""

_STATUS = {
    SubmissionStatus.DRAFT: "Draft",
    SubmissionStatus.IN_PROGRESS: "In progress",
    SubmissionStatus.SUBMITTED: "Submitted",
    SubmissionStatus.COMPLETED: "Approved",
}


def tool_document(view: ToolView, now: datetime) -> dict[str, Any]:
    """One tool with what it builds on. Raises ``TooLarge``."""
    submission = view.submission
    assert submission is not None
    facts = [["Status", _STATUS[submission.status]], ["Version", str(submission.version)]]
    return _document(view.participant, f"Sprint {view.tool.sprint}", view.tool.name, [view], facts, now)


def book_document(participant: Participant, views: Sequence[ToolView], now: datetime) -> dict[str, Any]:
    """Several tools of one person, with a table of contents. Raises ``TooLarge``."""
    facts = [["Completed tools", str(len(views))]]
    return _document(participant, "Programme book", participant.account.full_name, views, facts, now, contents=True)


def weight(value: Json) -> int:
    """What printing a value takes, in bytes of plain text that take as long."""
    return len(orjson.dumps(value)) + ITEM_WEIGHT * _items(value)


def instead_of(*, book: bool) -> str:
    """What to ask for where a PDF cannot be had: a sentence."""
    if book:
        return "A book has no other form. Export its tools one by one."
    return "Ask for format=json, which has no such limit."


def day(moment: datetime) -> str:
    """``3 March 2026``."""
    return f"{moment.day} {moment:%B} {moment.year}"


def _document(
    participant: Participant,
    kicker: str,
    title: str,
    views: Sequence[ToolView],
    facts: list[list[str]],
    now: datetime,
    *,
    contents: bool = False,
) -> dict[str, Any]:
    owner = participant.account
    company = participant.company.name if participant.company else None
    whose = [["Name", owner.full_name], *([["Organisation", company]] if company else []), ["Date", day(now)]]
    chapters = [_chapter(view) for view in views]
    if (heavy := weight(chapters)) > MAX_PDF_WEIGHT:
        raise TooLarge(
            f"The answers weigh {heavy:,}; a PDF can hold {MAX_PDF_WEIGHT:,} (bytes, and {ITEM_WEIGHT} for each item"
            f" of a list). {instead_of(book=contents)}"
        )
    return {
        "lang": "en",  # of the labels; the language of answers is not known
        "title": title if contents else f"{title} – {owner.full_name}",
        "author": owner.full_name,
        "description": f"{BRAND}: {kicker}, {title}",
        "generator": "Fast Track Graph",
        "created": now.date().isoformat(),
        "cover": {"brand": BRAND, "kicker": kicker, "title": title, "facts": whose + facts},
        "contents": contents,
        "chapters": chapters,
    }


def _chapter(view: ToolView) -> dict[str, Any]:
    submission = view.submission
    assert submission is not None
    at = submission.submitted_at or submission.updated_at
    return {
        "id": f"tool-{view.tool.slug}",
        "title": view.tool.name,
        "note": f"{_STATUS[submission.status]} · {day(at)} · version {submission.version}",
        "sections": list(_sections(view)),
        "sources": [_source(item) for item in view.dependencies()],
    }


def _sections(view: ToolView) -> Iterator[dict[str, Any]]:
    """The tool's own sections in their order; what stands in none comes after them, and unknown keys last."""
    answers = view.answers
    by_section: dict[str | None, list[Question]] = {}
    for question in view.tool.questions:
        by_section.setdefault(question.section, []).append(question)
    without = by_section.pop(None, [])
    for section, questions in by_section.items():
        yield _section(section or "", questions, answers)
    if without:
        yield _section("More answers" if by_section else "Answers", without, answers)
    unknown = [key for key in answers if key not in view.tool.question_by_key]
    if unknown:
        entries = [{"label": key, "value": _value(answers[key])} for key in unknown]
        yield {"title": "Kept beside the questions", "answers": entries}


def _section(title: str, questions: Sequence[Question], answers: dict[str, Json]) -> dict[str, Any]:
    entries = [{"label": question.label, "value": _value(answers.get(question.key))} for question in questions]
    return {"title": title, "answers": entries}


def _source(item: Dependency) -> dict[str, Any]:
    changed = " · has changed since" if item.stale else ""
    note = f"version {item.source_version}{changed}" if item.source_version else ""
    return {"label": item.label, "tool": item.source_tool.name, "note": note, "value": _value(item.value)}


def _value(value: Json) -> Json:
    return None if is_empty(value) else value


def _items(value: Json) -> int:
    count, stack = 0, [value]
    while stack:
        item = stack.pop()
        if isinstance(item, dict | list):
            count += len(item)
            stack += item.values() if isinstance(item, dict) else item
    return count
