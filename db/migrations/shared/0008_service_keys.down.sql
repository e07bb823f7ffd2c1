DROP FUNCTION authentication.grant_to_service_key;
DROP FUNCTION authentication.note_service_key_use;
DROP FUNCTION audit.record_service_key;
DROP FUNCTION authentication.find_service_key;
DROP TABLE authentication.service_key_uses;
DROP TABLE authentication.service_key_grants;
DROP TABLE authentication.service_keys;
