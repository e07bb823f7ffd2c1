"""The catalogue as it is: the numbers of the programme, its order, and what a sound new tool changes."""

from pathlib import Path

import pytest

from db.catalogue import Catalogue, CatalogueError, Tool, load_catalogue
from tests.db.damaged import added, copy_catalogue, new_tool, replaced


def test_it_has_the_numbers_of_the_programme(catalogue: Catalogue) -> None:
    """31 tools, 150 questions, 85 published fields and 105 needs, in nine modules."""
    assert len(catalogue.tools) == 31
    assert [tool.sprint for tool in catalogue.tools] == list(range(31))
    assert sum(len(tool.questions) for tool in catalogue.tools) == 150
    assert len(catalogue.fields) == 85
    assert sum(len(needs) for needs in catalogue.needs.values()) == 105
    assert sorted(catalogue.modules) == list(range(9))


def test_everything_starts_at_woop(catalogue: Catalogue) -> None:
    """WOOP is the only tool without prerequisites."""
    assert [tool.slug for tool in catalogue.tools if not tool.prerequisites] == ["woop"]


def test_the_longest_way_through_has_17_steps(catalogue: Catalogue) -> None:
    """No chain of prerequisites has more than 17 edges, and one has as many."""
    edges: dict[str, int] = {}
    for tool in catalogue.sequence:
        edges[tool.slug] = max((edges[slug] + 1 for slug in tool.prerequisites), default=0)
    assert max(edges.values()) == 17


def test_three_tools_never_block(catalogue: Catalogue) -> None:
    """Energy, customer service and agile teams are optional: listed as prerequisites, never waited for."""
    optional = {tool.slug for tool in catalogue.tools if tool.optional}
    assert optional == {"energy", "customer-service", "agile-teams"}
    waited_for = {source.slug for tool in catalogue.tools for source in catalogue.blocking(tool)}
    assert not optional & waited_for


def test_the_sequence_puts_every_tool_after_its_prerequisites(catalogue: Catalogue) -> None:
    """A topological order of all tools, each once."""
    done: set[str] = set()
    for tool in catalogue.sequence:
        assert done.issuperset(tool.prerequisites), tool.slug
        done.add(tool.slug)
    assert len(catalogue.sequence) == 31
    assert done == set(catalogue.by_slug)


def test_dependents_are_prerequisites_read_backwards(catalogue: Catalogue) -> None:
    """A is a dependent of B exactly where B is a prerequisite of A."""

    def edges(tools: tuple[Tool, ...]) -> set[tuple[str, str]]:
        return {(tool.slug, other.slug) for tool in tools for other in catalogue.dependents(tool)}

    assert edges(catalogue.tools) == {(slug, tool.slug) for tool in catalogue.tools for slug in tool.prerequisites}


def test_every_need_points_at_the_field_of_a_prerequisite(catalogue: Catalogue) -> None:
    """What a tool builds on, it has to wait for."""
    for tool in catalogue.tools:
        for need in catalogue.needs[tool.slug]:
            assert need.source is catalogue.fields[need.entry.field]
            assert need.source.tool.slug in tool.prerequisites


def test_question_ids_are_the_same_on_every_machine(catalogue: Catalogue) -> None:
    """Real pages keep these ids: one of them written down here must not move, and no two are alike."""
    ids = {f"{tool.slug}/{question.key}": str(id_) for id_, (tool, question) in catalogue.question_ids.items()}
    assert len(ids) == 150
    assert ids["woop/wish"] == "b6a79192-f012-50eb-8eaf-c9ac2ac8a986"


def test_a_32nd_tool_is_one_more_file(catalogue: Catalogue, tmp_path: Path) -> None:
    """It is known by slug and field, depends on what it says, and comes last of the sequence."""
    copied = copy_catalogue(tmp_path / "catalogue")
    new_tool()(copied)
    found = load_catalogue(copied)
    assert len(found.tools) == 32
    tool = found.by_slug["exit-planning"]
    assert found.fields["people.exit.successor"].tool is tool
    assert tool.slug in [other.slug for other in found.dependents(found.by_slug["woop"])]
    assert set(found.by_slug) - set(catalogue.by_slug) == {"exit-planning"}


def test_problems_within_files_are_reported_together(tmp_path: Path) -> None:
    """Two damaged files are two lines of one refusal."""
    copied = copy_catalogue(tmp_path / "catalogue")
    replaced("tools/03_values.toml", 'type = "compound"', 'type = "table"')(copied)
    replaced("tools/07_energy.toml", "sprint = 7", "sprint =")(copied)
    with pytest.raises(CatalogueError) as refused:
        load_catalogue(copied)
    assert [problem.split(":")[0] for problem in refused.value.problems] == ["03_values.toml", "07_energy.toml"]


def test_problems_between_files_are_reported_together(tmp_path: Path) -> None:
    """A dangling need, a duplicate and a cycle are three lines of one refusal, each in its message."""
    copied = copy_catalogue(tmp_path / "catalogue")
    new_tool(field='"intro.woop.hope"', publishes='"intro.woop.wish"')(copied)
    replaced("tools/07_energy.toml", 'prerequisites = ["', 'prerequisites = ["program-overview", "')(copied)
    added("field_aliases.toml", '[[field_aliases]]\nname = "lost"\nfield = "no.where"\n')(copied)
    with pytest.raises(CatalogueError) as refused:
        load_catalogue(copied)
    assert len(refused.value.problems) == 4
    for problem in refused.value.problems:
        assert f"  - {problem}" in str(refused.value)
