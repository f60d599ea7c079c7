"""What telephony tells: a call is coming in. Its contact is nobody's until a caseworker takes it up."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from contacthub.actor import Actor
from contacthub.cases.services import open_record, record_event
from contacthub.deadlines.services import set_deadline
from contacthub.deadlines.working_time import Target
from employer_contact import permissions
from employer_contact.models import Contact
from employer_contact.services.shared import UNOPENED
from employer_contact.terms import Channel

EXPIRES_AFTER = Target(hours=24)


@transaction.atomic
def notify_call(
    *, call_id: str, number_keyed: str = "", calling_number: str = "", by: Actor, at: datetime
) -> tuple[Contact, bool]:
    """Return the contact of a call, and if it is new: each call has one, however often it is told of (EC-23, CM-14).

    A call that nobody takes up expires after 24 hours. Raises Refused.
    """
    permissions.require_may_record(by)
    if known := Contact.objects.filter(call_id=call_id).first():
        return known, False
    try:
        with transaction.atomic():
            contact = open_record(
                Contact,
                channel=Channel.TELEPHONE,
                call_id=call_id,
                number_keyed=number_keyed,
                calling_number=calling_number,
                raised_by_id=by.person_id,
                opened_at=at,
            )
    except IntegrityError:  # somebody opened the call at this moment
        return Contact.objects.get(call_id=call_id), False
    record_event(contact, "opened", by=by, at=at, after=contact.state)
    set_deadline(case=contact.case, kind=UNOPENED, target=EXPIRES_AFTER, at=at)
    return contact, True
