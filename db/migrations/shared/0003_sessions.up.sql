-- Sessions with their refresh tokens; accounts that can be made, deactivated and signed out by the gateway.

ALTER TABLE users.accounts
  ADD COLUMN deactivated_at TIMESTAMPTZ,
  ADD COLUMN tokens_valid_from TIMESTAMPTZ,
  DROP CONSTRAINT accounts_role_check,
  ADD CONSTRAINT accounts_role_check CHECK (role IN ('user', 'guru', 'admin', 'platform_admin'));
COMMENT ON COLUMN users.accounts.tokens_valid_from IS 'Access tokens that were issued before are refused; null refuses none';
GRANT SELECT (deactivated_at, tokens_valid_from) ON users.accounts TO ${gateway};

-- Who runs the platform sees every account and organisation; nobody's answers.
ALTER POLICY readable ON users.accounts
  USING (id = ${me} OR (organization_id = ${my_organization} AND ${is_admin}) OR organization_id = ANY (${guided})
         OR ${is_platform_admin});
ALTER POLICY readable ON organizations.companies
  USING (id = ${my_organization} OR id = ANY (${guided}) OR ${is_platform_admin});
ALTER POLICY readable ON organizations.teams
  USING (organization_id = ${my_organization} OR organization_id = ANY (${guided}) OR ${is_platform_admin});
ALTER POLICY readable ON organizations.guru_assignments
  USING (user_id = ${me} OR (organization_id = ${my_organization} AND ${is_admin}) OR ${is_platform_admin});
ALTER POLICY readable ON audit.events
  USING (user_id = ${me} OR (organization_id = ${my_organization} AND ${is_admin}) OR ${is_platform_admin});

ALTER POLICY own_insert ON audit.events WITH CHECK ((${own_event}) OR (user_id = ${me} AND ${is_platform_admin}));

CREATE SCHEMA authentication;
GRANT USAGE ON SCHEMA authentication TO ${gateway};

CREATE TABLE authentication.sessions (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id UUID NOT NULL REFERENCES users.accounts (id) ON DELETE CASCADE,
  organization_id UUID REFERENCES organizations.companies (id) ON DELETE CASCADE,
  method VARCHAR(50) NOT NULL,
  address INET,
  agent TEXT,
  created_at TIMESTAMPTZ NOT NULL,
  last_used_at TIMESTAMPTZ NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL,
  ended_at TIMESTAMPTZ,
  end_reason VARCHAR(50)
);
CREATE INDEX idx_sessions_user ON authentication.sessions (user_id, last_used_at DESC);
CREATE INDEX idx_sessions_organization ON authentication.sessions (organization_id);

-- One row for each refresh token of a session, each used once. The tokens themselves are nowhere: a token's digest names
-- it, and its successor is made of the token and the salt (resolvers/sessions.py).
CREATE TABLE authentication.refresh_tokens (
  digest BYTEA PRIMARY KEY,
  session_id UUID NOT NULL REFERENCES authentication.sessions (id) ON DELETE CASCADE,
  issued_at TIMESTAMPTZ NOT NULL,
  used_at TIMESTAMPTZ,
  salt BYTEA
);
CREATE INDEX idx_refresh_tokens_session ON authentication.refresh_tokens (session_id);

GRANT SELECT ON authentication.sessions TO ${gateway};

ALTER TABLE authentication.sessions ENABLE ROW LEVEL SECURITY;
ALTER TABLE authentication.sessions FORCE ROW LEVEL SECURITY;
CREATE POLICY readable ON authentication.sessions FOR SELECT TO ${gateway}
  USING (user_id = ${me} OR (organization_id = ${my_organization} AND ${is_admin}) OR ${is_platform_admin});
CREATE POLICY maintenance ON authentication.sessions TO CURRENT_USER USING (true);

ALTER TABLE authentication.refresh_tokens ENABLE ROW LEVEL SECURITY;
ALTER TABLE authentication.refresh_tokens FORCE ROW LEVEL SECURITY;
CREATE POLICY maintenance ON authentication.refresh_tokens TO CURRENT_USER USING (true);

-- The functions below run as the owner of the schema: what they do has to happen before anybody is signed in, or
-- concerns rows that no viewer may touch. Each does one thing.

-- An entry of the audit trail about somebody who is not signed in (yet, or any more); filed with their organisation.
CREATE FUNCTION audit.record_unauthenticated(
  event_action TEXT, of_user UUID, entity TEXT, of_entity UUID, details JSONB, from_address INET, with_agent TEXT,
  at TIMESTAMPTZ
) RETURNS VOID
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$body$$
  INSERT INTO audit.events
    (user_id, organization_id, action, entity_type, entity_id, changes, ip_address, user_agent, "timestamp")
  SELECT account.id, account.organization_id, event_action, entity, of_entity, details, from_address, with_agent, at
  FROM (VALUES (of_user)) AS given (id) LEFT JOIN users.accounts AS account ON account.id = given.id
$$body$$;

CREATE FUNCTION authentication.start_session(
  of_user UUID, by_method TEXT, token_digest BYTEA, at TIMESTAMPTZ, until TIMESTAMPTZ, from_address INET, with_agent TEXT
) RETURNS UUID
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$body$$
DECLARE
  started UUID;
BEGIN
  UPDATE users.accounts SET last_login_at = at WHERE id = of_user AND deactivated_at IS NULL;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  INSERT INTO authentication.sessions
    (user_id, organization_id, method, address, agent, created_at, last_used_at, expires_at)
  SELECT id, organization_id, by_method, from_address, with_agent, at, at, until FROM users.accounts WHERE id = of_user
  RETURNING id INTO started;
  INSERT INTO authentication.refresh_tokens (digest, session_id, issued_at) VALUES (token_digest, started, at);
  DELETE FROM authentication.sessions WHERE user_id = of_user AND expires_at < at - interval '30 days';
  PERFORM audit.record_unauthenticated('signed_in', of_user, 'session', started,
    jsonb_build_object('method', by_method), from_address, with_agent, at);
  RETURN started;
END
$$body$$;

-- Uses a refresh token. `rotated`: it had not been used; its successor is registered. `repeated`: it was used within
-- the grace period; the salt is the one of that use, so that both requests arrive at the same successor. `reused`: it
-- was used before that; the session is over. `unknown`, `ended`, `expired`: there is nothing to refresh.
CREATE FUNCTION authentication.use_refresh_token(
  token_digest BYTEA, new_salt BYTEA, successor_digest BYTEA, at TIMESTAMPTZ, grace INTERVAL, idle INTERVAL,
  from_address INET, with_agent TEXT,
  OUT outcome TEXT, OUT of_user UUID, OUT of_session UUID, OUT salt BYTEA, OUT expires_at TIMESTAMPTZ
)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$body$$
#variable_conflict use_column
DECLARE
  session authentication.sessions;
  token authentication.refresh_tokens;
BEGIN
  SELECT s.* INTO session FROM authentication.sessions AS s
    WHERE s.id = (SELECT t.session_id FROM authentication.refresh_tokens AS t WHERE t.digest = token_digest) FOR UPDATE;
  IF NOT FOUND THEN
    outcome := 'unknown';
    RETURN;
  END IF;
  SELECT t.* INTO token FROM authentication.refresh_tokens AS t WHERE t.digest = token_digest;
  of_user := session.user_id;
  of_session := session.id;
  IF session.ended_at IS NOT NULL THEN
    outcome := 'ended';
  ELSIF session.expires_at <= at THEN
    outcome := 'expired';
  ELSIF token.used_at IS NULL THEN
    UPDATE authentication.refresh_tokens SET used_at = at, salt = new_salt WHERE digest = token_digest;
    INSERT INTO authentication.refresh_tokens (digest, session_id, issued_at)
      VALUES (successor_digest, session.id, at);
    DELETE FROM authentication.refresh_tokens WHERE session_id = session.id AND used_at < at - interval '30 days';
    expires_at := least(at + idle, session.created_at + 6 * idle);
    UPDATE authentication.sessions SET last_used_at = at, expires_at = use_refresh_token.expires_at
      WHERE id = session.id;
    salt := new_salt;
    outcome := 'rotated';
  ELSIF token.used_at >= at - grace THEN
    salt := token.salt;
    expires_at := session.expires_at;
    outcome := 'repeated';
  ELSE
    UPDATE authentication.sessions SET ended_at = at, end_reason = 'refresh token reused' WHERE id = session.id;
    PERFORM audit.record_unauthenticated('refresh_token_reused', session.user_id, 'session', session.id, NULL,
      from_address, with_agent, at);
    outcome := 'reused';
  END IF;
END
$$body$$;

-- Ends the session that a refresh token belongs to; an unknown token or a session that is over changes nothing.
CREATE FUNCTION authentication.end_session_of(
  token_digest BYTEA, at TIMESTAMPTZ, from_address INET, with_agent TEXT
) RETURNS VOID
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$body$$
  WITH ended AS (
    UPDATE authentication.sessions SET ended_at = at, end_reason = 'signed out'
    WHERE id = (SELECT session_id FROM authentication.refresh_tokens WHERE digest = token_digest) AND ended_at IS NULL
    RETURNING id, user_id
  )
  SELECT audit.record_unauthenticated('signed_out', user_id, 'session', id, NULL, from_address, with_agent, at)
  FROM ended
$$body$$;

-- Ends sessions of a person: one, or all; for that person, an admin of theirs, and who runs the platform. With
-- all sessions end all access tokens.
CREATE FUNCTION authentication.end_sessions(of_user UUID, only_session UUID, reason TEXT, at TIMESTAMPTZ)
  RETURNS INTEGER
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$body$$
DECLARE
  ended INTEGER;
BEGIN
  PERFORM FROM users.accounts WHERE id = of_user AND (${ended_session_of});
  IF NOT FOUND THEN
    RETURN 0;
  END IF;
  UPDATE authentication.sessions SET ended_at = at, end_reason = reason
    WHERE user_id = of_user AND ended_at IS NULL AND (only_session IS NULL OR id = only_session);
  GET DIAGNOSTICS ended = ROW_COUNT;
  IF only_session IS NULL THEN
    UPDATE users.accounts SET tokens_valid_from = at WHERE id = of_user;
  END IF;
  RETURN ended;
END
$$body$$;

-- A new account with its profile and one progress row for each tool, those without prerequisites open. Null: the
-- address is taken. The gateway has no way to it but through the functions that prove who is coming.
CREATE FUNCTION users.create_account(
  new_email TEXT, new_name TEXT, new_role TEXT, in_organization UUID, new_timezone TEXT, new_language TEXT,
  tools TEXT[], opened BOOLEAN[]
) RETURNS UUID
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$body$$
DECLARE
  created UUID;
BEGIN
  INSERT INTO users.accounts (email, full_name, role, organization_id)
    VALUES (new_email, new_name, new_role, in_organization)
    ON CONFLICT (email) DO NOTHING RETURNING id INTO created;
  IF created IS NULL THEN
    RETURN NULL;
  END IF;
  INSERT INTO users.profiles (user_id, timezone, language) VALUES (created, new_timezone, coalesce(new_language, 'en'));
  IF new_role = 'guru' AND in_organization IS NOT NULL THEN
    INSERT INTO organizations.guru_assignments (user_id, organization_id) VALUES (created, in_organization);
  END IF;
  INSERT INTO tool_access.progress (user_id, organization_id, tool_slug, status, unlocked_at)
    SELECT created, in_organization, slug, CASE WHEN root THEN 'unlocked' ELSE 'locked' END, CASE WHEN root THEN now() END
    FROM unnest(tools, opened) AS tool (slug, root);
  RETURN created;
END
$$body$$;

REVOKE ALL ON FUNCTION authentication.start_session, authentication.use_refresh_token, authentication.end_session_of,
  authentication.end_sessions, users.create_account, audit.record_unauthenticated FROM PUBLIC;
GRANT EXECUTE ON FUNCTION authentication.start_session, authentication.use_refresh_token,
  authentication.end_session_of, authentication.end_sessions, audit.record_unauthenticated TO ${gateway};
