-- The outbox: what happened, written in the transaction in which it happened; and the queue of jobs that are done later.

CREATE SCHEMA outbox;

CREATE TABLE outbox.events (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  position BIGINT GENERATED ALWAYS AS IDENTITY,
  transaction XID8 NOT NULL DEFAULT pg_current_xact_id(),
  at TIMESTAMPTZ NOT NULL,
  kind VARCHAR(50) NOT NULL CHECK (kind <> ''),
  user_id UUID NOT NULL REFERENCES users.accounts (id) ON DELETE CASCADE,
  actor_id UUID REFERENCES users.accounts (id) ON DELETE SET NULL,
  organization_id UUID REFERENCES organizations.companies (id) ON DELETE CASCADE,
  tool_slug VARCHAR(100),
  field_ids TEXT[] NOT NULL DEFAULT '{}',
  details JSONB NOT NULL DEFAULT '{}'
);
COMMENT ON TABLE outbox.events IS 'Read in the order of (transaction, position), and only where transaction < pg_snapshot_xmin(pg_current_snapshot())';
COMMENT ON COLUMN outbox.events.user_id IS 'Whose work it is';
COMMENT ON COLUMN outbox.events.actor_id IS 'Who did it; null: nobody who is signed in, or gone';
COMMENT ON COLUMN outbox.events.details IS 'Versions, statuses, numbers; never answers or secrets';

-- The order of reading. Positions are given before a commit, so a lower one may appear after a higher one was read; of
-- transactions that are older than every one still running nothing can appear any more.
CREATE INDEX idx_events_order ON outbox.events (transaction, position);
CREATE INDEX idx_events_user ON outbox.events (user_id, transaction, position);
CREATE INDEX idx_events_organization ON outbox.events (organization_id, transaction, position);
CREATE INDEX idx_events_at ON outbox.events (at);

-- Wakes who listens. The position alone: who may know more reads the row.
CREATE FUNCTION outbox.notify() RETURNS TRIGGER
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$body$$
DECLARE
  newest BIGINT;
BEGIN
  SELECT max(position) INTO newest FROM added;
  IF newest IS NOT NULL THEN
    PERFORM pg_notify('fast_track_events', newest::text);
  END IF;
  RETURN NULL;
END
$$body$$;
CREATE TRIGGER notify AFTER INSERT ON outbox.events REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION outbox.notify();

GRANT USAGE ON SCHEMA outbox TO ${gateway};
GRANT SELECT, INSERT ON outbox.events TO ${gateway};

ALTER TABLE outbox.events ENABLE ROW LEVEL SECURITY;
ALTER TABLE outbox.events FORCE ROW LEVEL SECURITY;
CREATE POLICY readable ON outbox.events FOR SELECT TO ${gateway} USING (${readable});
CREATE POLICY own_insert ON outbox.events FOR INSERT TO ${gateway} WITH CHECK (${own_fact});
CREATE POLICY maintenance ON outbox.events TO CURRENT_USER USING (true);

-- What the school's webhooks have opened, where nobody is signed in.
CREATE FUNCTION outbox.record_unlocked(of_user UUID, tools TEXT[], at TIMESTAMPTZ) RETURNS VOID
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$body$$
  INSERT INTO outbox.events (at, kind, user_id, organization_id, tool_slug, details)
  SELECT record_unlocked.at, fact.kind, account.id, account.organization_id, slug, fact.details
  FROM users.accounts AS account CROSS JOIN unnest(tools) AS slug
  CROSS JOIN (VALUES ('progress_changed', '{"from": "locked", "to": "unlocked"}'::jsonb), ('tool_unlocked', '{}'))
    AS fact (kind, details)
  WHERE account.id = of_user
$$body$$;

-- Deletes the oldest events before a time, at most so many; how many they were.
CREATE FUNCTION outbox.prune(before TIMESTAMPTZ, most INTEGER) RETURNS INTEGER
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$body$$
  WITH deleted AS (
    DELETE FROM outbox.events WHERE ctid = ANY (ARRAY(
      SELECT ctid FROM outbox.events AS e WHERE e.at < before ORDER BY e.at LIMIT most)) RETURNING 1
  )
  SELECT count(*)::integer FROM deleted
$$body$$;

-- The queue, as Procrastinate ships it, in a schema of its own.
CREATE SCHEMA procrastinate;
SET LOCAL search_path TO procrastinate, pg_catalog;
${procrastinate_schema}
SET LOCAL search_path TO DEFAULT;

-- Its functions find their tables by a fixed path, whoever calls them.
DO $$body$$
DECLARE
  of_queue REGPROCEDURE;
BEGIN
  FOR of_queue IN SELECT oid FROM pg_proc WHERE pronamespace = 'procrastinate'::regnamespace LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = pg_catalog, procrastinate, pg_temp', of_queue);
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', of_queue);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO ${gateway}', of_queue);
  END LOOP;
END
$$body$$;

-- Jobs belong to no viewer: only a connection that says it is a worker's sees them. Everybody else adds some by
-- outbox.defer and reads none.
GRANT USAGE ON SCHEMA procrastinate TO ${gateway};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA procrastinate TO ${gateway};
GRANT USAGE ON ALL SEQUENCES IN SCHEMA procrastinate TO ${gateway};
DO $$body$$
DECLARE
  of_queue REGCLASS;
BEGIN
  FOR of_queue IN
    SELECT oid FROM pg_class WHERE relnamespace = 'procrastinate'::regnamespace AND relkind = 'r'
  LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', of_queue);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', of_queue);
    EXECUTE format('CREATE POLICY worker ON %s TO ${gateway} USING (%s)', of_queue, $$condition$$${is_worker}$$condition$$);
    EXECUTE format('CREATE POLICY maintenance ON %s TO CURRENT_USER USING (true)', of_queue);
  END LOOP;
END
$$body$$;

-- Adds a job to the caller's transaction: it is there if and when that commits. A job with a key is not added while
-- another one with the same key waits; then the answer is null.
CREATE FUNCTION outbox.defer(queue TEXT, task TEXT, ids JSONB, key TEXT DEFAULT NULL, not_before TIMESTAMPTZ DEFAULT NULL)
  RETURNS BIGINT
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, procrastinate, pg_temp
AS $$body$$
BEGIN
  RETURN (procrastinate_defer_jobs_v1(
    ARRAY[ROW(queue, task, 0, NULL, key, ids, not_before)::procrastinate_job_to_defer_v1]))[1];
EXCEPTION
  WHEN unique_violation THEN
    RETURN NULL;
END
$$body$$;

-- The same as outbox.prune for jobs that are dead: nothing has happened to them since that time.
CREATE FUNCTION outbox.prune_jobs(before TIMESTAMPTZ, most INTEGER) RETURNS INTEGER
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, procrastinate, pg_temp
AS $$body$$
  WITH deleted AS (
    DELETE FROM procrastinate_jobs WHERE id IN (
      SELECT job.id FROM procrastinate_jobs AS job
      WHERE job.status IN ('failed', 'cancelled', 'aborted', 'succeeded')
        AND NOT EXISTS (SELECT FROM procrastinate_events AS e WHERE e.job_id = job.id AND e.at >= before)
      ORDER BY job.id LIMIT most) RETURNING 1
  )
  SELECT count(*)::integer FROM deleted
$$body$$;

REVOKE ALL ON FUNCTION outbox.notify, outbox.record_unlocked, outbox.prune, outbox.prune_jobs, outbox.defer FROM PUBLIC;
GRANT EXECUTE ON FUNCTION outbox.record_unlocked, outbox.prune, outbox.prune_jobs, outbox.defer TO ${gateway};
