-- The hypotheses behind a value proposition, one row each, as the second founding document has them.

CREATE TABLE ${schema}.hypotheses (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  tool_data_id UUID NOT NULL REFERENCES ${schema}.submissions (id) ON DELETE CASCADE,
  user_id UUID NOT NULL REFERENCES users.accounts (id) ON DELETE CASCADE,
  organization_id UUID REFERENCES organizations.companies (id),
  hypothesis_text TEXT NOT NULL,
  category VARCHAR(50) CHECK (category IN ('gain', 'pain', 'jobs')),
  priority INTEGER,
  tested BOOLEAN NOT NULL DEFAULT FALSE,
  test_results JSONB
);
CREATE INDEX idx_${schema}_hypotheses ON ${schema}.hypotheses (tool_data_id);
CREATE INDEX idx_${schema}_hypotheses_user ON ${schema}.hypotheses (user_id);
GRANT SELECT, INSERT, UPDATE, DELETE ON ${schema}.hypotheses TO ${gateway};
ALTER TABLE ${schema}.hypotheses ENABLE ROW LEVEL SECURITY;
ALTER TABLE ${schema}.hypotheses FORCE ROW LEVEL SECURITY;
CREATE POLICY readable ON ${schema}.hypotheses FOR SELECT TO ${gateway} USING (${readable});
CREATE POLICY own_insert ON ${schema}.hypotheses FOR INSERT TO ${gateway} WITH CHECK (${own});
CREATE POLICY own_update ON ${schema}.hypotheses FOR UPDATE TO ${gateway} USING (${own}) WITH CHECK (${own});
CREATE POLICY own_delete ON ${schema}.hypotheses FOR DELETE TO ${gateway} USING (${own});
CREATE POLICY maintenance ON ${schema}.hypotheses TO CURRENT_USER USING (true);
