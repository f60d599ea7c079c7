"""Incidents as machines send and read them."""

from __future__ import annotations

from typing import Any

from django.forms import Textarea
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from contacthub.api.fields import Flag, Moment, OneOf, StaffNumber, Words
from contacthub.api.paging import Paged
from contacthub.api.serializers import Body
from contacthub.api.shapes import At, Due, Person, Place, coded
from contacthub.callbacks.models import Queue
from contacthub.errors import RuleBroken
from contacthub.people.models import Unit
from contacthub.ui.fields import LONG, EmailAddress, ManyLines, OneLine, Telephone, words_field
from contacthub.ui.listing import Asked
from jobmatch_helpdesk import services
from jobmatch_helpdesk.forms.common import one_line
from jobmatch_helpdesk.forms.raising import email
from jobmatch_helpdesk.intake import Intake
from jobmatch_helpdesk.lifecycle import IncidentState
from jobmatch_helpdesk.listing import ME, NOBODY, ORDERS, THIS_WEEK, TODAY
from jobmatch_helpdesk.models import Incident, Language, RiskKind, Topic
from jobmatch_helpdesk.permissions import EVERY_SOURCE_OF_A_MACHINE
from jobmatch_helpdesk.routing import ROWS, Band, CallQueue, Channel, CustomerType, ReplyTo, Source

LONGEST_CODE = 50


def _text(field: Any, **kwargs: Any) -> Words:
    return Words(field, required=False, default="", **kwargs)


class RaiseBody(Body):
    """Who tells what about whom. Of somebody with an account, `customer_email` is the address of the account."""

    source = OneOf(EVERY_SOURCE_OF_A_MACHINE, help_text="Who raises it")  # type: ignore[assignment]
    site = _text(OneLine(max_length=LONGEST_CODE, required=False), help_text="Code of the Jobcentre or ED site")
    raiser_name = _text(one_line("Their name", "Their name"), help_text="Who raises it, where that is staff")
    raiser_email = _text(email("Their email address", "Their email address"))
    customer_type = OneOf(CustomerType.values, required=False, help_text="Not needed of somebody with an account")
    customer_name = _text(one_line("Customer’s name", "The customer’s name"))
    customer_email = _text(email("Customer’s email address", "The customer’s email address"))
    no_email = Flag(required=False, help_text="The customer has no email address: an empty one does not say so")
    telephone = _text(Telephone(required=False, max_length=60))
    call_required = Flag(default=False)
    to_adviser = Flag(default=False, help_text="The reply goes to the Personal Adviser")
    adviser_email = _text(email("Personal Adviser’s email address", "The Personal Adviser’s email address"))
    dwp_user_email = _text(email("DWP user’s email", "The DWP user’s email"))
    own_problem = Flag(default=False, help_text="A problem of a member of the Jobcentre’s staff")
    account_from_erm = Flag(default=False, help_text="The employer’s account came over from ERM")
    topic = OneOf(Topic.values)
    description = Words(words_field("Description", "Enter what happened"))
    language = OneOf(Language.values, required=False, default=Language.ENGLISH.value)
    escalated = Flag(default=False, help_text="There is a risk to somebody’s health and safety")
    escalation_reason = _text(ManyLines(max_length=LONG, required=False, widget=Textarea))
    risk_kind = OneOf(RiskKind.values, required=False)
    earlier_reference = _text(OneLine(max_length=20, required=False))

    def validate_site(self, code: str) -> int | None:
        return unit_with(code)

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        """Refuse what says two things at once, or what nobody would read: nothing is overridden unseen."""
        if errors := _at_odds(given):
            raise serializers.ValidationError(
                {name: [serializers.ErrorDetail(words, "at_odds")] for name, words in errors.items()}
            )
        return given

    @staticmethod
    def intake(given: dict[str, Any]) -> Intake:
        """Return what was told. Who has an account tells by it who they are, and whether it has an address."""
        told = {"no_email": False, **given, "source": Source(given["source"]), "site_id": given["site"] or None}
        del told["site"]
        told["customer_type"] = CustomerType(given["customer_type"]) if "customer_type" in given else None
        if told["source"] in OF_AN_ACCOUNT:
            told["customer_type"] = OF_AN_ACCOUNT[told["source"]]
            told["no_email"] = not given["customer_email"]
        return Intake(channel=Channel.API, **told)


OF_AN_ACCOUNT = {
    Source.ONLINE_EMPLOYER: CustomerType.EMPLOYER,
    Source.ONLINE_JOBSEEKER: CustomerType.JOBSEEKER,
}


def _at_odds(given: dict[str, Any]) -> dict[str, str]:
    """Return by field what contradicts another field of what was sent."""
    found = {}
    source = Source(given["source"])
    if source in OF_AN_ACCOUNT:
        if given.get("customer_type", OF_AN_ACCOUNT[source]) != OF_AN_ACCOUNT[source]:
            found["customer_type"] = f"Leave this out, or send {OF_AN_ACCOUNT[source]}: the account says who it is"
        if given.get("no_email", not given["customer_email"]) == bool(given["customer_email"]):
            found["no_email"] = "Leave this out: whether there is an address `customer_email` says"
    if not given["escalated"] and (given["escalation_reason"] or given.get("risk_kind")):
        found["escalated"] = "Send true where there is a risk: a reason alone does not escalate"
    if given["to_adviser"] and source != Source.JOBCENTRE:
        found["to_adviser"] = "Leave this out: only what a Jobcentre raises is answered to a Personal Adviser"
    elif given["adviser_email"] and not given["to_adviser"]:
        found["to_adviser"] = "Send true, or leave `adviser_email` out: otherwise nobody writes there"
    return found


class ReplyBody(Body):
    text = Words(words_field("Reply", "Enter your reply"))


class QuestionBody(Body):
    text = Words(words_field("Question", "Enter your question"))


class CallBody(Body):
    text = Words(words_field("What to say", "Enter what the caller should say"))


class AnswerBody(Body):
    text = Words(words_field("Answer", "Enter the answer"))


class AgentBody(Body):
    agent = StaffNumber("Send the staff number of a Helpdesk agent", help_text="A staff number")
    reason = _text(ManyLines(max_length=LONG, required=False, widget=Textarea), help_text="Why")

    @staticmethod
    def given(read: dict[str, Any]) -> dict[str, Any]:
        return {"agent_id": read["agent"], "reason": read["reason"]}


class PriorityBody(Body):
    band = OneOf(Band.values)
    reason = _text(ManyLines(max_length=LONG, required=False, widget=Textarea), help_text="Why")

    @staticmethod
    def given(read: dict[str, Any]) -> dict[str, Any]:
        return {"band": Band(read["band"]), "reason": read["reason"]}


class EscalationBody(Body):
    reason = _text(ManyLines(max_length=LONG, required=False, widget=Textarea), help_text="Why there is a risk")
    risk_kind = OneOf(RiskKind.values, required=False)
    who_rang = _text(one_line("Who rang", "The name of who rang"), help_text="Where somebody rang the Helpdesk")
    rang_at = Moment(required=False, help_text="Where that was not just now")


class DeadAddressBody(Body):
    address = Words(EmailAddress(error_messages={"required": "Send an address that the reply went to"}))
    reason = _text(ManyLines(max_length=LONG, required=False, widget=Textarea), help_text="How one knows")


class FactsBody(Body):
    """What changes: a field that is not sent stays as it is."""

    source = OneOf(Source.values, required=False)  # type: ignore[assignment]
    site = Words(OneLine(max_length=LONGEST_CODE, required=False), required=False, help_text="Code of a site, or empty")
    customer_type = OneOf(CustomerType.values, required=False)
    own_problem = Flag(required=False)
    customer_email = Words(email("Customer’s email address", "The customer’s email address"), required=False)
    no_email = Flag(required=False)
    telephone = Words(Telephone(required=False, max_length=60), required=False)
    call_required = Flag(required=False)
    to_adviser = Flag(required=False)
    adviser_email = Words(email("Personal Adviser’s email address", "The Personal Adviser’s email address"),
                          required=False)  # fmt: skip
    dwp_user_email = Words(email("DWP user’s email", "The DWP user’s email"), required=False)
    language = OneOf(Language.values, required=False)

    def validate_site(self, code: str) -> int | None:
        return unit_with(code)

    @staticmethod
    def given(read: dict[str, Any]) -> dict[str, Any]:
        changes = {name: value for name, value in read.items() if name != "site"}
        if "source" in changes:
            changes["source"] = Source(changes["source"])
        if "customer_type" in changes:
            changes["customer_type"] = CustomerType(changes["customer_type"])
        return {"changes": changes | ({"site_id": read["site"]} if "site" in read else {})}


class IncidentQuery(Paged):
    """A list of the pages, by its name; or, with `updated_since`, all that changed, in the order of the changes."""

    view = serializers.CharField(required=False, max_length=20, help_text="`open`, `mine` …: as on the page Incidents")
    order = OneOf(ORDERS, required=False)
    state = OneOf(IncidentState.values, required=False)
    band = OneOf([str(band) for band in Band.values], required=False)
    source = OneOf(Source.values, required=False)  # type: ignore[assignment]
    site = serializers.CharField(required=False, max_length=LONGEST_CODE, help_text="Code of a site")
    topic = OneOf(Topic.values, required=False)
    row = OneOf(sorted(row.number for row in ROWS), required=False)
    with_whom = StaffNumber(
        "Send nobody, me or a staff number",
        also=[NOBODY, ME],
        required=False,
        help_text="`nobody`, `me`, or a staff number",
    )
    received = OneOf([TODAY, THIS_WEEK], required=False)
    updated_since = Moment(required=False, help_text="Take `ask_from_next` of the page before")

    def validate_site(self, code: str) -> int | None:
        return unit_with(code)

    @staticmethod
    def asked(read: dict[str, Any]) -> Asked:
        """Return what a list of the pages is asked for."""
        filters = {name: read[name] for name in FILTERS if name in read}
        if "site" in read:
            filters["site_id"] = read["site"]
        return Asked(read.get("view", ""), read.get("order", ""), filters)


FILTERS = ("state", "band", "source", "topic", "row", "with_whom", "received")


def unit_with(code: str) -> int | None:
    """Return the id of the site with this code, None where none is given. Raises ValidationError."""
    if not code:
        return None
    found: int | None = Unit.objects.filter(code=code).values_list("pk", flat=True).first()
    if found is None:
        raise serializers.ValidationError("Send the code of a site, as `reference/` lists them", code="unknown_site")
    return found


class ReplyGoesTo(serializers.Serializer[Any]):
    """Who gets the answer; `address` is null where it goes to nobody, or cannot go yet."""

    code = serializers.ChoiceField(ReplyTo.values)
    label = serializers.CharField()  # type: ignore[assignment]
    address = serializers.CharField(allow_null=True)


class CallbackQueue(serializers.Serializer[Any]):
    """Who rings; `queue` is null while an administrator has not set that queue up."""

    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    queue = serializers.CharField(allow_null=True)


class IncidentRow(serializers.Serializer[Any]):
    """An incident as lists show it."""

    reference = serializers.CharField()
    version = serializers.IntegerField()
    state = coded(IncidentState)
    row = serializers.CharField()
    band = coded(Band)
    source = coded(Source)  # type: ignore[assignment]
    channel = coded(Channel)
    site = Place(allow_null=True)
    customer_type = coded(CustomerType, may_miss=True)
    customer_name = serializers.CharField()
    language = coded(Language)
    topic = coded(Topic, may_miss=True)
    about = serializers.CharField()
    reply_goes_to = serializers.CharField()
    assigned_to = Person(allow_null=True)
    received_at = At()
    due_at = Due()
    replied_at = At(allow_null=True)
    closed_at = At(allow_null=True)
    escalated_at = At(allow_null=True)


class IncidentChange(IncidentRow):
    changed_at = At()


class IncidentPage(serializers.Serializer[Any]):
    """A page of a list; `next` and `previous` are the addresses of those beside it."""

    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    ask_from_next = At(allow_null=True, help_text="With `updated_since`: ask from this moment next time")
    results = IncidentChange(many=True)


class ReplyShape(serializers.Serializer[Any]):
    """An answer; `to` is empty where it is only read out."""

    text = serializers.CharField()
    to = serializers.CharField()
    at = At()
    by = Person()


class QuestionShape(ReplyShape):
    answer = serializers.CharField()
    answered_at = At(allow_null=True)


class Routed(serializers.Serializer[Any]):
    """Where an incident stands, what the handling strategy decided for it, and why."""

    reference = serializers.CharField()
    version = serializers.IntegerField()
    status = coded(IncidentState, source="state")
    row = serializers.CharField()
    band = coded(Band)
    reason = serializers.CharField(source="route.because")
    reply_to = serializers.SerializerMethodField()
    copy = serializers.SerializerMethodField()
    callback_queue = serializers.SerializerMethodField()
    assigned_to = Person(allow_null=True)
    due_at = Due()

    @extend_schema_field(ReplyGoesTo)
    def get_reply_to(self, incident: Incident) -> dict[str, Any]:
        to = incident.route.reply_to
        address = services.destination_of(incident).address
        return {"code": to.value, "label": str(to.label), "address": address or None}

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_copy(self, incident: Incident) -> list[str]:
        return services.destination_of(incident).copies

    @extend_schema_field(CallbackQueue(allow_null=True))
    def get_callback_queue(self, incident: Incident) -> dict[str, Any] | None:
        if not incident.needs_call:
            return None
        wanted = CallQueue(incident.route.call_queue)
        try:
            queue: Queue | None = services.callback_queue_of(incident)
        except RuleBroken:
            queue = None
        label = queue.caller_words if queue else str(wanted.label)
        return {"code": wanted.value, "label": label, "queue": queue.code if queue else None}


class IncidentShape(IncidentRow, Routed):
    """An incident as its page shows it."""

    raiser_name = serializers.CharField()
    raiser_email = serializers.CharField()
    customer_email = serializers.CharField()
    no_email = serializers.BooleanField()
    telephone = serializers.CharField()
    call_required = serializers.BooleanField()
    to_adviser = serializers.BooleanField()
    adviser_email = serializers.CharField()
    dwp_user_email = serializers.CharField()
    own_problem = serializers.BooleanField()
    account_from_erm = serializers.BooleanField()
    description = serializers.CharField()
    risk_kind = coded(RiskKind, may_miss=True)
    earlier_reference = serializers.CharField()
    replies = ReplyShape(many=True)
    questions = QuestionShape(many=True)
