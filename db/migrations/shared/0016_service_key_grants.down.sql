-- Lets a key that has to be asked ask for a person about these tools. False: there is no such key or person, or it is
-- neither the viewer's own work nor a key that they manage.
CREATE OR REPLACE FUNCTION authentication.grant_to_service_key(
  of_key UUID, for_user UUID, of_tools TEXT[], until_then TIMESTAMPTZ, at TIMESTAMPTZ
) RETURNS BOOLEAN
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$body$$
BEGIN
  PERFORM FROM (
    SELECT key.organization_id, person.id AS user_id
    FROM authentication.service_keys AS key
    JOIN users.accounts AS person ON person.id = for_user AND person.organization_id = key.organization_id
    WHERE key.id = of_key AND key.behalf = 'asked' AND key.revoked_at IS NULL AND key.expires_at > at
      AND person.deactivated_at IS NULL
  ) AS reached WHERE user_id = ${me} OR ${managed_service_key};
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  DELETE FROM authentication.service_key_grants WHERE key_id = of_key AND until <= at;
  INSERT INTO authentication.service_key_grants AS g (key_id, user_id, tool_slug, until, granted_by, granted_at)
    SELECT DISTINCT of_key, for_user, slug, until_then, ${me}, at FROM unnest(of_tools) AS slug
    ON CONFLICT (key_id, user_id, tool_slug) DO UPDATE
      SET until = excluded.until, granted_by = excluded.granted_by, granted_at = excluded.granted_at;
  RETURN true;
END
$$body$$;
