"""What worker and clock would have done meanwhile, for history that the services make: each at its own moment."""

from __future__ import annotations

import smtplib
from collections.abc import Sequence
from datetime import datetime, timedelta

from contacthub.cases.models import Case
from contacthub.deadlines.models import Deadline
from contacthub.deadlines.services import take_step
from contacthub.formats import uk_day
from contacthub.mail.models import Message, Notice
from contacthub.mail.services import read_notice, record_accepted, record_refusal, take_to_send
from contacthub.people.services import actor_for

PICKED_UP_AFTER = timedelta(seconds=2)
TALK_LASTS = timedelta(seconds=1)
READ_AFTER = timedelta(minutes=50)
LOST = "lost"
ACCEPTED = "250 Accepted"


def let_time_pass(*, until: datetime) -> None:
    """Take every step of a deadline that comes before this moment, as the clock would have."""
    while deadline := Deadline.objects.step_due(until).first():
        if deadline.next_step_at:
            take_step(deadline_id=deadline.pk, at=deadline.next_step_at)


def send_waiting(case: Case, *, server_said: Sequence[str] = ()) -> None:
    """Settle the mail that waits on a case. What is accepted goes nowhere: it was sent in the past.

    `server_said` is what the server answered to the attempts at the first message, before it took it: "550 ..." ends
    it, "451 ..." and LOST lead to the next attempt.
    """
    for message in Message.objects.waiting().filter(case=case).order_by("pk"):
        _send(message, server_said)
        server_said = ()


def read_notices(*, before: datetime) -> None:
    """Let everybody have read what they were told before this moment."""
    for notice in Notice.objects.unread().filter(at__lt=before).order_by("pk"):
        reader = actor_for(notice.person, on=uk_day(notice.at))
        read_notice(notice_id=notice.pk, by=reader, at=notice.at + READ_AFTER)


def _send(message: Message, server_said: Sequence[str]) -> None:
    for words in [*server_said, ACCEPTED]:
        if message.next_attempt_at is None:
            return
        picked_up_at = message.next_attempt_at + PICKED_UP_AFTER
        taken = take_to_send(message.pk, at=picked_up_at)
        if taken and words == ACCEPTED:
            record_accepted(taken, at=picked_up_at + TALK_LASTS)
        elif taken:
            record_refusal(taken, _trouble(taken, words), at=picked_up_at + TALK_LASTS)
            message.refresh_from_db()


def _trouble(message: Message, server_said: str) -> Exception:
    if server_said == LOST:
        return smtplib.SMTPServerDisconnected("Connection unexpectedly closed")
    code, _, words = server_said.partition(" ")
    return smtplib.SMTPRecipientsRefused({message.to: (int(code), words.encode())})
