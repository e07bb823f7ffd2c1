-- Webhooks: which events of an organisation are told to whom outside, and what became of each.

CREATE SCHEMA webhooks;

CREATE TABLE webhooks.endpoints (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  organization_id UUID NOT NULL REFERENCES organizations.companies (id) ON DELETE CASCADE,
  url TEXT NOT NULL CHECK (url <> ''),
  events TEXT[] NOT NULL CHECK (cardinality(events) > 0),
  document TEXT,
  wrapped BYTEA NOT NULL,
  wrapped_by VARCHAR(40) NOT NULL,
  fingerprint BYTEA NOT NULL,
  active BOOLEAN NOT NULL DEFAULT true,
  paused_because TEXT,
  changed_by UUID REFERENCES users.accounts (id) ON DELETE SET NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
COMMENT ON COLUMN webhooks.endpoints.wrapped IS 'The secret that signs, wrapped by one of the operator''s encryption keys';
COMMENT ON COLUMN webhooks.endpoints.changed_by IS 'The admin who last changed it: the document is executed as that person';
CREATE INDEX idx_endpoints_organization ON webhooks.endpoints (organization_id, created_at);

CREATE TABLE webhooks.deliveries (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  endpoint_id UUID NOT NULL REFERENCES webhooks.endpoints (id) ON DELETE CASCADE,
  organization_id UUID NOT NULL REFERENCES organizations.companies (id) ON DELETE CASCADE,
  event_id UUID NOT NULL REFERENCES outbox.events (id) ON DELETE CASCADE,
  kind VARCHAR(50) NOT NULL,
  status VARCHAR(20) NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'delivered', 'failed')),
  attempts INTEGER NOT NULL DEFAULT 0,
  last_status INTEGER,
  last_error TEXT,
  created_at TIMESTAMPTZ NOT NULL,
  next_attempt_at TIMESTAMPTZ,
  delivered_at TIMESTAMPTZ,
  UNIQUE (endpoint_id, event_id)
);
COMMENT ON TABLE webhooks.deliveries IS 'One for each event and endpoint that wants it; what was sent is not kept';
CREATE INDEX idx_deliveries_organization ON webhooks.deliveries (organization_id, created_at DESC, id DESC);
CREATE INDEX idx_deliveries_endpoint ON webhooks.deliveries (endpoint_id, created_at DESC, id DESC);
CREATE INDEX idx_deliveries_event ON webhooks.deliveries (event_id);

-- The secret is in no grant to read.
GRANT USAGE ON SCHEMA webhooks TO ${gateway};
GRANT SELECT (id, organization_id, url, events, document, active, paused_because, changed_by, created_at, updated_at),
  INSERT, DELETE,
  UPDATE (url, events, document, wrapped, wrapped_by, fingerprint, active, paused_because, changed_by, updated_at)
  ON webhooks.endpoints TO ${gateway};
GRANT SELECT, UPDATE (status, next_attempt_at) ON webhooks.deliveries TO ${gateway};

ALTER TABLE webhooks.endpoints ENABLE ROW LEVEL SECURITY;
ALTER TABLE webhooks.endpoints FORCE ROW LEVEL SECURITY;
CREATE POLICY readable ON webhooks.endpoints FOR SELECT TO ${gateway} USING (${managed_webhook});
CREATE POLICY created ON webhooks.endpoints FOR INSERT TO ${gateway}
  WITH CHECK ((${managed_webhook}) AND changed_by = ${me});
CREATE POLICY changed ON webhooks.endpoints FOR UPDATE TO ${gateway}
  USING (${managed_webhook}) WITH CHECK ((${managed_webhook}) AND changed_by = ${me});
CREATE POLICY deleted ON webhooks.endpoints FOR DELETE TO ${gateway} USING (${managed_webhook});
CREATE POLICY maintenance ON webhooks.endpoints TO CURRENT_USER USING (true);

ALTER TABLE webhooks.deliveries ENABLE ROW LEVEL SECURITY;
ALTER TABLE webhooks.deliveries FORCE ROW LEVEL SECURITY;
CREATE POLICY readable ON webhooks.deliveries FOR SELECT TO ${gateway} USING (${managed_webhook});
CREATE POLICY replayed ON webhooks.deliveries FOR UPDATE TO ${gateway}
  USING (${managed_webhook}) WITH CHECK (${managed_webhook});
CREATE POLICY maintenance ON webhooks.deliveries TO CURRENT_USER USING (true);

-- A delivery and its job for every endpoint that wants a new event, in the event's own transaction.
CREATE FUNCTION webhooks.enqueue() RETURNS TRIGGER
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$body$$
DECLARE
  deferred INTEGER;
BEGIN
  WITH delivery AS (
    INSERT INTO webhooks.deliveries (endpoint_id, organization_id, event_id, kind, created_at)
    SELECT e.id, e.organization_id, added.id, added.kind, added.at
    FROM added JOIN webhooks.endpoints AS e
      ON e.organization_id = added.organization_id AND e.active AND added.kind = ANY (e.events)
    ORDER BY added.position
    RETURNING id
  )
  SELECT count(outbox.defer('outside', 'deliver_webhook', jsonb_build_object('delivery_id', id))) INTO deferred
    FROM delivery;
  RETURN NULL;
END
$$body$$;
CREATE TRIGGER webhooks AFTER INSERT ON outbox.events REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION webhooks.enqueue();

-- Everything that one attempt needs.
CREATE FUNCTION webhooks.open_delivery(delivery UUID)
  RETURNS TABLE (status VARCHAR, endpoint_id UUID, organization_id UUID, url TEXT, document TEXT, active BOOLEAN,
                 changed_by UUID, wrapped BYTEA, wrapped_by VARCHAR, fingerprint BYTEA, event_id UUID, at TIMESTAMPTZ,
                 kind VARCHAR, user_id UUID, actor_id UUID, tool_slug VARCHAR, field_ids TEXT[], details JSONB)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$body$$
  SELECT d.status, e.id, e.organization_id, e.url, e.document, e.active, e.changed_by, e.wrapped, e.wrapped_by,
    e.fingerprint, event.id, event.at, event.kind, event.user_id, event.actor_id, event.tool_slug, event.field_ids,
    event.details
  FROM webhooks.deliveries AS d JOIN webhooks.endpoints AS e ON e.id = d.endpoint_id
  JOIN outbox.events AS event ON event.id = d.event_id
  WHERE d.id = delivery
$$body$$;

-- What became of an attempt. One that was delivered stays so, whatever a second worker found.
CREATE FUNCTION webhooks.close_attempt(
  delivery UUID, new_status TEXT, answered INTEGER, error TEXT, at TIMESTAMPTZ, next_at TIMESTAMPTZ
) RETURNS VOID
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$body$$
  UPDATE webhooks.deliveries AS d SET
    status = CASE WHEN d.status = 'delivered' THEN d.status ELSE new_status END,
    attempts = d.attempts + 1, last_status = answered, last_error = error, next_attempt_at = next_at,
    delivered_at = CASE WHEN new_status = 'delivered' THEN at ELSE d.delivered_at END
  WHERE d.id = delivery
$$body$$;

-- Stops an endpoint until an admin starts it again.
CREATE FUNCTION webhooks.pause(endpoint UUID, reason TEXT, at TIMESTAMPTZ) RETURNS VOID
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$body$$
  WITH paused AS (
    UPDATE webhooks.endpoints AS e SET active = false, paused_because = reason, updated_at = at
    WHERE e.id = endpoint AND e.active RETURNING e.id, e.organization_id
  )
  INSERT INTO audit.events (organization_id, action, entity_type, entity_id, changes, "timestamp")
  SELECT paused.organization_id, 'webhook_paused', 'webhook', paused.id, jsonb_build_object('reason', reason), at
  FROM paused
$$body$$;

-- Jobs that are dead, the newest first, and one of them once more; for those who run the platform. No content: a job
-- holds ids.
CREATE FUNCTION outbox.failed_jobs(most INTEGER)
  RETURNS TABLE (id BIGINT, name TEXT, attempts INTEGER, failed_at TIMESTAMPTZ)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, procrastinate, pg_temp
AS $$body$$
  SELECT job.id, job.task_name::text, job.attempts,
    (SELECT max(e.at) FROM procrastinate_events AS e WHERE e.job_id = job.id AND e.type = 'failed')
  FROM procrastinate_jobs AS job WHERE job.status = 'failed' AND (${managed_jobs})
  ORDER BY job.id DESC LIMIT most
$$body$$;

CREATE FUNCTION outbox.replay_job(job BIGINT) RETURNS TEXT
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, procrastinate, pg_temp
AS $$body$$
  UPDATE procrastinate_jobs AS j SET status = 'todo', attempts = 0, scheduled_at = NULL
  WHERE j.id = job AND j.status = 'failed' AND (${managed_jobs}) RETURNING j.task_name
$$body$$;

-- The secrets of endpoints are wrapped by the operator's keys too.
CREATE OR REPLACE FUNCTION organizations.wrapping_keys() RETURNS TABLE (id TEXT, fingerprint BYTEA)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$body$$
  SELECT k.wrapped_by::text, k.fingerprint FROM organizations.data_keys AS k
  UNION SELECT e.wrapped_by::text, e.fingerprint FROM webhooks.endpoints AS e
$$body$$;

REVOKE ALL ON FUNCTION webhooks.enqueue, webhooks.open_delivery, webhooks.close_attempt, webhooks.pause,
  outbox.failed_jobs, outbox.replay_job FROM PUBLIC;
GRANT EXECUTE ON FUNCTION webhooks.enqueue, webhooks.open_delivery, webhooks.close_attempt, webhooks.pause,
  outbox.failed_jobs, outbox.replay_job TO ${gateway};
