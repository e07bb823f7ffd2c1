"""Objects whose fields are columns of one row: accounts, organisations, progress, submissions."""

from collections.abc import Sequence

from graphql import FieldNode

from db.catalogue import Tool
from db.statements.literals import quoted
from graphql_api.declarations import COLUMNS
from graphql_api.execution.compiled.compilation import Compilation
from graphql_api.execution.compiled.declined import Declined
from graphql_api.execution.compiled.layout import Person, literal
from graphql_api.execution.compiled.leaves import Check, plain_answers
from graphql_api.execution.compiled.template import Hole, Part, Template, Written, an_object

TYPENAME = "__typename"


def column(made: Compilation, type_name: str, field: str, row: str) -> Hole | None:
    """The hole for a field that is a column of ``row``; ``None`` when it is none."""
    found = made.column(type_name, field)
    if found is None:
        return None
    at = made.layout.column(literal(found, row))

    def write(person: Person) -> str:
        text: str = person.record[at]
        return text

    return write


def progress(made: Compilation, tool: Tool, nodes: Sequence[FieldNode]) -> list[Part]:
    """A progress object, written whole by PostgreSQL: there can be hundreds in an answer."""
    terms: list[str] = []
    constant = ""
    opening = "{"
    selected = made.selection.fields("Progress", nodes)
    for key, (node, *_) in selected.items():
        constant += f'{opening}"{key}":'
        opening = ","
        name = node.name.value
        if name == TYPENAME:
            constant += '"Progress"'
            continue
        found = made.column("Progress", name)
        if found is None:
            raise Declined(f"Progress.{name} is not declared as data")
        if found.words:
            terms.append(literal(found, "p", constant))
        else:
            terms += [quoted(constant), literal(found, "p")]
        constant = ""
    terms.append(quoted(constant + ("}" if opening == "," else "{}")))
    number = made.layout.fragment(tool, " || ".join(terms))
    slug = tool.slug

    def write(person: Person) -> str:
        return person.progress[number][slug]

    return [Written("", made.own("Progress", selected)), write]


def submission(made: Compilation, tool: Tool, nodes: Sequence[FieldNode]) -> Hole:
    """A submission object, or null before there is one."""
    members: list[tuple[str, list[Part]]] = []
    selected = made.selection.fields("Submission", nodes)
    for key, (node, *_) in selected.items():
        name = node.name.value
        if name == TYPENAME:
            members.append((key, ['"Submission"']))
            continue
        found = made.column("Submission", name)
        if found is None:
            raise Declined(f"Submission.{name} is not declared as data")
        if name == "data":
            refuse_sensitive(tool)
        part = part_of_submission(made.layout.submission(tool, found), plain_answers if name == "data" else None)
        members.append((key, [part]))
    made.layout.submission(tool, COLUMNS["Submission"]["version"])  # a row, even where nothing of it is selected
    template = Template(an_object(members, made.own("Submission", selected)))
    slug = tool.slug

    def write(person: Person) -> str:
        parts = person.submissions.get(slug)
        return template.fill_for(person, parts) if parts is not None else "null"

    return write


def refuse_sensitive(tool: Tool) -> None:
    """Raise ``Declined`` where the answers of a tool may be encrypted: PostgreSQL cannot write them."""
    if tool.sensitive_names:
        raise Declined(f"some answers to {tool.slug} are stored encrypted")


def part_of_submission(at: int, check: Check | None) -> Hole:
    """The hole for one part of a submission's row."""

    def write(parts: Sequence[str]) -> str:
        return check(parts[at]) if check else parts[at]

    return write
