"""The assistant as the settings have it: webhooks of n8n, or none."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from app.settings import Settings
from db.models.tools import Json
from integrations import n8n
from resolvers.assistant import NO_ASSISTANT, Advice, Assistant, Criticism, Kind, Outcome, Remark, Unanswered

_log = logging.getLogger("fast_track_graph")


@dataclass(frozen=True, slots=True)
class N8nAssistant:
    """Asks workflows of n8n."""

    webhooks: Mapping[Kind, n8n.Webhook]

    def can(self, kind: Kind) -> bool:
        """Whether a workflow is known for it."""
        return kind in self.webhooks

    async def help(self, background: Mapping[str, Json], key: str) -> Advice:
        """Ask for advice."""
        found = await self._ask(Kind.HELP, n8n.HelpAnswer, background, key)
        return Advice(found.answer, found.suggestions, found.confidence_score)

    async def challenge(self, background: Mapping[str, Json], key: str) -> Criticism:
        """Ask for criticism."""
        found = await self._ask(Kind.CHALLENGE, n8n.ChallengeAnswer, background, key)
        remarks = [Remark(r.question_key, r.feedback, r.suggestion, r.severity) for r in found.challenges]
        return Criticism(found.overall_quality, remarks, found.encouragement)

    async def _ask(
        self, kind: Kind, form: type[n8n.AnyAnswer], background: Mapping[str, Json], key: str
    ) -> n8n.AnyAnswer:
        try:
            answer = await self.webhooks[kind].call(background, key)
            # In a thread: to read long Markdown takes a while, in which others want to be answered.
            return await asyncio.to_thread(n8n.read_answer, form, answer)
        except n8n.CallFailed as failure:
            _log.warning("n8n gave no %s to request %s: %s", kind.value, key, failure)
            raise _unanswered(failure) from failure


@asynccontextmanager
async def open_assistant(settings: Settings) -> AsyncIterator[Assistant]:
    """The assistant of one process; its connections end with the block."""
    urls = {Kind.HELP: settings.n8n_help_url, Kind.CHALLENGE: settings.n8n_challenge_url}
    secret = settings.n8n_secret
    if secret is None or not any(urls.values()):
        yield NO_ASSISTANT
        return
    async with n8n.open_client() as client:
        yield N8nAssistant(
            {kind: n8n.Webhook(client, url, secret, settings.n8n_patience) for kind, url in urls.items() if url}
        )


def _unanswered(failure: n8n.CallFailed) -> Unanswered:
    match failure:
        case n8n.Unavailable():
            return Unanswered(Outcome.UNAVAILABLE, failure.retry_after)
        case n8n.TimedOut():
            return Unanswered(Outcome.TIMED_OUT, 0)
        case _:
            return Unanswered(Outcome.UNUSABLE, 0)
