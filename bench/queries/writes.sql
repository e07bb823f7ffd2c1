-- Makes the writers ready: they are at work on Know Thyself, and have completed all that five locked tools wait for but
-- Values. What a submit unlocks is locked again at once, so that every submit unlocks: the rows are written all the same.
UPDATE tool_access.progress SET status = CASE
    WHEN tool_slug = 'know-thyself' THEN 'in_progress'
    WHEN tool_slug IN ('team', 'focus', 'performance', 'fit-abc-analysis', 'digitalization') THEN 'locked'
    ELSE 'completed' END
WHERE user_id IN (SELECT id FROM users.accounts WHERE full_name <= 'Person 000250');

UPDATE sprint_01_know_thyself.submissions SET status = 'in_progress'
WHERE user_id IN (SELECT id FROM users.accounts WHERE full_name <= 'Person 000250');

CREATE OR REPLACE FUNCTION tool_access.lock_again() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.status := 'locked';
  RETURN NEW;
END
$$;
CREATE OR REPLACE TRIGGER lock_again BEFORE UPDATE ON tool_access.progress
  FOR EACH ROW WHEN (OLD.status = 'locked' AND NEW.status = 'unlocked') EXECUTE FUNCTION tool_access.lock_again();
