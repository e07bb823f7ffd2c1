"""Limits of a GraphQL request. Those of answers, pages and exports stand beside the code that applies them; all are
listed in docs/limits.md."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

MAX_BODY_BYTES = 1_000_000
"""Size of a request body; a larger one is 413."""

MAX_DOCUMENT_CHARACTERS = 50_000
"""Length of a document's text. Long texts are what variables are for, and no document is too long to be kept."""

MAX_TOKENS = 1_800
"""Lexical tokens of a document. All 31 tools with answers, needs and sources are 1,750."""

MAX_ERRORS = 10
"""Validation errors reported before giving up."""

MAX_SUGGESTED_NAMES = 2
"""Misspelt names for which similar ones are looked up; past them errors come without suggestions."""

MAX_OVERLAP_WORK = 5_000
"""Comparisons of fields that share a key of the answer, as graphql-core counts them. Real documents need dozens."""

MAX_COST = 20_000
"""Estimated cost of an operation, unless the setting says otherwise."""

MAX_ESTIMATE_STEPS = 5_000
"""Fields looked at while a cost is estimated, each once for every type that it can stand on."""

CACHED_DOCUMENTS = 1_000
"""Documents kept parsed and validated."""

CACHED_PLANS = 1_000
"""Compiled reads kept; each is made for one operation, and once more for each tool or field that a variable names."""

CACHED_ESTIMATES = 16
"""Estimates kept of one operation: one for each set of values of its @skip and @include."""

CACHED_SCHEMA_ANSWERS = 4
"""Answers of introspection kept whole: the usual one has 5,000 objects and takes graphql-core longer than anything."""

KEYS_REREAD_SECONDS = 20
"""How often a process looks whether the file of signing keys has changed."""

CACHED_TOKENS = 20_000
"""Verified tokens remembered until they run out."""

MAX_TOKEN_CHARACTERS = 8_192
"""Size of an access token."""

MAX_REQUEST_ID_CHARACTERS = 100
"""Length of an ``X-Request-Id`` that is taken over; printable ASCII only."""

MAX_ACCEPT_CHARACTERS = 1_000
"""What is read of an ``Accept``."""

CACHED_ACCEPTS = 256
"""Values of ``Accept`` whose meaning is remembered."""

MAX_AGENT_CHARACTERS = 500
"""What the audit trail keeps of a ``User-Agent``."""

MAX_GLOBAL_ID_CHARACTERS = 200
"""Length of a global id; we give none that is longer."""

REQUESTS_PER_ADDRESS = 6_000
"""Requests a minute from one address, where no setting says otherwise. A school may have one for all."""

REQUESTS_PER_USER = 1_200
"""The same of one person."""

REQUESTS_PER_ORGANIZATION = 12_000
"""The same of one organisation."""

REQUESTS_PER_SERVICE_KEY = 3_000
"""The same with one service key."""

REQUEST_PERIOD = 60_000
"""The minute of these, in milliseconds."""

LEASED_SHARE = 8
"""A process leases this part of what a limit leaves: an eighth."""

MAX_LEASES = 100_000
"""Subjects that a process counts within a minute; past it the oldest tenth is counted as new."""

ALONE_FOR = 5_000
"""Milliseconds for which a shared counter that could not be reached is not asked again."""


class Mode(StrEnum):
    """What becomes of an operation past its budget: it is only counted, or it is refused."""

    MEASURE = "measure"
    ENFORCE = "enforce"


@dataclass(frozen=True, slots=True)
class Limit:
    """How much there may be of something in a document. ``remedy``: what to do about it, as the end of a sentence."""

    most: int
    what: str
    remedy: str

    def refusal(self, found: int) -> str:
        """What a client is told that goes past it."""
        return f"This document has {found:,} {self.what}; at most {self.most:,} are allowed. {self.remedy}"


_SPLIT = "Split it into several requests."

LIMITS: Mapping[str, Limit] = {
    "operations": Limit(10, "operations", "Send only those that belong together."),
    "fragments": Limit(64, "fragments", "Use fewer, larger fragments."),
    "depth": Limit(48, "levels of fields", "Ask for the inner objects by their ids."),
    "fields": Limit(2_500, "fields after its fragments are put in", _SPLIT),
    "root_fields": Limit(50, "fields of Query or Mutation in one operation", _SPLIT),
    "aliases": Limit(200, "aliases", _SPLIT),
    "directives": Limit(200, "directives", "Leave out what is not wanted instead of skipping it."),
    "directives_in_one_place": Limit(4, "directives in one place", "One @skip and one @include say it all."),
    "variables": Limit(100, "variables in one operation", "Put values that belong together into one JSON or input."),
    "arguments": Limit(20, "arguments in one place", "No field takes more."),
    "list_items": Limit(500, "items in one literal list", "Send them as a variable."),
    "object_fields": Limit(100, "fields in one literal object", "Send it as a variable."),
    "value_depth": Limit(20, "levels of lists and objects in one literal", "Send the value as a variable."),
    "name_characters": Limit(100, "characters in one name", "No name of this graph is longer."),
    "schema_reads": Limit(1, "fields __schema in one operation", "Ask once for all that is wanted of it."),
    "type_reads": Limit(4, "fields __type in one operation", "Ask for the types of __schema instead."),
    "schema_aliases": Limit(0, "aliases below __schema or __type", "Ask for each field of the schema once."),
    "schema_depth": Limit(1, "lists of the schema inside each other, beside types and args", "Ask for the types."),
}
"""Of a document, by what ``execution/shape.py`` measures. The longest chain of sources has 17 steps of two levels."""

MAX_VARIABLE_ITEMS = 1_000
"""Items of one list within the variables, JSON values aside: those have limits of their own."""

MAX_STREAMS = 5_000
"""Connections of one process that last: WebSockets and event streams."""

MAX_STREAMS_OF_ONE = 20
"""Of them, those of one person."""

MAX_OPERATIONS = 20
"""Operations of one WebSocket at a time."""

MAX_MESSAGE_BYTES = 1_000_000
"""Size of a message that a WebSocket's client sends; a larger one closes it."""

MAX_OPERATION_ID_CHARACTERS = 100
"""Length of the id that a client gives an operation."""

INIT_WITHIN = 10.0
"""Seconds within which a WebSocket's client has to say who it is."""

SEND_WITHIN = 20.0
"""Seconds that a message may wait for its client to read; then the connection is closed."""

PING_EVERY = 12.0
"""Seconds after which an event stream says that it is still there."""
