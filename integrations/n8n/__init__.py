"""n8n as it is asked: one webhook for each kind of question, what it may answer, how long it is waited for."""

from integrations.n8n.answers import AnyAnswer, ChallengeAnswer, HelpAnswer, Remark, read_answer
from integrations.n8n.breaker import Breaker
from integrations.n8n.webhook import PATIENCE, CallFailed, TimedOut, Unavailable, Unusable, Webhook, open_client

__all__ = [
    "PATIENCE",
    "AnyAnswer",
    "Breaker",
    "CallFailed",
    "ChallengeAnswer",
    "HelpAnswer",
    "Remark",
    "TimedOut",
    "Unavailable",
    "Unusable",
    "Webhook",
    "open_client",
    "read_answer",
]
