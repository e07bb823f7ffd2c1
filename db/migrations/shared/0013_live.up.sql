-- Wakes who listens, and says whose work it is: else each commit would wake every subscriber of every process. Ids
-- alone; who may know more reads the rows.
CREATE OR REPLACE FUNCTION outbox.notify() RETURNS TRIGGER
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$body$$
BEGIN
  PERFORM pg_notify('fast_track_events', format('%s %s %s', transaction, user_id, coalesce(organization_id::text, '-')))
  FROM (SELECT DISTINCT transaction, user_id, organization_id FROM added) AS whose;
  RETURN NULL;
END
$$body$$;
