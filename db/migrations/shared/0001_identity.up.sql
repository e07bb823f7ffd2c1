-- People, organisations, their access and progress, and the audit trail.
-- ${gateway} is the role that the gateway logs in with: it owns nothing and every row it sees passed a policy.

CREATE SCHEMA users;
CREATE SCHEMA organizations;
CREATE SCHEMA tool_access;
CREATE SCHEMA audit;
CREATE SCHEMA shared;
GRANT USAGE ON SCHEMA users, organizations, tool_access, audit, shared TO ${gateway};

CREATE TABLE organizations.companies (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  name VARCHAR(255) NOT NULL,
  slug VARCHAR(100) UNIQUE,
  industry VARCHAR(100),
  size VARCHAR(50),
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  settings JSONB NOT NULL DEFAULT '{}'
);

CREATE TABLE users.accounts (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  email VARCHAR(255) UNIQUE NOT NULL CHECK (email = lower(email)),
  password_hash VARCHAR(255),
  full_name VARCHAR(255) NOT NULL,
  role VARCHAR(50) NOT NULL DEFAULT 'user' CHECK (role IN ('user', 'guru', 'admin')),
  organization_id UUID REFERENCES organizations.companies (id),
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  last_login_at TIMESTAMPTZ
);
CREATE INDEX idx_accounts_organization ON users.accounts (organization_id, full_name, id);

CREATE TABLE users.profiles (
  user_id UUID PRIMARY KEY REFERENCES users.accounts (id) ON DELETE CASCADE,
  avatar_url TEXT,
  timezone VARCHAR(50),
  language VARCHAR(10) NOT NULL DEFAULT 'en',
  preferences JSONB NOT NULL DEFAULT '{}'
);

CREATE TABLE organizations.teams (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  organization_id UUID NOT NULL REFERENCES organizations.companies (id) ON DELETE CASCADE,
  name VARCHAR(255) NOT NULL,
  lead_user_id UUID REFERENCES users.accounts (id) ON DELETE SET NULL,
  members JSONB NOT NULL DEFAULT '[]'
);
CREATE INDEX idx_teams_organization ON organizations.teams (organization_id);

-- Which organisations a guru looks after.
CREATE TABLE organizations.guru_assignments (
  user_id UUID NOT NULL REFERENCES users.accounts (id) ON DELETE CASCADE,
  organization_id UUID NOT NULL REFERENCES organizations.companies (id) ON DELETE CASCADE,
  assigned_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, organization_id)
);
CREATE INDEX idx_guru_assignments_organization ON organizations.guru_assignments (organization_id);

CREATE TABLE tool_access.permissions (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id UUID NOT NULL REFERENCES users.accounts (id) ON DELETE CASCADE,
  organization_id UUID REFERENCES organizations.companies (id),
  tool_slug VARCHAR(100) NOT NULL,
  access_level VARCHAR(50) NOT NULL CHECK (access_level IN ('view', 'edit', 'admin')),
  granted_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  expires_at TIMESTAMPTZ,
  granted_by UUID REFERENCES users.accounts (id) ON DELETE SET NULL
);
CREATE INDEX idx_permissions_user ON tool_access.permissions (user_id, tool_slug);

CREATE TABLE tool_access.progress (
  user_id UUID NOT NULL REFERENCES users.accounts (id) ON DELETE CASCADE,
  organization_id UUID REFERENCES organizations.companies (id),
  tool_slug VARCHAR(100) NOT NULL,
  status VARCHAR(50) NOT NULL DEFAULT 'locked' CHECK (status IN ('locked', 'unlocked', 'in_progress', 'completed')),
  progress_percentage INTEGER NOT NULL DEFAULT 0 CHECK (progress_percentage BETWEEN 0 AND 100),
  unlocked_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ,
  last_accessed_at TIMESTAMPTZ,
  completed_at TIMESTAMPTZ,
  PRIMARY KEY (user_id, tool_slug)
);
CREATE INDEX idx_progress_organization ON tool_access.progress (organization_id, tool_slug, status);

CREATE TABLE audit.events (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id UUID REFERENCES users.accounts (id) ON DELETE SET NULL,
  organization_id UUID,
  tool_slug VARCHAR(100),
  action VARCHAR(100) NOT NULL,
  entity_type VARCHAR(100),
  entity_id UUID,
  changes JSONB,
  ip_address INET,
  user_agent TEXT,
  "timestamp" TIMESTAMPTZ NOT NULL DEFAULT now()
);
CREATE INDEX idx_audit_user ON audit.events (user_id, "timestamp" DESC);
CREATE INDEX idx_audit_org ON audit.events (organization_id, "timestamp" DESC);
CREATE INDEX idx_audit_tool ON audit.events (tool_slug, "timestamp" DESC);

-- The names of the first founding document. security_invoker: the reader's own policies decide.
CREATE VIEW shared.users WITH (security_invoker = true) AS
  SELECT id, email, full_name, role, organization_id, created_at, updated_at, last_login_at FROM users.accounts;
CREATE VIEW shared.organizations WITH (security_invoker = true) AS
  SELECT id, name, slug, industry, size, created_at, settings FROM organizations.companies;
CREATE VIEW shared.user_progress WITH (security_invoker = true) AS
  SELECT user_id, organization_id, tool_slug, status, progress_percentage, unlocked_at, started_at, last_accessed_at,
         completed_at
  FROM tool_access.progress;

-- password_hash is in no grant: signing in by password has to go another way than a select.
GRANT SELECT (id, email, full_name, role, organization_id, created_at, updated_at, last_login_at)
  ON users.accounts TO ${gateway};
GRANT SELECT ON users.profiles, organizations.companies, organizations.teams, organizations.guru_assignments,
  tool_access.permissions TO ${gateway};
GRANT SELECT, INSERT, UPDATE ON tool_access.progress TO ${gateway};
GRANT SELECT, INSERT ON audit.events TO ${gateway};
GRANT SELECT ON shared.users, shared.organizations, shared.user_progress TO ${gateway};

ALTER TABLE users.accounts ENABLE ROW LEVEL SECURITY;
ALTER TABLE users.accounts FORCE ROW LEVEL SECURITY;
CREATE POLICY readable ON users.accounts FOR SELECT TO ${gateway}
  USING (id = ${me} OR (organization_id = ${my_organization} AND ${is_admin}) OR organization_id = ANY (${guided}));
CREATE POLICY maintenance ON users.accounts TO CURRENT_USER USING (true);

ALTER TABLE users.profiles ENABLE ROW LEVEL SECURITY;
ALTER TABLE users.profiles FORCE ROW LEVEL SECURITY;
CREATE POLICY readable ON users.profiles FOR SELECT TO ${gateway} USING (user_id = ${me});
CREATE POLICY maintenance ON users.profiles TO CURRENT_USER USING (true);

ALTER TABLE organizations.companies ENABLE ROW LEVEL SECURITY;
ALTER TABLE organizations.companies FORCE ROW LEVEL SECURITY;
CREATE POLICY readable ON organizations.companies FOR SELECT TO ${gateway}
  USING (id = ${my_organization} OR id = ANY (${guided}));
CREATE POLICY maintenance ON organizations.companies TO CURRENT_USER USING (true);

ALTER TABLE organizations.teams ENABLE ROW LEVEL SECURITY;
ALTER TABLE organizations.teams FORCE ROW LEVEL SECURITY;
CREATE POLICY readable ON organizations.teams FOR SELECT TO ${gateway}
  USING (organization_id = ${my_organization} OR organization_id = ANY (${guided}));
CREATE POLICY maintenance ON organizations.teams TO CURRENT_USER USING (true);

ALTER TABLE organizations.guru_assignments ENABLE ROW LEVEL SECURITY;
ALTER TABLE organizations.guru_assignments FORCE ROW LEVEL SECURITY;
CREATE POLICY readable ON organizations.guru_assignments FOR SELECT TO ${gateway}
  USING (user_id = ${me} OR (organization_id = ${my_organization} AND ${is_admin}));
CREATE POLICY maintenance ON organizations.guru_assignments TO CURRENT_USER USING (true);

ALTER TABLE tool_access.permissions ENABLE ROW LEVEL SECURITY;
ALTER TABLE tool_access.permissions FORCE ROW LEVEL SECURITY;
CREATE POLICY readable ON tool_access.permissions FOR SELECT TO ${gateway} USING (${readable});
CREATE POLICY maintenance ON tool_access.permissions TO CURRENT_USER USING (true);

ALTER TABLE tool_access.progress ENABLE ROW LEVEL SECURITY;
ALTER TABLE tool_access.progress FORCE ROW LEVEL SECURITY;
CREATE POLICY readable ON tool_access.progress FOR SELECT TO ${gateway} USING (${readable});
CREATE POLICY own_insert ON tool_access.progress FOR INSERT TO ${gateway} WITH CHECK (${own});
CREATE POLICY own_update ON tool_access.progress FOR UPDATE TO ${gateway} USING (${own}) WITH CHECK (${own});
CREATE POLICY guru_review ON tool_access.progress FOR UPDATE TO ${gateway}
  USING (${guided_rows}) WITH CHECK (${guided_rows});
CREATE POLICY maintenance ON tool_access.progress TO CURRENT_USER USING (true);

ALTER TABLE audit.events ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit.events FORCE ROW LEVEL SECURITY;
CREATE POLICY readable ON audit.events FOR SELECT TO ${gateway}
  USING (user_id = ${me} OR (organization_id = ${my_organization} AND ${is_admin}));
CREATE POLICY own_insert ON audit.events FOR INSERT TO ${gateway} WITH CHECK (${own_event});
CREATE POLICY maintenance ON audit.events TO CURRENT_USER USING (true);

-- How far the viewer's colleagues are with one tool: counts only, for people who may not see each other's rows.
-- It counts the viewer's organisation as its admin would, and is the viewer again before it returns. Not by a SET clause
-- of the function: only a superuser may write one for app.role, and the owner of a hosted database is none.
CREATE FUNCTION tool_access.team_completion(wanted_tool TEXT)
  RETURNS TABLE (submitted BIGINT, total BIGINT)
  LANGUAGE plpgsql STABLE PARALLEL UNSAFE
AS $$body$$
DECLARE
  role_of_viewer TEXT := coalesce(current_setting('app.role', true), '');
BEGIN
  PERFORM set_config('app.role', 'admin', true);
  RETURN QUERY
    SELECT count(*) FILTER (WHERE progress.status = 'completed'), count(*)
    FROM users.accounts AS account
    LEFT JOIN tool_access.progress AS progress
      ON progress.user_id = account.id AND progress.tool_slug = wanted_tool
    WHERE account.organization_id = ${my_organization} AND account.role = 'user';
  PERFORM set_config('app.role', role_of_viewer, true);
END
$$body$$;
REVOKE ALL ON FUNCTION tool_access.team_completion FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tool_access.team_completion TO ${gateway};

-- The gateway's readiness check compares the revisions applied here with those it knows.
GRANT SELECT ON alembic_version TO ${gateway};
