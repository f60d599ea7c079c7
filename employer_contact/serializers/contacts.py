"""Contacts as machines open, work on and read them: how the security check stands, never what was asked or answered."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from contacthub.api.fields import Moment, OneOf, StaffNumber, Words
from contacthub.api.paging import Paged
from contacthub.api.serializers import Body
from contacthub.api.shapes import At, Person, coded
from contacthub.mail.models import MessageState
from contacthub.ui.fields import LONG, EmailAddress, ManyLines, OneLine, Telephone
from employer_contact.lifecycle import ContactState, IdentityState
from employer_contact.models import Contact, IdentityEmail, ReasonGiven
from employer_contact.security import AfterFailure, Check
from employer_contact.serializers.activities import ActivityShape, StepBody
from employer_contact.serializers.records import DayField, EarnField, ErnField, PageOf
from employer_contact.services.wrapping import EXPECTED_KINDS, NOTHING_OFFERED
from employer_contact.terms import Channel, Direction, Ending, Fallback, Language, PartyType

LINE, CODE = 200, 40
EXPECTED_ON = "The day by which it is expected or sent, where they named one"


def some_words(*, longest: int = LONG, **kwargs: Any) -> Words:
    return Words(ManyLines(max_length=longest, required=False), required=False, default="", **kwargs)


def one_line(*, longest: int = LINE, **kwargs: Any) -> Words:
    return Words(OneLine(max_length=longest, required=False), required=False, default="", **kwargs)


def needed(message: str, *, longest: int = LINE, **kwargs: Any) -> Words:
    return Words(OneLine(max_length=longest, error_messages={"required": message}), **kwargs)


class ContactQuery(Paged):
    """The newest first, or what changed since a moment in the order of the changes."""

    state = OneOf(ContactState.values, required=False)
    channel = OneOf(Channel.values, required=False)
    employer = ErnField(required=False, help_text="ERN of the employer who asked")
    agent = EarnField(required=False, help_text="EARN of the agent who asked")
    updated_since = Moment(required=False, help_text="Take `ask_from_next` of the page before")


class OpenBody(Body):
    channel = OneOf(Channel.values)
    direction = OneOf(Direction.values, required=False, default=Direction.INBOUND.value)
    party = one_line(longest=CODE, help_text="ERN or EARN of who asks, where that is known")

    @staticmethod
    def given(read: dict[str, Any]) -> dict[str, Any]:
        return read | {"channel": Channel(read["channel"]), "direction": Direction(read["direction"])}


class PartyBody(Body):
    party = needed("Send an ERN or an EARN", longest=CODE)
    about = one_line(longest=CODE, help_text="ERN of the employer that an agent asks about, where that is known")


class ReasonsBody(Body):
    reasons = serializers.ListField(child=serializers.SlugField(max_length=CODE), max_length=20, allow_empty=False)


class OneReasonBody(Body):
    reason = needed("Send the code of a reason, as `reference/` lists them", longest=CODE)


class AttachBody(Body):
    service_request = needed("Send the reference of a service request", longest=CODE)
    reason = one_line(longest=CODE, help_text="Code of the reason that it answers, of those given in the contact")


class NotesBody(Body):
    caller_name = one_line()
    notes = some_words()


class CompleteReasonStepBody(StepBody):
    """Words; or the request that was raised; or, of what is to be investigated, until when."""

    words = some_words()
    raised = one_line(longest=CODE, help_text="Reference of the service request that was raised")
    until = Moment(required=False, help_text="Of an activity that is followed up: by when")


def number(**kwargs: Any) -> Words:
    return Words(Telephone(required=False), required=False, default="", **kwargs)


class WelshBody(Body):
    telephone = number(help_text="The number to call, where the one known is not right")


class ColleagueBody(Body):
    to = StaffNumber("Send the staff number of a colleague", help_text="A staff number")


class FinishBody(Body):
    """With reasons: why one has no service request. Without: why it ends. After a failed check: what was offered."""

    why_none = serializers.DictField(
        child=Words(ManyLines(max_length=LONG, required=False)), required=False, default=dict, help_text="By reason"
    )
    ending = OneOf(Ending.values, required=False, default="")
    words = some_words()
    expected = OneOf(
        [kind.value for kind in EXPECTED_KINDS], required=False, default="", help_text="Where they will send something"
    )
    expected_on = DayField(required=False, help_text=EXPECTED_ON)
    offer = OneOf([*AfterFailure.values, NOTHING_OFFERED], required=False, default="")
    number = one_line(longest=CODE, help_text="Of the numbers held, what the one to call back on is called")


class PartyShape(serializers.Serializer[Any]):
    type = coded(PartyType)
    reference = serializers.CharField(help_text="ERN or EARN")
    name = serializers.CharField()


class ReasonShape(serializers.Serializer[ReasonGiven]):
    code = serializers.CharField(source="reason.code")
    label = serializers.CharField(source="reason.label")  # type: ignore[assignment]  # a field of that name
    why_none = serializers.CharField()
    service_requests = serializers.SerializerMethodField()
    attached_to = serializers.SerializerMethodField()
    activities = ActivityShape(many=True, help_text="Of a reason that has a plan of its own")

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_service_requests(self, given: ReasonGiven) -> list[str]:
        return [request.reference for request in given.requests.all()]

    @extend_schema_field(
        serializers.ListField(child=serializers.CharField(), help_text="Service requests that stood before it")
    )
    def get_attached_to(self, given: ReasonGiven) -> list[str]:
        return [one.request.reference for one in given.attached.all()]


class IdentityBody(Body):
    address = Words(
        EmailAddress(required=False, max_length=320),
        required=False,
        default="",
        help_text="Given on this call; without one it goes to the address on record",
    )


class InsteadBody(Body):
    fallback = one_line(longest=CODE, help_text="Code of what comes instead, as `reference/` lists them")
    expected_on = DayField(required=False, help_text=EXPECTED_ON)


class IdentityEmailShape(serializers.Serializer[IdentityEmail]):
    """An identity email: if it went to an address given on the call, and how far it came."""

    is_given = serializers.BooleanField()
    sent_at = At()
    state = coded(MessageState, source="message.state")


class ContactShape(serializers.Serializer[Contact]):
    reference = serializers.CharField()
    version = serializers.IntegerField()
    state = coded(ContactState)
    channel = coded(Channel)
    direction = coded(Direction)
    language = coded(Language)
    callback = serializers.CharField(
        source="callback.reference", allow_null=True, help_text="Of the callback on which they answered, if any"
    )
    before = serializers.CharField(
        source="before.reference", allow_null=True, help_text="Of the contact that the callback is about"
    )
    call_id = serializers.CharField()
    number_keyed = serializers.CharField()
    calling_number = serializers.CharField()
    party = serializers.SerializerMethodField()
    about = serializers.CharField(
        source="about.ern", allow_null=True, help_text="ERN of the employer that an agent asks about, if it was said"
    )
    security = coded(Check)
    reasons = ReasonShape(many=True)
    identity = coded(IdentityState, may_miss=True)
    identity_fallback = coded(Fallback, may_miss=True)
    identity_emails = IdentityEmailShape(many=True)
    caller_name = serializers.CharField()
    notes = serializers.CharField()
    ending = coded(Ending, may_miss=True)
    ending_words = serializers.CharField()
    owner = Person(allow_null=True)
    opened_at = At()
    call_began_at = At(allow_null=True)
    call_ended_at = At(allow_null=True)
    ended_at = At(allow_null=True)
    changed_at = At()

    @extend_schema_field(PartyShape(allow_null=True))
    def get_party(self, contact: Contact) -> dict[str, Any] | None:
        if contact.party is None:
            return None
        reference = contact.party_reference.split()[-1]
        told = {"type": contact.party_type, "reference": reference, "name": contact.party.name}
        return dict(PartyShape(told).data)


class ContactPage(PageOf):
    results = ContactShape(many=True)
