"""Variables for the stored operations, drawn by hypothesis: mostly ones that are right, some that are not."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import uuid4

import orjson
from hypothesis import strategies as st

from db.catalogue import Tool
from db.catalogue.graph import question_id
from tests.world import World

NOBODY = "00000000-0000-4000-8000-000000000000"

ABSENT = object()
"""A variable that is not given."""

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


class Inputs:
    """One request's variables; a method for each name that an operation gives one."""

    def __init__(self, data: st.DataObject, world: World, open_slugs: Sequence[str], user_ids: Sequence[str]) -> None:
        self._draw = data.draw
        self._world = world
        self._user_ids = user_ids
        tools = world.catalogue.tools
        self._tool: Tool = self._draw(
            st.sampled_from([world.catalogue.by_slug[slug] for slug in open_slugs] or list(tools))
            | st.sampled_from(tools)
        )

    def variables(self, names: Iterable[str]) -> dict[str, Any]:
        """A value for each name, for some none."""
        drawn = {name: getattr(self, name)() for name in names}
        return {name: value for name, value in drawn.items() if value is not ABSENT}

    def slug(self) -> str:
        """The tool's slug or an alias of it; sometimes a slug that is none."""
        names = [self._tool.slug, *self._tool.aliases]
        return str(self._one_of(*names, *names, *names, "cartomancy"))

    tool_slug = slug

    def order(self) -> Any:
        """An order of tools."""
        return self._one_of(ABSENT, "SPRINT", "SEQUENCE")

    def user_id(self) -> Any:
        """Oneself, somebody else, nobody, no id."""
        return self._one_of(ABSENT, *self._user_ids, NOBODY, "me")

    def data(self) -> dict[str, Any]:
        """Believable answers, with some changed, cleared or unknown."""
        whole = self._draw(st.sampled_from([{}, self._believable]))
        return {**whole, **self._draw(st.dictionaries(st.sampled_from(self._keys), self._answer(), max_size=4))}

    def status(self) -> Any:
        """A status of unfinished work."""
        return self._one_of(ABSENT, ABSENT, None, "DRAFT", "IN_PROGRESS")

    def if_match(self) -> Any:
        """A version, often none."""
        return self._draw(st.just(ABSENT) | st.integers(0, 4) | st.integers(-(2**31), 2**31 - 1))

    def format(self) -> Any:
        """The one form there is."""
        return self._one_of(ABSENT, "JSON")

    def job_id(self) -> Any:
        """A job that there is not."""
        return self._one_of(NOBODY, str(uuid4()))

    def question(self) -> Any:
        """A question, too short or too long ones."""
        return self._one_of("How many tiers?", "How many tiers?", "", "x" * 2001)

    def current_data(self) -> Any:
        """Answers as they stand on a page, or none."""
        return self._draw(st.just(ABSENT) | st.none()) if self._draw(st.booleans()) else self.data()

    answers = current_data

    def attempt(self) -> Any:
        """Which attempt it is; sometimes what is none."""
        return self._one_of(ABSENT, 1, 7, 0, 1001)

    def since(self) -> Any:
        """A moment."""
        return self._one_of(ABSENT, "2026-01-01T00:00:00Z", "2026-11-21T10:00:00+02:00")

    until = since

    def field_id(self) -> str:
        """A published field, or one that nobody publishes."""
        return str(self._one_of(*self._world.catalogue.fields, "identity.shoe.size"))

    def first(self) -> Any:
        """A page of a history; sometimes what is none."""
        return self._one_of(ABSENT, 0, 1, 100, 101, -1)

    def after(self) -> Any:
        """Where a page goes on; sometimes what is none."""
        return self._one_of(ABSENT, "WyIyIl0=", "WyIwIl0=", "x")

    def depth(self) -> Any:
        """Steps of a lineage, some of them more than there are."""
        return self._one_of(ABSENT, 1, 3, 0, 1000)

    def field_ids(self) -> list[str]:
        """Published fields, rarely one that nobody publishes, sometimes too many."""
        known = st.lists(st.sampled_from(list(self._world.catalogue.fields)), max_size=52)
        return self._draw(known | known | st.lists(st.just("identity.shoe.size"), max_size=2))

    def reference_key(self) -> str:
        """A field id, an older name, or neither."""
        aliases = self._world.catalogue.field_aliases
        return str(self._one_of(*aliases, "cartomancy")) if self._draw(st.booleans()) else self.field_id()

    def responses(self) -> list[dict[str, Any]]:
        """Answers to questions of the tool as a page sends them."""
        return self._draw(st.lists(st.builds(self._response, st.sampled_from(self._tool.questions)), max_size=4))

    def role(self) -> Any:
        """A role, or every one."""
        return self._one_of(ABSENT, "USER", "PLATFORM_ADMIN")

    def refresh_token(self) -> Any:
        """No token, or one that nobody has been given."""
        return self._one_of(ABSENT, None, "", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "ü" * 300)

    def email(self) -> Any:
        """An address that nobody has, or what is none; each asked for once, because the third would be too often."""
        return str(self._one_of("", "no address ", "ñ", "a\x00")) + f"{uuid4().hex}@page.example"

    def password(self) -> Any:
        """A password that nobody has, short and long ones."""
        return self._one_of("twelve candles and a boat", "short", "", "p" * 129, "p" * 5000, "a\x00b")

    current_password = password
    new_password = password

    def token(self) -> Any:
        """A token that nobody has been mailed."""
        return self._one_of("", "A" * 43, "ü" * 300)

    def name(self) -> Any:
        """A name, or what is none."""
        return self._one_of("Nova Página", "", "n" * 256, "a\nb")

    def school_user(self) -> Any:
        """An id at the school."""
        return self._one_of("lw-7", "", "l" * 101)

    def timestamp(self) -> Any:
        """A moment long gone; what is signed for another one is worth nothing."""
        return self._one_of("0", "1700000000")

    def signature(self) -> Any:
        """What no school has signed."""
        return self._one_of("", "a" * 64, "v1=", "ü" * 64)

    def redirect(self) -> Any:
        """A page of this host, or of another one that is not listed."""
        return self._one_of(ABSENT, "/graphiql", "//evil.example", "https://evil.example/")

    def body(self) -> str:
        """A webhook's body."""
        return str(self._one_of("", "no JSON", "{}", '{"type": "courseCompleted", "data": {}}'))

    def lw_user_id(self) -> Any:
        """An id of the school's."""
        return self._one_of(ABSENT, None, "lw-7")

    def lw_email(self) -> Any:
        """An address, new or known, or none."""
        new = f"page-{self._draw(st.integers(0, 2**40))}@page.example"
        return self._one_of(ABSENT, None, "", "no address", "known@page.example", new)

    def lw_name(self) -> Any:
        """A name, or none."""
        return self._one_of(ABSENT, None, "Nova Página", "n" * 256)

    @property
    def _believable(self) -> dict[str, Any]:
        return self._world.answers(self._tool.slug)

    @property
    def _keys(self) -> list[str]:
        return [*(question.key for question in self._tool.questions), *self._tool.also_accepts[:1], "mood"]

    def _answer(self) -> st.SearchStrategy[Any]:
        return st.sampled_from(list(self._believable.values())) | st.just(None) | st.text(max_size=8) | JSON

    def _response(self, question: Any) -> dict[str, Any]:
        text = self._draw(st.none() | st.text(max_size=8) | JSON.map(lambda value: orjson.dumps(value).decode()))
        found: dict[str, Any] = {"questionId": str(question_id(self._tool, question)), "responseValue": text}
        return found | self._draw(st.just({}) | self._answer().map(lambda value: {"responseData": value}))

    def _one_of(self, *values: Any) -> Any:
        return self._draw(st.sampled_from(values))
