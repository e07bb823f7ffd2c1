CREATE OR REPLACE FUNCTION outbox.notify() RETURNS TRIGGER
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
