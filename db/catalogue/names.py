"""How catalogue names become GraphQL names, and which of those the graph keeps for itself."""

import re

FIELD_ID = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")
"""Grammar of a field id: dot-separated snake_case, digits allowed (``org.activities.top5``)."""

MAX_FIELD_ID_CHARACTERS = 120
"""Length of a field id, in the catalogue and in every argument."""

FIELD_ID_PREFIXES = frozenset(
    (
        "intro",
        "identity",
        "performance",
        "market",
        "strategy",
        "execution",
        "org",
        "people",
        "tech",
        "synthesis",
    )
)

SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")

MAX_SLUG = 31
"""Characters of a slug: PostgreSQL cuts names at 63, and ``idx_sprint_NN_<slug>_output_submission`` must stay whole."""

QUESTION_KEY = re.compile(r"[a-z][A-Za-z0-9_]*")

_NO_LETTER = re.compile(r"[^a-zA-Z0-9]")

RESERVED_FIELD_NAMES = frozenset(
    (
        "answers",
        "definition",
        "dependencies",
        "dependents",
        "fieldValues",
        "id",
        "name",
        "needs",
        "progress",
        "responses",
        "slug",
        "sources",
        "stale",
        "submission",
        "teamUnlock",
        "unlocks",
        "whyLocked",
    )
)
"""Fields that every tool type has; a question whose GraphQL name is one of them is refused on load."""

RESERVED_TOOL_NAMES = frozenset(
    (
        "createdAt",
        "databaseId",
        "email",
        "fullName",
        "id",
        "lastLoginAt",
        "nextTool",
        "organization",
        "organizationId",
        "progressSummary",
        "role",
        "tool",
        "tools",
    )
)
"""Fields that every participant has; a tool whose GraphQL name is one of them is refused on load."""


def camel_case(name: str) -> str:
    """``one_sentence`` and ``value-proposition`` → ``oneSentence`` and ``valueProposition``."""
    head, *tail = re.split(r"[-_]", name)
    return head + "".join(part[:1].upper() + part[1:] for part in tail)


def pascal_case(name: str) -> str:
    """``value-proposition`` → ``ValueProposition``."""
    camel = camel_case(name)
    return camel[:1].upper() + camel[1:]


def folded(key: str) -> str:
    """``birthday_story``, ``birthdayStory`` and ``Birthday-Story`` as one: spellings of the same question's key."""
    return _NO_LETTER.sub("", key).lower()
