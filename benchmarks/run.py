"""One run: a database for each size, everything measured side by side, the table and what it says."""

from __future__ import annotations

import sys
import time

from django.db import connection

from benchmarks import database, journeys, report
from benchmarks.measuring import Size, measure, size_of
from benchmarks.taking import TakenTwice
from contacthub.clock import now


def main(incidents: list[int], *, rounds: int) -> int:
    """Return 1 where two people got the same incident or call.

    An aim that is missed is said, and is no failure: the figures of a busy machine prove nothing.
    """
    began = time.monotonic()
    database.make_template(at=now())
    template = connection.settings_dict["NAME"]
    sizes = [filled(template, count) for count in incidents]
    try:
        measure(sizes, rounds=rounds)
    except TakenTwice as wrong:
        print(wrong, file=sys.stderr)
        return 1
    print(report.table(sizes))
    for words in report.missed(sizes):
        print(f"Missed: {words}")
    print("\n".join(["", *journeys.table(), ""]))
    print("No incident went to two agents, and no call to two callers.")
    print(f"Medians of {rounds} rounds. {time.monotonic() - began:.0f} s in all.")
    return 0


def filled(template: str, incidents: int) -> Size:
    print(f"Making {incidents:,} incidents...", file=sys.stderr, flush=True)
    name, at = f"bench_{incidents}", now()
    database.make(name, template, incidents, at=at)
    return size_of(incidents, name, at=at)
