"""Rows of records that the child maintenance system sends, many at once: what is not sent stays as it is."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from contacthub.api.fields import Flag, OneOf, StaffNumber, Words
from contacthub.api.serializers import Body
from contacthub.ui.fields import OneLine
from employer_contact.models.parents import CASE_NUMBER
from employer_contact.personal import cleaned, is_nino
from employer_contact.serializers.details import (
    DELIVERIES,
    AgentFields,
    EmployerFields,
    kept_line,
    kept_lines,
    kept_name,
    kept_postcode,
)
from employer_contact.serializers.records import DayField, EarnField, ErnField, MonthField, ParentField
from employer_contact.services import Imported
from employer_contact.services.import_rules import MOST_ROWS

LINE, MOST_EMPLOYERS, MOST_LETTERS, MOST_LINES = 200, 50, 50, 500
NOBODY = "nobody"
NINO_FORMAT = "Send a National Insurance number in the correct format"


class EmployerRow(EmployerFields):
    ern = ErnField()
    hmrc_address = kept_lines()
    hmrc_postcode = kept_postcode()


class AgentRow(AgentFields):
    earn = EarnField()


class LinkRow(Body):
    """An agent acts for an employer: a link is known by both and by its first day."""

    employer = ErnField()
    agent = EarnField()
    starts_on = DayField()
    ends_on = DayField(required=False, allow_null=True, help_text="The last day")
    may_do = kept_line()
    gets_schedule = Flag(required=False)


class ParentRow(Body):
    """`employers` are the ERNs for whom they work; those who are known already stay."""

    reference = ParentField()
    name = kept_name("Send the name")
    nino = kept_line(longest=20)
    employers = serializers.ListField(child=ErnField(), max_length=MOST_EMPLOYERS, required=False)

    def validate_nino(self, typed: str) -> str:
        number = cleaned(typed)
        if number and not is_nino(number, allow_test=True):
            raise serializers.ValidationError(NINO_FORMAT, code="nino_format")
        return number


class LetterRow(Body):
    """A CMSL2040 that was issued, known by its day, employer and month."""

    issued_on = DayField()
    employer = ErnField()
    amount = serializers.DecimalField(max_digits=9, decimal_places=2, min_value=0, allow_null=True, default=None)
    from_month = MonthField(allow_null=True, default=None)
    by = Words(OneLine(max_length=150, required=False), required=False, default="", help_text="Who issued it")


class CaseRow(Body):
    number = serializers.RegexField(CASE_NUMBER, error_messages={"invalid": "Send a case number: figures, 20 or fewer"})
    paying_parent = ParentField(required=False)
    receiving_parent = kept_name("Send the name of the receiving parent")
    owner = StaffNumber(
        "Send the staff number of the case owning caseworker, or nobody",
        also=[NOBODY],
        required=False,
        help_text="A staff number, or `nobody`",
    )
    closed_on = DayField(required=False, allow_null=True)
    cmsl2040 = serializers.ListField(child=LetterRow(), max_length=MOST_LETTERS, required=False)

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        """Return the row as the service takes it: the owner by id."""
        if "owner" in given:
            owner = given.pop("owner")
            given["owner_id"] = None if owner == NOBODY else owner
        return given


class LineRow(Body):
    paying_parent = ParentField()
    due = serializers.DecimalField(max_digits=9, decimal_places=2, min_value=0)


class ScheduleRow(Body):
    """A DEO schedule, known by its employer and month. Lines that are not sent stay."""

    employer = ErnField()
    month = MonthField()
    delivery = OneOf(DELIVERIES, required=False)
    sent_on = DayField(required=False, allow_null=True)
    lines = serializers.ListField(child=LineRow(), max_length=MOST_LINES, required=False)

    def validate_lines(self, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if len({line["paying_parent"] for line in lines}) < len(lines):
            raise serializers.ValidationError("Send each paying parent once", code="twice")
        return lines


class EmployerRows(Body):
    rows = serializers.ListField(child=EmployerRow(), min_length=1, max_length=MOST_ROWS)


class AgentRows(Body):
    rows = serializers.ListField(child=AgentRow(), min_length=1, max_length=MOST_ROWS)


class LinkRows(Body):
    rows = serializers.ListField(child=LinkRow(), min_length=1, max_length=MOST_ROWS)


class ParentRows(Body):
    rows = serializers.ListField(child=ParentRow(), min_length=1, max_length=MOST_ROWS)


class CaseRows(Body):
    rows = serializers.ListField(child=CaseRow(), min_length=1, max_length=MOST_ROWS)


class ScheduleRows(Body):
    rows = serializers.ListField(child=ScheduleRow(), min_length=1, max_length=MOST_ROWS)


class ImportedShape(serializers.Serializer[Imported]):
    """How many rows made a record, changed one, or said what it says already."""

    added = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
