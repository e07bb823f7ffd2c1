"""Random requests: to GraphQL, to every route, to every other path, and to paths that are none."""

import json
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any
from urllib.parse import quote, unquote, urlencode

from db.catalogue.graph import question_id
from graphql_api.parameters import Parameters
from rest_shim import load_routes
from rest_shim.routes import Route
from tests.fuzz.credentials import Credentials
from tests.fuzz.documents import Documents
from tests.fuzz.oddities import CONTENT_TYPES, METHODS, ODD_HEADERS, TRICKS
from tests.fuzz.sending import Sent
from tests.fuzz.words import RAW_JSON, Words
from tests.world import Person, World

SHORTEST = 16
"""Characters of a credential that is looked for; what mangling leaves of one, down to nothing, stands anywhere."""


class Requests:
    """Draws requests in the name of people and of nobody."""

    def __init__(self, seed: str, world: World, paths: Sequence[str]) -> None:
        self._random = Random(seed)  # noqa: S311 - repeatable on purpose
        self._world = world
        self._people: Sequence[Person] = ()
        self._refresh_tokens: Sequence[str] = ()
        self._cookie = world.gateway.cookies.name.encode()
        self._paths = paths
        self._routes = load_routes(world.gateway.graph)
        self._words = Words(self._random)
        self._documents = Documents(self._random, self._words, world.gateway.graph.schema)
        self._stored = list(world.gateway.stored.named)
        self._credentials = Credentials(self._random, world)

    def of(self, people: Sequence[Person], refresh_tokens: Sequence[str]) -> None:
        """From now on these people ask, and are asked about; ``refresh_tokens`` are of theirs."""
        self._people = people
        self._refresh_tokens = refresh_tokens
        self._words.known = _known(self._world, people)

    def draw(self) -> Sent:
        """The next request."""
        drawn = self._random.random()
        if drawn < 0.38:
            return self._graphql()
        if drawn < 0.82:
            return self._rest(self._random.choice(self._routes))
        return self._elsewhere()

    def _graphql(self) -> Sent:
        asked = self._documents.request()
        if self._random.random() < 0.12:
            asked.pop("query", None)
            asked[self._random.choice(("documentId", "id", "doc_id"))] = self._random.choice(
                (*self._stored, self._words.text())
            )
        if self._random.random() < 0.05:
            asked["extensions"] = {"persistedQuery": {"version": 1, "sha256Hash": self._words.text()}}
        if self._random.random() < 0.05:
            asked[self._random.choice(Parameters._fields)] = self._words.json()
        if self._random.random() < 0.15:
            texts = {name: part if isinstance(part, str) else json.dumps(part) for name, part in asked.items()}
            return self._sent("GET", "/graphql", _encoded(texts), {}, b"")
        if self._random.random() < 0.05:
            text = str(asked.get("query", "")).encode("utf-8", "replace")
            return self._sent("POST", "/graphql", b"", {b"Content-Type": b"application/graphql"}, text)
        return self._posted("/graphql", b"", asked)

    def _rest(self, route: Route) -> Sent:
        parts: dict[str, dict[str, Any]] = {"path": {}, "query": {}, "header": {}, "body": {}, "raw": {}}
        for variable, (source, name) in route.sources.items():
            if self._random.random() < 0.85:
                parts[source][name] = self._documents.named(variable, route.operation.variables[variable].type)
        if "refresh_token" in parts["body"] and self._random.random() < 0.5:
            parts["body"]["refresh_token"] = self._random.choice(self._refresh_tokens)
        if route.caller and self._random.random() < 0.8:
            parts[route.caller[0]][route.caller[1]] = str(self._random.choice(self._people).id)
        path = route.entry.path
        for name, value in parts["path"].items():
            path = path.replace(f"{{{name}}}", _told(value))
        if self._random.random() < 0.1:
            parts["query"][self._words.text()] = self._words.text()
        query = _encoded({name: _told(value) for name, value in parts["query"].items()})
        if self._random.random() < 0.04:
            query = self._words.mangled(query).translate(None, b" \r\n#")
        if route.entry.method == "GET":
            return self._sent("GET", path, query, _ascii(parts["header"]), b"")
        body: Any = parts["body"] if not parts["raw"] and self._random.random() < 0.93 else self._words.json()
        return self._posted(path, query, body, _ascii(parts["header"]))

    def _elsewhere(self) -> Sent:
        path = self._random.choice((*self._paths, *self._paths, *TRICKS))
        if self._random.random() < 0.1:
            path += self._random.choice(("/", "//", "/..", ".json", "\x00", "/" + self._words.text()))
        method = self._random.choice(("GET", "GET", "POST"))
        body = json.dumps(self._words.json()).encode() if method == "POST" else b""
        return self._sent(method, path, b"", {b"Content-Type": b"application/json"} if body else {}, body)

    def _posted(self, path: str, query: bytes, content: Any, headers: Mapping[bytes, bytes] | None = None) -> Sent:
        drawn = self._random.random()
        raw = json.dumps(content, ensure_ascii=self._random.random() < 0.5).encode("utf-8", "surrogatepass")
        if drawn < 0.06:
            raw = self._random.choice(RAW_JSON)
        elif drawn < 0.14:
            raw = self._words.mangled(raw)
        elif drawn < 0.16:
            raw = self._random.randbytes(self._random.choice((1, 40, 4_000)))
        return self._sent("POST", path, query, {b"Content-Type": b"application/json", **(headers or {})}, raw)

    def _sent(self, method: str, path: str, query: bytes, given: Mapping[bytes, bytes], body: bytes) -> Sent:
        headers = [(b"Host", b"gateway.test"), *given.items()]
        if self._random.random() < 0.04:
            method = self._random.choice(METHODS)
        if self._random.random() < 0.05:
            headers = [(name, value) for name, value in headers if name != b"Content-Type"]
            headers.append((b"Content-Type", self._random.choice(CONTENT_TYPES)))
        for _ in range(self._random.choice((0, 0, 0, 0, 1, 1, 3))):
            headers.append(self._random.choice(ODD_HEADERS))
        credentials: list[str] = []
        hostile = False
        drawn = self._random.random()
        person = self._random.choice(self._people)
        if drawn < 0.5:
            headers.append((b"Authorization", f"Bearer {person.token}".encode()))
            credentials.append(person.token)
        elif drawn < 0.8:
            value = self._credentials.hostile(person)
            hostile = value not in (b"", None)
            headers.append((b"Authorization", value))
            sent = value.decode("latin-1").split(" ", 1)[-1]
            if len(value) > 60 and len(sent) >= SHORTEST:
                credentials.append(sent)
        if self._random.random() < 0.08:
            token = self._random.choice(self._refresh_tokens)
            if self._random.random() < 0.3:
                token = self._words.mangled(token.encode()).translate(None, b"\x00\r\n").decode("latin-1")
            headers.append((b"Cookie", self._cookie + b"=" + token.encode("latin-1")))
            if len(token) >= SHORTEST:
                credentials.append(token)
        if self._random.random() < 0.05:
            query = b"&".join(filter(None, (query, f"access_token={person.token}".encode())))
            credentials.append(person.token)
        self._random.shuffle(headers)
        return Sent(
            method,
            unquote(path) if self._random.random() < 0.5 else path,
            query,
            tuple(headers),
            self._pieces(body),
            f"198.51.{self._random.randrange(256)}.{self._random.randrange(256)}",
            tuple(credentials),
            hostile,
        )

    def _pieces(self, body: bytes) -> tuple[bytes, ...]:
        if self._random.random() < 0.9 or not body:
            return (body,)
        at = self._random.randrange(len(body))
        return (body[:at], b"", body[at:])


def _known(world: World, people: Sequence[Person]) -> list[str]:
    catalogue = world.catalogue
    ids = [str(person.id) for person in people] + [str(person.account.organization_id) for person in people]
    open_tool = catalogue.by_slug["woop"]
    return [
        *ids * 6,
        *[open_tool.slug] * 20,
        *(question.key for question in open_tool.questions),
        *(str(question_id(open_tool, question)) for question in open_tool.questions),
        *(person.account.email for person in people),
        *catalogue.by_slug,
        *list(catalogue.fields)[:20],
        *catalogue.field_aliases,
        "sequence",
        "draft",
        "json",
        "pdf",
    ]


def _told(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _encoded(parameters: Mapping[str, str]) -> bytes:
    return urlencode(parameters, errors="replace", quote_via=quote).encode()


def _ascii(headers: Mapping[str, Any]) -> dict[bytes, bytes]:
    return {
        name.encode(): _told(value).encode("utf-8", "replace").translate(None, b"\x00\r\n")
        for name, value in headers.items()
    }
