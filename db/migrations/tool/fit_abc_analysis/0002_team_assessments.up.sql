-- One row for each team member rated, as the second founding document has them.

CREATE TABLE ${schema}.team_assessments (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  tool_data_id UUID NOT NULL REFERENCES ${schema}.submissions (id) ON DELETE CASCADE,
  user_id UUID NOT NULL REFERENCES users.accounts (id) ON DELETE CASCADE,
  organization_id UUID REFERENCES organizations.companies (id),
  team_member_name VARCHAR(255),
  role VARCHAR(255),
  fit_energy INTEGER CHECK (fit_energy BETWEEN 1 AND 10),
  fit_skill INTEGER CHECK (fit_skill BETWEEN 1 AND 10),
  fit_values INTEGER CHECK (fit_values BETWEEN 1 AND 10),
  fit_impact INTEGER CHECK (fit_impact BETWEEN 1 AND 10),
  abc_rating CHAR(1) CHECK (abc_rating IN ('A', 'B', 'C')),
  notes TEXT,
  action_items JSONB
);
CREATE INDEX idx_${schema}_team_assessments ON ${schema}.team_assessments (tool_data_id);
CREATE INDEX idx_${schema}_team_assessments_user ON ${schema}.team_assessments (user_id);
GRANT SELECT, INSERT, UPDATE, DELETE ON ${schema}.team_assessments TO ${gateway};
ALTER TABLE ${schema}.team_assessments ENABLE ROW LEVEL SECURITY;
ALTER TABLE ${schema}.team_assessments FORCE ROW LEVEL SECURITY;
CREATE POLICY readable ON ${schema}.team_assessments FOR SELECT TO ${gateway} USING (${readable});
CREATE POLICY own_insert ON ${schema}.team_assessments FOR INSERT TO ${gateway} WITH CHECK (${own});
CREATE POLICY own_update ON ${schema}.team_assessments FOR UPDATE TO ${gateway} USING (${own}) WITH CHECK (${own});
CREATE POLICY own_delete ON ${schema}.team_assessments FOR DELETE TO ${gateway} USING (${own});
CREATE POLICY maintenance ON ${schema}.team_assessments TO CURRENT_USER USING (true);
