"""Runs the comparison: ``python -m bench``, or ``QUICK=1 python -m bench`` for less than five minutes."""

import signal
import sys

from bench.answers import AnswersDiffer
from bench.chart import chart
from bench.load import RoundFailed
from bench.plan import read_plan
from bench.processes import ServerFailed
from bench.run import RESULTS, run
from bench.table import lines


def main() -> int:
    """Measure, print the table, keep the figures; returns the process's exit status."""
    plan = read_plan()
    # A stopped run must take its servers and its database with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        results = run(plan)
    except (AnswersDiffer, RoundFailed, ServerFailed) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    print("\n".join(lines(results)))
    if plan.whole:
        results.write(RESULTS / "latest.json")
        (RESULTS / "latest.svg").write_text(chart(results.rows), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
