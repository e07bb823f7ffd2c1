"""What a variable is filled with: ids of one's own, of those one sees, of those one must not see, of nobody."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLSchema,
    is_required_input_field,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from db.catalogue import Catalogue
from db.viewer import Role
from graphql_api import global_id
from tests.isolation.cast import Cast, Part
from tests.isolation.catalogue import ACCOUNTS, COMPANIES, tables
from tests.isolation.pieces import Slot
from tests.isolation.rules import accounts, company, rule_of, visible

UNKNOWN = UUID("5eed5eed-0000-4000-8000-00000000dead")
"""A row's id that no row has."""

UNKNOWN_TEXT = "zq-no-such-text-qz"
"""A text that stands nowhere."""

_CURSOR = re.compile(r'"(?:endC|startC|c)ursor":"([^"]+)"')

OWN, SEEN, HIDDEN, NOBODY = "own", "visible", "hidden", "unknown"


@dataclass(frozen=True, slots=True)
class Target:
    """A value for a variable: whose it is to the viewer, and its form; of one form a hidden one is like an unknown."""

    whose: str
    form: str
    value: Any
    name: str = ""


@dataclass(slots=True)
class Targets:
    """Values for the variables of this schema, in this database."""

    schema: GraphQLSchema
    catalogue: Catalogue
    cast: Cast
    keys: Mapping[str, Mapping[str, UUID]]
    """By table, a row of each person or tenant."""
    addresses: Mapping[str, str]
    """The mail address of each person."""
    texts: Mapping[str, str]
    """The marked name of each person and tenant."""
    cursors: dict[str, str] = field(default_factory=dict)
    """The first cursor that each admin was given."""

    def learn(self, viewer: Part, answer: str) -> None:
        """Take a cursor out of an admin's answer, to be tried by the others."""
        if viewer.role is Role.ADMIN and viewer.name not in self.cursors and (found := _CURSOR.search(answer)):
            self.cursors[viewer.name] = found[1]

    def of(self, viewer: Part, slot: Slot, narrowed: str | None = None) -> list[Target]:
        """Values to try one after another; the first is what the variable is when another one is tried."""
        is_list = slot.kind.startswith("[")
        found = list(self._of(viewer, slot, narrowed))
        if is_list:
            found = [Target(each.whose, each.form, [each.value], each.name) for each in found]
        return found

    def _of(self, viewer: Part, slot: Slot, narrowed: str | None) -> Iterator[Target]:
        argument = slot.meaning.rpartition(".")[2].lower()
        if slot.names_a_row:
            yield from self._rows(viewer, slot, argument, narrowed)
        elif slot.bare == "FieldId" or argument in ("key", "fieldid"):
            fields = list(self.catalogue.fields)
            yield from (Target(OWN, "field", fields[index]) for index in (0, len(fields) // 2))
        elif slot.bare == "String" and argument in ("tool", "slug", "toolslug"):
            tools = self.catalogue.tools
            yield from (Target(OWN, "tool", tools[index].slug) for index in (0, 1, -1))
        elif slot.bare == "String" and argument in ("after", "before", "cursor"):
            yield Target(OWN, "cursor", None)
            for name, cursor in self.cursors.items():
                if name != viewer.name:
                    yield Target(SEEN, "cursor", cursor, name)
        elif slot.bare == "String" and argument == "email":
            yield Target(NOBODY, "address", f"{UNKNOWN_TEXT}@nowhere.example")
            names = [name for name in self._strangers(viewer) if name in self.addresses]
            yield from (Target(HIDDEN, "address", self.addresses[name], name) for name in names)
        elif slot.bare == "String":
            yield Target(OWN, "text", self.texts.get(viewer.asks_for or viewer.name, ""))
            yield Target(NOBODY, "text", UNKNOWN_TEXT)
            yield from (Target(HIDDEN, "text", self.texts[name], name) for name in self._strangers(viewer))
        else:
            yield Target(OWN, "value", self._made(slot.bare))

    def _rows(self, viewer: Part, slot: Slot, argument: str, narrowed: str | None) -> Iterator[Target]:
        kind = narrowed if slot.returns == "Node" and narrowed else slot.returns
        node = self.schema.type_map.get(kind)
        tool = node is not None and "Tool" in {each.name for each in getattr(node, "interfaces", ())}
        if kind == "ToolDefinition":
            slugs = [self.catalogue.tools[index].slug for index in (0, -1)]
            yield from (Target(OWN, "global id", global_id.encode(kind, slug)) for slug in slugs)
        elif kind == "Organization" or "organi" in argument or "company" in argument:
            yield from self._forms(viewer, COMPANIES, "Organization", bare=slot.returns != "Node")
        elif kind == "Participant" or tool or "user" in argument:
            yield from self._forms(viewer, ACCOUNTS, kind if tool else "Participant", bare=slot.returns != "Node")
        else:
            for table in self.keys:
                if not table.startswith("sprint_") or table == next(filter(_of_tool, self.keys)):
                    yield from self._forms(viewer, table, kind, bare=slot.returns != "Node")

    def _forms(self, viewer: Part, table: str, kind: str, *, bare: bool) -> Iterator[Target]:
        """Each row as its UUID, and some as global ids; of an ID that is no other type's."""
        for whose, name, id_ in self._whose(viewer, table):
            if bare:
                yield Target(whose, f"{table} id", str(id_), name)
            yield Target(whose, f"global id of {kind} {table}", global_id.encode(kind, id_), name)

    def _whose(self, viewer: Part, table: str) -> Iterator[tuple[str, str, UUID]]:
        """The viewer's own row, one of each kind that the viewer sees, one of each that is hidden, and none."""
        rows = self.keys[table]
        person = viewer.asks_for or viewer.name
        own = person if person in rows else viewer.tenant
        if own is not None and own in rows:
            yield OWN, own, rows[own]
        yield NOBODY, "", UNKNOWN
        met: set[tuple[bool, str | None]] = set()
        for name, id_ in rows.items():
            tenant = self._tenant(name)
            somebody = name if name in self.cast.people else None
            seen = visible(viewer, rule_of(table, "id"), somebody, tenant)
            if name != own and (seen, tenant) not in met:
                met.add((seen, tenant))
                yield SEEN if seen else HIDDEN, name, id_

    def _strangers(self, viewer: Part) -> Iterator[str]:
        """A person and a tenant whom the viewer must not see, of each other tenant."""
        for tenant in self.cast.companies:
            person = f"{tenant}-ann"
            if person != (viewer.asks_for or viewer.name) and not visible(viewer, accounts, person, tenant):
                yield person
            if not visible(viewer, company, None, tenant):
                yield tenant

    def _tenant(self, name: str) -> str | None:
        return self.cast.parts[name].tenant if name in self.cast.parts else name

    def _made(self, kind: str) -> Any:
        """Any value of a type; of an input only what it requires."""
        named = self.schema.type_map[kind]
        if isinstance(named, GraphQLEnumType):
            return next(iter(named.values))
        if isinstance(named, GraphQLInputObjectType):
            return {
                name: self._made(str(each.type).strip("[]!"))
                for name, each in named.fields.items()
                if is_required_input_field(each)
            }
        match kind:
            case "Int" | "Float":
                return 1
            case "Boolean":
                return False
            case "JSON":
                return {}
            case "DateTime":
                return "2003-04-05T06:07:08Z"
            case "ID" | "UUID":
                return str(UNKNOWN)
        return UNKNOWN_TEXT


async def targets(owner: AsyncConnection, schema: GraphQLSchema, catalogue: Catalogue, cast: Cast) -> Targets:
    """Look up the keys and the names."""
    keys: dict[str, dict[str, UUID]] = {}
    for table in (await tables(owner)).values():
        if len(table.key) != 1 or not table.owned:
            continue
        rows = await owner.exec_driver_sql(
            f'SELECT {table.person or table.company} AS whose, "{table.key[0]}" AS key'
            f" FROM {table.name} AS t ORDER BY 1, 2"
        )
        found = {cast.named(row.whose): row.key for row in rows if isinstance(row.key, UUID)}
        if found:
            keys[table.name] = {name: found[name] for name in (*cast.parts, *cast.companies) if name in found}
    people = (await owner.exec_driver_sql("SELECT id, full_name, email FROM users.accounts")).all()
    companies = await owner.exec_driver_sql("SELECT id, name FROM organizations.companies")
    texts = {cast.named(row[0]): _mark(row[1]) for row in (*people, *companies)}
    addresses = {name: row.email for row in people if (name := cast.named(row.id))}
    return Targets(schema, catalogue, cast, keys, addresses, {name: text for name, text in texts.items() if name})


def _mark(name: str) -> str:
    found = re.search(r"zq\w+qz", name)
    return found[0] if found else name


def _of_tool(table: str) -> bool:
    return table.startswith("sprint_")
