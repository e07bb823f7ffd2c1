"""Why a read is not compiled, or why a compiled one could not give this answer; either way graphql-core gives it."""


class Declined(Exception):
    """This operation has no plan. The message says which field or argument is the reason."""


class Unanswerable(Exception):
    """The rows or the variables are not what the plan was made for: a value of another type, a missing row."""


class NeedsValue(Exception):
    """The plan depends on the value of this variable, which is one of few: an enum, a boolean, or a tool's name."""

    def __init__(self, variable: str, *, names_tool: bool) -> None:
        super().__init__(variable)
        self.variable = variable
        self.names_tool = names_tool
