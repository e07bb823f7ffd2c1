"""The reads: many keys, one statement. A loader belongs to one request and one viewer."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from db.catalogue import Catalogue
from db.database import Reader, Record
from db.encryption import DataKeys
from db.models.identity import Account, Company, Team
from db.models.tools import FieldOutput, FieldVersion, Progress, Story, Submission
from loaders import history, identity, tools
from loaders.batching import RowLoader, RowsLoader
from loaders.within import EVERYTHING, Within


@dataclass(frozen=True, slots=True)
class Loaders:
    """Every loader of a request, by what it gives."""

    accounts: RowLoader[UUID, Account]
    companies: RowLoader[UUID, Company]
    teams: RowsLoader[UUID, Team]
    field_outputs: RowLoader[tuple[UUID, str], FieldOutput]
    submissions: RowLoader[tuple[UUID, str], Submission]
    stories: RowsLoader[tuple[UUID, str], Story]
    progress: RowsLoader[UUID, Progress]
    team_completion: RowLoader[str, tools.TeamCompletion]
    field_versions: RowLoader[history.VersionKey, FieldVersion]
    field_histories: RowsLoader[history.HistoryKey, FieldVersion]

    def forget(self, user_id: UUID) -> None:
        """Drop what was read of a participant's work: it has just been written."""
        for loader in (
            self.field_outputs,
            self.submissions,
            self.stories,
            self.field_versions,
            self.field_histories,
        ):
            loader.clear_where(lambda key: key[0] == user_id)
        self.progress.clear_where(lambda key: key == user_id)
        self.team_completion.clear_where(lambda _: True)


def loaders_for(
    read: Reader, catalogue: Catalogue, data_keys: DataKeys, within: Within = EVERYTHING, seen: tools.Seen | None = None
) -> Loaders:
    """Loaders whose every statement goes through ``read``, hence is bound to its viewer.

    What is not ``within`` is not there for them, as if nobody had ever written it. ``seen`` is told whose answers to
    which tool were read.
    """
    return Loaders(
        accounts=identity.accounts(read),
        companies=identity.companies(read),
        teams=identity.teams(read if within.colleagues else _nothing),
        field_outputs=tools.field_outputs(read, catalogue, within, seen),
        submissions=tools.submissions(read, catalogue, data_keys, within, seen),
        stories=tools.stories(read, catalogue, within),
        progress=tools.progress(read, within),
        team_completion=tools.team_completion(read, within),
        field_versions=history.field_versions(read, catalogue, within, seen),
        field_histories=history.field_histories(read, catalogue, within, seen),
    )


async def _nothing(_: object, *__: object) -> Sequence[Record]:
    return ()


__all__ = ["EVERYTHING", "Loaders", "RowLoader", "RowsLoader", "Within", "loaders_for"]
