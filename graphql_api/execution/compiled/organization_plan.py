"""The plan of an organisation with a page of its members."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql.execution.values import VariableValues

from db.catalogue import Catalogue
from db.database import Reader, Record
from db.statements import identity as sql
from db.statements.viewer import Statement, as_account
from db.viewer import Role
from graphql_api import global_id
from graphql_api.cursor import decode_cursor
from graphql_api.execution.compiled.declined import Unanswerable
from graphql_api.execution.compiled.layout import Layout
from graphql_api.execution.compiled.leaves import NULL
from graphql_api.execution.compiled.members import Organization, Page
from graphql_api.execution.compiled.plan import Answer, Binder, Claimed, bound, cells, known, wanted
from graphql_api.execution.compiled.template import Frame
from resolvers.identity import MAX_PAGE, read_cursor


@dataclass(slots=True)
class OrganizationPlan:
    """An organisation with at most one page of its members."""

    catalogue: Catalogue
    layout: Layout
    frame: Frame
    shown: Organization
    asked_for: Binder
    paged: Binder | None
    filtered: bool
    _statements: dict[tuple[str, bool, bool], Statement] = field(default_factory=dict)

    async def answer(self, read: Reader, claimed: Claimed, variables: VariableValues) -> Answer:
        """A row for each member, the organisation's own columns beside each."""
        rows, first, after = await self._rows(read, claimed, variables, self.statement)
        frame = self.frame
        if rows[0][self.shown.at] is None:
            return Answer(f"{frame.before}{NULL}{frame.after}", frame.cost)
        people = [self.layout.person(row) for row in rows if row[0] is not None]
        head = people[0] if people else self.layout.person(rows[0])
        total = rows[0][-1] if self.shown.counted else NULL
        page = Page(people[:first], total, len(people) > first, after is not None)
        text = self.shown.template.fill((head, page))
        cost = frame.cost + self.shown.template.cost + sum([person.spent for person in page.people])
        return Answer(f"{frame.before}{text}{frame.after}", cost, page.people)

    async def version(self, read: Reader, claimed: Claimed, variables: VariableValues) -> str:
        """What changes whenever the answer does."""
        rows, _, _ = await self._rows(read, claimed, variables, self.version_statement)
        return cells(rows)

    def statement(self, *, guiding: bool, continued: bool = False) -> Statement:
        """The statement; with ``continued`` the page begins after a member."""
        return self._statement("answer", guiding, continued)

    def version_statement(self, *, guiding: bool, continued: bool = False) -> Statement:
        """The statement behind ``version``."""
        return self._statement("version", guiding, continued)

    async def _rows(
        self, read: Reader, claimed: Claimed, variables: VariableValues, statement: Callable[..., Statement]
    ) -> tuple[Sequence[Record], int, str | None]:
        """The rows, with the size of the page and the cursor it begins after."""
        keys: list[Any] = [bound(lambda: global_id.company_id(self.asked_for(variables).get("id")))]
        first, after = 0, None
        paged = self.paged
        if paged is not None:
            given = bound(lambda: paged(variables))
            first, after = given["first"], given.get("after")
            keys += self._page_keys(first, after, given.get("filter"))
        asked = statement(guiding=claimed.role is Role.GURU, continued=after is not None)
        return known(await read(asked, *keys)), first, after

    def _statement(self, kind: str, guiding: bool, continued: bool) -> Statement:
        key = (kind, guiding, continued)
        if key not in self._statements:
            columns, joins = wanted(self.layout, kind)
            keys = {"company_id": "uuid"}
            person = sql.ME
            if self.paged is not None:
                person = sql.members_page(filtered=self.filtered, continued=continued)
                keys |= sql.PAGE_KEYS
                keys |= (sql.FILTER_KEYS if self.filtered else {}) | (sql.AFTER_KEYS if continued else {})
            total = [sql.members_total(filtered=self.filtered)] if self.shown.counted else []
            # The organisation asked for stands in place of the person's own: it is the one they are members of.
            found = [sql.COMPANY_ASKED_FOR, person, *joins[1:]]
            self._statements[key] = as_account([*columns, *total], found, guiding=guiding, **keys)
        return self._statements[key]

    def _page_keys(self, first: int, after: str | None, wanted: Mapping[str, Any] | None) -> list[Any]:
        if not 0 <= first <= MAX_PAGE:
            raise Unanswerable("the page size is out of bounds")
        keys: list[Any] = [first + 1]
        if self.filtered:
            keys += self._filter_keys(wanted or {})
        if after is not None:
            keys += bound(lambda: read_cursor(decode_cursor(after)))
        return keys

    def _filter_keys(self, wanted: Mapping[str, Any]) -> Sequence[Any]:
        search, tool = wanted.get("search"), wanted.get("tool")
        found = self.catalogue.find(tool["slug"]) if tool else None
        if (search and "\x00" in search) or (tool and found is None):
            raise Unanswerable("the filter is refused")
        role, status = wanted.get("role"), tool.get("status") if tool else None
        return [
            role.value if role else None,
            search,
            found.slug if found else None,
            status.value if status else None,
        ]
