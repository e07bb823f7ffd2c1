-- With the keys goes whatever they have encrypted.
DROP FUNCTION organizations.wrapping_keys();
DROP TABLE organizations.data_keys;
