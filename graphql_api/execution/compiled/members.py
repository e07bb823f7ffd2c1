"""An organisation's members: a page of people, each a row of one statement."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import FieldNode

from graphql_api.cursor import encode_cursor
from graphql_api.execution.compiled.columns import TYPENAME
from graphql_api.execution.compiled.compilation import Compilation
from graphql_api.execution.compiled.declined import Declined
from graphql_api.execution.compiled.layout import Person
from graphql_api.execution.compiled.leaves import NULL, written
from graphql_api.execution.compiled.people import ORGANIZATION, company_field, participant
from graphql_api.execution.compiled.template import Hole, Part, Template, Written, an_object

Nodes = Sequence[FieldNode]


@dataclass(frozen=True, slots=True)
class Page:
    """Members as they came, and how the list goes on."""

    people: Sequence[Person]
    total: str
    has_next: bool
    has_previous: bool


@dataclass(slots=True)
class Organization:
    """A template for an organisation with at most one page of members."""

    template: Template
    nodes: Nodes | None
    """The ``members`` field, whose arguments are bound for each request."""
    counted: bool
    at: int


def organization(made: Compilation, nodes: Nodes) -> Organization:
    """An organisation; its columns come with every row, so they are read of the first."""
    made.layout.with_company = True
    members: list[tuple[str, list[Part]]] = []
    paged: Nodes | None = None
    at = made.layout.column("company.id::text")
    counted = False
    selected = made.selection.fields(ORGANIZATION, nodes)
    for key, found in selected.items():
        name = found[0].name.value
        if name == "members":
            if paged is not None:
                raise Declined("two pages of members in one operation")
            paged = found
            parts, counted = _connection(made, found)
            page = Template(parts)
            members.append((key, [Written("", page.cost), _on_page(page)]))
        else:
            part = company_field(made, name)
            members.append((key, [part if isinstance(part, str | Written) else _on_row(part)]))
    return Organization(Template(an_object(members, made.own(ORGANIZATION, selected))), paged, counted, at)


def _connection(made: Compilation, nodes: Nodes) -> tuple[list[Part], bool]:
    members: list[tuple[str, list[Part]]] = []
    counted = False
    selected = made.selection.fields("MemberConnection", nodes)
    for key, found in selected.items():
        match found[0].name.value:
            case "edges":
                members.append((key, [_edges(made, found)]))
            case "pageInfo":
                members.append((key, _page_info(made, found)))
            case "totalCount":
                counted = True
                members.append((key, [_total]))
            case name if name == TYPENAME:
                members.append((key, ['"MemberConnection"']))
            case name:
                raise Declined(f"MemberConnection.{name} is not declared as data")
    return an_object(members, made.own("MemberConnection", selected)), counted


def _edges(made: Compilation, nodes: Nodes) -> Hole:
    members: list[tuple[str, list[Part]]] = []
    selected = made.selection.fields("MemberEdge", nodes)
    for key, found in selected.items():
        match found[0].name.value:
            case "node":
                members.append((key, participant(made, found)))
            case "cursor":
                members.append((key, [_cursor(made)]))
            case name if name == TYPENAME:
                members.append((key, ['"MemberEdge"']))
            case name:
                raise Declined(f"MemberEdge.{name} is not declared as data")
    template = Template(an_object(members, made.own("MemberEdge", selected)))

    def write(page: Page) -> str:
        return f"[{','.join([template.fill_for(person, person) for person in page.people])}]"

    return write


def _page_info(made: Compilation, nodes: Nodes) -> list[Part]:
    cursor = _cursor(made)
    holes: Mapping[str, Part] = {
        "hasNextPage": _has_next,
        "hasPreviousPage": _has_previous,
        "startCursor": _cursor_at(cursor, 0),
        "endCursor": _cursor_at(cursor, -1),
        TYPENAME: '"PageInfo"',
    }
    members = []
    selected = made.selection.fields("PageInfo", nodes)
    for key, (node, *_) in selected.items():
        if node.name.value not in holes:
            raise Declined(f"PageInfo.{node.name.value} is not declared as data")
        members.append((key, [holes[node.name.value]]))
    return an_object(members, made.own("PageInfo", selected))


def _cursor(made: Compilation) -> Callable[[Person], str]:
    name = made.layout.column("person.full_name")

    def write(person: Person) -> str:
        return written(encode_cursor([person.record[name], person.id]))

    return write


def _cursor_at(cursor: Callable[[Person], str], position: int) -> Hole:
    def write(page: Page) -> str:
        return cursor(page.people[position]) if page.people else NULL

    return write


def _on_page(template: Template) -> Hole:
    def write(found: tuple[Person, Page]) -> str:
        return template.fill(found[1])

    return write


def _on_row(hole: Hole) -> Hole:
    def write(found: tuple[Person, Page]) -> Any:
        return hole(found[0])

    return write


def _total(page: Page) -> str:
    return page.total


def _has_next(page: Page) -> str:
    return "true" if page.has_next else "false"


def _has_previous(page: Page) -> str:
    return "true" if page.has_previous else "false"
