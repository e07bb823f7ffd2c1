-- How often something was done lately, counted by all gateways together. Subjects (an address, a person, …) are keyed
-- hashes: nobody reads addresses here. Nothing but the two functions below comes near the table.

CREATE SCHEMA rates;

-- UNLOGGED: a count is worth no write-ahead log. A crash of the server empties the table, and every count starts again.
CREATE UNLOGGED TABLE rates.counters (
  subject BYTEA PRIMARY KEY CHECK (octet_length(subject) = 16),
  window_number BIGINT NOT NULL,
  before INTEGER NOT NULL,
  spent INTEGER NOT NULL,
  expires BIGINT NOT NULL
) WITH (fillfactor = 70);
COMMENT ON COLUMN rates.counters.window_number IS 'Which window since the epoch, in windows of the length of its period';
COMMENT ON COLUMN rates.counters.before IS 'What was spent in the window before';
COMMENT ON COLUMN rates.counters.spent IS 'What was spent, or leased to gateways, in this window';
COMMENT ON COLUMN rates.counters.expires IS 'Milliseconds since the epoch, when neither window counts any more';
CREATE INDEX idx_counters_expires ON rates.counters (expires);

ALTER TABLE rates.counters ENABLE ROW LEVEL SECURITY;
ALTER TABLE rates.counters FORCE ROW LEVEL SECURITY;
CREATE POLICY maintenance ON rates.counters TO CURRENT_USER USING (true);

-- A sliding window counter: the window before counts with the part of it that lies within one period of now.
-- Each subject is granted a share of what its limit leaves, at least one; nothing once nothing is left. Subjects are
-- locked in one order, so that two calls never wait for each other. Periods and the time are milliseconds.
CREATE FUNCTION rates.take(subjects BYTEA[], limits INTEGER[], periods INTEGER[], share INTEGER, at BIGINT)
  RETURNS TABLE (granted INTEGER, window_number BIGINT, before INTEGER, spent INTEGER)
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$body$$
DECLARE
  wanted RECORD;
  counter rates.counters;
  is_new BOOLEAN;
  answers INTEGER[];
  numbers BIGINT[];
  befores INTEGER[];
  spents INTEGER[];
  here BIGINT;
  elapsed BIGINT;
  room BIGINT;
BEGIN
  FOR wanted IN
    SELECT * FROM unnest(subjects, limits, periods) WITH ORDINALITY AS w (subject, allowed, period, place)
    ORDER BY w.subject
  LOOP
    here := at / wanted.period;
    elapsed := at % wanted.period;
    LOOP
      SELECT c.* INTO counter FROM rates.counters AS c WHERE c.subject = wanted.subject FOR UPDATE;
      EXIT WHEN FOUND;
      INSERT INTO rates.counters AS c VALUES (wanted.subject, here, 0, 0, (here + 2) * wanted.period)
        ON CONFLICT DO NOTHING;
      is_new := true;
    END LOOP;
    IF counter.window_number = here + 1 THEN
      -- Another gateway's clock is ahead of this one's: its window has just begun.
      here := here + 1;
      elapsed := 0;
    ELSIF counter.window_number = here - 1 THEN
      counter.before := counter.spent;
      counter.spent := 0;
    ELSIF counter.window_number <> here THEN
      counter.before := 0;
      counter.spent := 0;
    END IF;
    room := wanted.allowed - counter.spent
      - (counter.before * (wanted.period - elapsed) + wanted.period - 1) / wanted.period;
    room := CASE WHEN room > 0 THEN greatest(1, room / share) ELSE 0 END;
    IF room > 0 OR counter.window_number <> here THEN
      UPDATE rates.counters AS c
        SET window_number = here, before = counter.before, spent = counter.spent + room,
            expires = (here + 2) * wanted.period
        WHERE c.subject = wanted.subject;
    END IF;
    answers[wanted.place] := room;
    numbers[wanted.place] := here;
    befores[wanted.place] := counter.before;
    spents[wanted.place] := counter.spent + room;
  END LOOP;
  IF is_new THEN
    -- Whoever adds rows clears away more of them than were added: the table stays as small as the present is.
    DELETE FROM rates.counters AS c USING (
      SELECT o.subject FROM rates.counters AS o WHERE o.expires <= at ORDER BY o.expires
      LIMIT 2 * cardinality(subjects) FOR UPDATE SKIP LOCKED
    ) AS old WHERE c.subject = old.subject;
  END IF;
  RETURN QUERY SELECT * FROM unnest(answers, numbers, befores, spents);
END
$$body$$;

-- Takes back one of each spared subject, counted in the given window, and starts the forgotten ones anew.
CREATE FUNCTION rates.forgive(spared BYTEA[], window_numbers BIGINT[], forgotten BYTEA[])
  RETURNS VOID
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$body$$
DECLARE
  wanted RECORD;
BEGIN
  FOR wanted IN
    SELECT * FROM unnest(spared, window_numbers) AS w (subject, window_number)
    UNION ALL SELECT f, NULL FROM unnest(forgotten) AS f
    ORDER BY 1
  LOOP
    IF wanted.window_number IS NULL THEN
      DELETE FROM rates.counters AS c WHERE c.subject = wanted.subject;
    ELSE
      UPDATE rates.counters AS c
        SET spent = greatest(0, c.spent - (c.window_number = wanted.window_number)::integer),
            before = greatest(0, c.before - (c.window_number = wanted.window_number + 1)::integer)
        WHERE c.subject = wanted.subject AND c.window_number - wanted.window_number IN (0, 1);
    END IF;
  END LOOP;
END
$$body$$;

REVOKE ALL ON FUNCTION rates.take, rates.forgive FROM PUBLIC;
GRANT USAGE ON SCHEMA rates TO ${gateway};
GRANT EXECUTE ON FUNCTION rates.take, rates.forgive TO ${gateway};
