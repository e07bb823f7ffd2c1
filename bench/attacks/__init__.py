"""Requests that are meant to cost a server more than they cost who sends them: a handful of each known shape."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Attack:
    """One request. ``refused``: part of the sentence that refuses it; ``None`` where it is answered all the same."""

    name: str
    query: str
    refused: str | None
    variables: Mapping[str, Any] = field(default_factory=dict)


def _many(text: str, count: int) -> str:
    return " ".join(text.replace("#", str(number)) for number in range(count))


def _chain(count: int, spread: Callable[[int], str], last: str) -> str:
    """Fragments on a participant, each spreading the next."""
    made = [f"fragment F{number} on Participant {{ {spread(number + 1)} }}" for number in range(count)]
    return " ".join([*made, f"fragment F{count} on Participant {{ {last} }}"])


_LOOP = "dependents { knowThyself { sources { woop { ...F{0} } } } }"


def _loops(count: int, branches: str) -> str:
    """Fragments that lead from WOOP to the next tool and back, once for each branch."""
    made = []
    for number in range(count):
        below = " ".join(f"{branch}: {_LOOP.replace('{0}', str(number + 1))}" for branch in branches)
        made.append(f"fragment F{number} on WoopTool {{ {below} }}")
    return " ".join([*made, f"fragment F{count} on WoopTool {{ id }}"])


OVERLAP = "Select each field once"

ATTACKS: tuple[Attack, ...] = (
    Attack("the same field 850 times", f"{{ viewer {{ {'id ' * 850} }} }}", OVERLAP),
    Attack("the same object 200 times", f"{{ viewer {{ {'woop { progress { status } } ' * 200} }} }}", OVERLAP),
    Attack(
        "every pair of 60 fragments",
        f"{{ viewer {{ {_many('...F#', 60)} }} }} {_many('fragment F# on Participant { id woop { id } }', 60)}",
        OVERLAP,
    ),
    Attack("fragments that double", "{ viewer { ...F0 } } " + _chain(60, lambda n: f"...F{n} " * 2, "id"), None),
    Attack("objects that double", f"{{ viewer {{ woop {{ ...F0 }} }} }} {_loops(9, 'ab')}", "after its fragments"),
    Attack(
        "a circle of fragments", "{ viewer { ...F0 } } " + _chain(60, lambda n: f"...F{n}", "...F0"), "within itself"
    ),
    Attack("580 aliases", f"{{ viewer {{ {_many('a#: id', 580)} }} }}", "580 aliases"),
    Attack("aliases of a read", f"{{ {_many('a#: viewer { email }', 200)} }}", "200 fields of Query"),
    Attack(
        "160 levels",
        "{ viewer { woop " + "{ dependents { knowThyself { sources { woop " * 40 + "{ id }" + " } } } }" * 40 + " } }",
        "levels of fields",
    ),
    Attack("660 open braces", "{ a" * 660, "nested too deeply"),
    Attack("240 directives", f"{{ viewer {{ id {'@skip(if: false) ' * 240} }} }}", "240 directives"),
    Attack("720 unknown directives", f"{{ viewer {{ {_many('id @a# @b# @c#', 240)} }} }}", "720 directives"),
    Attack(
        "the schema's types of fields of types",
        "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }",
        "lists of the schema",
    ),
    Attack(
        "the schema 40 times", f"{{ {_many('a#: __schema { types { fields { name } } }', 40)} }}", "40 fields __schema"
    ),
    Attack(
        "the schema's fields 190 times",
        f"{{ __schema {{ types {{ {_many('a#: fields { name }', 190)} }} }} }}",
        "aliases below __schema",
    ),
    Attack(
        "40 types",
        f"{{ {_many('a#: __type(name: 1) { fields { name } }', 40)} }}".replace("name: 1", 'name: "Query"'),
        "40 fields __type",
    ),
    Attack("220 operations", _many("query Q# { viewer { id } }", 220), "220 operations"),
    Attack(
        "10 operations of 60 fragments",
        _many("query Q# { viewer { ...F0 } }", 10) + _chain(59, lambda n: f"...F{n}", "id"),
        "Must provide operation name",
    ),
    Attack("a name of 40,000 characters", f"{{ {'a' * 40_000} }}", "characters in one name"),
    Attack("a text of 49,000 characters", f'{{ tool(slug: "{"x" * 49_000}") {{ id }} }}', None),
    Attack("escapes", f'{{ tool(slug: "{chr(92)}u0041") {{ id }} }}'.replace("\\u0041", "\\u0041" * 8_000), None),
    Attack("a block of 11,000 lines", '{ tool(slug: """' + "\n  x" * 11_000 + '""") { id } }', None),
    Attack("24,000 comments", "#\n" * 24_000 + "{ __typename }", "tokens"),
    Attack("a megabyte of blanks", " " * 990_000 + "{ __typename }", "characters; at most"),
    Attack("an argument 450 times", f"{{ tool({'slug: 1 ' * 450}) {{ id }} }}", "450 arguments"),
    Attack("850 misspelt fields", f"{{ viewer {{ {_many('fullNam#e', 850)} }} }}", "Did you mean"),
    Attack(
        "50 misspelt types", f"{{ viewer {{ {_many('... on FitAbcAnalysisToolNeed#s { id }', 50)} }} }}", "Unknown type"
    ),
    Attack(
        "95 misspelt input fields",
        f"mutation {{ saveDream(input: {{ {_many('oneSentenc#: 1', 95)} }}) {{ __typename }} }}",
        "oneSentenc0",
    ),
    Attack("1,700 ids", f"{{ fields(ids: [{'1 ' * 1_700}]) {{ id }} }}", "1,700 items"),
    Attack("190 lists in lists", f"{{ field(id: {'[' * 190}{']' * 190}) {{ id }} }}", "levels of lists"),
    Attack(
        "190 objects in objects",
        'mutation { saveSubmission(tool: "woop", data: ' + "{a: " * 190 + "1" + "}" * 190 + ") { __typename } }",
        "levels of lists",
    ),
    Attack("350 variables", f"query ({_many('$v#: Int', 350)}) {{ __typename }}", "350 variables"),
    Attack(
        "ids in a variable",
        "query ($ids: [FieldId!]!) { fields(ids: $ids) { id } }",
        "100,000 items",
        {"ids": ["a.b"] * 100_000},
    ),
    Attack(
        "responses in a variable",
        "mutation ($r: [ResponseInput!]!) { saveResponses(responses: $r) { __typename } }",
        "20,000 items",
        {"r": [{"questionId": str(number)} for number in range(20_000)]},
    ),
    Attack(
        "misspelt keys in a variable",
        "mutation ($i: DreamInput!) { saveDream(input: $i) { __typename } }",
        "oneSentenc0",
        {"i": {f"oneSentenc{number}": 1 for number in range(5_000)}},
    ),
    Attack(
        "members times everything",
        "{ organization { members(first: 100) { edges { node { tools { responses { question { key } } } } } } } }",
        "organization.members.edges.node.tools",
    ),
    Attack("tools of tools of tools", "{ tools " + "{ dependents " * 6 + "{ slug }" + " }" * 6 + " }", "may cost"),
    Attack(
        "100 nodes with everything",
        f"{{ nodes(ids: [{'1 ' * 100}]) {{ ... on Participant {{ tools {{ responses {{ text }} }} }} }} }}",
        "may cost",
    ),
    Attack(
        "50 fields with their tools' tools",
        "{ fields(ids: ["
        + '"identity.dream.one_sentence" ' * 50
        + "]) { sourceTool { dependents { dependents { dependents { slug } } } } } }",
        "may cost",
    ),
)
