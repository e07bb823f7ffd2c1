-- The keys that sensitive answers are encrypted with, one for each organisation, or for a person who belongs to none.
-- Each is wrapped by a key that only the operator has; a row alone opens nothing (docs/encryption.md).

CREATE TABLE organizations.data_keys (
  id UUID PRIMARY KEY,
  organization_id UUID REFERENCES organizations.companies (id) ON DELETE CASCADE,
  user_id UUID REFERENCES users.accounts (id) ON DELETE CASCADE,
  tenant_id UUID NOT NULL GENERATED ALWAYS AS (coalesce(organization_id, user_id)) STORED,
  wrapped BYTEA NOT NULL,
  wrapped_by VARCHAR(40) NOT NULL,
  fingerprint BYTEA NOT NULL,
  status VARCHAR(20) NOT NULL DEFAULT 'current' CHECK (status IN ('current', 'outgoing', 'retired', 'stranded')),
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  CHECK ((organization_id IS NULL) <> (user_id IS NULL))
);
COMMENT ON COLUMN organizations.data_keys.wrapped_by IS 'Id of the key in ENCRYPTION_KEYS that unwraps it';
COMMENT ON COLUMN organizations.data_keys.status IS
  'current: seals; outgoing: seals until the rotation at hand replaces it; retired: only opens, until the rotation ends; '
  'stranded: outlived its rotation, because an answer that does not open names it';
CREATE UNIQUE INDEX idx_data_keys_current ON organizations.data_keys (tenant_id) WHERE status IN ('current', 'outgoing');
CREATE INDEX idx_data_keys_tenant ON organizations.data_keys (tenant_id);

GRANT SELECT ON organizations.data_keys TO ${gateway};
GRANT INSERT (id, organization_id, user_id, wrapped, wrapped_by, fingerprint) ON organizations.data_keys TO ${gateway};

ALTER TABLE organizations.data_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE organizations.data_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY readable ON organizations.data_keys FOR SELECT TO ${gateway}
  USING (user_id = ${me} OR organization_id = ${my_organization} OR organization_id = ANY (${guided}));
CREATE POLICY own_insert ON organizations.data_keys FOR INSERT TO ${gateway}
  WITH CHECK (organization_id = ${my_organization} OR (user_id = ${me} AND ${my_organization} IS NULL));
CREATE POLICY maintenance ON organizations.data_keys TO CURRENT_USER USING (true);

-- Which of the operator's keys are in use, of all tenants: a gateway asks before it serves whether it has them all.
-- It gives ids and fingerprints, no wrapped key.
CREATE FUNCTION organizations.wrapping_keys() RETURNS TABLE (id TEXT, fingerprint BYTEA)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$body$$
  SELECT DISTINCT k.wrapped_by::text, k.fingerprint FROM organizations.data_keys AS k
$$body$$;
REVOKE ALL ON FUNCTION organizations.wrapping_keys FROM PUBLIC;
GRANT EXECUTE ON FUNCTION organizations.wrapping_keys TO ${gateway};
