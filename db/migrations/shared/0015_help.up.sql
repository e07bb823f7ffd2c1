-- Who asked for help with which tool, and how that ended: what limits count and what admins see sums of. What was asked
-- and what was answered is nowhere.

CREATE SCHEMA help;

CREATE TABLE help.requests (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id UUID NOT NULL REFERENCES users.accounts (id) ON DELETE CASCADE,
  organization_id UUID REFERENCES organizations.companies (id) ON DELETE CASCADE,
  tool_slug VARCHAR(100) NOT NULL,
  kind VARCHAR(20) NOT NULL CHECK (kind IN ('help', 'challenge')),
  outcome VARCHAR(20) CHECK (outcome IN ('answered', 'unavailable', 'timed_out', 'unusable')),
  milliseconds INTEGER CHECK (milliseconds >= 0),
  asked_at TIMESTAMPTZ NOT NULL
);
COMMENT ON COLUMN help.requests.outcome IS 'Null while it is under way, and for ever if the gateway ended meanwhile';
COMMENT ON COLUMN help.requests.milliseconds IS 'From the question to the end of the answer';
CREATE INDEX idx_help_requests_user ON help.requests (user_id, kind, asked_at DESC);
CREATE INDEX idx_help_requests_organization ON help.requests (organization_id, asked_at DESC);
CREATE INDEX idx_help_requests_time ON help.requests (asked_at);

GRANT USAGE ON SCHEMA help TO ${gateway};
GRANT SELECT, INSERT, UPDATE (outcome, milliseconds) ON help.requests TO ${gateway};

ALTER TABLE help.requests ENABLE ROW LEVEL SECURITY;
ALTER TABLE help.requests FORCE ROW LEVEL SECURITY;
CREATE POLICY readable ON help.requests FOR SELECT TO ${gateway} USING (user_id = ${me} OR ${readable_help_usage});
CREATE POLICY asked ON help.requests FOR INSERT TO ${gateway} WITH CHECK (${own});
CREATE POLICY ended ON help.requests FOR UPDATE TO ${gateway} USING (user_id = ${me}) WITH CHECK (user_id = ${me});
CREATE POLICY maintenance ON help.requests TO CURRENT_USER USING (true);
