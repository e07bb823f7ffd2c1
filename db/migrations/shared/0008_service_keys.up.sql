-- Service keys: how automations ask, for one person at a time, and no further than they were given.

CREATE TABLE authentication.service_keys (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  prefix TEXT UNIQUE NOT NULL CHECK (prefix ~ '^[0-9A-Za-z]{8}$$'),
  digest BYTEA NOT NULL CHECK (octet_length(digest) = 32),
  organization_id UUID NOT NULL REFERENCES organizations.companies (id) ON DELETE CASCADE,
  name VARCHAR(100) NOT NULL CHECK (name <> ''),
  operations TEXT[] NOT NULL CHECK (cardinality(operations) > 0),
  tools TEXT[],
  behalf VARCHAR(20) NOT NULL CHECK (behalf IN ('members', 'listed', 'asked')),
  user_ids UUID[] NOT NULL DEFAULT '{}',
  created_by UUID REFERENCES users.accounts (id) ON DELETE SET NULL,
  created_at TIMESTAMPTZ NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL CHECK (expires_at <= created_at + interval '366 days'),
  last_used_at TIMESTAMPTZ,
  revoked_at TIMESTAMPTZ
);
COMMENT ON COLUMN authentication.service_keys.prefix IS 'The part of the key that names it; the secret is nowhere';
COMMENT ON COLUMN authentication.service_keys.digest IS 'SHA-256 of the whole key';
COMMENT ON COLUMN authentication.service_keys.operations IS 'Ids of stored documents; read stands for every query';
COMMENT ON COLUMN authentication.service_keys.tools IS 'Slugs of the tools that it reaches; null: every tool';
COMMENT ON COLUMN authentication.service_keys.behalf IS 'For whom: every member, those of user_ids, those who asked';
CREATE INDEX idx_service_keys_organization ON authentication.service_keys (organization_id, created_at DESC);

-- For whom a key whose behalf is `asked` may ask, until when; tool_slug * is every tool of the key.
CREATE TABLE authentication.service_key_grants (
  key_id UUID NOT NULL REFERENCES authentication.service_keys (id) ON DELETE CASCADE,
  user_id UUID NOT NULL REFERENCES users.accounts (id) ON DELETE CASCADE,
  tool_slug VARCHAR(100) NOT NULL,
  until TIMESTAMPTZ NOT NULL,
  granted_by UUID REFERENCES users.accounts (id) ON DELETE SET NULL,
  granted_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (key_id, user_id, tool_slug)
);

-- What is in the audit trail already: a key's first use for a person on a day. No person: the nil UUID.
CREATE TABLE authentication.service_key_uses (
  key_id UUID NOT NULL REFERENCES authentication.service_keys (id) ON DELETE CASCADE,
  user_id UUID NOT NULL,
  day TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (key_id, user_id, day)
);

-- The digest is in no grant.
GRANT SELECT (id, prefix, organization_id, name, operations, tools, behalf, user_ids, created_by, created_at, expires_at,
              last_used_at, revoked_at), INSERT, UPDATE (revoked_at)
  ON authentication.service_keys TO ${gateway};

ALTER TABLE authentication.service_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE authentication.service_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY readable ON authentication.service_keys FOR SELECT TO ${gateway} USING (${managed_service_key});
CREATE POLICY created ON authentication.service_keys FOR INSERT TO ${gateway}
  WITH CHECK ((${managed_service_key}) AND created_by = ${me});
CREATE POLICY revoked ON authentication.service_keys FOR UPDATE TO ${gateway}
  USING (${managed_service_key}) WITH CHECK (${managed_service_key});
CREATE POLICY maintenance ON authentication.service_keys TO CURRENT_USER USING (true);

ALTER TABLE authentication.service_key_grants ENABLE ROW LEVEL SECURITY;
ALTER TABLE authentication.service_key_grants FORCE ROW LEVEL SECURITY;
CREATE POLICY maintenance ON authentication.service_key_grants TO CURRENT_USER USING (true);

ALTER TABLE authentication.service_key_uses ENABLE ROW LEVEL SECURITY;
ALTER TABLE authentication.service_key_uses FORCE ROW LEVEL SECURITY;
CREATE POLICY maintenance ON authentication.service_key_uses TO CURRENT_USER USING (true);

-- The key with this prefix, before anybody is known; whether the secret is right is for the caller to compare.
-- `reachable`: whether it may ask for this person now. Of a person whom it may not ask for nothing is said, not even
-- whether there is one. `granted`: the tools it was asked about, where it has to be asked. `noted`: whether this use
-- needs no note.
CREATE FUNCTION authentication.find_service_key(wanted_prefix TEXT, for_user UUID, at TIMESTAMPTZ)
  RETURNS TABLE (id UUID, digest BYTEA, organization_id UUID, name VARCHAR, operations TEXT[], tools TEXT[],
                 expires_at TIMESTAMPTZ, revoked_at TIMESTAMPTZ, reachable BOOLEAN, granted TEXT[], noted BOOLEAN)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$body$$
  SELECT k.id, k.digest, k.organization_id, k.name, k.operations, k.tools, k.expires_at, k.revoked_at,
    person.id IS NOT NULL AND CASE k.behalf
      WHEN 'members' THEN true
      WHEN 'listed' THEN person.id = ANY (k.user_ids)
      ELSE asked.tools IS NOT NULL
    END,
    asked.tools,
    coalesce(k.last_used_at > at - interval '1 minute', false) AND EXISTS (
      SELECT FROM authentication.service_key_uses AS used
      WHERE used.key_id = k.id AND used.day = date_trunc('day', at, 'UTC')
        AND used.user_id = coalesce(for_user, '00000000-0000-0000-0000-000000000000'))
  FROM authentication.service_keys AS k
  LEFT JOIN users.accounts AS person
    ON person.id = for_user AND person.organization_id = k.organization_id AND person.deactivated_at IS NULL
  LEFT JOIN LATERAL (
    SELECT array_agg(g.tool_slug::text) AS tools FROM authentication.service_key_grants AS g
    WHERE g.key_id = k.id AND g.user_id = person.id AND g.until > at
  ) AS asked ON k.behalf = 'asked'
  WHERE k.prefix = wanted_prefix
$$body$$;

-- An entry of the audit trail about what a key did or was refused; filed with the key's organisation.
CREATE FUNCTION audit.record_service_key(
  of_key UUID, event_action TEXT, for_user UUID, details JSONB, from_address INET, with_agent TEXT, at TIMESTAMPTZ
) RETURNS VOID
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$body$$
  INSERT INTO audit.events
    (user_id, organization_id, action, entity_type, entity_id, changes, ip_address, user_agent, "timestamp")
  SELECT account.id, key.organization_id, event_action, 'service_key', key.id,
    jsonb_build_object('name', key.name) || coalesce(details, '{}'), from_address, with_agent, at
  FROM authentication.service_keys AS key
  LEFT JOIN users.accounts AS account ON account.id = for_user AND account.organization_id = key.organization_id
  WHERE key.id = of_key
$$body$$;

-- Notes that a key was used: when, at most once a minute; and in the audit trail the first time for a person on a day.
CREATE FUNCTION authentication.note_service_key_use(
  of_key UUID, for_user UUID, from_address INET, with_agent TEXT, at TIMESTAMPTZ
) RETURNS VOID
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$body$$
DECLARE
  today TIMESTAMPTZ := date_trunc('day', at, 'UTC');
BEGIN
  UPDATE authentication.service_keys SET last_used_at = at
    WHERE id = of_key AND (last_used_at IS NULL OR last_used_at <= at - interval '1 minute');
  INSERT INTO authentication.service_key_uses (key_id, user_id, day)
    VALUES (of_key, coalesce(for_user, '00000000-0000-0000-0000-000000000000'), today) ON CONFLICT DO NOTHING;
  IF FOUND THEN
    DELETE FROM authentication.service_key_uses WHERE key_id = of_key AND day < today - interval '1 day';
    PERFORM audit.record_service_key(of_key, 'service_key_used', for_user, NULL, from_address, with_agent, at);
  END IF;
END
$$body$$;

-- Lets a key that has to be asked ask for a person about these tools. False: there is no such key or person, or it is
-- neither the viewer's own work nor a key that they manage.
CREATE FUNCTION authentication.grant_to_service_key(
  of_key UUID, for_user UUID, of_tools TEXT[], until_then TIMESTAMPTZ, at TIMESTAMPTZ
) RETURNS BOOLEAN
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$body$$
BEGIN
  PERFORM FROM (
    SELECT key.organization_id, person.id AS user_id
    FROM authentication.service_keys AS key
    JOIN users.accounts AS person ON person.id = for_user AND person.organization_id = key.organization_id
    WHERE key.id = of_key AND key.behalf = 'asked' AND key.revoked_at IS NULL AND key.expires_at > at
      AND person.deactivated_at IS NULL
  ) AS reached WHERE user_id = ${me} OR ${managed_service_key};
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  DELETE FROM authentication.service_key_grants WHERE key_id = of_key AND until <= at;
  INSERT INTO authentication.service_key_grants AS g (key_id, user_id, tool_slug, until, granted_by, granted_at)
    SELECT DISTINCT of_key, for_user, slug, until_then, ${me}, at FROM unnest(of_tools) AS slug
    ON CONFLICT (key_id, user_id, tool_slug) DO UPDATE
      SET until = excluded.until, granted_by = excluded.granted_by, granted_at = excluded.granted_at;
  RETURN true;
END
$$body$$;

REVOKE ALL ON FUNCTION authentication.find_service_key, audit.record_service_key, authentication.note_service_key_use,
  authentication.grant_to_service_key FROM PUBLIC;
GRANT EXECUTE ON FUNCTION authentication.find_service_key, audit.record_service_key,
  authentication.note_service_key_use, authentication.grant_to_service_key TO ${gateway};
