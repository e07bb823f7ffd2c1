"""Manifests of documents: both formats load, several files make one, and a wrong one stops the start."""

import json
from pathlib import Path
from typing import Any

import pytest

from db.catalogue import Catalogue
from graphql_api.graph import Graph, build_graph
from graphql_api.manifests import ManifestError, ManifestFormat, read_manifest, written_manifest
from graphql_api.stored import stored_documents

TEXT = "query Whom { viewer { email } }"
OTHER = "mutation Save { saveDream(input: {}) { __typename } }"


def _apollo(*operations: Any, **changed: Any) -> str:
    head = {"format": "apollo-persisted-query-manifest", "version": 1, "operations": list(operations)}
    return json.dumps(head | changed)


def _file(folder: Path, text: str, name: str = "manifest.json") -> Path:
    file = folder / name
    file.write_text(text, "utf-8")
    return file


@pytest.fixture(scope="module")
def graph(catalogue: Catalogue) -> Graph:
    """The graph of the real catalogue."""
    return build_graph(catalogue)


def test_apollos_format_is_read(tmp_path: Path) -> None:
    """Each operation by its id; a client's name and whatever else its tool adds is passed over."""
    operation = {"id": "1f0c", "name": "Whom", "type": "query", "body": TEXT, "clientName": "ios"}
    assert dict(read_manifest(_file(tmp_path, _apollo(operation)))) == {"1f0c": TEXT}


def test_relays_format_is_read(tmp_path: Path) -> None:
    """Each text by its MD5, or by whatever id the compiler was told to make."""
    assert dict(read_manifest(_file(tmp_path, json.dumps({"9b2e": TEXT, "Other": OTHER})))) == {
        "9b2e": TEXT,
        "Other": OTHER,
    }


@pytest.mark.parametrize("form", list(ManifestFormat))
def test_what_is_written_is_read(tmp_path: Path, form: ManifestFormat) -> None:
    """Whichever format: the same documents under the same ids."""
    documents = {"a": TEXT, "b": OTHER, "c": "{ tools { slug } }"}
    assert dict(read_manifest(_file(tmp_path, written_manifest(documents, form)))) == documents


def test_apollos_format_says_what_each_operation_is() -> None:
    """Name and type as the text has them."""
    written = json.loads(written_manifest({"a": TEXT, "b": OTHER, "c": "{ tools { slug } }"}, ManifestFormat.APOLLO))
    assert (written["format"], written["version"]) == ("apollo-persisted-query-manifest", 1)
    assert [(each["id"], each["name"], each["type"]) for each in written["operations"]] == [
        ("a", "Whom", "query"),
        ("b", "Save", "mutation"),
        ("c", "", "query"),
    ]


def test_several_files_are_one_manifest(graph: Graph, tmp_path: Path) -> None:
    """One for each client; the same document may stand in all of them."""
    files = [
        _file(tmp_path, _apollo({"id": "1", "body": TEXT}), "phone.json"),
        _file(tmp_path, json.dumps({"1": TEXT, "2": OTHER}), "page.json"),
    ]
    assert stored_documents(graph, {"Whom": TEXT}, files).named == {"Whom": TEXT, "1": TEXT, "2": OTHER}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "is not JSON"),
        ("[]", "must hold one object of texts by id"),
        ('{"a": 1}', "must hold one object of texts by id"),
        ('{"a": "{ nothing }"}', "Stored document 'a' of"),
        ('{"a": "{ viewer"}', "Syntax Error"),
        ('{"ListTools": "{ viewer { id } }"}', "this id already stands for another text"),
        (_apollo(version=2), '"version": 1'),
        (_apollo(format="other"), '"format": "apollo-persisted-query-manifest"'),
        (_apollo({"id": "1", "body": TEXT}, {"id": "2"}), "Operation 2 of"),
        (_apollo({"id": 1, "body": TEXT}), "Operation 1 of"),
        (_apollo("text"), "must have an id and a body, both text"),
        (_apollo({"id": "1", "body": "{ nothing }"}), "Stored document '1' of"),
    ],
)
def test_a_file_that_cannot_be_used(graph: Graph, tmp_path: Path, text: str, told: str) -> None:
    """The process does not start with it, and the sentence names the file, and the document where there is one."""
    file = _file(tmp_path, text)
    with pytest.raises(ManifestError, match=told) as refused:
        stored_documents(graph, {"ListTools": TEXT}, [file])
    assert str(file) in str(refused.value)


def test_a_file_that_is_not_there(graph: Graph, tmp_path: Path) -> None:
    """Nor does it start without one that was named."""
    with pytest.raises(ManifestError, match=r"missing\.json"):
        stored_documents(graph, {}, [tmp_path / "missing.json"])
