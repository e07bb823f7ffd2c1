DROP FUNCTION tool_access.team_completion;
DROP SCHEMA shared CASCADE;
DROP TABLE audit.events, tool_access.progress, tool_access.permissions, organizations.guru_assignments,
  organizations.teams, users.profiles, users.accounts, organizations.companies;
DROP SCHEMA audit;
DROP SCHEMA tool_access;
DROP SCHEMA organizations;
DROP SCHEMA users;
REVOKE SELECT ON alembic_version FROM ${gateway};
