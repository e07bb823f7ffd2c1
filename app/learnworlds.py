"""The connection with the school on LearnWorlds as the settings have it."""

import logging

from app.settings import Settings, WebhookMode
from db.catalogue import COURSES_PATH, Catalogue, load_courses
from integrations.learnworlds import SignedSignIns, SignedWebhooks, WebhooksWithSharedValue
from resolvers.learnworlds.school import NO_SCHOOL, School

_log = logging.getLogger("fast_track_graph")


def school_of(settings: Settings, catalogue: Catalogue) -> School:
    """The school; what is not set proves nothing, and is told in the log. Raises ``CatalogueError``."""
    sso, webhook = settings.sso_secret, settings.webhook_secret
    if sso is None:
        _log.warning("LEARNWORLDS_SSO_SECRET is not set: nobody signs in through a school")
    if webhook is None:
        _log.warning("LEARNWORLDS_WEBHOOK_SECRET is not set: webhooks of LearnWorlds are refused")
    signed = settings.learnworlds_webhook_mode is WebhookMode.SIGNED
    return School(
        SignedSignIns(sso) if sso else NO_SCHOOL,
        (SignedWebhooks(webhook) if signed else WebhooksWithSharedValue(webhook)) if webhook else NO_SCHOOL,
        load_courses(catalogue, settings.learnworlds_courses or COURSES_PATH),
        settings.sign_in_origins,
        settings.sign_in_error_page,
    )
