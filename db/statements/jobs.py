"""What is told of all jobs together, whoever does them."""

BY_STATUS = "SELECT status::text AS status, count(*) AS jobs FROM procrastinate.procrastinate_jobs GROUP BY status"
"""How many there are, within a transaction that has the worker's setting. Those that are done are deleted."""
