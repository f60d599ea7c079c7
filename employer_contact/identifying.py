"""What the page of the identity email shows: each that was sent, and how far it came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from contacthub.mail.models import NOT_SENT, Message, MessageState
from contacthub.mail.standing import Standing, standing
from employer_contact.models import Contact, IdentityEmail

SUBJECT = "Child Maintenance Service Important Information Do Not Reply via Email"  # word for word (EC-55)
LAST = {MessageState.DELIVERED, *NOT_SENT}


def _is_last(message: Message) -> bool:
    """Say if nothing more will be heard: of plain mail nobody tells more than that a server took it."""
    return message.state in LAST or (message.state == MessageState.ACCEPTED and not message.provider_id)


@dataclass(frozen=True)
class Sent:
    """An identity email: where it stands, and if nothing more will be heard of it.

    An address on record, and what a server says of it, is shown like all that is held: not before the check (EC-14).
    """

    email: IdentityEmail
    standing: Standing
    is_last: bool
    shows_address: bool


def identity_emails(contact: Contact, *, at: datetime) -> list[Sent]:
    """Return those of a contact, the first sent first."""
    rows = contact.identity_emails.select_related("message", "template").order_by("pk")
    return [
        Sent(one, standing(one.message, now=at), _is_last(one.message), one.is_given or contact.is_unlocked)
        for one in rows
    ]
