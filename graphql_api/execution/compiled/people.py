"""A person with their tools, and the organisation they belong to."""

from collections.abc import Callable, Sequence
from typing import Any

from graphql import FieldNode

from db.catalogue import Tool
from db.models.tools import ProgressStatus
from graphql_api import global_id
from graphql_api.declarations import COLUMNS
from graphql_api.execution.compiled import columns
from graphql_api.execution.compiled.columns import TYPENAME
from graphql_api.execution.compiled.compilation import Compilation
from graphql_api.execution.compiled.declined import Declined
from graphql_api.execution.compiled.layout import Person, literal
from graphql_api.execution.compiled.leaves import NULL
from graphql_api.execution.compiled.names import Names
from graphql_api.execution.compiled.summary import next_tool, progress_summary
from graphql_api.execution.compiled.template import Hole, Part, Template, a_list, an_object
from graphql_api.execution.compiled.tools import stepped_to, tool
from graphql_api.ordering import in_order

PARTICIPANT = "Participant"
ORGANIZATION = "Organization"

Nodes = Sequence[FieldNode]

_STANDING: dict[str, Callable[[Compilation, Nodes], Hole]] = {
    "progressSummary": progress_summary,
    "nextTool": next_tool,
}


def participant(made: Compilation, nodes: Nodes) -> list[Part]:
    """A person."""
    members: list[tuple[str, list[Part]]] = []
    selected = made.selection.fields(PARTICIPANT, nodes)
    for key, found in selected.items():
        members.append((key, _field(made, found)))
    return an_object(members, made.own(PARTICIPANT, selected))


def company(made: Compilation, nodes: Nodes) -> Hole:
    """The organisation of the person in the row, as far as it is columns; null where the viewer may not see it."""
    made.layout.with_company = True
    members: list[tuple[str, list[Part]]] = []
    selected = made.selection.fields(ORGANIZATION, nodes)
    for key, (node, *_) in selected.items():
        members.append((key, [company_field(made, node.name.value)]))
    template = Template(an_object(members, made.own(ORGANIZATION, selected)))
    at = made.layout.column("company.id::text")

    def write(person: Person) -> str:
        return template.fill_for(person, person) if person.record[at] is not None else NULL

    return write


def company_field(made: Compilation, name: str) -> Part:
    """One field of the organisation in the row."""
    if name == TYPENAME:
        return f'"{ORGANIZATION}"'
    if name == "id":
        at = made.layout.column("company.id::text")

        def write(person: Person) -> str:
            return f'"{global_id.encode(ORGANIZATION, person.record[at])}"'

        return write
    hole = columns.column(made, ORGANIZATION, name, "company")
    if hole is None:
        raise Declined(f"{ORGANIZATION}.{name} is not declared as data here")
    return hole


def _field(made: Compilation, nodes: Nodes) -> list[Part]:
    name = nodes[0].name.value
    if name == TYPENAME:
        return [f'"{PARTICIPANT}"']
    if name == "id":
        return [_id]
    if name == "organization":
        return [company(made, nodes)]
    if name == "tool":
        return _tool(made, nodes)
    if name == "tools":
        return _tools(made, nodes)
    if name in _STANDING:
        return [_STANDING[name](made, nodes)]
    if hole := columns.column(made, PARTICIPANT, name, "person"):
        return [hole]
    return tool(made, stepped_to(made, PARTICIPANT, name), nodes)


def _id(person: Person) -> str:
    return f'"{global_id.encode(PARTICIPANT, person.id)}"'


def _tool(made: Compilation, nodes: Nodes) -> list[Part]:
    found = made.named(nodes[0], "slug", Names.TOOL)
    return tool(made, found, nodes) if isinstance(found, Tool) else [NULL]


def _tools(made: Compilation, nodes: Nodes) -> list[Part]:
    given = made.selection.arguments(PARTICIPANT, nodes[0])
    listed = in_order(made.catalogue, given["order"])
    status: ProgressStatus | None = given.get("status")
    items = [(each, tool(made, each, nodes)) for each in listed]
    if status is None:
        return a_list([parts for _, parts in items])
    return [_of_status(made, [(each, Template(parts)) for each, parts in items], status)]


def _of_status(made: Compilation, items: Sequence[tuple[Tool, Template]], status: ProgressStatus) -> Hole:
    column = COLUMNS["Progress"]["status"]
    numbers = {made.layout.fragment(each, literal(column, "p")) for each, _ in items}
    (number,) = numbers
    wanted = f'"{status.name}"'

    def write(person: Person) -> str:
        statuses: Any = person.progress[number]
        shown = [template for each, template in items if statuses[each.slug] == wanted]
        return f"[{','.join([template.fill_for(person, person) for template in shown])}]"

    return write
