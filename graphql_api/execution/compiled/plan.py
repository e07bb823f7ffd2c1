"""A compiled read: one statement, and a template that its rows fill."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from graphql import GraphQLError
from graphql.execution.values import VariableValues

from db.database import Reader, Record
from db.statements import identity as sql
from db.statements.viewer import Statement, as_account
from db.viewer import Role, Viewer
from graphql_api import global_id
from graphql_api.execution.compiled.declined import Unanswerable
from graphql_api.execution.compiled.layout import Layout, Person
from graphql_api.execution.compiled.leaves import NULL
from graphql_api.execution.compiled.template import Frame, Template
from resolvers.refusals import BadArgument

Binder = Callable[[VariableValues], Mapping[str, Any]]
"""The arguments of a field, from the variables of a request."""

Claimed = Viewer
"""The viewer that a token claims; the statement itself checks it."""


class UnknownViewer(Exception):
    """No account fits the claims of the token."""


class Answer(NamedTuple):
    """An answer's data as JSON text, what it costs, and whom it shows."""

    data: str
    cost: int
    people: Sequence[Person] = ()


class Plan(Protocol):
    """What every plan can do."""

    layout: Layout

    async def answer(self, read: Reader, claimed: Claimed, variables: VariableValues) -> Answer:
        """The answer's data. Raises ``UnknownViewer``, and ``Unanswerable`` where it cannot say."""

    async def version(self, read: Reader, claimed: Claimed, variables: VariableValues) -> str:
        """A text that changes whenever the answer does; raises as ``answer`` does."""

    def statement(self, *, guiding: bool, continued: bool = False) -> Statement:
        """The one statement that the plan runs."""


@dataclass(slots=True)
class PersonPlan:
    """A tree of one person: the viewer, or with ``asked_for`` the person whose id is its argument ``argument``.

    One whom the viewer may not see is null; with ``even_unseen`` somebody who has no rows.
    """

    layout: Layout
    frame: Frame
    template: Template
    asked_for: Binder | None
    argument: str = "id"
    even_unseen: bool = False
    _statements: dict[tuple[str, bool], Statement] = field(default_factory=dict)

    async def answer(self, read: Reader, claimed: Claimed, variables: VariableValues) -> Answer:
        """One row, one template."""
        (record,) = await self._rows(read, claimed, variables, self.statement)
        frame = self.frame
        if record[0] is None and not self.even_unseen:
            return Answer(f"{frame.before}{NULL}{frame.after}", frame.cost)
        person = self.layout.person(record)
        text = self.template.fill_for(person, person)
        return Answer(f"{frame.before}{text}{frame.after}", frame.cost + person.spent, (person,))

    async def version(self, read: Reader, claimed: Claimed, variables: VariableValues) -> str:
        """What changes whenever the answer does."""
        return cells(await self._rows(read, claimed, variables, self.version_statement))

    def statement(self, *, guiding: bool, continued: bool = False) -> Statement:
        """The statement; ``continued`` is for pages."""
        del continued
        return self._statement("answer", guiding)

    def version_statement(self, *, guiding: bool, continued: bool = False) -> Statement:
        """The statement behind ``version``."""
        del continued
        return self._statement("version", guiding)

    async def _rows(
        self, read: Reader, claimed: Claimed, variables: VariableValues, statement: Callable[..., Statement]
    ) -> Sequence[Record]:
        keys, asked_for = [], self.asked_for
        if asked_for is not None:
            keys.append(bound(lambda: global_id.user_id(asked_for(variables).get(self.argument), self.argument)))
        return known(await read(statement(guiding=claimed.role is Role.GURU), *keys))

    def _statement(self, kind: str, guiding: bool) -> Statement:
        if (kind, guiding) not in self._statements:
            columns, joins = wanted(self.layout, kind)
            root = sql.ME if self.asked_for is None else sql.PERSON_ASKED_FOR
            keys = {} if self.asked_for is None else {"person_id": "uuid"}
            self._statements[kind, guiding] = as_account(columns, [root, *joins], guiding=guiding, **keys)
        return self._statements[kind, guiding]


def wanted(layout: Layout, kind: str) -> tuple[list[str], list[str]]:
    """Columns and joins: of the whole answer, or of its version, which leaves out progress."""
    if kind == "answer":
        return layout.select(), layout.joins()
    return layout.versions(), layout.joins()[:1] if layout.with_company else []


def known(rows: Sequence[Record]) -> Sequence[Record]:
    """The rows, of which there is at least one for an account that exists; raises ``UnknownViewer``."""
    if not rows:
        raise UnknownViewer
    return rows


def cells(rows: Sequence[Record]) -> str:
    """All that stands in the rows, as one text."""
    return "\n".join("|".join(map(str, row)) for row in rows)


def bound(bind: Callable[[], Any]) -> Any:
    """What ``bind`` gives; arguments that are refused are graphql-core's to explain."""
    try:
        return bind()
    except (BadArgument, GraphQLError) as error:
        raise Unanswerable(str(error)) from error
