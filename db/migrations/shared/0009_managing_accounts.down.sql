DROP POLICY unassigned ON organizations.guru_assignments;
DROP POLICY assigned ON organizations.guru_assignments;
REVOKE INSERT, DELETE ON organizations.guru_assignments FROM ${gateway};
DROP POLICY managed ON users.accounts;
REVOKE UPDATE (role, deactivated_at, updated_at) ON users.accounts FROM ${gateway};
ALTER POLICY readable ON users.accounts
  USING (id = ${me} OR (organization_id = ${my_organization} AND ${is_admin}) OR organization_id = ANY (${guided})
         OR ${is_platform_admin});
ALTER POLICY readable ON organizations.companies
  USING (id = ${my_organization} OR id = ANY (${guided}) OR ${is_platform_admin});
ALTER POLICY readable ON organizations.teams
  USING (organization_id = ${my_organization} OR organization_id = ANY (${guided}) OR ${is_platform_admin});
ALTER POLICY readable ON organizations.guru_assignments
  USING (user_id = ${me} OR (organization_id = ${my_organization} AND ${is_admin}) OR ${is_platform_admin});
ALTER POLICY readable ON authentication.sessions
  USING (user_id = ${me} OR (organization_id = ${my_organization} AND ${is_admin}) OR ${is_platform_admin});
ALTER POLICY readable ON audit.events
  USING (user_id = ${me} OR (organization_id = ${my_organization} AND ${is_admin}) OR ${is_platform_admin});
