-- Documents that are made later: who asked for which, how far it is, and the file there is. The file itself is elsewhere.

CREATE SCHEMA exports;

CREATE TABLE exports.jobs (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id UUID NOT NULL REFERENCES users.accounts (id) ON DELETE CASCADE,
  subject_id UUID NOT NULL REFERENCES users.accounts (id) ON DELETE CASCADE,
  organization_id UUID REFERENCES organizations.companies (id) ON DELETE CASCADE,
  tool_slug VARCHAR(100),
  status VARCHAR(20) NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'processing', 'completed', 'failed')),
  progress SMALLINT NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 100),
  error TEXT,
  filename VARCHAR(200),
  requested_at TIMESTAMPTZ NOT NULL,
  finished_at TIMESTAMPTZ,
  expires_at TIMESTAMPTZ NOT NULL
);
COMMENT ON COLUMN exports.jobs.user_id IS 'Who asked for it, and alone sees it';
COMMENT ON COLUMN exports.jobs.subject_id IS 'Whose work it shows';
COMMENT ON COLUMN exports.jobs.tool_slug IS 'The tool; null: all completed tools, as one book';
COMMENT ON COLUMN exports.jobs.expires_at IS 'When the file is gone, and the job with it';

-- Asked for twice, it is the same job.
CREATE UNIQUE INDEX idx_jobs_unfinished ON exports.jobs (user_id, subject_id, coalesce(tool_slug, ''))
  WHERE status IN ('pending', 'processing');
CREATE INDEX idx_jobs_subject ON exports.jobs (subject_id);
CREATE INDEX idx_jobs_expires ON exports.jobs (expires_at);

GRANT USAGE ON SCHEMA exports TO ${gateway};
GRANT SELECT, INSERT, UPDATE ON exports.jobs TO ${gateway};

ALTER TABLE exports.jobs ENABLE ROW LEVEL SECURITY;
ALTER TABLE exports.jobs FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON exports.jobs TO ${gateway} USING (${own}) WITH CHECK (${own});
CREATE POLICY maintenance ON exports.jobs TO CURRENT_USER USING (true);

-- Ids of jobs whose time is over, the oldest first; of nobody more than that.
CREATE FUNCTION exports.expired(at TIMESTAMPTZ, most INTEGER) RETURNS SETOF UUID
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$body$$
  SELECT id FROM exports.jobs WHERE expires_at <= at ORDER BY expires_at LIMIT most
$$body$$;

-- Forgets such jobs, once their files are gone.
CREATE FUNCTION exports.forget(ids UUID[], at TIMESTAMPTZ) RETURNS VOID
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$body$$
  DELETE FROM exports.jobs WHERE id = ANY (ids) AND expires_at <= at
$$body$$;

REVOKE ALL ON FUNCTION exports.expired, exports.forget FROM PUBLIC;
GRANT EXECUTE ON FUNCTION exports.expired, exports.forget TO ${gateway};
