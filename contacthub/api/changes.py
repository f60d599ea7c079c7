"""What changed since a moment, with none missed: also not what a transaction still open will have changed by then."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import connection

from contacthub.ui.listing import Order

BY_CHANGE = Order("changed", ("changed_at", "pk"))


def ask_from_next() -> datetime:
    """Return the moment to ask from next time: the start of the oldest transaction that is open, by Postgres's clock.

    Read it before the first page, and carry it along: read anew with page 2, it loses what committed in between. All
    our processes use one role of the database: another one sees no `xact_start`.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "select least(min(xact_start), statement_timestamp()) from pg_stat_activity"
            " where datname = current_database() and backend_type = 'client backend'"
        )
        moment: datetime = cursor.fetchone()[0]
    return moment.astimezone(UTC)
