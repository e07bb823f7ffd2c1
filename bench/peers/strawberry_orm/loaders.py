"""DataLoaders of one request, over its one session."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from aiodataloader import DataLoader
from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from bench.peers.strawberry_orm.models import OUTPUTS, PUBLISHED, SPRINT, Progress


class Loaders:
    """Progress by user, and for each tool that is asked for the values of a user by field id."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        # A session runs one statement at a time, and loaders of one level are ready together.
        self._one_at_a_time = asyncio.Lock()
        self._outputs: dict[str, DataLoader[UUID, dict[str, Any]]] = {}
        self.progress: DataLoader[UUID, list[Progress]] = DataLoader(self._load_progress)

    def outputs(self, slug: str) -> DataLoader[UUID, dict[str, Any]]:
        """The loader of one tool's values."""
        if slug not in self._outputs:

            async def load(user_ids: list[UUID]) -> list[dict[str, Any]]:
                return await self._load_outputs(slug, user_ids)

            self._outputs[slug] = DataLoader(load)
        return self._outputs[slug]

    async def _load_outputs(self, slug: str, user_ids: list[UUID]) -> list[dict[str, Any]]:
        output = OUTPUTS[slug]
        found: dict[UUID, dict[str, Any]] = defaultdict(dict)
        wanted = output.user_id.in_(user_ids), output.field_id.in_(PUBLISHED[slug])
        for row in await self._all(select(output).where(*wanted)):
            found[row.user_id][row.field_id] = row.value
        return [found[user_id] for user_id in user_ids]

    async def _load_progress(self, user_ids: list[UUID]) -> list[list[Progress]]:
        found: dict[UUID, list[Progress]] = defaultdict(list)
        for row in await self._all(select(Progress).where(Progress.user_id.in_(user_ids))):
            found[row.user_id].append(row)
        for rows in found.values():
            rows.sort(key=lambda row: SPRINT[row.tool_slug])
        return [found[user_id] for user_id in user_ids]

    async def _all(self, statement: Select[Any]) -> Sequence[Any]:
        async with self._one_at_a_time:
            return (await self._session.scalars(statement)).all()
