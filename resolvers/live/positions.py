"""Where a reader of the outbox stands, as clients keep it and bring it back."""

from dataclasses import dataclass
from datetime import datetime

import orjson

from resolvers.refusals import BadArgument

_MOST = 2**63 - 1


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """Everything up to this event has been read; ``event`` is 0 where the whole transaction is still to come."""

    transaction: int
    event: int = 0


@dataclass(frozen=True, slots=True)
class Mark:
    """A position, and when the client was there: what is older than the outbox remembers cannot be gone on from."""

    position: Position
    at: datetime

    @property
    def parts(self) -> list[str]:
        """The parts of a cursor."""
        return [str(self.position.transaction), str(self.position.event), self.at.isoformat()]


def read_mark(after: str) -> Mark:
    """The mark that a decoded cursor names; raises ``BadArgument`` for anything that is not one of ours."""
    try:
        transaction, event, at = orjson.loads(after)
        position, moment = Position(int(transaction), int(event)), datetime.fromisoformat(at)
        if moment.tzinfo is None or not (0 <= position.transaction <= _MOST and 0 <= position.event <= _MOST):
            raise ValueError(after)
        return Mark(position, moment)
    except (ValueError, TypeError, OverflowError) as error:
        raise BadArgument("after", "This is no cursor of a subscription; use one that an event brought.") from error
