"""The outbox: what is queued with a move, and sent once that has committed."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from datetime import datetime
from email.utils import formataddr, make_msgid
from typing import Any

from django.core.mail import EmailMessage
from django.db import transaction
from django.template import engines

from contacthub.actor import Actor
from contacthub.cases.models import Case
from contacthub.errors import RuleBroken
from contacthub.jobs.services import wake
from contacthub.mail.models import Mailbox, Message, MessageState
from contacthub.mail.retrying import LEASE, next_attempt


@dataclass(frozen=True)
class Standing:
    """Where a message stands, in words for the people of its case."""

    status_words: str
    is_trouble: bool
    server_words: str


@dataclass(frozen=True)
class Preview:
    """A message as it will arrive."""

    from_name: str
    from_address: str
    to: str
    subject: str
    body: str


def preview(*, template: str, mailbox: str, to: str, context: dict[str, Any]) -> Preview:
    """Return what `queue_email` would queue. Raises RuleBroken where the mailbox has no address (UJ-14)."""
    sender = Mailbox.objects.get(code=mailbox)
    if not sender.address:
        raise RuleBroken(
            f"Nothing can be sent: the mailbox “{sender.name}” has no address. Ask an administrator to set it",
            code="mailbox_unset",
        )
    return Preview(
        from_name=sender.name,
        from_address=sender.address,
        to=to,
        subject=" ".join(_render(f"{template}.subject.txt", context).split()),
        body=_render(f"{template}.txt", context),
    )


def queue_email(
    *, template: str, mailbox: str, to: str, case: Case, by: Actor, at: datetime, context: dict[str, Any]
) -> Message:
    """Render a message and put it in the outbox, in the caller's transaction; a worker is woken once that commits.

    Raises RuleBroken where the mailbox has no address (UJ-14).
    """
    mail = preview(template=template, mailbox=mailbox, to=to, context=context)
    message = Message.objects.create(
        case=case,
        mailbox=Mailbox.objects.get(code=mailbox),
        from_name=mail.from_name,
        from_address=mail.from_address,
        to=mail.to,
        subject=mail.subject,
        body=mail.body,
        message_id=make_msgid(domain=mail.from_address.rpartition("@")[2]),
        queued_by_id=by.staff_id,
        queued_at=at,
        next_attempt_at=at,
    )
    wake("mail.send_message", message.pk)
    return message


def _render(template: str, context: dict[str, Any]) -> str:
    return engines["text"].get_template(template).render(context).strip()


def take_to_send(message_id: int, *, at: datetime) -> Message | None:
    """Take the lease on a message that is due, committed before anybody talks to the mail server; else None.

    Whoever finds it in other hands, or sent, leaves it alone.
    """
    with transaction.atomic():
        due = Message.objects.due(at).select_for_update(skip_locked=True)
        message: Message | None = due.filter(pk=message_id).first()
        if message is None:
            return None
        message.take_lease(at=at, lasts=LEASE)
        message.state = MessageState.SENDING
        message.save()
    return message


def deliver(message: Message) -> None:
    """Hand the message to the mail server. Raises what the server, the network or the message itself brings up."""
    EmailMessage(
        subject=message.subject,
        body=message.body,
        from_email=formataddr((message.from_name, message.from_address)),
        to=[message.to],
        headers={"Message-ID": message.message_id},
    ).send()


def record_accepted(message: Message, *, at: datetime) -> None:
    """Note that the receiving server took the message. Plain mail tells us no more than that."""
    _record(message, MessageState.ACCEPTED, words="", again_at=None, at=at)


def record_refusal(message: Message, trouble: Exception, *, at: datetime) -> None:
    """Note why it was not taken: refused for good, or to be tried again while attempts are left."""
    again_at = next_attempt(attempts=message.attempts, at=at) if _may_pass_later(trouble) else None
    state = MessageState.QUEUED if again_at else MessageState.FAILED
    _record(message, state, words=_words_of(trouble), again_at=again_at, at=at)


def _record(message: Message, state: MessageState, *, words: str, again_at: datetime | None, at: datetime) -> None:
    """Write the outcome, unless the lease ran out meanwhile and somebody else has taken the message."""
    with transaction.atomic():
        ours = Message.objects.select_for_update().filter(pk=message.pk, attempts=message.attempts).first()
        if ours is None or ours.state != MessageState.SENDING:
            return
        ours.give_back(again_at=again_at)
        ours.state = state
        ours.server_words = words
        ours.ended_at = None if again_at else at
        ours.save()


def standing(message: Message, *, now: datetime) -> Standing:
    """Say where a message stands; one whose worker died while sending may have been sent, and is sent again."""
    if message.state == MessageState.SENDING and message.leased_until and message.leased_until <= now:
        return Standing("may have been sent, and is sent again by itself", True, "The attempt ended without an answer")
    if message.state == MessageState.QUEUED and message.attempts:
        return Standing("refused for now, tried again by itself", True, message.server_words)
    words = {
        MessageState.QUEUED: "waits to be sent",
        MessageState.SENDING: "is being sent",
        MessageState.ACCEPTED: "accepted by their mail server",
        MessageState.FAILED: "failed, nobody received it",
    }
    state = MessageState(message.state)
    return Standing(words[state], state is MessageState.FAILED, message.server_words)


def _may_pass_later(trouble: Exception) -> bool:
    """Say if another attempt can help: the network or the server is in trouble (4xx), not the message (5xx)."""
    if isinstance(trouble, smtplib.SMTPRecipientsRefused):
        return all(code < 500 for code, _ in trouble.recipients.values())
    if isinstance(trouble, smtplib.SMTPResponseException):
        return trouble.smtp_code < 500
    return isinstance(trouble, OSError) and not isinstance(trouble, smtplib.SMTPNotSupportedError)


def _words_of(trouble: Exception) -> str:
    if isinstance(trouble, smtplib.SMTPRecipientsRefused):
        return "; ".join(f"{code} {_text(words)}" for code, words in trouble.recipients.values())
    if isinstance(trouble, smtplib.SMTPResponseException):
        return f"{trouble.smtp_code} {_text(trouble.smtp_error)}"
    return str(trouble) or type(trouble).__name__


def _text(words: bytes | str) -> str:
    return words.decode(errors="replace") if isinstance(words, bytes) else words
