"""What the gateway's login may do, word for word: a new table or function is named here or the tests fail."""

READ = {"SELECT"}
APPEND = {"SELECT", "INSERT"}
KEEP = {"SELECT", "INSERT", "UPDATE"}
WRITE = {"SELECT", "INSERT", "UPDATE", "DELETE"}

SHARED_GRANTS = {
    "users.profiles": READ,
    "organizations.companies": READ,
    "organizations.teams": READ,
    "organizations.guru_assignments": {"SELECT", "INSERT", "DELETE"},
    "organizations.data_keys": READ,
    "tool_access.permissions": READ,
    "tool_access.progress": KEEP,
    "audit.events": APPEND,
    "shared.users": READ,
    "shared.organizations": READ,
    "shared.user_progress": READ,
    "authentication.sessions": READ,
    "authentication.service_keys": {"INSERT"},
    "help.requests": APPEND,
    "public.alembic_version": READ,
    "outbox.events": APPEND,
    "exports.jobs": KEEP,
    "webhooks.endpoints": {"INSERT", "DELETE"},
    "webhooks.deliveries": READ,
    "procrastinate.procrastinate_jobs": WRITE,
    "procrastinate.procrastinate_events": WRITE,
    "procrastinate.procrastinate_periodic_defers": WRITE,
    "procrastinate.procrastinate_workers": WRITE,
    "procrastinate.procrastinate_jobs_id_seq": {"USAGE"},
    "procrastinate.procrastinate_events_id_seq": {"USAGE"},
    "procrastinate.procrastinate_periodic_defers_id_seq": {"USAGE"},
    "procrastinate.procrastinate_workers_id_seq": {"USAGE"},
}
TOOL_GRANTS = {
    "submissions": KEEP,
    "tool_data": KEEP,
    "field_outputs": WRITE,
    "field_versions": APPEND,
    "audit_log": APPEND,
}
TOOL_COLUMN_GRANTS = {("field_versions", "confirmed_at"): {"UPDATE"}}
SPECIFIC_GRANTS = {
    "sprint_15_value_proposition.hypotheses": WRITE,
    "sprint_24_fit_abc_analysis.team_assessments": WRITE,
}
COLUMN_GRANTS = (
    {
        ("users.accounts", column): READ
        for column in (
            "id",
            "email",
            "full_name",
            "role",
            "organization_id",
            "created_at",
            "updated_at",
            "last_login_at",
            "deactivated_at",
            "tokens_valid_from",
        )
    }
    | {
        ("organizations.data_keys", column): {"INSERT"}
        for column in ("id", "organization_id", "user_id", "wrapped", "wrapped_by", "fingerprint")
    }
    | {
        ("authentication.invitations", column): granted
        for columns, granted in (
            (("id", "email", "full_name", "role", "organization_id", "invited_by", "created_at", "expires_at"), APPEND),
            (("accepted_at",), READ),
            (("revoked_at",), {"SELECT", "UPDATE"}),
            (("digest",), {"INSERT"}),
        )
        for column in columns
    }
    | {("help.requests", column): {"UPDATE"} for column in ("outcome", "milliseconds")}
    | {
        ("webhooks.endpoints", column): granted
        for columns, granted in (
            (("id", "organization_id", "created_at"), READ),
            (
                ("url", "events", "document", "active", "paused_because", "changed_by", "updated_at"),
                {"SELECT", "UPDATE"},
            ),
            (("wrapped", "wrapped_by", "fingerprint"), {"UPDATE"}),
        )
        for column in columns
    }
    | {("webhooks.deliveries", column): {"UPDATE"} for column in ("status", "next_attempt_at")}
    | {("users.accounts", column): {"SELECT", "UPDATE"} for column in ("role", "deactivated_at", "updated_at")}
    | {
        ("authentication.service_keys", column): granted
        for columns, granted in (
            (("id", "prefix", "organization_id", "name", "operations", "tools", "behalf", "user_ids"), READ),
            (("created_by", "created_at", "expires_at", "last_used_at"), READ),
            (("revoked_at",), {"SELECT", "UPDATE"}),
        )
        for column in columns
    }
)
"""Accounts are granted by column, so that ``password_hash`` is in no grant; data keys, so that a new one is current;
invitations and service keys, so that nobody reads the digest of a secret."""

UNREADABLE = {
    "authentication.learnworlds_accounts",
    "authentication.learnworlds_signatures",
    "authentication.organization_rules",
    "authentication.password_resets",
    "authentication.refresh_tokens",
    "authentication.service_key_grants",
    "authentication.service_key_uses",
    "tool_access.learnworlds_deliveries",
}
"""Tables that the gateway's login reaches through functions only."""

AS_OWNER = {
    "rates.take",
    "rates.forgive",
    "audit.record_unauthenticated",
    "authentication.start_session",
    "authentication.use_refresh_token",
    "authentication.end_session_of",
    "authentication.end_sessions",
    "authentication.find_service_key",
    "authentication.note_service_key_use",
    "authentication.grant_to_service_key",
    "audit.record_service_key",
    "authentication.sign_in_with_learnworlds",
    "tool_access.apply_learnworlds_delivery",
    "audit.record_reads",
    "organizations.wrapping_keys",
    "authentication.password_of",
    "authentication.rehash_password",
    "authentication.change_password",
    "authentication.request_password_reset",
    "authentication.password_reset_of",
    "authentication.reset_password",
    "authentication.invitation_of",
    "authentication.accept_invitation",
    "outbox.record_unlocked",
    "outbox.defer",
    "outbox.prune",
    "outbox.prune_jobs",
    "exports.expired",
    "exports.forget",
    "outbox.failed_jobs",
    "outbox.replay_job",
    "webhooks.enqueue",
    "webhooks.open_delivery",
    "webhooks.close_attempt",
    "webhooks.pause",
}
"""Functions that run as the owner of the schema: what they do comes before anybody is signed in, or checks the viewer
itself."""
