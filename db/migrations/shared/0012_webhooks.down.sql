CREATE OR REPLACE FUNCTION organizations.wrapping_keys() RETURNS TABLE (id TEXT, fingerprint BYTEA)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$body$$
  SELECT DISTINCT k.wrapped_by::text, k.fingerprint FROM organizations.data_keys AS k
$$body$$;
DROP FUNCTION outbox.failed_jobs, outbox.replay_job;
DROP TRIGGER webhooks ON outbox.events;
DROP SCHEMA webhooks CASCADE;
