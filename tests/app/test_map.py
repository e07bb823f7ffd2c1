"""What the gateway knows of its map: the operations that the built page asks for, and no page that asks for others."""

import json
import re

from app.pages import MAP_OPERATIONS
from app.serving import known_documents
from app.settings import Settings
from graphql_api.stored import document_id
from tests.world import World

OPERATIONS: dict[str, str] = json.loads(MAP_OPERATIONS.read_text("utf-8"))


def test_the_page_asks_for_its_stored_operations_and_no_others() -> None:
    """The ids in the script are those of the operations beside it."""
    (script,) = MAP_OPERATIONS.parent.glob("map-*.js")
    asked = set(re.findall(r"sha256:[0-9a-f]{64}", script.read_text("utf-8")))
    assert asked == {document_id(text) for text in OPERATIONS.values()}


def test_they_are_trusted_where_only_trusted_ones_are(world: World, settings: Settings) -> None:
    """Without any manifest of an operator, by name and by id; the schema has all that they ask for."""
    strict = settings.model_copy(update={"trusted_documents_only": True, "stored_documents": ()})
    known = known_documents(world.gateway.graph, strict)
    assert known.only
    for name, text in OPERATIONS.items():
        assert name.startswith("Map")
        assert known.ids_of(text) == {name, document_id(text)}
        assert not world.gateway.graph.errors(text)
