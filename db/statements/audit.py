"""Entries of the audit trail, which can be added and read and nothing else."""

EVENT = """
INSERT INTO audit.events (user_id, organization_id, tool_slug, action, entity_type, entity_id, changes, ip_address,
                          user_agent, "timestamp")"""

RECORD = f"""{EVENT}
VALUES ($1, $2, $3, $4, $5, $6, $7, $8::inet, $9, $10)"""
"""Parameters: user, organisation, tool slug, action, entity type, entity id, changes, address, agent, time."""

RECORD_UNAUTHENTICATED = "SELECT audit.record_unauthenticated($1, $2, $3, $4, $5, $6::inet, $7, $8)"
"""For somebody who is not signed in: action, user, entity type, entity id, details, address, agent, time."""

RECENT_EVENTS = """
SELECT count(*) AS events, min("timestamp") AS first FROM audit.events
WHERE user_id = $1 AND action = $2 AND "timestamp" > $3"""
