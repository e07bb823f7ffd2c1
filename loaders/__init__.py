"""The reads: many keys, one statement. A loader belongs to one request and one viewer."""

from collections.abc import Sequence
from functools import cached_property
from uuid import UUID

from db.catalogue import Catalogue
from db.database import Reader, Record
from db.encryption import DataKeys
from db.models.identity import Account, Company, Team
from db.models.tools import FieldOutput, FieldVersion, Progress, Story, Submission
from loaders import history, identity, tools
from loaders.batching import RowLoader, RowsLoader
from loaders.within import EVERYTHING, OF_KEYS, Within


class Loaders:
    """Every loader of a request, by what it gives. Each statement goes through ``read``, hence is bound to its viewer.

    What is not ``within`` is not there for them, as if nobody had ever written it. ``seen`` is told whose answers to
    which tool were read. ``account`` has been read already. A loader is made when it is first asked for: a request
    needs two or three of them, and a connection that lasts holds on to those it has.
    """

    def __init__(
        self,
        read: Reader,
        catalogue: Catalogue,
        data_keys: DataKeys,
        within: Within = EVERYTHING,
        seen: tools.Seen | None = None,
        account: Account | None = None,
    ) -> None:
        self._read = read
        self._catalogue = catalogue
        self._data_keys = data_keys
        self._within = within
        self._seen = seen
        self._account = account

    @cached_property
    def accounts(self) -> RowLoader[UUID, Account]:
        """Accounts by id."""
        made = identity.accounts(self._read)
        if self._account is not None:
            made.prime(self._account.id, self._account)
        return made

    @cached_property
    def companies(self) -> RowLoader[UUID, Company]:
        """Organisations by id."""
        return identity.companies(self._read)

    @cached_property
    def teams(self) -> RowsLoader[UUID, Team]:
        """Teams by organisation id."""
        return identity.teams(self._read if self._within.colleagues else _nothing)

    @cached_property
    def field_outputs(self) -> RowLoader[tuple[UUID, str], FieldOutput]:
        """Published values by (user id, field id)."""
        return tools.field_outputs(self._read, self._catalogue, self._within, self._seen)

    @cached_property
    def submissions(self) -> RowLoader[tuple[UUID, str], Submission]:
        """Submissions by (user id, tool slug)."""
        return tools.submissions(self._read, self._catalogue, self._data_keys, self._within, self._seen)

    @cached_property
    def stories(self) -> RowsLoader[tuple[UUID, str], Story]:
        """What was built on what, by (user id, tool slug)."""
        return tools.stories(self._read, self._catalogue, self._within)

    @cached_property
    def progress(self) -> RowsLoader[UUID, Progress]:
        """A participant's progress rows, by user id."""
        return tools.progress(self._read, self._within)

    @cached_property
    def team_completion(self) -> RowLoader[str, tools.TeamCompletion]:
        """How far the viewer's own organisation is, by tool slug."""
        return tools.team_completion(self._read, self._within)

    @cached_property
    def field_versions(self) -> RowLoader[history.VersionKey, FieldVersion]:
        """Versions of a published value."""
        return history.field_versions(self._read, self._catalogue, self._within, self._seen)

    @cached_property
    def field_histories(self) -> RowsLoader[history.HistoryKey, FieldVersion]:
        """All versions of a published value."""
        return history.field_histories(self._read, self._catalogue, self._within, self._seen)

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


async def _nothing(_: object, *__: object) -> Sequence[Record]:
    return ()


__all__ = ["EVERYTHING", "OF_KEYS", "Loaders", "RowLoader", "RowsLoader", "Within"]
