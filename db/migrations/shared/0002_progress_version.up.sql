-- Counts every change of a participant's work on a tool, also by others: whether an answer is still the same can be told
-- from these rows alone.

ALTER TABLE tool_access.progress ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
COMMENT ON COLUMN tool_access.progress.version IS 'Goes up with every save, submission, reopening, review and unlock';
