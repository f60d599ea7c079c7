"""What is held of employers and agents, as machines change it: a field that is not sent stays as it is."""

from __future__ import annotations

from rest_framework import serializers

from contacthub.api.fields import Flag, OneOf, Whole, Words
from contacthub.api.serializers import Body
from contacthub.ui.fields import LONG, EmailAddress, ManyLines, OneLine, Telephone
from employer_contact.forms.changing import Postcode
from employer_contact.models.accounts import DAYS_OF_A_MONTH
from employer_contact.terms import Language, ScheduleDelivery

LINE, MOST_VALUES = 200, 20
FIRST_DAY, LAST_DAY = DAYS_OF_A_MONTH
DELIVERIES = ScheduleDelivery.values


def kept_name(message: str) -> Words:
    """Return a name that may be left out, and is never emptied."""
    field = OneLine(max_length=LINE, error_messages={"required": message})
    return Words(field, required=False, allow_blank=False)


def kept_line(*, longest: int = LINE) -> Words:
    return Words(OneLine(max_length=longest, required=False), required=False)


def kept_lines() -> Words:
    return Words(ManyLines(max_length=LONG, required=False), required=False)


def kept_number() -> Words:
    return Words(Telephone(required=False, max_length=60), required=False)


def kept_email() -> Words:
    return Words(EmailAddress(required=False, max_length=320), required=False)


def kept_postcode() -> Words:
    return Words(Postcode("postcode"), required=False)


class EmployerFields(Body):
    name = kept_name("Send the name")
    payroll_address = kept_lines()
    payroll_postcode = kept_postcode()
    telephone = kept_number()
    additional_telephones = serializers.ListField(
        child=Words(Telephone(max_length=60)), max_length=MOST_VALUES, required=False
    )
    fax = kept_number()
    prefers_fax = Flag(required=False)
    email = kept_email()
    contact_names = serializers.ListField(child=Words(OneLine(max_length=LINE)), max_length=MOST_VALUES, required=False)
    pay_day = Whole(min_value=FIRST_DAY, max_value=LAST_DAY, required=False, allow_null=True)
    cut_off_day = Whole(min_value=FIRST_DAY, max_value=LAST_DAY, required=False, allow_null=True)
    voicemail_authorised = Flag(required=False, allow_null=True)
    schedule_delivery = OneOf(DELIVERIES, required=False)
    language = OneOf(Language.values, required=False)


class AgentFields(Body):
    name = kept_name("Send the company name")
    address1 = kept_line()
    address_rest = kept_lines()
    postcode = kept_postcode()
    telephone = kept_number()
    email = kept_email()
