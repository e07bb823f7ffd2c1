DROP FUNCTION audit.record_reads;
DROP INDEX audit.idx_audit_reads, audit.idx_audit_action, audit.idx_audit_time;
DROP INDEX audit.idx_audit_user, audit.idx_audit_org, audit.idx_audit_tool;
CREATE INDEX idx_audit_user ON audit.events (user_id, "timestamp" DESC);
CREATE INDEX idx_audit_org ON audit.events (organization_id, "timestamp" DESC);
CREATE INDEX idx_audit_tool ON audit.events (tool_slug, "timestamp" DESC);
