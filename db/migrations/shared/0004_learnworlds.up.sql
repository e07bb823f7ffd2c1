-- LearnWorlds: whose account is whose there, which organisation a newcomer joins, what it has sent already.

CREATE TABLE authentication.learnworlds_accounts (
  learnworlds_id TEXT PRIMARY KEY,
  user_id UUID UNIQUE NOT NULL REFERENCES users.accounts (id) ON DELETE CASCADE,
  linked_at TIMESTAMPTZ NOT NULL DEFAULT now()
);

-- Which organisation somebody joins at their first sign-in: by their whole address, or else by its domain.
CREATE TABLE authentication.organization_rules (
  kind TEXT NOT NULL CHECK (kind IN ('address', 'domain')),
  value TEXT NOT NULL CHECK (value = lower(value)),
  organization_id UUID NOT NULL REFERENCES organizations.companies (id) ON DELETE CASCADE,
  PRIMARY KEY (kind, value)
);

-- Signatures that have been used.
CREATE TABLE authentication.learnworlds_signatures (
  signature BYTEA PRIMARY KEY,
  used_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX idx_learnworlds_signatures_used ON authentication.learnworlds_signatures (used_at);

-- Webhooks that have had their effect, by the SHA-256 of the body.
CREATE TABLE tool_access.learnworlds_deliveries (
  body_digest BYTEA PRIMARY KEY,
  user_id UUID NOT NULL REFERENCES users.accounts (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  received_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX idx_learnworlds_deliveries_received ON tool_access.learnworlds_deliveries (received_at);
CREATE INDEX idx_learnworlds_deliveries_user ON tool_access.learnworlds_deliveries (user_id);

ALTER TABLE authentication.learnworlds_accounts ENABLE ROW LEVEL SECURITY;
ALTER TABLE authentication.learnworlds_accounts FORCE ROW LEVEL SECURITY;
CREATE POLICY maintenance ON authentication.learnworlds_accounts TO CURRENT_USER USING (true);

ALTER TABLE authentication.organization_rules ENABLE ROW LEVEL SECURITY;
ALTER TABLE authentication.organization_rules FORCE ROW LEVEL SECURITY;
CREATE POLICY maintenance ON authentication.organization_rules TO CURRENT_USER USING (true);

ALTER TABLE authentication.learnworlds_signatures ENABLE ROW LEVEL SECURITY;
ALTER TABLE authentication.learnworlds_signatures FORCE ROW LEVEL SECURITY;
CREATE POLICY maintenance ON authentication.learnworlds_signatures TO CURRENT_USER USING (true);

ALTER TABLE tool_access.learnworlds_deliveries ENABLE ROW LEVEL SECURITY;
ALTER TABLE tool_access.learnworlds_deliveries FORCE ROW LEVEL SECURITY;
CREATE POLICY maintenance ON tool_access.learnworlds_deliveries TO CURRENT_USER USING (true);

-- Whom a verified sign-in names. Using up its signature and deciding are one statement, so of any number of requests
-- with the same signature, at whichever gateways, one goes on. `repeated`: the signature was used. `known`: somebody who
-- has been here. `created`: a newcomer. `linked`: the address had an account that nobody had ever used, of a
-- participant. `taken`: the address has an account that is not theirs to enter in this way.
CREATE FUNCTION authentication.sign_in_with_learnworlds(
  used_signature BYTEA, school_user TEXT, given_email TEXT, given_name TEXT, tools TEXT[], opened BOOLEAN[],
  at TIMESTAMPTZ, kept INTERVAL, from_address INET, with_agent TEXT,
  OUT outcome TEXT, OUT of_user UUID
)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$body$$
DECLARE
  present users.accounts;
  new_organization UUID;
BEGIN
  DELETE FROM authentication.learnworlds_signatures WHERE signature IN (
    SELECT old.signature FROM authentication.learnworlds_signatures AS old WHERE old.used_at < at - kept
    ORDER BY old.used_at LIMIT 100 FOR UPDATE SKIP LOCKED);
  INSERT INTO authentication.learnworlds_signatures (signature, used_at) VALUES (used_signature, at)
    ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    outcome := 'repeated';
    RETURN;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('learnworlds ' || school_user, 0));
  SELECT a.* INTO present FROM users.accounts AS a
    JOIN authentication.learnworlds_accounts AS l ON l.user_id = a.id WHERE l.learnworlds_id = school_user;
  IF FOUND THEN
    of_user := present.id;
    outcome := 'known';
    UPDATE users.accounts SET full_name = given_name, updated_at = at
      WHERE id = of_user AND role = 'user' AND deactivated_at IS NULL AND full_name <> given_name;
    RETURN;
  END IF;
  SELECT a.* INTO present FROM users.accounts AS a WHERE a.email = given_email FOR UPDATE;
  IF FOUND THEN
    IF present.role <> 'user' OR present.deactivated_at IS NOT NULL OR present.last_login_at IS NOT NULL
        OR present.password_hash IS NOT NULL
        OR EXISTS (SELECT FROM authentication.learnworlds_accounts AS l WHERE l.user_id = present.id) THEN
      outcome := 'taken';
      RETURN;
    END IF;
    of_user := present.id;
    outcome := 'linked';
  ELSE
    SELECT r.organization_id INTO new_organization FROM authentication.organization_rules AS r
      WHERE (r.kind = 'address' AND r.value = given_email)
        OR (r.kind = 'domain' AND r.value = split_part(given_email, '@', 2))
      ORDER BY r.kind LIMIT 1;
    of_user := users.create_account(given_email, given_name, 'user', new_organization, NULL, NULL, tools, opened);
    IF of_user IS NULL THEN
      outcome := 'taken';
      RETURN;
    END IF;
    outcome := 'created';
  END IF;
  INSERT INTO authentication.learnworlds_accounts (learnworlds_id, user_id, linked_at) VALUES (school_user, of_user, at);
  PERFORM audit.record_unauthenticated(
    CASE outcome WHEN 'created' THEN 'account_created' ELSE 'account_linked' END, of_user, 'user', of_user,
    jsonb_build_object('method', 'learnworlds'), from_address, with_agent, at);
END
$$body$$;

-- What a verified webhook does, once: the progress rows that somebody lacks, and the tools that a course opens. It follows
-- whatever else changes this participant's work, as every writer does. `unknown`: nobody of ours. `repeated`: it was done.
CREATE FUNCTION tool_access.apply_learnworlds_delivery(
  digest BYTEA, delivered_kind TEXT, school_user TEXT, tools TEXT[], opened BOOLEAN[], to_unlock TEXT[], course TEXT,
  at TIMESTAMPTZ, kept INTERVAL, from_address INET, with_agent TEXT,
  OUT outcome TEXT, OUT of_user UUID, OUT unlocked TEXT[]
)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$body$$
DECLARE
  added INTEGER;
BEGIN
  SELECT l.user_id INTO of_user FROM authentication.learnworlds_accounts AS l WHERE l.learnworlds_id = school_user;
  IF NOT FOUND THEN
    outcome := 'unknown';
    RETURN;
  END IF;
  DELETE FROM tool_access.learnworlds_deliveries WHERE body_digest IN (
    SELECT old.body_digest FROM tool_access.learnworlds_deliveries AS old WHERE old.received_at < at - kept
    ORDER BY old.received_at LIMIT 100 FOR UPDATE SKIP LOCKED);
  INSERT INTO tool_access.learnworlds_deliveries (body_digest, user_id, kind, received_at)
    VALUES (digest, of_user, delivered_kind, at) ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    outcome := 'repeated';
    RETURN;
  END IF;
  -- The key of db/database.py: the first eight bytes of the participant's id.
  PERFORM pg_advisory_xact_lock(('x' || left(replace(of_user::text, '-', ''), 16))::bit(64)::bigint);
  INSERT INTO tool_access.progress (user_id, organization_id, tool_slug, status, unlocked_at)
    SELECT account.id, account.organization_id, slug, CASE WHEN root THEN 'unlocked' ELSE 'locked' END,
      CASE WHEN root THEN at END
    FROM unnest(tools, opened) AS tool (slug, root) CROSS JOIN users.accounts AS account WHERE account.id = of_user
    ON CONFLICT DO NOTHING;
  GET DIAGNOSTICS added = ROW_COUNT;
  WITH changed AS (
    UPDATE tool_access.progress SET status = 'unlocked', unlocked_at = at, version = version + 1
    WHERE user_id = of_user AND tool_slug = ANY (to_unlock) AND status = 'locked' RETURNING tool_slug
  )
  SELECT coalesce(array_agg(tool_slug ORDER BY tool_slug), '{}') INTO unlocked FROM changed;
  PERFORM audit.record_unauthenticated('learnworlds_' || delivered_kind, of_user, 'user', of_user,
    jsonb_build_object('course', course, 'unlocked', to_jsonb(unlocked), 'progress_rows', added),
    from_address, with_agent, at);
  outcome := 'processed';
END
$$body$$;

REVOKE ALL ON FUNCTION authentication.sign_in_with_learnworlds, tool_access.apply_learnworlds_delivery FROM PUBLIC;
GRANT EXECUTE ON FUNCTION authentication.sign_in_with_learnworlds, tool_access.apply_learnworlds_delivery TO ${gateway};
