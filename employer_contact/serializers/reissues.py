"""Requests to re-issue a CMSL2040 as machines make, decide and read them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from contacthub.api.fields import Moment, OneOf
from contacthub.api.paging import Paged
from contacthub.api.serializers import Body
from contacthub.api.shapes import At, Due, Person, coded
from employer_contact.lifecycle import ReissueState
from employer_contact.models import ReissueRequest
from employer_contact.serializers.contacts import one_line, some_words
from employer_contact.serializers.records import ErnField, MonthField, PageOf
from employer_contact.terms import Scenario

LONGEST = 20


class ReissueQuery(Paged):
    """The newest first, or what changed since a moment in the order of the changes."""

    state = OneOf(ReissueState.values, required=False)
    scenario = OneOf(Scenario.values, required=False)
    employer = ErnField(required=False)
    case = serializers.CharField(required=False, max_length=LONGEST, help_text="Number of a case")
    updated_since = Moment(required=False, help_text="Take `ask_from_next` of the page before")


class ReissueBody(Body):
    """What is asked for, in one of three scenarios; a contact, where it is asked for in an open one."""

    employer = ErnField()
    case = one_line(longest=LONGEST, help_text="Number of the case")
    scenario = one_line(longest=LONGEST, help_text="Code of a scenario, as `reference/` lists them")
    reason = some_words()
    contact = one_line(longest=LONGEST, help_text="Reference of a contact of your own with the employer")


class IssueBody(Body):
    amount = serializers.DecimalField(max_digits=9, decimal_places=2, min_value=0, required=False, default=None)
    from_month = MonthField(required=False, default=None)

    @staticmethod
    def given(read: dict[str, Any]) -> dict[str, Any]:
        return {"amount": read["amount"], "from_month": read["from_month"]}


class ReissueShape(serializers.Serializer[ReissueRequest]):
    """A request; `case` is the number of the case, and `owner` who owns it now."""

    reference = serializers.CharField()
    version = serializers.IntegerField()
    state = coded(ReissueState)
    scenario = coded(Scenario)
    reason = serializers.CharField()
    employer = serializers.CharField(source="employer.ern")
    case = serializers.CharField(source="maintenance_case.number")
    paying_parent = serializers.CharField(source="maintenance_case.paying_parent.reference")
    owner = Person(source="case_owner", allow_null=True)
    raised_by = Person(allow_null=True)
    contact = serializers.CharField(source="contact.reference", allow_null=True)
    opened_at = At()
    due_at = Due()
    answer = serializers.CharField()
    amount = serializers.DecimalField(max_digits=9, decimal_places=2, source="letter.amount", allow_null=True)
    from_month = MonthField(source="letter.from_month", allow_null=True)
    ended_at = At(allow_null=True)
    changed_at = At()


class ReissuePage(PageOf):
    results = ReissueShape(many=True)
