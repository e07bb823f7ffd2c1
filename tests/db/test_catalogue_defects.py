"""A catalogue that does not hold together stops the start: one row for each defect, with the refusal's line."""

from pathlib import Path

import pytest

from db.catalogue import CatalogueError, load_catalogue
from tests.db.damaged import Damage, added, both, copy_catalogue, new_tool, removed, renamed, replaced, written

BETWEEN_FILES = {
    "duplicate slug": (
        new_tool("tools/31_dream.toml", slug='"dream"'),
        "slug 'dream' is used 2 times; each must be unique",
    ),
    "slug that is another tool's alias": (
        replaced("tools/02_dream.toml", "sprint = 2", 'sprint = 2\naliases = ["values"]'),
        "slug 'values' is used 2 times; each must be unique",
    ),
    "duplicate sprint": (
        new_tool("tools/07_exit_planning.toml", sprint="7"),
        "sprint 7 is used 2 times; each must be unique",
    ),
    "duplicate field id": (
        new_tool(publishes='"identity.dream.narrative"'),
        "field id 'identity.dream.narrative' is used 2 times; each must be unique",
    ),
    "duplicate module": (
        added("modules.toml", '\n[[modules]]\nnumber = 8\nname = "Again"\n'),
        "module 8 is used 2 times; each must be unique",
    ),
    "unknown module": (new_tool(module="9"), "exit-planning: module 9 is not in modules.toml"),
    "slugs that make one GraphQL type": (
        both(
            new_tool("tools/31_market_9.toml", slug='"market-9"'),
            new_tool("tools/32_market9.toml", slug='"market9"', sprint="32"),
        ),
        "GraphQL type 'Market9' is used 2 times; each must be unique",
    ),
    "slug that every participant uses": (
        new_tool("tools/31_full_name.toml", slug='"full-name"'),
        "full-name: its GraphQL name 'fullName' is taken by participants; choose another slug",
    ),
    "published answer that is sensitive": (
        new_tool(publishes='"people.exit.successor"\nsensitive = true'),
        (
            "exit-planning.successor: is sensitive and publishes 'people.exit.successor'; a published answer is stored"
            " in plain text for other tools, so it can be only one"
        ),
    ),
    "field id with an unknown prefix": (
        new_tool(publishes='"finance.exit.successor"'),
        (
            "exit-planning.successor: publishes 'finance.exit.successor'; the prefix must be one of execution,"
            " identity, intro, market, org, people, performance, strategy, synthesis, tech"
        ),
    ),
    "need that nobody publishes": (
        new_tool(field='"intro.woop.hope"'),
        "exit-planning: needs 'intro.woop.hope', which no tool publishes",
    ),
    "need outside the prerequisites": (
        new_tool(field='"identity.dream.narrative"'),
        "exit-planning: needs 'identity.dream.narrative' of 'dream', which is not among its prerequisites",
    ),
    "two needs under one name": (
        added(
            "tools/07_energy.toml",
            '[[needs]]\nfield = "identity.personal_dream"\ntarget = "strengthsContext"\nlabel = "Again"\n',
        ),
        "energy: target 'strengthsContext' is used 2 times; each must be unique",
    ),
    "unknown prerequisite": (
        new_tool(prerequisites='["woop", "whoop"]'),
        "exit-planning: prerequisite 'whoop' is not a tool",
    ),
    "key that every tool uses": (
        new_tool(key='"progress"'),
        "exit-planning.progress: its GraphQL name 'progress' is taken by every tool type; choose another key",
    ),
    "key that becomes one that every tool uses": (
        new_tool(key='"why_locked"'),
        "exit-planning.why_locked: its GraphQL name 'whyLocked' is taken by every tool type; choose another key",
    ),
    "two keys with one GraphQL name": (
        added(
            "tools/07_energy.toml",
            '[[questions]]\nkey = "energyAudit"\nlabel = "Again"\ndescription = "Again."\ntype = "text"\n',
        ),
        "energy: question (as GraphQL field) 'energyAudit' is used 2 times; each must be unique",
    ),
    "key that is also an older name": (
        new_tool(prerequisites='["woop"]\nalso_accepts = ["successor"]'),
        "exit-planning: 'successor' is a question and in also_accepts; it can be only one",
    ),
    "constraint that does not fit": (
        new_tool(publishes='"people.exit.successor"\nconstraints = {min_items = 3}'),
        "exit-planning.successor: constraint min_items does not fit an answer of type text",
    ),
    "tool that asks nothing": (
        added(
            "tools/31_silent.toml",
            'slug = "silent"\nsprint = 31\nname = "Silent"\ndescription = "d"\nguidance = "g"\nmodule = 8\n'
            "questions = []\n",
        ),
        "silent: asks nothing; a tool has at least one question",
    ),
    "rating without options": (
        new_tool(type='"rating"'),
        "exit-planning.successor: a rating lists its options in constraints",
    ),
    "alias of no field": (
        added("field_aliases.toml", '\n[[field_aliases]]\nname = "lost"\nfield = "no.where"\n'),
        "field alias 'lost' stands for 'no.where', which no tool publishes",
    ),
    "alias twice": (
        added("field_aliases.toml", '\n[[field_aliases]]\nname = "wish"\nfield = "intro.woop.wish"\n'),
        "field alias 'wish' is used 2 times; each must be unique",
    ),
    "cycle": (
        replaced("tools/01_know_thyself.toml", 'prerequisites = ["woop"', 'prerequisites = ["woop", "values"'),
        "prerequisites form a cycle: know-thyself → values → dream → know-thyself",
    ),
    "tool that waits for itself": (
        new_tool(prerequisites='["woop", "exit-planning"]'),
        "prerequisites form a cycle: exit-planning → exit-planning",
    ),
}

WITHIN_A_FILE = {
    "id with capitals": (
        new_tool(publishes='"people.Exit.successor"'),
        "31_exit_planning.toml: questions.0.publishes: String should match pattern",
    ),
    "id of one part": (
        new_tool(publishes='"people"'),
        "31_exit_planning.toml: questions.0.publishes: String should match pattern",
    ),
    "slug with a capital": (new_tool(slug='"Exit"'), "31_exit_planning.toml: slug: String should match pattern"),
    "slug that PostgreSQL would cut": (
        new_tool(slug='"' + "a" * 32 + '"'),
        "31_exit_planning.toml: slug: String should have at most 31 characters",
    ),
    "sprint below 0": (
        new_tool(sprint="-1"),
        "31_exit_planning.toml: sprint: Input should be greater than or equal to 0",
    ),
    "sprint of three digits": (
        new_tool(sprint="100"),
        "31_exit_planning.toml: sprint: Input should be less than or equal to 99",
    ),
    "word that is no type": (
        new_tool(type='"essay"'),
        "31_exit_planning.toml: questions.0.type: Input should be 'text', 'number', 'rating', 'list' or 'compound'",
    ),
    "number that is text": (
        new_tool(module='"eight"'),
        "31_exit_planning.toml: module: Input should be a valid integer",
    ),
    "missing label": (
        replaced("tools/07_energy.toml", 'label = "Energy audit"\n', ""),
        "07_energy.toml: questions.0.label: Field required",
    ),
    "unknown key of a tool": (
        new_tool(guidance='"g"\ncolour = "red"'),
        "31_exit_planning.toml: colour: Extra inputs are not permitted",
    ),
    "unknown key of a question": (
        new_tool(type='"text"\nhint = "red"'),
        "31_exit_planning.toml: questions.0.hint: Extra inputs are not permitted",
    ),
    "unknown key of the modules": (
        added("modules.toml", '\n[[chapters]]\nnumber = 9\nname = "Nine"\n'),
        "modules.toml: chapters: only 'modules' is read here",
    ),
    "not TOML": (
        written("tools/31_exit_planning.toml", b"slug: exit-planning"),
        "31_exit_planning.toml: not TOML: Expected '=' after a key",
    ),
    "not UTF-8": (
        written("tools/31_exit_planning.toml", 'slug = "größe"'.encode("latin-1")),
        "31_exit_planning.toml: not TOML: 'utf-8' codec can't decode byte 0xf6",
    ),
    "wrong file name": (
        renamed("tools/02_dream.toml", "tools/02_dreams.toml"),
        "02_dreams.toml: holds sprint 2, slug 'dream'; its name must be 02_dream.toml",
    ),
    "no modules": (removed("modules.toml"), "modules.toml: cannot be read: No such file or directory"),
    "no tools": (removed("tools/*.toml"), "no tool files in "),
}


@pytest.mark.parametrize(("damage", "line"), BETWEEN_FILES.values(), ids=BETWEEN_FILES.keys())
def test_files_that_do_not_fit_together_are_refused(tmp_path: Path, damage: Damage, line: str) -> None:
    """The refusal says which tool, what is wrong with it, and where it helps, what would be right."""
    copied = copy_catalogue(tmp_path / "catalogue")
    damage(copied)
    with pytest.raises(CatalogueError) as refused:
        load_catalogue(copied)
    assert line in refused.value.problems


@pytest.mark.parametrize(("damage", "start"), WITHIN_A_FILE.values(), ids=WITHIN_A_FILE.keys())
def test_a_file_that_cannot_be_used_is_refused(tmp_path: Path, damage: Damage, start: str) -> None:
    """The refusal names the file, the key and what would be right; it is the only one."""
    copied = copy_catalogue(tmp_path / "catalogue")
    damage(copied)
    with pytest.raises(CatalogueError) as refused:
        load_catalogue(copied)
    assert len(refused.value.problems) == 1
    assert refused.value.problems[0].startswith(start)
