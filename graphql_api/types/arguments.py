"""Arguments that mean the same wherever they stand, described once."""

from typing import Annotated

import strawberry

ToolName = Annotated[str, strawberry.argument(description="Slug or alias of the tool.")]
NodeId = Annotated[strawberry.ID, strawberry.argument(description="An id that this graph gave.")]
Whose = Annotated[strawberry.ID, strawberry.argument(description="The participant, by id or UUID.")]
WhoseOrOwn = Annotated[
    strawberry.ID | None, strawberry.argument(description="The participant, by id or UUID; yourself without it.")
]
ExpectedVersion = Annotated[
    int | None,
    strawberry.argument(description="The version you worked on, 0 for none; with it, a save in between is refused."),
]
