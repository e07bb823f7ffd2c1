"""A copy of the real catalogue, and ways to damage it: what the tests of its checks start from."""

import shutil
from collections.abc import Callable
from pathlib import Path

from db.catalogue import CATALOGUE_PATH

Damage = Callable[[Path], None]

NEW_TOOL = """
slug = "exit-planning"
sprint = 31
name = "Exit Planning"
description = "Prepares the hand-over of the company."
guidance = "Write down who could run the company tomorrow."
module = 8
prerequisites = ["woop"]

[[questions]]
key = "successor"
label = "Successor"
description = "Who could take over, and from when."
type = "text"
required = true
publishes = "people.exit.successor"

[[needs]]
field = "intro.woop.wish"
target = "wish_context"
label = "Wish"
required = true
"""
"""A 32nd tool: everything that adding one takes."""


def copy_catalogue(folder: Path) -> Path:
    """The real catalogue's files in ``folder``."""
    (folder / "tools").mkdir(parents=True)
    for file in [*CATALOGUE_PATH.glob("*.toml"), *CATALOGUE_PATH.glob("tools/*.toml")]:
        shutil.copy(file, folder / file.relative_to(CATALOGUE_PATH))
    return folder


def replaced(file: str, old: str, new: str) -> Damage:
    """``new`` in the place of the first ``old`` of a file."""

    def damage(catalogue: Path) -> None:
        text = (catalogue / file).read_text("utf-8")
        assert old in text, f"{file} does not say {old!r} any more"
        (catalogue / file).write_text(text.replace(old, new, 1), "utf-8")

    return damage


def added(file: str, text: str) -> Damage:
    """``text`` at the end of a file, or as a new one."""

    def damage(catalogue: Path) -> None:
        with (catalogue / file).open("a", encoding="utf-8") as opened:
            opened.write(text)

    return damage


def both(*damages: Damage) -> Damage:
    """Several damages at once."""

    def damage(catalogue: Path) -> None:
        for one in damages:
            one(catalogue)

    return damage


def new_tool(file: str = "tools/31_exit_planning.toml", **changed: str) -> Damage:
    """A 32nd tool in which lines are changed: ``slug='"dream"'`` writes ``slug = "dream"``."""

    def damage(catalogue: Path) -> None:
        lines = NEW_TOOL.splitlines()
        for key, value in changed.items():
            place = next(number for number, line in enumerate(lines) if line.startswith(f"{key} = "))
            lines[place] = f"{key} = {value}"
        (catalogue / file).write_text("\n".join(lines), "utf-8")

    return damage


def renamed(file: str, name: str) -> Damage:
    """A file under another name."""

    def damage(catalogue: Path) -> None:
        (catalogue / file).rename(catalogue / name)

    return damage


def removed(pattern: str) -> Damage:
    """The files that match, gone."""

    def damage(catalogue: Path) -> None:
        for file in list(catalogue.glob(pattern)):
            file.unlink()

    return damage


def written(file: str, raw: bytes) -> Damage:
    """A file of exactly these bytes."""

    def damage(catalogue: Path) -> None:
        (catalogue / file).write_bytes(raw)

    return damage
