"""Documents are parsed and validated once for each text, and only so many are kept."""

import pytest

from db.catalogue import Catalogue
from graphql_api.execution.documents import Documents
from graphql_api.execution.rules import RULES
from graphql_api.gateway import Gateway
from graphql_api.graph import Graph, build_graph
from graphql_api.limits import CACHED_DOCUMENTS, MAX_DOCUMENT_CHARACTERS
from tests.world import World


@pytest.fixture(scope="module")
def graph(catalogue: Catalogue) -> Graph:
    """The graph of the real catalogue."""
    return build_graph(catalogue)


@pytest.fixture
def documents(graph: Graph) -> Documents:
    """An empty cache."""
    return Documents(graph.schema)


def _tally(documents: Documents) -> tuple[int, int]:
    return documents.hits, documents.misses


def test_the_same_text_is_read_once(documents: Documents) -> None:
    """The second request gets the very document that the first one made."""
    text = "{ viewer { fullName } }"
    first = documents.get(text)
    assert documents.get(text) is first
    assert first.node is not None
    assert _tally(documents) == (1, 1)


def test_another_text_is_another_document(documents: Documents) -> None:
    """A blank more is another text: nothing is hashed or normalised for a hit."""
    documents.get("{ viewer { fullName } }")
    documents.get("{ viewer { fullName }  }")
    assert _tally(documents) == (0, 2)


@pytest.mark.parametrize(
    "text", ["{ viewer {", "{ nothing }", "{ viewer { ...A } } fragment A on Participant { ...A }"]
)
def test_a_refused_document_is_refused_once(documents: Documents, text: str) -> None:
    """Its errors are kept, so that sending it again costs nothing."""
    first = documents.get(text)
    assert first.node is None
    assert first.errors
    assert documents.get(text) is first
    assert _tally(documents) == (1, 1)


def test_the_cache_is_bounded(documents: Documents) -> None:
    """Past the limit the one least recently used is forgotten, and no other."""
    texts = [f"{{ __typename a{number}: __typename }}" for number in range(CACHED_DOCUMENTS)]
    kept = [documents.get(text) for text in texts]
    assert documents.get(texts[0]) is kept[0]
    documents.get("{ one: __typename }")
    assert documents.get(texts[0]) is kept[0]
    assert documents.get(texts[2]) is kept[2]
    assert documents.get(texts[1]) is not kept[1]
    assert _tally(documents) == (3, CACHED_DOCUMENTS + 2)


def test_a_very_long_document_is_refused_and_not_kept(documents: Documents) -> None:
    """Whatever may be executed may be kept; a thousand texts of a megabyte would be the memory of the process."""
    text = "{ __typename }".ljust(MAX_DOCUMENT_CHARACTERS)
    assert documents.get(text).node is not None
    documents.get(text)
    assert _tally(documents) == (1, 1)
    for _ in range(2):
        assert "Send long values as variables." in documents.get(text + " ").errors[0].message
    assert _tally(documents) == (1, 3)


def test_the_rules_are_made_once() -> None:
    """Classes, not factories: a rule class made for each request would defeat the caches of graphql-core."""
    assert all(isinstance(rule, type) for rule in RULES)
    assert len(set(RULES)) == len(RULES)


async def test_other_variables_are_a_hit(world: World, gateway: Gateway) -> None:
    """The values of variables are bound when it runs; they are no part of what is kept."""
    query = "query VariablesAreNoPartOfTheKey($slug: String!) { tool(slug: $slug) { name } }"
    hits, misses = _tally(gateway.documents)
    for slug, name in (("woop", "WOOP"), ("dream", "Dream"), ("fit", "FIT Assessment")):
        assert (await world.graphql(None, query, {"slug": slug})).data == {"tool": {"name": name}}
    assert _tally(gateway.documents) == (hits + 2, misses + 1)


async def test_other_people_share_a_document_and_nothing_else(world: World, gateway: Gateway) -> None:
    """The same text from three people is one document and three answers."""
    query = "query WhoAmI { viewer { databaseId } }"
    hits, misses = _tally(gateway.documents)
    people = [await world.person(), await world.person()]
    found = [(await world.graphql(person, query)).data["viewer"]["databaseId"] for person in people]
    assert found == [str(person.id) for person in people]
    assert (await world.graphql(None, query)).data == {"viewer": None}
    assert _tally(gateway.documents) == (hits + 2, misses + 1)


async def test_skip_and_include_are_read_anew(world: World) -> None:
    """A kept document is not an answer: the same text gives what its variables say each time."""
    person = await world.person()
    query = "query Sometimes($with: Boolean!) { viewer { fullName email @include(if: $with) } }"
    keys = [set((await world.graphql(person, query, {"with": with_})).data["viewer"]) for with_ in (True, False, True)]
    assert keys == [{"fullName", "email"}, {"fullName"}, {"fullName", "email"}]
