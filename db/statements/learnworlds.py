"""Calls of the functions that act on what LearnWorlds sends (migration 0004)."""

SIGN_IN = "SELECT * FROM authentication.sign_in_with_learnworlds($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
APPLY_DELIVERY = "SELECT * FROM tool_access.apply_learnworlds_delivery($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
