"""Reading from PostgreSQL's log what our server sent."""

from bench.load.statements import Sent, sent_in

LOG = """fast_track_gateway|LOG:  execute __asyncpg_stmt_1__: WITH viewer AS (
\t  SELECT $1
\t)
\tSELECT 1
fast_track_gateway|DETAIL:  Parameters: $1 = 'it''s, $2 = me', $2 = NULL, $3 = '{a,"b
\tc"}'
postgres|LOG:  statement: SELECT pg_reload_conf()
|LOG:  received SIGHUP, reloading configuration files
fast_track_gateway|LOG:  statement: BEGIN
fast_track_gateway|LOG:  execute <unnamed>: SELECT 2
fast_track_gateway|LOG:  execute __asyncpg_stmt_2__: SELECT $1
fast_track_gateway|DETAIL:  parameters: $1 = ''
"""


def test_statements_with_their_parameters() -> None:
    """Of the gateway's login, prepared ones only, in their order."""
    assert list(sent_in(LOG)) == [
        Sent("WITH viewer AS (\n  SELECT $1\n)\nSELECT 1", ("it's, $2 = me", None, '{a,"b\nc"}')),
        Sent("SELECT 2", ()),
        Sent("SELECT $1", ("",)),
    ]
