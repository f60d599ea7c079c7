"""Service requests and their activities as machines raise, work on and read them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from contacthub.api.fields import Flag, Moment, OneOf, StaffNumber, Whole
from contacthub.api.paging import Paged
from contacthub.api.serializers import Body
from contacthub.api.shapes import At, Due, Person, coded
from employer_contact.lifecycle import RequestState
from employer_contact.models import Activity, ServiceRequest
from employer_contact.plans import Doing, status_of
from employer_contact.serializers.contacts import CODE, needed, one_line, some_words
from employer_contact.serializers.records import DayField, EarnField, ErnField, MonthField, PageOf, ParentField
from employer_contact.services import Details
from employer_contact.taxonomy import Scope
from employer_contact.terms import How, PartyType

MOST_PARENTS, MOST_STEPS, LONGEST_REFERENCE = 500, 100, 20


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


class WaitBody(Body):
    waits_for = one_line()
    until = Moment()


class StepBody(Body):
    number = Whole(min_value=1, max_value=MOST_STEPS, help_text="Number of the activity")


class StepReasonBody(StepBody):
    reason = some_words(help_text="Why")


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


class TellBody(StepBody):
    how = OneOf(How.values)
    words = some_words()


class ActivityShape(serializers.Serializer[Activity]):
    number = serializers.IntegerField()
    text = serializers.CharField()
    does = coded(Doing)
    status = serializers.SerializerMethodField()
    words = serializers.CharField()
    done_on = serializers.DateField(allow_null=True)
    reference = serializers.CharField(source="note_reference")
    raised = serializers.CharField(source="raised.reference", allow_null=True)
    by = Person(allow_null=True)
    at = At(allow_null=True)

    def get_status(self, step: Activity) -> dict[str, str]:
        """Return the status of the task list: what waits for another activity cannot start yet."""
        request: Any = step.request
        status = status_of(step.as_rule, [each.as_rule for each in request.activities.all()])
        return {"code": status.value, "label": str(status.label)}


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


class RequestPage(PageOf):
    results = RequestShape(many=True)
