"""Limits of a GraphQL request. Those of answers, pages and exports stand beside the code that applies them; all are
listed in docs/limits.md."""

MAX_BODY_BYTES = 1_000_000
"""Size of a request body; a larger one is 413."""

MAX_TOKENS = 4_000
"""Lexical tokens of a document."""

MAX_DEPTH = 48
"""Nesting of fields. The longest chain of sources has 17 steps of two levels."""

MAX_ALIASES = 200
"""Aliased fields of a document, fragments counted once."""

MAX_ERRORS = 20
"""Validation errors reported before giving up."""

CACHED_DOCUMENTS = 1_000
"""Documents kept parsed and validated."""

CACHED_PLANS = 1_000
"""Compiled reads kept; each is made for one operation, and once more for each tool or field that a variable names."""

CACHED_TOKENS = 20_000
"""Verified tokens remembered until they run out."""

MAX_CACHED_DOCUMENT_CHARACTERS = 50_000
"""Longer documents are executed, but not kept."""

MAX_TOKEN_CHARACTERS = 8_192
"""Size of an access token."""

MAX_REQUEST_ID_CHARACTERS = 100
"""Length of an ``X-Request-Id`` that is taken over; printable ASCII only."""

MAX_AGENT_CHARACTERS = 500
"""What the audit trail keeps of a ``User-Agent``."""

MAX_GLOBAL_ID_CHARACTERS = 200
"""Length of a global id; we give none that is longer."""
