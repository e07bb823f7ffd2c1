ALTER TABLE tool_access.progress DROP COLUMN version;
