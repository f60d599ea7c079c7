"""The outbox: what is queued with a move, and sent once that has committed. And what people are told at home."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import make_msgid
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template import TemplateDoesNotExist, engines
from django.utils.text import Truncator

from contacthub.actor import CLOCK, Actor
from contacthub.cases.models import Case, CaseRecord
from contacthub.cases.registry import reactions_of
from contacthub.cases.services import lock, record_event
from contacthub.documents.models import Document
from contacthub.errors import MovedOn, NotSetUp, NotThere, RuleBroken
from contacthub.formats import uk_day
from contacthub.jobs.services import wake
from contacthub.mail import permissions
from contacthub.mail.delivery import may_have_been_sent, may_pass_later, words_of
from contacthub.mail.models import Attachment, DeliveryReport, Mailbox, Message, MessageState, Notice, Priority
from contacthub.mail.naming import attached_as
from contacthub.mail.outcomes import is_of_attempt, state_after
from contacthub.mail.protocols import MailReactions
from contacthub.mail.retrying import LEASE, next_attempt
from contacthub.people.models import StaffMember
from contacthub.people.roles import Role

NOTICES = "notices"  # the mailbox from which staff are told


@dataclass(frozen=True)
class Preview:
    """A message as it will arrive."""

    from_name: str
    from_address: str
    to: str
    subject: str
    body: str
    language: str
    attached: Sequence[str] = ()
    with_links: bool = False


def preview(
    *,
    template: str,
    mailbox: str,
    to: str,
    context: dict[str, Any],
    language: str = "en",
    attachments: Sequence[int] = (),
) -> Preview:
    """Return what `queue_email` would queue, for `mail/preview.html`.

    Raises RuleBroken where the mailbox has no address (UJ-14), where there is no text in this language, and where no
    scanner has passed a document yet.
    """
    sender = Mailbox.objects.get(code=mailbox)
    with_it = _to_attach(attachments)
    return _rendered(sender, template=template, to=to, context=context, language=language, with_it=with_it)


def queue_email(
    *,
    template: str,
    mailbox: str,
    to: str,
    case: Case | None,
    by: Actor,
    at: datetime,
    context: dict[str, Any],
    copy: Iterable[str] = (),
    language: str = "en",
    priority: Priority = Priority.ORDINARY,
    attachments: Sequence[int] = (),
) -> Message:
    """Render a message and put it in the outbox, in the caller's transaction; a worker is woken once that commits.

    `template` names `<template>.txt` and `<template>.subject.txt`, in Welsh `<template>.cy.txt` and so on. Each address
    of `copy` gets a message of its own (`message.copies`), so that each succeeds or fails alone; one that is `to` as
    well gets none. `attachments` are ids of documents of the case, whose files are read as each message is sent; where
    they are too large together (MAIL_MEGABYTES), the template is told `with_links`, and the text ends with where to
    open them instead, once signed in. Raises what `preview` raises, and NotThere where a document is none of the case.
    """
    sender = Mailbox.objects.get(code=mailbox)
    with_it = _to_attach(attachments)
    if any(case is None or document.case_id != case.pk for document in with_it):
        raise NotThere
    mail = _rendered(sender, template=template, to=to, context=context, language=language, with_it=with_it)

    def queue(address: str, copy_of: Message | None) -> Message:
        message = Message.objects.create(
            case=case,
            mailbox=sender,
            from_name=mail.from_name,
            from_address=mail.from_address,
            to=address,
            copy_of=copy_of,
            language=language,
            priority=priority,
            subject=mail.subject,
            body=mail.body,
            with_links=mail.with_links,
            message_id=make_msgid(domain=mail.from_address.rpartition("@")[2]),
            queued_by_id=by.staff_id,
            queued_at=at,
            next_attempt_at=at,
        )
        Attachment.objects.bulk_create(
            Attachment(message=message, document=document, name=name)
            for document, name in zip(with_it, mail.attached, strict=True)
        )
        wake("mail.send_message", message.pk)
        return message

    first = queue(to, None)
    for address in dict.fromkeys(copy):
        if address.lower() != to.lower():
            queue(address, first)
    return first


def _to_attach(ids: Sequence[int]) -> list[Document]:
    """Return these documents in their order. Raises NotThere, and RuleBroken where one may not be handed out."""
    found = Document.objects.in_bulk(ids)
    if len(found) < len(set(ids)):
        raise NotThere
    for document in found.values():
        if not document.is_clean:
            raise RuleBroken(
                f"“{document.short_name}” cannot be sent: it is {document.get_scan_state_display()}", code="not_clean"
            )
    return [found[pk] for pk in dict.fromkeys(ids)]


def _are_too_large(documents: Iterable[Document]) -> bool:
    most: int = settings.MAIL_MAX_BYTES
    return sum(document.size for document in documents) > most


def _rendered(
    sender: Mailbox,
    *,
    template: str,
    to: str,
    context: dict[str, Any],
    language: str,
    with_it: Sequence[Document],
) -> Preview:
    if not sender.address:
        raise NotSetUp(
            f"Nothing can be sent: the mailbox “{sender.name}” has no address. Ask an administrator to set it",
            code="mailbox_unset",
        )
    stem = template if language == "en" else f"{template}.{language}"
    with_links = _are_too_large(with_it)
    context = context | {"with_links": with_links}
    body = _text(f"{stem}.txt", context)
    if with_links:
        ending = "" if language == "en" else f".{language}"
        links = _text(f"mail/email/links{ending}.txt", {"documents": with_it})
        body = f"{body}\n\n{links}"
    return Preview(
        from_name=sender.name,
        from_address=sender.address,
        to=to,
        subject=" ".join(_text(f"{stem}.subject.txt", context).split()),
        body=body,
        language=language,
        attached=attached_as(document.name for document in with_it),
        with_links=with_links,
    )


def _text(name: str, context: dict[str, Any]) -> str:
    try:
        template = engines["text"].get_template(name)
    except TemplateDoesNotExist as missing:
        if ".cy." not in name:
            raise
        raise RuleBroken(
            "Nothing can be sent: this email has no Welsh text yet. Ask your lead to have it written",
            code="welsh_missing",
        ) from missing
    return str(template.render(context | {"site_url": settings.SITE_URL})).strip()


def take_to_send(message_id: int, *, at: datetime) -> Message | None:
    """Take the lease on a message that is due, committed before anybody talks to the mail server; else None.

    Whoever finds it in other hands, or sent, leaves it alone. An attempt whose worker died counts as one; where that
    was the last, the message is given up. One that its app does not want to be sent any more is held back.
    """
    with transaction.atomic():
        due = Message.objects.due(at).select_for_update(skip_locked=True, of=("self",)).select_related("case")
        message: Message | None = due.filter(pk=message_id).first()
        if message is None:
            return None
        was_lost = message.state == MessageState.SENDING
        if was_lost:
            message.unsure_since = message.unsure_since or message.leased_until
        if gave_up := was_lost and _next_attempt(message, at) is None:
            message.save()
        else:
            message.take_lease(at=at, lasts=LEASE)
            message.state = MessageState.SENDING
            message.tried_at = at
            message.save()
    if gave_up:
        _give_up(message, words="The last attempt had no end", at=at)
        return None
    if why := _why_not_send(message):
        _hold_back(message, words=why, at=at)
        return None
    return message


def record_accepted(message: Message, *, at: datetime, provider_id: str = "") -> None:
    """Note that the receiving server took the message, or a provider that calls it `provider_id`.

    Plain mail tells us no more than that; a provider may have told what became of it before we know that it has it.
    """
    with transaction.atomic():
        if ours := _still_ours(message):
            ours.provider_id = provider_id
            _end(ours, MessageState.ACCEPTED, words="", at=at)
            if provider_id:
                for pk in DeliveryReport.objects.open().filter(provider_id=provider_id).values_list("pk", flat=True):
                    wake("mail.count_report", pk)


def record_outcome(message_id: int, report: DeliveryReport, *, at: datetime) -> bool:
    """Let a provider's report count for the message that it names, in the caller's transaction: say if it did.

    Reports that come twice or in another order end alike (`state_after`).
    """
    case_id = Message.objects.values_list("case_id", flat=True).get(pk=message_id)
    record = lock(case_id) if case_id else None
    message = Message.objects.select_for_update(of=("self",)).select_related("case").get(pk=message_id)
    if message.provider_id != report.provider_id or message.tried_at is None:
        return False
    if not is_of_attempt(heard_at=report.heard_at, tried_at=message.tried_at):
        return False
    state = MessageState(state_after(message.state, report.state))
    if state != message.state and state == MessageState.FAILED:
        _fail(record, message, words=report.words, at=at)
    elif state != message.state:
        _end(message, state, words="", at=at)
    return True


def record_refusal(message: Message, trouble: Exception, *, at: datetime) -> None:
    """Note why it was not taken: refused for good, or to be tried again while attempts are left."""
    unsure_since = at if may_have_been_sent(trouble) else None
    again_at = _next_attempt(message, at) if may_pass_later(trouble) else None
    if again_at is None:
        _give_up(message, words=words_of(trouble), at=at, unsure_since=unsure_since)
        return
    with transaction.atomic():
        if ours := _still_ours(message):
            ours.give_back(again_at=again_at)
            ours.state = MessageState.QUEUED
            ours.server_words = words_of(trouble)
            ours.unsure_since = ours.unsure_since or unsure_since
            ours.save()


def _next_attempt(message: Message, at: datetime) -> datetime | None:
    return next_attempt(attempts=message.attempts - message.attempts_before, at=at)


def _give_up(message: Message, *, words: str, at: datetime, unsure_since: datetime | None = None) -> None:
    """End a message that failed for good, on the timeline of its case too, and tell the app."""
    with transaction.atomic():
        record = lock(message.case_id) if message.case_id else None
        ours = _still_ours(message)
        if ours is None:
            return
        ours.unsure_since = ours.unsure_since or unsure_since
        _fail(record, ours, words=words, at=at)


def _hold_back(message: Message, *, words: str, at: datetime) -> None:
    with transaction.atomic():
        if ours := _still_ours(message):
            _end(ours, MessageState.HELD_BACK, words=words, at=at)
            record_event(ours, "mail_held_back", by=CLOCK, at=at, words=f"To {ours.to}: {words}")


def _fail(record: CaseRecord | None, message: Message, *, words: str, at: datetime) -> None:
    _end(message, MessageState.FAILED, words=words, at=at)
    record_event(message, "mail_failed", by=CLOCK, at=at, words=f"To {message.to}: {words}")
    if record is not None:
        _reactions_of(record.KIND).delivery_failed(record, message, at)


def _why_not_send(message: Message) -> str:
    return _reactions_of(message.case.kind).why_not_send(message) if message.case else ""


def _reactions_of(kind: str) -> MailReactions:
    reactions: MailReactions = reactions_of(kind)[1]
    return reactions


def mark_failed(message: Message, *, words: str, by: Actor, at: datetime) -> Message:
    """Note that a message reached nobody, as somebody has heard, and why; what follows is for the caller's app to do.

    One that is being sent may have left already: how that attempt ends, nobody will learn from it. What a provider
    reports from now on changes nothing.
    The caller holds the lock of its case. Raises MovedOn where it failed before.
    """
    ours = Message.objects.select_for_update(of=("self",)).select_related("case").get(pk=message.pk)
    if ours.state == MessageState.FAILED:
        raise MovedOn("This email has failed already", at=ours.ended_at or at)
    if ours.state == MessageState.SENDING:
        ours.unsure_since = ours.unsure_since or at
    ours.provider_id = ""
    _end(ours, MessageState.FAILED, words=words, at=at)
    record_event(ours, "mail_failed", by=by, at=at, words=f"To {ours.to}: {words}")
    return ours


def _still_ours(message: Message) -> Message | None:
    """Return the row, locked, unless the lease ran out meanwhile and somebody else has taken the message."""
    rows = Message.objects.select_for_update(of=("self",)).select_related("case")
    return rows.filter(pk=message.pk, attempts=message.attempts, state=MessageState.SENDING).first()


def _end(message: Message, state: MessageState, *, words: str, at: datetime) -> None:
    message.give_back(again_at=None)
    message.state = state
    message.server_words = words
    message.ended_at = at
    message.save()


@transaction.atomic
def try_again(*, message_id: int, by: Actor, at: datetime) -> Message:
    """Put a message that failed back in the queue, under the same Message-ID, with all its attempts anew.

    Raises NotThere where `by` may not see it, MovedOn where it has not failed, RuleBroken where its app says why not.
    """
    known = Message.objects.filter(pk=message_id).first()
    if known is None or not permissions.may_see(by, known):
        raise NotThere
    if known.case_id:
        lock(known.case_id)
    message = Message.objects.select_for_update(of=("self",)).select_related("case").get(pk=message_id)
    if message.state != MessageState.FAILED:
        raise MovedOn("This email has not failed, or somebody has tried it again", at=message.tried_at or at)
    if why := _why_not_send(message):
        raise RuleBroken(why, code="not_again")
    message.state = MessageState.QUEUED
    message.attempts_before = message.attempts
    message.provider_id = ""
    message.next_attempt_at = at
    message.ended_at = None
    message.save()
    record_event(message, "mail_tried_again", by=by, at=at, words=f"To {message.to}")
    wake("mail.send_message", message.pk)
    return message


@transaction.atomic
def tell(
    person: StaffMember,
    *,
    words: str,
    case: Case | None = None,
    at: datetime,
    by_mail: bool = False,
    in_digest: bool = False,
) -> Notice:
    """Tell a member of staff something on their home page, and by email as well where asked: at once, or with what else
    they are told in these minutes.

    The notice is what counts: where the person or the mailbox has no address, no email goes and nothing is refused.
    """
    told = Truncator(words).chars(500)
    notice = Notice.objects.create(person=person, words=told, case=case, at=at, in_digest=in_digest)
    if by_mail and _reaches(person):
        queue_email(
            template="mail/email/notice",
            mailbox=NOTICES,
            to=person.email,
            case=case,
            by=CLOCK,
            at=at,
            context={"person": person, "words": words, "case": case},
        )
    return notice


@transaction.atomic
def send_digest(*, person_id: int, at: datetime) -> Message | None:
    """Queue one email of all that waits to be told to a person and is unread. Safe to run again: nothing waits then."""
    person = StaffMember.objects.select_for_update(no_key=True).get(pk=person_id)
    waiting = Notice.objects.of(person.pk).waiting()
    notices = list(waiting.unread().select_related("case").order_by("at", "pk"))
    waiting.update(in_digest=False)
    if not notices or not _reaches(person):
        return None
    context = {"person": person, "notices": notices}
    return queue_email(
        template="mail/email/digest", mailbox=NOTICES, to=person.email, case=None, by=CLOCK, at=at, context=context
    )


def _reaches(person: StaffMember) -> bool:
    return bool(person.email and Mailbox.objects.get(code=NOTICES).address)


@transaction.atomic
def tell_administrators(refusal: NotSetUp, *, case: Case | None = None, at: datetime) -> None:
    """Tell each administrator what is missing, unless they have not yet read that it is.

    A door calls this once the refused move has been rolled back.
    """
    for person in StaffMember.objects.with_role(Role.ADMINISTRATOR, on=uk_day(at)):
        if not Notice.objects.of(person.pk).unread().filter(words=refusal.message).exists():
            tell(person, words=refusal.message, case=case, at=at)


def read_notice(*, notice_id: int, by: Actor, at: datetime) -> None:
    """Note that the person has read it. Raises NotThere where it is somebody else's."""
    mine = Notice.objects.of(by.staff_id).filter(pk=notice_id)
    if not mine.unread().update(read_at=at) and not mine.exists():
        raise NotThere
