-- What each published value has been: a row is added whenever one changes, and none is ever changed but in that its
-- author confirms it.

CREATE TABLE ${schema}.field_versions (
  user_id UUID NOT NULL REFERENCES users.accounts (id) ON DELETE CASCADE,
  organization_id UUID REFERENCES organizations.companies (id),
  field_id VARCHAR(120) NOT NULL,
  version INTEGER NOT NULL,
  value JSONB,
  size INTEGER NOT NULL GENERATED ALWAYS AS (coalesce(octet_length(value::text), 0)) STORED,
  built_on JSONB NOT NULL DEFAULT '{}',
  author_id UUID REFERENCES users.accounts (id) ON DELETE SET NULL,
  author_kind VARCHAR(20) NOT NULL CHECK (author_kind IN ('human', 'automation')),
  at TIMESTAMPTZ NOT NULL,
  confirmed_at TIMESTAMPTZ,
  PRIMARY KEY (user_id, field_id, version)
);
COMMENT ON COLUMN ${schema}.field_versions.value IS 'Null: the value was cleared in this version';
COMMENT ON COLUMN ${schema}.field_versions.size IS 'Bytes of the value as JSON text';
COMMENT ON COLUMN ${schema}.field_versions.built_on IS 'Versions of the source values when it was written: {field_id: version}';
COMMENT ON COLUMN ${schema}.field_versions.confirmed_at IS 'When its author last said that it is still right';

-- History begins with what is there. A service key leaves its id in the audit log of the save.
INSERT INTO ${schema}.field_versions
  (user_id, organization_id, field_id, version, value, built_on, author_id, author_kind, at)
SELECT o.user_id, o.organization_id, o.field_id, o.version, o.value, o.built_on, o.author_id,
  CASE WHEN EXISTS (
    SELECT FROM ${schema}.audit_log AS l
    WHERE l.tool_data_id = o.submission_id AND l.changes ? 'service_key' AND l.changes -> 'version' ->> 1 = o.version::text
  ) THEN 'automation' ELSE 'human' END,
  o.updated_at
FROM ${schema}.field_outputs AS o;

GRANT SELECT, INSERT, UPDATE (confirmed_at) ON ${schema}.field_versions TO ${gateway};

ALTER TABLE ${schema}.field_versions ENABLE ROW LEVEL SECURITY;
ALTER TABLE ${schema}.field_versions FORCE ROW LEVEL SECURITY;
CREATE POLICY readable ON ${schema}.field_versions FOR SELECT TO ${gateway} USING (${readable});
CREATE POLICY own_insert ON ${schema}.field_versions FOR INSERT TO ${gateway} WITH CHECK (${own});
CREATE POLICY own_update ON ${schema}.field_versions FOR UPDATE TO ${gateway} USING (${own}) WITH CHECK (${own});
CREATE POLICY maintenance ON ${schema}.field_versions TO CURRENT_USER USING (true);
