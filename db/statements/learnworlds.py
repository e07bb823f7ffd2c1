"""Calls of the functions that act on what LearnWorlds sends (migration 0004)."""

SIGN_IN = "SELECT * FROM authentication.sign_in_with_learnworlds($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
APPLY_DELIVERY = """
SELECT applied.*, outbox.record_unlocked(applied.of_user, applied.unlocked, $8) AS recorded
FROM tool_access.apply_learnworlds_delivery($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) AS applied"""
