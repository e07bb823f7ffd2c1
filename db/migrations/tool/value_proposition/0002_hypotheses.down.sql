DROP TABLE ${schema}.hypotheses;
