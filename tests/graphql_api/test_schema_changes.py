"""Every change that graphql-core knows is found between two schemas, and said with what to do about it."""

from pathlib import Path

import pytest
from graphql import build_schema
from graphql.utilities import BreakingChangeType, DangerousChangeType, find_schema_changes

from graphql_api.schema_changes import (
    CONSEQUENCES,
    Accepted,
    AcceptedChangesError,
    changes_between,
    read_accepted,
    unaccepted,
)

RELEASED = """
directive @tag(name: String, level: Int) repeatable on FIELD | QUERY
interface Named { name: String }
type Dog implements Named { name: String }
type Cat { name: String }
union Pet = Dog | Cat
enum Size { SMALL LARGE }
input Filter { size: Size, most: Int! = 5 }
scalar Day
type Query { pets(filter: Filter, first: Int, skip: Int! = 0): [Pet!]! cat: Cat size: Size day: Day }
"""

BREAKS = {
    BreakingChangeType.TYPE_REMOVED: ("scalar Day", "", "day: Day", "", "Day was removed."),
    BreakingChangeType.TYPE_CHANGED_KIND: ("scalar Day", "enum Day { MONDAY }", "Day changed from a Scalar type"),
    BreakingChangeType.TYPE_REMOVED_FROM_UNION: ("Dog | Cat", "Dog", "Cat was removed from union type Pet."),
    BreakingChangeType.VALUE_REMOVED_FROM_ENUM: ("SMALL LARGE", "SMALL", "Enum value Size.LARGE was removed."),
    BreakingChangeType.REQUIRED_INPUT_FIELD_ADDED: (
        "size: Size,",
        "size: Size, must: Int!,",
        "A required field Filter",
    ),
    BreakingChangeType.IMPLEMENTED_INTERFACE_REMOVED: ("Dog implements Named", "Dog", "Dog no longer implements"),
    BreakingChangeType.FIELD_REMOVED: ("cat: Cat", "", "Field Query.cat was removed."),
    BreakingChangeType.FIELD_CHANGED_KIND: (
        "[Pet!]!",
        "[Pet!]",
        "Field Query.pets changed type from [Pet!]! to [Pet!].",
    ),
    BreakingChangeType.REQUIRED_ARG_ADDED: ("first: Int,", "first: Int, must: Int!,", "A required argument Query.pets"),
    BreakingChangeType.ARG_REMOVED: ("first: Int,", "", "Argument Query.pets(first:) was removed."),
    BreakingChangeType.ARG_CHANGED_KIND: (
        "first: Int,",
        "first: Int!,",
        "Argument Query.pets(first:) has changed type",
    ),
    BreakingChangeType.DIRECTIVE_REMOVED: (
        "directive @tag(name: String, level: Int) repeatable on FIELD | QUERY",
        "",
        "Directive @tag was removed.",
    ),
    BreakingChangeType.DIRECTIVE_ARG_REMOVED: (", level: Int)", ")", "Argument @tag(level:) was removed."),
    BreakingChangeType.REQUIRED_DIRECTIVE_ARG_ADDED: (
        "level: Int)",
        "level: Int, must: Int!)",
        "A required argument @tag",
    ),
    BreakingChangeType.DIRECTIVE_REPEATABLE_REMOVED: (" repeatable", "", "Repeatable flag was removed from @tag."),
    BreakingChangeType.DIRECTIVE_LOCATION_REMOVED: ("FIELD | QUERY", "FIELD", "QUERY was removed from @tag."),
    DangerousChangeType.ARG_DEFAULT_VALUE_CHANGE: ("Int! = 0", "Int!", "Query.pets(skip:) defaultValue was removed."),
    DangerousChangeType.INPUT_FIELD_DEFAULT_VALUE_CHANGE: ("Int! = 5", "Int!", "Filter.most defaultValue was removed."),
}
"""For each kind of break texts and what replaces them, and how its sentence begins."""

SURPRISES = {
    DangerousChangeType.VALUE_ADDED_TO_ENUM: ("SMALL LARGE", "SMALL LARGE HUGE"),
    DangerousChangeType.TYPE_ADDED_TO_UNION: ("Dog | Cat", "Dog | Cat | Query"),
    DangerousChangeType.OPTIONAL_INPUT_FIELD_ADDED: ("size: Size,", "size: Size, more: Int,"),
    DangerousChangeType.OPTIONAL_ARG_ADDED: ("first: Int,", "first: Int, more: Int,"),
    DangerousChangeType.IMPLEMENTED_INTERFACE_ADDED: ("type Cat", "type Cat implements Named"),
    DangerousChangeType.ARG_DEFAULT_VALUE_CHANGE: ("Int! = 0", "Int! = 1"),
    DangerousChangeType.INPUT_FIELD_DEFAULT_VALUE_CHANGE: ("Int! = 5", "Int! = 6"),
}


def changed(*replaced: str) -> str:
    """The released schema with texts replaced, two by two."""
    found = RELEASED
    for before, after in zip(replaced[::2], replaced[1::2], strict=True):
        assert before in found
        found = found.replace(before, after)
    return found


def test_every_kind_has_its_consequence_and_its_case() -> None:
    """Those of a later graphql-core too: what is not known here would not be told."""
    assert set(CONSEQUENCES) == {*BreakingChangeType, *DangerousChangeType}
    assert set(BREAKS) | set(SURPRISES) == set(CONSEQUENCES)


@pytest.mark.parametrize("kind", BREAKS, ids=lambda kind: kind.name)
def test_a_break_is_found_and_told(kind: BreakingChangeType | DangerousChangeType) -> None:
    """What changed, what it does to clients and what to do instead, in one line."""
    *replaced, told = BREAKS[kind]
    current = changed(*replaced)
    assert kind in {change.type for change in find_schema_changes(build_schema(RELEASED), build_schema(current))}
    problems = unaccepted(changes_between(RELEASED, current), [], "")
    assert [problem for problem in problems if problem.startswith(told) and problem.endswith(CONSEQUENCES[kind])]


@pytest.mark.parametrize("kind", SURPRISES, ids=lambda kind: kind.name)
def test_what_may_surprise_breaks_nothing(kind: DangerousChangeType) -> None:
    """It is told, and passes."""
    changes = changes_between(RELEASED, changed(*SURPRISES[kind]))
    assert CONSEQUENCES[kind] in {change.consequence for change in changes}
    assert unaccepted(changes, [], "") == []


def test_additions_and_words_are_nothing() -> None:
    """New types and fields, descriptions, deprecations, an answer that is never null any more, a looser argument."""
    current = changed(
        "cat: Cat", '"Meows." cat: Cat! @deprecated(reason: "Old.") more: More', "skip: Int!", "skip: Int"
    )
    assert changes_between(RELEASED, current + "type More { a: Int }") == []
    assert changes_between(RELEASED, RELEASED) == []


def test_a_break_is_accepted_by_its_name_and_a_reason_that_clients_read() -> None:
    """Wrapped as it may be in the changelog; one acceptance is for one break."""
    changes = changes_between(RELEASED, changed("cat: Cat", "", "first: Int,", ""))
    meant = Accepted(change="Field Query.cat was removed.", reason="`cat` is gone; ask for `pets`.")
    left = unaccepted(changes, [meant], "- `cat` is\n  gone; ask for `pets`.\n")
    assert [problem.split(":")[0] for problem in left] == ["Argument Query.pets(first"]
    (untold,) = unaccepted(changes, [meant], "- Something else.")[1:]
    assert untold.startswith("Accepted: 'Field Query.cat was removed.'. But CHANGELOG.md does not tell the reason")


def test_an_acceptance_of_nothing_is_no_stock_for_later() -> None:
    """One that is mistyped, and one of a change that is not there any more."""
    meant = Accepted(change="Field Query.cat was removed", reason="Told.")
    assert [text.split(":")[0] for text in unaccepted([], [meant], "Told.")] == [
        "Accepted, but no break of the released schema"
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[[accepted]]\nchange = 'A was removed.'\n", "accepted.toml: each [[accepted]] has a change and a reason"),
        ("[[accepted]]\nchange = 'A.'\nreason = ' '\n", "accepted.toml: each [[accepted]] has a change and a reason"),
        ("all = true\n", "accepted.toml: there is only [[accepted]], no all."),
        ("accepted = [1]\n", "accepted.toml: "),
        ("[[accepted", "accepted.toml: "),
        (None, "accepted.toml cannot be read: "),
    ],
    ids=["no reason", "an empty reason", "a switch", "no table", "no TOML", "no file"],
)
def test_a_file_of_acceptances_that_says_something_else(tmp_path: Path, text: str | None, sentence: str) -> None:
    """Nothing is accepted by accident."""
    file = tmp_path / "accepted.toml"
    if text is not None:
        file.write_text(text, "utf-8")
    with pytest.raises(AcceptedChangesError) as error:
        read_accepted(file)
    assert str(error.value).startswith(sentence)
