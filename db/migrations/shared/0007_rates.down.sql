DROP FUNCTION rates.forgive, rates.take;
DROP TABLE rates.counters;
DROP SCHEMA rates;
