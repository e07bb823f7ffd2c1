"""Why a read is not compiled, or why a compiled one could not give this answer; either way graphql-core gives it."""

from graphql_api.execution.compiled.names import Names


class Declined(Exception):
    """This operation has no plan. The message says which field or argument is the reason."""


class Unanswerable(Exception):
    """The rows or the variables are not what the plan was made for: a value of another type, a missing row."""


class NeedsValue(Exception):
    """The plan depends on the value of this variable, which is one of few.

    An enum or a boolean; with ``names`` a text, which counts as what it names in the catalogue.
    """

    def __init__(self, variable: str, names: Names | None = None) -> None:
        super().__init__(variable)
        self.variable = variable
        self.names = names
