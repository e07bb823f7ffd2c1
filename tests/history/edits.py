"""Random edits of a programme: what is drawn, how it is asked over GraphQL, and what the reference makes of it."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from random import Random
from typing import Any

from db.catalogue import Question, QuestionType, Tool
from tests.history.reference import Reference
from tests.world import Person, World

ACTS = ("save", "save", "save", "save", "save", "submit", "reopen", "confirm", "confirm")

MUTATIONS = {
    "save": """mutation ($tool: String!, $data: JSON!) { done: saveSubmission(tool: $tool, data: $data) {
      __typename ... on Refusal { message } } }""",
    "submit": """mutation ($tool: String!, $data: JSON!) {
      done: submitTool(tool: $tool, data: $data, allowMissing: true) { __typename ... on Refusal { message } } }""",
    "reopen": """mutation ($tool: String!) { done: reopenTool(tool: $tool) {
      __typename ... on Refusal { message } } }""",
    "confirm": """mutation ($tool: String!, $ids: [FieldId!], $seen: [SeenSource!]) {
      done: confirmValues(tool: $tool, ids: $ids, seen: $seen) {
        __typename ... on ValuesConfirmed { tool { slug stale } fields { id stale } } ... on Refusal { message } } }""",
}


@dataclass(frozen=True)
class Edit:
    """One act on one tool. ``given``: answers, for what takes them."""

    act: str
    tool: Tool
    given: dict[str, Any] = field(default_factory=dict)
    ids: list[str] | None = None
    seen: dict[str, int] = field(default_factory=dict)

    @property
    def variables(self) -> dict[str, Any]:
        """As the mutation takes them."""
        found: dict[str, Any] = {"tool": self.tool.slug}
        if self.act in ("save", "submit"):
            found["data"] = self.given
        elif self.act == "confirm":
            found |= {"ids": self.ids, "seen": [{"fieldId": each, "version": v} for each, v in self.seen.items()]}
        return found


def draw(rng: Random, world: World, reference: Reference) -> Edit:
    """An edit of a tool that is open, or sometimes of any; more often of one that something was built on."""
    opened = [tool for tool in world.catalogue.tools if tool.slug in reference.opened]
    tool = rng.choice(opened if rng.random() < 0.95 else world.catalogue.tools)
    used = [each for each in opened if any(map(reference.built_on_it, reference.published(each)))]
    if used and rng.random() < 0.5:
        tool = rng.choice(used)
    act = rng.choice(ACTS)
    if act == "confirm":
        moved = [each for each in opened if reference.tool_stale(each)]
        if moved and rng.random() < 0.9:
            return _confirmation(rng, rng.choice(moved), reference)
        act = "confirm" if rng.random() < 0.2 else "save"
    match act:
        case "confirm":
            return _confirmation(rng, tool, reference)
        case "reopen":
            done = [each for each in opened if each.slug in reference.sheets]
            return Edit(act, rng.choice(done) if done and rng.random() < 0.8 else tool)
        case "submit" if rng.random() < 0.5:
            return Edit(act, tool, world.answers(tool.slug))
    return Edit(act, tool, _answers(rng, world, tool, reference))


def foreseen(reference: Reference, edit: Edit) -> Any:
    """What the reference says of an edit, which it makes as well."""
    match edit.act:
        case "save":
            return reference.save(edit.tool, edit.given)
        case "submit":
            return reference.submit(edit.tool, edit.given)
        case "reopen":
            return reference.reopen(edit.tool)
    return reference.confirm(edit.tool, edit.ids, edit.seen)


async def done(world: World, person: Person, edit: Edit) -> Any:
    """What came of an edit."""
    answer = await world.graphql(person, MUTATIONS[edit.act], edit.variables)
    assert not answer.errors, answer.errors
    found: Mapping[str, Any] = answer.data["done"]
    if found["__typename"] != "ValuesConfirmed":
        return found["__typename"]
    assert not any(each["stale"] for each in found["fields"])
    assert not (edit.ids is None and found["tool"]["stale"])
    return {each["id"] for each in found["fields"]}


def _confirmation(rng: Random, tool: Tool, reference: Reference) -> Edit:
    published = reference.published(tool)
    ids = rng.sample(published, rng.randint(1, len(published))) if published and rng.random() < 0.4 else None
    needed = sorted({need.field for need in tool.needs})
    looked = rng.sample(needed, rng.randint(0, len(needed)))
    seen = {each: version for each in looked if (version := reference.version(each))}
    if seen and rng.random() < 0.15:
        seen[min(seen)] += 1
    return Edit("confirm", tool, ids=ids, seen=seen)


def _answers(rng: Random, world: World, tool: Tool, reference: Reference) -> dict[str, Any]:
    sheet = reference.sheets.get(tool.slug)
    given: dict[str, Any] = {}
    published = [question for question in tool.questions if question.publishes]
    asked = published if published and rng.random() < 0.6 else tool.questions
    for question in rng.sample(asked, min(len(asked), rng.randint(1, 3))):
        chance = rng.random()
        if chance < 0.15:
            given[question.key] = None
        elif chance < 0.35 and sheet and question.key in sheet.data:
            given[question.key] = deepcopy(sheet.data[question.key])
        else:
            given[question.key] = _variant(rng, question, world.answers(tool.slug)[question.key])
    return given


def _variant(rng: Random, question: Question, base: Any) -> Any:
    """One of a few answers that fit, so that some come back after another one."""
    number = rng.randint(0, 3)
    if question.type is QuestionType.RATING:
        return rng.choice(question.constraints.options or ())
    match base:
        case str():
            return f"{base} ({number})"
        case list():
            return base + base[:1] * number
        case dict():
            return base | {"remark": f"{number}"}
        case bool():
            return number % 2 == 0
    return base + number
