"""What must hold between catalogue files before anything is generated from them."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

from db.catalogue.model import FieldAlias, Module, Question, QuestionType, Shape, Tool
from db.catalogue.names import FIELD_ID_PREFIXES, RESERVED_FIELD_NAMES, RESERVED_TOOL_NAMES, camel_case


class CatalogueError(Exception):
    """The catalogue cannot be used; the message lists every problem found, one a line."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("The tool catalogue is not usable:\n" + "\n".join(f"  - {problem}" for problem in problems))


def check(modules: Sequence[Module], tools: Sequence[Tool], aliases: Sequence[FieldAlias]) -> None:
    """Raise ``CatalogueError`` naming everything that is wrong: duplicates, dangling references, collisions, cycles."""
    problems = [
        *_duplicates("module", (module.number for module in modules)),
        *_duplicates("sprint", (tool.sprint for tool in tools)),
        *_duplicates("slug", (name for tool in tools for name in (tool.slug, *tool.aliases))),
        *_duplicates("GraphQL type", (tool.type_name for tool in tools)),
        *_duplicates("field id", (q.publishes for tool in tools for q in tool.published)),
        *_duplicates("field alias", (alias.name for alias in aliases)),
        *_references(modules, tools, aliases),
        *(problem for tool in tools for problem in _questions(tool)),
        *_cycle(tools),
    ]
    if problems:
        raise CatalogueError(problems)


def _duplicates(what: str, values: Iterable[Hashable]) -> Iterator[str]:
    for value, times in Counter(values).items():
        if times > 1:
            yield f"{what} {value!r} is used {times} times; each must be unique"


def _references(modules: Sequence[Module], tools: Sequence[Tool], aliases: Sequence[FieldAlias]) -> Iterator[str]:
    slugs = {tool.slug for tool in tools}
    numbers = {module.number for module in modules}
    owner = {q.publishes: tool.slug for tool in tools for q in tool.published}
    for tool in tools:
        if tool.graphql_name in RESERVED_TOOL_NAMES:
            yield f"{tool.slug}: its GraphQL name {tool.graphql_name!r} is taken by participants; choose another slug"
        if tool.module not in numbers:
            yield f"{tool.slug}: module {tool.module} is not in modules.toml"
        for slug in tool.prerequisites:
            if slug not in slugs:
                yield f"{tool.slug}: prerequisite {slug!r} is not a tool"
        for need in tool.needs:
            source = owner.get(need.field)
            if source is None:
                yield f"{tool.slug}: needs {need.field!r}, which no tool publishes"
            elif source not in tool.prerequisites:
                yield f"{tool.slug}: needs {need.field!r} of {source!r}, which is not among its prerequisites"
        yield from (
            f"{tool.slug}: {line}" for line in _duplicates("target", (camel_case(n.target) for n in tool.needs))
        )
    for alias in aliases:
        if alias.field not in owner:
            yield f"field alias {alias.name!r} stands for {alias.field!r}, which no tool publishes"


def _questions(tool: Tool) -> Iterator[str]:
    if not tool.questions:
        yield f"{tool.slug}: asks nothing; a tool has at least one question"
    names = [*(q.graphql_name for q in tool.questions)]
    yield from (f"{tool.slug}: {line}" for line in _duplicates("question (as GraphQL field)", names))
    for key in sorted({q.key for q in tool.questions} & set(tool.also_accepts)):
        yield f"{tool.slug}: {key!r} is a question and in also_accepts; it can be only one"
    for question in tool.questions:
        yield from (f"{tool.slug}.{question.key}: {problem}" for problem in _question(question))


def _question(question: Question) -> Iterator[str]:
    if question.graphql_name in RESERVED_FIELD_NAMES:
        yield f"its GraphQL name {question.graphql_name!r} is taken by every tool type; choose another key"
    if question.publishes and question.publishes.split(".")[0] not in FIELD_ID_PREFIXES:
        yield f"publishes {question.publishes!r}; the prefix must be one of {', '.join(sorted(FIELD_ID_PREFIXES))}"
    if question.sensitive and question.publishes:
        yield (
            f"is sensitive and publishes {question.publishes!r}; a published answer is stored in plain text for other"
            " tools, so it can be only one"
        )
    constraints = question.constraints
    rules: list[tuple[object, str, Callable[[], bool]]] = [
        (constraints.min_chars, "min_chars", lambda: Shape.TEXT in question.shapes),
        (constraints.min_items, "min_items", lambda: Shape.LIST in question.shapes),
        (constraints.item, "item", lambda: Shape.LIST in question.shapes),
    ]
    for value, name, fits in rules:
        if value is not None and not fits():
            yield f"constraint {name} does not fit an answer of type {question.type}"
    if question.type is QuestionType.RATING and not constraints.options:
        yield "a rating lists its options in constraints"


def _cycle(tools: Sequence[Tool]) -> Iterator[str]:
    """The first cycle of prerequisites, as the chain that a person can follow."""
    by_slug = {tool.slug: tool for tool in tools}
    done: set[str] = set()

    def visit(slug: str, chain: tuple[str, ...]) -> tuple[str, ...] | None:
        if slug in chain:
            return (*chain[chain.index(slug) :], slug)
        if slug in done or slug not in by_slug:
            return None
        for source in by_slug[slug].prerequisites:
            if found := visit(source, (*chain, slug)):
                return found
        done.add(slug)
        return None

    for tool in tools:
        if found := visit(tool.slug, ()):
            yield f"prerequisites form a cycle: {' → '.join(found)}"
            return
