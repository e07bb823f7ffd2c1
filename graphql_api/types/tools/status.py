"""How far a participant is, as enums of the graph. Whoever names one imports it from here, described."""

from db.models.tools import ProgressStatus, SubmissionStatus
from graphql_api.types.describe import enumerated

__all__ = ["ProgressStatus", "SubmissionStatus"]

enumerated(
    "ProgressStatus",
    "How far a participant is with a tool.",
    LOCKED="Prerequisites are not completed.",
    UNLOCKED="Open, nothing saved yet.",
    IN_PROGRESS="Begun, or reopened.",
    COMPLETED="Submitted.",
)(ProgressStatus)
enumerated(
    "SubmissionStatus",
    "Where a submission stands.",
    DRAFT="Begun.",
    IN_PROGRESS="Worked on, reopened, or sent back by a guru.",
    SUBMITTED="Handed in; waits for a guru.",
    COMPLETED="Approved by a guru.",
)(SubmissionStatus)
