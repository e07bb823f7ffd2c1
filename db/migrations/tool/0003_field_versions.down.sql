DROP TABLE ${schema}.field_versions;
