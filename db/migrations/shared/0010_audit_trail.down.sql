DROP FUNCTION audit.record_reads;
DROP INDEX audit.idx_audit_reads, audit.idx_audit_action, audit.idx_audit_time;
