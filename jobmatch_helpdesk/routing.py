"""The handling strategy: which row an incident falls under, who gets the answer, and how soon. Pure functions.

Each row of the decision table keeps its number (R14), so that people can look it up.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import IntegerChoices, TextChoices

from contacthub.deadlines.working_time import Target


class Band(IntegerChoices):
    """Priority: the lower number goes first (UJ-04)."""

    IMMEDIATE = 1, "Immediate"
    JOBCENTRE = 2, "Jobcentre"
    STANDARD = 3, "Standard"


class Source(TextChoices):
    ONLINE_ANONYMOUS = "online_anonymous", "Anonymous site user"


class ReplyTo(TextChoices):
    CUSTOMER = "customer", "Customer"


FIRST_REPLY = {
    Band.IMMEDIATE: Target(hours=1),
    Band.JOBCENTRE: Target(working_days=1),
    Band.STANDARD: Target(working_days=3),
}


@dataclass(frozen=True)
class Facts:
    """What the table asks about an incident."""

    source: Source
    has_email: bool


@dataclass(frozen=True)
class Row:
    """A row of the table: the facts that it fits, and what follows."""

    number: str
    source: Source
    has_email: bool
    reply_to: ReplyTo
    band: Band
    because: str

    def fits(self, facts: Facts) -> bool:
        return (self.source, self.has_email) == (facts.source, facts.has_email)


ROWS = [
    Row(
        "R14",
        source=Source.ONLINE_ANONYMOUS,
        has_email=True,
        reply_to=ReplyTo.CUSTOMER,
        band=Band.STANDARD,
        because="The address the customer gave, because somebody who was not signed in wrote through Contact Us",
    ),
]


def route(facts: Facts) -> Row:
    """Return the first row that fits (UJ-10). Raises LookupError where the table has none."""
    for row in ROWS:
        if row.fits(facts):
            return row
    raise LookupError(f"No row of the handling strategy fits {facts}")


def row_numbered(number: str) -> Row:
    """Return a row by the number that an incident keeps."""
    return next(row for row in ROWS if row.number == number)
