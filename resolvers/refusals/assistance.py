"""Why there is no advice of the assistant."""

from math import ceil

from resolvers.refusals.base import Refusal


class NoAdvice(Refusal):
    """The assistant gave no advice; ``guidance`` is what the tool itself says."""

    def __init__(self, guidance: str, because: str) -> None:
        self.guidance = guidance
        super().__init__(f"{because} Meanwhile, from the tool itself: {guidance}")


class AssistantUnavailable(NoAdvice):
    """The assistant cannot be reached just now."""

    def __init__(self, guidance: str, retry_after: float, because: str | None = None) -> None:
        self.retry_after = max(1, ceil(retry_after))
        super().__init__(guidance, because or "The assistant cannot be reached just now.")


class AssistantTimedOut(NoAdvice):
    """The assistant did not answer in time."""

    def __init__(self, guidance: str) -> None:
        super().__init__(guidance, "The assistant did not answer in time; try again later.")


class AssistantUnusable(NoAdvice):
    """The assistant answered, and not with advice."""

    def __init__(self, guidance: str) -> None:
        super().__init__(guidance, "The assistant gave no answer that can be shown; whoever runs it has to look.")
