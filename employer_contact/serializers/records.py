"""Employers, agents, links, paying parents, cases and schedules as machines read them."""

from __future__ import annotations

from datetime import date
from typing import Any

from rest_framework import serializers

from contacthub.api.fields import YEARS, Moment, OneOf, StaffNumber
from contacthub.api.paging import Paged
from contacthub.api.shapes import At, Person, coded
from employer_contact import permissions, scopes
from employer_contact.models import (
    AgentLink,
    CaseActivity,
    DeoSchedule,
    Employer,
    Employment,
    MaintenanceCase,
    PayingParent,
    PayrollAgent,
    ScheduleLine,
)
from employer_contact.models.accounts import EARN, ERN
from employer_contact.models.parents import PARENT_REFERENCE
from employer_contact.terms import Language, LineChange, ScheduleDelivery

MONTH = r"^[12][0-9]{3}-(0[1-9]|1[0-2])$"
MONTH_FORMAT = "%Y-%m"


class ErnField(serializers.RegexField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(ERN, error_messages={"invalid": "Send an ERN: 9 figures"}, **kwargs)


class EarnField(serializers.RegexField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(EARN, error_messages={"invalid": "Send an EARN, like EA9000014"}, **kwargs)


class ParentField(serializers.RegexField):
    def __init__(self, **kwargs: Any) -> None:
        words = "Send the 12-digit reference of a paying parent, which begins with 121"
        super().__init__(PARENT_REFERENCE, error_messages={"invalid": words}, **kwargs)


class MonthField(serializers.RegexField):
    """A month, like 2026-06, read to its first day."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(MONTH, error_messages={"invalid": "Send a month, like 2026-06"}, **kwargs)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        read = super().run_validation(data)
        return date(int(read[:4]), int(read[5:]), 1) if isinstance(read, str) and read else None

    def to_representation(self, value: Any) -> str:
        return str(value.strftime(MONTH_FORMAT))


class DayField(serializers.DateField):
    """A day, like 2026-06-03."""

    WORDS = "Send a day, like 2026-06-03"
    default_error_messages = {"invalid": WORDS, "datetime": WORDS, "null": WORDS, "required": WORDS}

    def to_internal_value(self, value: Any) -> date:
        read: date = super().to_internal_value(value)
        if read.year not in YEARS:
            self.fail("invalid")
        return read


class Changed(Paged):
    """The parameters of every list of records: the oldest first, or what changed in the order of the changes."""

    updated_since = Moment(required=False, help_text="Take `ask_from_next` of the page before")


class EmployerQuery(Changed):
    agent = EarnField(required=False, help_text="EARN of an agent who acts for them today")


class AgentQuery(Changed):
    employer = ErnField(required=False, help_text="ERN of an employer for whom they act today")


class LinkQuery(Changed):
    employer = ErnField(required=False)
    agent = EarnField(required=False)


class ParentQuery(Changed):
    employer = ErnField(required=False, help_text="ERN of an employer for whom they work, or did")


class CaseQuery(Changed):
    paying_parent = ParentField(required=False)
    owner = StaffNumber("Send a staff number", required=False, help_text="Staff number of the case owning caseworker")
    open = OneOf(["true", "false"], required=False, help_text="`true`: only cases that are not closed")


class ScheduleQuery(Changed):
    employer = ErnField(required=False)
    month = MonthField(required=False)


class EmployerShape(serializers.Serializer[Employer]):
    ern = serializers.CharField()
    version = serializers.IntegerField()
    name = serializers.CharField()
    hmrc_address = serializers.CharField()
    hmrc_postcode = serializers.CharField()
    payroll_address = serializers.CharField()
    payroll_postcode = serializers.CharField()
    telephone = serializers.CharField()
    additional_telephones = serializers.ListField(child=serializers.CharField())
    fax = serializers.CharField()
    prefers_fax = serializers.BooleanField()
    email = serializers.CharField()
    contact_names = serializers.ListField(child=serializers.CharField())
    pay_day = serializers.IntegerField(allow_null=True)
    cut_off_day = serializers.IntegerField(allow_null=True)
    voicemail_authorised = serializers.BooleanField(allow_null=True)
    schedule_delivery = coded(ScheduleDelivery)
    language = coded(Language)
    changed_at = At()


class AgentShape(serializers.Serializer[PayrollAgent]):
    earn = serializers.CharField()
    version = serializers.IntegerField()
    name = serializers.CharField()
    address1 = serializers.CharField()
    address_rest = serializers.CharField()
    postcode = serializers.CharField()
    telephone = serializers.CharField()
    email = serializers.CharField()
    changed_at = At()


class LinkShape(serializers.Serializer[AgentLink]):
    """An agent acts for an employer, from the first to the last day."""

    employer = serializers.CharField(source="employer.ern")
    agent = serializers.CharField(source="agent.earn")
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True)
    may_do = serializers.CharField()
    gets_schedule = serializers.BooleanField()
    changed_at = At()


class EmploymentShape(serializers.Serializer[Employment]):
    employer = serializers.CharField(source="employer.ern")
    starts_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True)


class ParentShape(serializers.Serializer[PayingParent]):
    """A paying parent; the number is masked unless the key, and its roles, may read it in full (XC-06)."""

    reference = serializers.CharField()
    version = serializers.IntegerField()
    name = serializers.CharField()
    nino = serializers.SerializerMethodField()
    employments = EmploymentShape(many=True)
    changed_at = At()

    def get_nino(self, parent: PayingParent) -> str:
        actor = self.context["actor"]
        in_full = actor.has_scope(scopes.NINO) and permissions.may_see_full_nino(actor)
        return parent.full_nino if in_full else parent.masked_nino


class LetterShape(serializers.Serializer[CaseActivity]):
    """A CMSL2040: what an employer was told to deduct, and from which month."""

    issued_on = serializers.DateField(source="happened_on")
    employer = serializers.CharField(source="employer.ern", allow_null=True)
    amount = serializers.DecimalField(max_digits=9, decimal_places=2, allow_null=True)
    from_month = MonthField(allow_null=True)
    by = serializers.CharField()


class CaseShape(serializers.Serializer[MaintenanceCase]):
    number = serializers.CharField()
    version = serializers.IntegerField()
    paying_parent = serializers.CharField(source="paying_parent.reference")
    receiving_parent = serializers.CharField()
    owner = Person(allow_null=True)
    closed_on = serializers.DateField(allow_null=True)
    cmsl2040 = LetterShape(source="letters", many=True)
    changed_at = At()


class ScheduleShape(serializers.Serializer[DeoSchedule]):
    employer = serializers.CharField(source="employer.ern")
    month = MonthField()
    delivery = coded(ScheduleDelivery)
    sent_on = serializers.DateField(allow_null=True)
    changed_at = At()


class LineShape(serializers.Serializer[ScheduleLine]):
    """What is due for a paying parent, what was deducted, and why it differs."""

    paying_parent = serializers.CharField(source="paying_parent.reference")
    name = serializers.CharField(source="paying_parent.name")
    due = serializers.DecimalField(max_digits=9, decimal_places=2)
    deducted = serializers.DecimalField(max_digits=9, decimal_places=2, allow_null=True)
    difference_reason = serializers.CharField()
    change = coded(LineChange, may_miss=True)
    effective_on = serializers.DateField(allow_null=True)


class PageOf(serializers.Serializer[Any]):
    """A page of a list; `next` and `previous` are the addresses of those beside it."""

    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    ask_from_next = At(allow_null=True, help_text="With `updated_since`: ask from this moment next time")


class EmployerPage(PageOf):
    results = EmployerShape(many=True)


class AgentPage(PageOf):
    results = AgentShape(many=True)


class LinkPage(PageOf):
    results = LinkShape(many=True)


class ParentPage(PageOf):
    results = ParentShape(many=True)


class CasePage(PageOf):
    results = CaseShape(many=True)


class SchedulePage(PageOf):
    results = ScheduleShape(many=True)


class LinePage(PageOf):
    results = LineShape(many=True)
