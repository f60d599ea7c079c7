"""Service requests and their activities as machines raise, work on and read them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from contacthub.api.fields import Flag, Moment, OneOf, StaffNumber, Words
from contacthub.api.paging import Paged
from contacthub.api.serializers import Body
from contacthub.api.shapes import At, Due, Person, coded
from contacthub.ui.fields import OneLine
from employer_contact.lifecycle import RequestState
from employer_contact.models import ServiceRequest
from employer_contact.serializers.activities import ActivityShape, StepBody
from employer_contact.serializers.contacts import CODE, needed, number, one_line, some_words
from employer_contact.serializers.details import AgentFields, EmployerFields
from employer_contact.serializers.records import DayField, EarnField, ErnField, MonthField, PageOf, ParentField
from employer_contact.services import Details
from employer_contact.taxonomy import Scope
from employer_contact.terms import How, LineChange, PartyType

MOST_PARENTS, MOST_NAMES, LONGEST_REFERENCE = 500, 50, 20


class RequestQuery(Paged):
    """The newest first, or what changed since a moment in the order of the changes."""

    state = OneOf(RequestState.values, required=False)
    kind = serializers.CharField(
        required=False, max_length=CODE, help_text="Code of a kind, as `reference/` lists them"
    )
    contact = serializers.CharField(required=False, max_length=LONGEST_REFERENCE, help_text="Reference of its contact")
    employer = ErnField(required=False)
    agent = EarnField(required=False)
    updated_since = Moment(required=False, help_text="Take `ask_from_next` of the page before")


class FurtherBody(Body):
    """A request to raise; what its kind does not need is left out."""

    kind = needed("Send the code of a kind, as `reference/` lists them", longest=CODE)
    employer = one_line(longest=CODE, help_text="ERN of the employer about whom an agent asks")
    paying_parents = serializers.ListField(child=ParentField(), max_length=MOST_PARENTS, required=False, default=list)
    from_month = MonthField(required=False)
    to_month = MonthField(required=False)
    earlier_complaint = one_line(longest=LONGEST_REFERENCE, help_text="Reference of the earlier complaint")
    earlier_on = DayField(required=False, help_text="Its day, where it is not in ContactHub")
    earlier_reference = one_line(longest=CODE, help_text="Its reference, where it is not in ContactHub")

    @staticmethod
    def given(read: dict[str, Any]) -> dict[str, Any]:
        apart = {name: read[name] for name in ("kind", "reason") if name in read}
        details = {name: value for name, value in read.items() if name not in apart}
        details["earlier"] = details.pop("earlier_complaint")
        details["paying_parents"] = tuple(dict.fromkeys(details["paying_parents"]))
        return apart | {"details": Details(**details)}


class RequestBody(FurtherBody):
    reason = needed("Send the code of a reason that was given in the contact", longest=CODE)


class ReassignBody(Body):
    to = StaffNumber("Send the staff number of a colleague", help_text="A staff number")
    reason = some_words()


class AskForCallbackBody(Body):
    telephone = number(help_text="The number to call")
    words = some_words(help_text="What to say to them")


class WaitBody(Body):
    waits_for = one_line()
    until = Moment()


class CompleteBody(StepBody):
    """Words; or of what was done elsewhere the day, and a reference or words; or the request that was raised."""

    words = some_words()
    done_on = DayField(required=False)
    reference = one_line(longest=100)
    raised = one_line(longest=LONGEST_REFERENCE, help_text="Reference of the service request that was raised")


class LinkBody(StepBody):
    earn = EarnField()
    name = one_line(help_text="Company name, where the agent has no record yet")
    starts_on = DayField()
    may_do = one_line(help_text="What the agent may do")
    gets_schedule = Flag(default=False)


class ChangeEmployerBody(EmployerFields, StepBody):
    """What is to change; where nothing is sent, a change made under this request before counts."""


class ChangeAgentBody(AgentFields, StepBody):
    """What is to change of the agent's own details."""


class EndLinkBody(StepBody):
    earn = EarnField(help_text="EARN of the agent whose link ends")
    ends_on = DayField(help_text="The last day")


class LineBody(Body):
    """What an employer reports of a paying parent; what is not sent stays. A change has the day from which it holds."""

    paying_parent = ParentField()
    change = OneOf(LineChange.values, required=False)
    effective_on = DayField(required=False)
    deducted = serializers.DecimalField(max_digits=9, decimal_places=2, min_value=0, required=False, allow_null=True)
    difference_reason = Words(OneLine(max_length=200, required=False), required=False)


class UnknownNameBody(Body):
    """Somebody who is not on the schedule: to be investigated."""

    name = needed("Send the name as it was reported")
    change = OneOf(LineChange.values)
    effective_on = DayField()


class LinesBody(StepBody):
    lines = serializers.ListField(child=LineBody(), max_length=MOST_PARENTS, required=False, default=list)
    unknown_names = serializers.ListField(child=UnknownNameBody(), max_length=MOST_NAMES, required=False, default=list)
    words = some_words(help_text="Why lines stay as they are")


class TellBody(StepBody):
    how = OneOf(How.values)
    words = some_words()


class RequestKindShape(serializers.Serializer[ServiceRequest]):
    """Process, area and sub area, as they were called when it was raised."""

    code = serializers.CharField(source="kind.code")
    process = serializers.CharField()
    area = serializers.CharField()
    sub_area = serializers.CharField()
    scope = coded(Scope, may_miss=True)


class RequestShape(serializers.Serializer[ServiceRequest]):
    reference = serializers.CharField()
    version = serializers.IntegerField()
    state = coded(RequestState)
    kind = RequestKindShape(source="*")
    contact = serializers.CharField(source="contact.reference")
    reason = serializers.CharField(source="reason.reason.code", allow_null=True)
    raised_from = serializers.CharField(source="raised_from.reference", allow_null=True)
    attached_contacts = serializers.SerializerMethodField()
    party_type = coded(PartyType)
    employer = serializers.CharField(source="employer.ern", allow_null=True)
    agent = serializers.CharField(source="agent.earn", allow_null=True)
    paying_parents = serializers.SerializerMethodField()
    from_month = MonthField(allow_null=True)
    to_month = MonthField(allow_null=True)
    earlier_complaint = serializers.CharField(source="earlier.reference", allow_null=True)
    earlier_on = serializers.DateField(allow_null=True)
    earlier_reference = serializers.CharField()
    owner = Person(allow_null=True)
    opened_at = At()
    due_at = Due()
    waits_for = serializers.CharField()
    waits_until = At(allow_null=True)
    case_update = serializers.CharField()
    ended_at = At(allow_null=True)
    activities = ActivityShape(many=True)
    changed_at = At()

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_paying_parents(self, request: ServiceRequest) -> list[str]:
        return [parent.reference for parent in request.paying_parents.all()]

    @extend_schema_field(
        serializers.ListField(child=serializers.CharField(), help_text="Later contacts that are about it")
    )
    def get_attached_contacts(self, request: ServiceRequest) -> list[str]:
        return list(dict.fromkeys(one.reason.contact.reference for one in request.attached.all()))


class RequestPage(PageOf):
    results = RequestShape(many=True)
