-- One tool's own schema: what was answered, what it publishes, and who changed it.

CREATE SCHEMA ${schema};
GRANT USAGE ON SCHEMA ${schema} TO ${gateway};

CREATE TABLE ${schema}.submissions (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id UUID NOT NULL REFERENCES users.accounts (id) ON DELETE CASCADE,
  organization_id UUID REFERENCES organizations.companies (id),
  data JSONB NOT NULL DEFAULT '{}',
  status VARCHAR(50) NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'in_progress', 'submitted', 'completed')),
  version INTEGER NOT NULL DEFAULT 1,
  built_on JSONB NOT NULL DEFAULT '{}',
  reviewed_by UUID REFERENCES users.accounts (id) ON DELETE SET NULL,
  reviewed_at TIMESTAMPTZ,
  review_comment TEXT,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  submitted_at TIMESTAMPTZ,
  completed_at TIMESTAMPTZ
);
COMMENT ON COLUMN ${schema}.submissions.built_on IS 'Versions of the source values when the answers last changed: {field_id: version}';
CREATE UNIQUE INDEX idx_${schema}_user ON ${schema}.submissions (user_id);
CREATE INDEX idx_${schema}_org ON ${schema}.submissions (organization_id);
CREATE INDEX idx_${schema}_status ON ${schema}.submissions (status);
CREATE INDEX idx_${schema}_updated ON ${schema}.submissions (updated_at DESC);
CREATE INDEX idx_${schema}_data_gin ON ${schema}.submissions USING GIN (data);

CREATE TABLE ${schema}.field_outputs (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  submission_id UUID NOT NULL REFERENCES ${schema}.submissions (id) ON DELETE CASCADE,
  user_id UUID NOT NULL REFERENCES users.accounts (id) ON DELETE CASCADE,
  organization_id UUID REFERENCES organizations.companies (id),
  field_id VARCHAR(120) NOT NULL,
  value JSONB NOT NULL,
  version INTEGER NOT NULL,
  built_on JSONB NOT NULL DEFAULT '{}',
  author_id UUID REFERENCES users.accounts (id) ON DELETE SET NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
COMMENT ON COLUMN ${schema}.field_outputs.version IS 'The submission version at which this value last changed';
COMMENT ON COLUMN ${schema}.field_outputs.built_on IS 'Versions of the source values when this value last changed: {field_id: version}';
CREATE UNIQUE INDEX idx_${schema}_output ON ${schema}.field_outputs (user_id, field_id);
CREATE INDEX idx_${schema}_output_submission ON ${schema}.field_outputs (submission_id);
CREATE INDEX idx_${schema}_output_org ON ${schema}.field_outputs (organization_id, field_id);

CREATE TABLE ${schema}.audit_log (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  tool_data_id UUID NOT NULL REFERENCES ${schema}.submissions (id) ON DELETE CASCADE,
  user_id UUID REFERENCES users.accounts (id) ON DELETE SET NULL,
  organization_id UUID,
  action VARCHAR(100) NOT NULL,
  changes JSONB,
  "timestamp" TIMESTAMPTZ NOT NULL DEFAULT now()
);
CREATE INDEX idx_${schema}_audit ON ${schema}.audit_log (tool_data_id, "timestamp" DESC);

-- The name of the second founding document. security_invoker: the caller's own policies decide.
CREATE VIEW ${schema}.tool_data WITH (security_invoker = true) AS
  SELECT id, user_id, organization_id, data, status, version, created_at, updated_at, submitted_at, completed_at
  FROM ${schema}.submissions;

GRANT SELECT, INSERT, UPDATE ON ${schema}.submissions, ${schema}.tool_data TO ${gateway};
GRANT SELECT, INSERT, UPDATE, DELETE ON ${schema}.field_outputs TO ${gateway};
GRANT SELECT, INSERT ON ${schema}.audit_log TO ${gateway};

ALTER TABLE ${schema}.submissions ENABLE ROW LEVEL SECURITY;
ALTER TABLE ${schema}.submissions FORCE ROW LEVEL SECURITY;
CREATE POLICY readable ON ${schema}.submissions FOR SELECT TO ${gateway} USING (${readable});
CREATE POLICY own_insert ON ${schema}.submissions FOR INSERT TO ${gateway} WITH CHECK (${own});
CREATE POLICY own_update ON ${schema}.submissions FOR UPDATE TO ${gateway} USING (${own}) WITH CHECK (${own});
CREATE POLICY guru_review ON ${schema}.submissions FOR UPDATE TO ${gateway}
  USING (${guided_rows}) WITH CHECK (${guided_rows});
CREATE POLICY maintenance ON ${schema}.submissions TO CURRENT_USER USING (true);

ALTER TABLE ${schema}.field_outputs ENABLE ROW LEVEL SECURITY;
ALTER TABLE ${schema}.field_outputs FORCE ROW LEVEL SECURITY;
CREATE POLICY readable ON ${schema}.field_outputs FOR SELECT TO ${gateway} USING (${readable});
CREATE POLICY own_insert ON ${schema}.field_outputs FOR INSERT TO ${gateway} WITH CHECK (${own});
CREATE POLICY own_update ON ${schema}.field_outputs FOR UPDATE TO ${gateway} USING (${own}) WITH CHECK (${own});
CREATE POLICY own_delete ON ${schema}.field_outputs FOR DELETE TO ${gateway} USING (${own});
CREATE POLICY maintenance ON ${schema}.field_outputs TO CURRENT_USER USING (true);

ALTER TABLE ${schema}.audit_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE ${schema}.audit_log FORCE ROW LEVEL SECURITY;
CREATE POLICY readable ON ${schema}.audit_log FOR SELECT TO ${gateway} USING (${readable});
CREATE POLICY own_insert ON ${schema}.audit_log FOR INSERT TO ${gateway} WITH CHECK (${own_event});
CREATE POLICY maintenance ON ${schema}.audit_log TO CURRENT_USER USING (true);
