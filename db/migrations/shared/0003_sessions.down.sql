DROP SCHEMA authentication CASCADE;
DROP FUNCTION users.create_account, audit.record_unauthenticated;
ALTER POLICY readable ON users.accounts
  USING (id = ${me} OR (organization_id = ${my_organization} AND ${is_admin}) OR organization_id = ANY (${guided}));
ALTER POLICY readable ON organizations.companies USING (id = ${my_organization} OR id = ANY (${guided}));
ALTER POLICY readable ON organizations.teams
  USING (organization_id = ${my_organization} OR organization_id = ANY (${guided}));
ALTER POLICY readable ON organizations.guru_assignments
  USING (user_id = ${me} OR (organization_id = ${my_organization} AND ${is_admin}));
ALTER POLICY readable ON audit.events USING (user_id = ${me} OR (organization_id = ${my_organization} AND ${is_admin}));
ALTER POLICY own_insert ON audit.events WITH CHECK (${own_event});
ALTER TABLE users.accounts
  DROP COLUMN deactivated_at,
  DROP COLUMN tokens_valid_from,
  DROP CONSTRAINT accounts_role_check,
  ADD CONSTRAINT accounts_role_check CHECK (role IN ('user', 'guru', 'admin'));
