-- Policies as the table of permissions has them (db/permissions.py), and what those may change who manage accounts.

ALTER POLICY readable ON users.accounts USING (${readable_account});
ALTER POLICY readable ON organizations.companies USING (${readable_organization});
ALTER POLICY readable ON organizations.teams USING (${readable_of_organization});
ALTER POLICY readable ON organizations.guru_assignments USING (user_id = ${me} OR ${assignable});
ALTER POLICY readable ON authentication.sessions USING (${readable_session});
ALTER POLICY readable ON audit.events USING (${readable_event});

-- Nobody changes their own role or deactivates themselves, so that an organisation always keeps an admin; and only who
-- runs the platform makes others do so.
GRANT UPDATE (role, deactivated_at, updated_at) ON users.accounts TO ${gateway};
CREATE POLICY managed ON users.accounts FOR UPDATE TO ${gateway}
  USING ((${managed_account}) AND id <> ${me} AND (role <> 'platform_admin' OR ${is_platform_admin}))
  WITH CHECK ((${managed_account}) AND id <> ${me} AND (role <> 'platform_admin' OR ${is_platform_admin}));

-- The subquery is the viewer's own: an account that they do not see cannot be assigned.
GRANT INSERT, DELETE ON organizations.guru_assignments TO ${gateway};
CREATE POLICY assigned ON organizations.guru_assignments FOR INSERT TO ${gateway}
  WITH CHECK ((${assignable})
    AND EXISTS (SELECT FROM users.accounts AS guru WHERE guru.id = user_id AND guru.role = 'guru'));
CREATE POLICY unassigned ON organizations.guru_assignments FOR DELETE TO ${gateway} USING (${assignable});
