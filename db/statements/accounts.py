"""Changes to accounts by those who manage them; policies decide whether there is such an account."""

CHANGE_ROLE = "UPDATE users.accounts SET role = $2, updated_at = $3 WHERE id = $1 RETURNING id"
DEACTIVATE = """
UPDATE users.accounts SET deactivated_at = coalesce(deactivated_at, $2), updated_at = $2 WHERE id = $1 RETURNING id"""
REACTIVATE = "UPDATE users.accounts SET deactivated_at = NULL, updated_at = $2 WHERE id = $1 RETURNING id"
ASSIGN_GURU = """
INSERT INTO organizations.guru_assignments (user_id, organization_id, assigned_at) VALUES ($1, $2, $3)
ON CONFLICT DO NOTHING"""
UNASSIGN_GURU = """
DELETE FROM organizations.guru_assignments
WHERE user_id = $1 AND ($2::uuid IS NULL OR organization_id = $2) RETURNING organization_id"""
