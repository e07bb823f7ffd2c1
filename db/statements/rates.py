"""The two ways to the shared counters: functions that alone may touch the table behind them."""

from db.statements.viewer import as_viewer

TAKE = as_viewer(
    "SELECT taken.* FROM rates.take(viewer.subjects, viewer.limits, viewer.periods, viewer.share, viewer.at) AS taken",
    subjects="bytea[]",
    limits="integer[]",
    periods="integer[]",
    share="integer",
    at="bigint",
)

FORGIVE = as_viewer(
    "SELECT rates.forgive(viewer.spared, viewer.window_numbers, viewer.forgotten)",
    spared="bytea[]",
    window_numbers="bigint[]",
    forgotten="bytea[]",
)
