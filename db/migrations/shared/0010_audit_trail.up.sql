-- The audit trail to be read: by organisation, person, action and tool, the newest first; and what those leave in it
-- who read another's answers.

-- The id stands last in each, so that a page comes in its order and nothing is sorted: PostgreSQL 15 would rather sort.
DROP INDEX audit.idx_audit_user, audit.idx_audit_org, audit.idx_audit_tool;
CREATE INDEX idx_audit_user ON audit.events (user_id, "timestamp" DESC, id DESC);
CREATE INDEX idx_audit_org ON audit.events (organization_id, "timestamp" DESC, id DESC);
CREATE INDEX idx_audit_tool ON audit.events (tool_slug, "timestamp" DESC, id DESC);
CREATE INDEX idx_audit_time ON audit.events ("timestamp" DESC, id DESC);
CREATE INDEX idx_audit_action ON audit.events (organization_id, action, "timestamp" DESC, id DESC);

-- One entry for each viewer, person, tool and hour, whichever gateways answered.
CREATE UNIQUE INDEX idx_audit_reads ON audit.events
  (user_id, entity_id, tool_slug, date_trunc('hour', "timestamp" AT TIME ZONE 'UTC')) WHERE action = 'read';

-- Entries about answers that somebody else has read, filed with the organisation of whose they are. A person who is gone
-- meanwhile leaves no entry.
CREATE FUNCTION audit.record_reads(viewers UUID[], people UUID[], tools TEXT[], times TIMESTAMPTZ[]) RETURNS VOID
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$body$$
  INSERT INTO audit.events (user_id, organization_id, tool_slug, action, entity_type, entity_id, "timestamp")
  SELECT viewer.id, person.organization_id, seen.tool, 'read', 'user', person.id, seen.at
  FROM unnest(viewers, people, tools, times) AS seen (viewer, person, tool, at)
  JOIN users.accounts AS viewer ON viewer.id = seen.viewer
  JOIN users.accounts AS person ON person.id = seen.person
  ON CONFLICT (user_id, entity_id, tool_slug, date_trunc('hour', "timestamp" AT TIME ZONE 'UTC'))
    WHERE action = 'read' DO NOTHING
$$body$$;
REVOKE ALL ON FUNCTION audit.record_reads FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.record_reads TO ${gateway};
