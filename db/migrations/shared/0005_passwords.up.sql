-- Passwords, the tokens that set a new one, and invitations. Hashes and digests of tokens are in no grant: they are
-- reached through the functions below, each of which does one thing.

-- One for each person: asking again replaces the token of before.
CREATE TABLE authentication.password_resets (
  user_id UUID PRIMARY KEY REFERENCES users.accounts (id) ON DELETE CASCADE,
  digest BYTEA NOT NULL UNIQUE,
  requested_at TIMESTAMPTZ NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE authentication.invitations (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  email VARCHAR(255) NOT NULL CHECK (email = lower(email)),
  full_name VARCHAR(255),
  role VARCHAR(50) NOT NULL CHECK (role IN ('user', 'guru', 'admin', 'platform_admin')),
  organization_id UUID REFERENCES organizations.companies (id) ON DELETE CASCADE,
  digest BYTEA NOT NULL UNIQUE,
  invited_by UUID REFERENCES users.accounts (id) ON DELETE SET NULL,
  created_at TIMESTAMPTZ NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL,
  accepted_at TIMESTAMPTZ,
  revoked_at TIMESTAMPTZ
);
CREATE INDEX idx_invitations_organization ON authentication.invitations (organization_id, created_at DESC, id);
CREATE INDEX idx_invitations_email ON authentication.invitations (email);
COMMENT ON COLUMN authentication.invitations.invited_by IS 'Null: an operator, by the command line';

GRANT SELECT (id, email, full_name, role, organization_id, invited_by, created_at, expires_at, accepted_at, revoked_at),
  INSERT (id, email, full_name, role, organization_id, digest, invited_by, created_at, expires_at),
  UPDATE (revoked_at)
  ON authentication.invitations TO ${gateway};

ALTER TABLE authentication.password_resets ENABLE ROW LEVEL SECURITY;
ALTER TABLE authentication.password_resets FORCE ROW LEVEL SECURITY;
CREATE POLICY maintenance ON authentication.password_resets TO CURRENT_USER USING (true);

ALTER TABLE authentication.invitations ENABLE ROW LEVEL SECURITY;
ALTER TABLE authentication.invitations FORCE ROW LEVEL SECURITY;
CREATE POLICY readable ON authentication.invitations FOR SELECT TO ${gateway}
  USING ((organization_id = ${my_organization} AND ${is_admin}) OR ${is_platform_admin});
CREATE POLICY by_admins ON authentication.invitations FOR INSERT TO ${gateway}
  WITH CHECK (invited_by = ${me}
              AND ((organization_id = ${my_organization} AND ${is_admin} AND role <> 'platform_admin')
                   OR ${is_platform_admin}));
CREATE POLICY revocable ON authentication.invitations FOR UPDATE TO ${gateway}
  USING ((organization_id = ${my_organization} AND ${is_admin}) OR ${is_platform_admin})
  WITH CHECK ((organization_id = ${my_organization} AND ${is_admin}) OR ${is_platform_admin});
CREATE POLICY maintenance ON authentication.invitations TO CURRENT_USER USING (true);

-- Who may sign in with this address, and the hash to compare the password with; null where there is none.
CREATE FUNCTION authentication.password_of(given_email TEXT) RETURNS TABLE (user_id UUID, password_hash TEXT)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$body$$
  SELECT account.id, account.password_hash FROM users.accounts AS account
  WHERE account.email = given_email AND account.deactivated_at IS NULL
$$body$$;

-- The same password hashed anew, for who has just proved to know it: the hash of before has to be given.
CREATE FUNCTION authentication.rehash_password(of_user UUID, known_hash TEXT, new_hash TEXT) RETURNS VOID
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$body$$
  UPDATE users.accounts SET password_hash = new_hash WHERE id = of_user AND password_hash = known_hash
$$body$$;

-- What every new password ends: all sessions, all access tokens, and the token that could set another one. Nobody calls
-- it but the functions below.
CREATE FUNCTION authentication.set_password(of_user UUID, new_hash TEXT, reason TEXT, at TIMESTAMPTZ) RETURNS VOID
  LANGUAGE sql SET search_path = pg_catalog, pg_temp
AS $$body$$
  UPDATE users.accounts SET password_hash = new_hash, tokens_valid_from = at, updated_at = at WHERE id = of_user;
  UPDATE authentication.sessions SET ended_at = at, end_reason = reason WHERE user_id = of_user AND ended_at IS NULL;
  DELETE FROM authentication.password_resets WHERE user_id = of_user;
$$body$$;
REVOKE ALL ON FUNCTION authentication.set_password FROM PUBLIC;

-- The viewer's own password. False: it has been changed since `known_hash` was read; nothing was written.
CREATE FUNCTION authentication.change_password(known_hash TEXT, new_hash TEXT, at TIMESTAMPTZ) RETURNS BOOLEAN
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$body$$
BEGIN
  PERFORM FROM users.accounts
    WHERE id = ${me} AND password_hash = known_hash AND deactivated_at IS NULL FOR UPDATE;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  PERFORM authentication.set_password(${me}, new_hash, 'password changed', at);
  RETURN true;
END
$$body$$;

-- Registers a token that sets a new password, for an account that has one; the token of before is worth nothing then.
-- An account without a password is told of, so that its owner can be told how else to sign in. No row: no such account.
CREATE FUNCTION authentication.request_password_reset(
  given_email TEXT, token_digest BYTEA, at TIMESTAMPTZ, until TIMESTAMPTZ, from_address INET, with_agent TEXT
) RETURNS TABLE (email TEXT, full_name TEXT, has_password BOOLEAN)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$body$$
DECLARE
  account users.accounts;
BEGIN
  SELECT a.* INTO account FROM users.accounts AS a WHERE a.email = given_email AND a.deactivated_at IS NULL;
  IF account.id IS NULL THEN
    RETURN;
  END IF;
  IF account.password_hash IS NOT NULL THEN
    INSERT INTO authentication.password_resets (user_id, digest, requested_at, expires_at)
      VALUES (account.id, token_digest, at, until)
      ON CONFLICT (user_id) DO UPDATE SET digest = token_digest, requested_at = at, expires_at = until;
  END IF;
  PERFORM audit.record_unauthenticated('password_reset_requested', account.id, 'user', account.id, NULL, from_address,
    with_agent, at);
  RETURN QUERY SELECT account.email::text, account.full_name::text, account.password_hash IS NOT NULL;
END
$$body$$;

-- Whose password a token would set.
CREATE FUNCTION authentication.password_reset_of(token_digest BYTEA, at TIMESTAMPTZ)
  RETURNS TABLE (email TEXT, full_name TEXT)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$body$$
  SELECT account.email, account.full_name
  FROM authentication.password_resets AS asked JOIN users.accounts AS account ON account.id = asked.user_id
  WHERE asked.digest = token_digest AND asked.expires_at > at AND account.deactivated_at IS NULL
$$body$$;

-- Uses the token, once. False: it was used, has been replaced or has run out meanwhile; nothing was written.
CREATE FUNCTION authentication.reset_password(
  token_digest BYTEA, new_hash TEXT, at TIMESTAMPTZ, from_address INET, with_agent TEXT
) RETURNS BOOLEAN
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$body$$
DECLARE
  of_user UUID;
BEGIN
  DELETE FROM authentication.password_resets AS asked USING users.accounts AS account
    WHERE asked.digest = token_digest AND asked.expires_at > at AND account.id = asked.user_id
      AND account.deactivated_at IS NULL
    RETURNING asked.user_id INTO of_user;
  IF of_user IS NULL THEN
    RETURN false;
  END IF;
  PERFORM authentication.set_password(of_user, new_hash, 'password reset', at);
  PERFORM audit.record_unauthenticated('password_reset', of_user, 'user', of_user, NULL, from_address, with_agent, at);
  RETURN true;
END
$$body$$;

-- What a token invites to.
CREATE FUNCTION authentication.invitation_of(token_digest BYTEA, at TIMESTAMPTZ)
  RETURNS TABLE (email TEXT, full_name TEXT)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$body$$
  SELECT email, full_name FROM authentication.invitations
  WHERE digest = token_digest AND expires_at > at AND accepted_at IS NULL AND revoked_at IS NULL
$$body$$;

-- Uses an invitation, once: the account it invites to is made, with a password. `unknown`: it was used, revoked or has
-- run out; `taken`: there is an account with its address. Both write nothing.
CREATE FUNCTION authentication.accept_invitation(
  token_digest BYTEA, new_name TEXT, new_hash TEXT, tools TEXT[], opened BOOLEAN[], at TIMESTAMPTZ, from_address INET,
  with_agent TEXT, OUT outcome TEXT, OUT of_user UUID
)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$body$$
DECLARE
  invitation authentication.invitations;
BEGIN
  SELECT i.* INTO invitation FROM authentication.invitations AS i
    WHERE i.digest = token_digest AND i.expires_at > at AND i.accepted_at IS NULL AND i.revoked_at IS NULL FOR UPDATE;
  IF NOT FOUND THEN
    outcome := 'unknown';
    RETURN;
  END IF;
  of_user := users.create_account(invitation.email, new_name, invitation.role, invitation.organization_id, NULL, NULL,
    tools, opened);
  IF of_user IS NULL THEN
    outcome := 'taken';
    RETURN;
  END IF;
  UPDATE users.accounts SET password_hash = new_hash WHERE id = of_user;
  UPDATE authentication.invitations SET accepted_at = at WHERE id = invitation.id;
  PERFORM audit.record_unauthenticated('invitation_accepted', of_user, 'invitation', invitation.id, NULL, from_address,
    with_agent, at);
  outcome := 'accepted';
END
$$body$$;

REVOKE ALL ON FUNCTION authentication.password_of, authentication.rehash_password, authentication.change_password,
  authentication.request_password_reset, authentication.password_reset_of, authentication.reset_password,
  authentication.invitation_of, authentication.accept_invitation FROM PUBLIC;
GRANT EXECUTE ON FUNCTION authentication.password_of, authentication.rehash_password, authentication.change_password,
  authentication.request_password_reset, authentication.password_reset_of, authentication.reset_password,
  authentication.invitation_of, authentication.accept_invitation TO ${gateway};
