DROP TABLE ${schema}.team_assessments;
