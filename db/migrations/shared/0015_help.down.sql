DROP TABLE help.requests;
DROP SCHEMA help;
