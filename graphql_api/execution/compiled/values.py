"""Published values and answers as they stand."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from graphql import FieldNode

from db.catalogue import Tool
from db.encryption import is_sealed
from graphql_api.declarations import COLUMNS, Declared
from graphql_api.execution.compiled.columns import TYPENAME, refuse_sensitive
from graphql_api.execution.compiled.compilation import Compilation
from graphql_api.execution.compiled.declined import Declined, Unanswerable
from graphql_api.execution.compiled.layout import Person
from graphql_api.execution.compiled.leaves import CHECKS, NULL, Check, an_answer, part_of, plain_answers, written
from graphql_api.execution.compiled.template import Hole, Part, Template, an_object

_DATA = COLUMNS["Submission"]["data"]


def published(made: Compilation, declared: Declared) -> Hole:
    """A bare published value of the type that its field declares."""
    assert declared.field_id is not None
    assert declared.json_type is not None
    field_id, path = declared.field_id, declared.value_path
    made.layout.value(field_id)
    check = CHECKS[declared.json_type]
    if path:

        def part(person: Person) -> str:
            return part_of(person.values.get(field_id, NULL), path)

        return part
    if check is None:

        def any_json(person: Person) -> str:
            return person.values.get(field_id, NULL)

        return any_json

    def checked(person: Person) -> str:
        return check(person.values.get(field_id, NULL))

    return checked


def unpublished(made: Compilation, tool: Tool, declared: Declared) -> Hole:
    """An answer that nothing builds on: it is read from the submission."""
    assert declared.key is not None
    assert declared.json_type is not None
    if tool.is_sensitive(declared.key):
        raise Declined(f"{tool.slug}.{declared.key} is stored encrypted")
    answers = _answers(made, tool, an_answer)
    key, check = declared.key, CHECKS[declared.json_type]

    def write(person: Person) -> str:
        value = answers(person).get(key)
        if is_sealed(value):
            raise Unanswerable("a stored answer is encrypted")
        raw = written(value)
        return check(raw) if check else raw

    return write


def answers(made: Compilation, tool: Tool) -> Hole:
    """All answers as stored."""
    refuse_sensitive(tool)
    at, slug = made.layout.submission(tool, _DATA), tool.slug

    def write(person: Person) -> str:
        parts = person.submissions.get(slug)
        return plain_answers(parts[at]) if parts is not None else "{}"

    return write


def responses(made: Compilation, tool: Tool, nodes: Sequence[FieldNode]) -> Hole:
    """Each question with its answer."""
    refuse_sensitive(tool)
    kind = made.selection.schema.type_map["QuestionAnswer"]
    templates = []
    for question in tool.questions:
        members: list[tuple[str, list[Part]]] = []
        selected = made.selection.fields("QuestionAnswer", nodes)
        for key, found in selected.items():
            match found[0].name.value:
                case "question":
                    type_: Any = kind
                    text = made.constants.json((tool, question), type_.fields["question"].type, found)
                    members.append((key, [text]))
                case "text":
                    members.append((key, [_text_of(question.key)]))
                case "data":
                    members.append((key, [_data_of(question.key)]))
                case name if name == TYPENAME:
                    members.append((key, ['"QuestionAnswer"']))
                case name:
                    raise Declined(f"QuestionAnswer.{name} is not declared as data")
        templates.append(Template(an_object(members, made.own("QuestionAnswer", selected))))
    given = _answers(made, tool, plain_answers)

    def write(person: Person) -> str:
        data = given(person)
        return f"[{','.join([template.fill_for(person, data) for template in templates])}]"

    return write


def _text_of(key: str) -> Hole:
    def write(data: Mapping[str, Any]) -> str:
        value = data.get(key)
        return written(value) if isinstance(value, str) else NULL

    return write


def _data_of(key: str) -> Hole:
    def write(data: Mapping[str, Any]) -> str:
        return written(data.get(key))

    return write


def _answers(made: Compilation, tool: Tool, check: Check) -> Any:
    at, slug = made.layout.submission(tool, _DATA), tool.slug

    def read(person: Person) -> Any:
        parts = person.submissions.get(slug)
        return orjson.loads(check(parts[at])) if parts is not None else {}

    return read
