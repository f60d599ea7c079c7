"""What several deadlines have to say goes to a person in one email."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contacthub.deadlines.services import set_deadline, take_step
from contacthub.deadlines.working_time import Target
from contacthub.mail.models import Mailbox, Message, Notice
from contacthub.mail.services import read_notice, send_digest, tell
from contacthub.mail.tasks import waiting_digests
from contacthub.people.roles import Role
from contacthub.people.services import actor_for
from tests.factories import MORNING, IncidentFactory, StaffMemberFactory

pytestmark = pytest.mark.django_db
LATER = MORNING + timedelta(minutes=2)


@pytest.fixture(autouse=True)
def notices(reference):
    """Have the mailbox of notices set up."""
    Mailbox.objects.filter(code="notices").update(address="notices@contacthub.example")


@pytest.fixture
def ana():
    return StaffMemberFactory(name="Ana Byrne", email="ana.byrne@contacthub.example")


def told(person, *several: str) -> None:
    for words in several:
        tell(person, words=words, at=MORNING, in_digest=True)


def sweep(at) -> None:
    for person_id in waiting_digests.find(at):
        send_digest(person_id=person_id, at=at)


def test_one_email_says_all_that_came_due_together(ana):
    told(ana, "UJ-000001 was due", "UJ-000002 was due", "UJ-000003 was due")

    sweep(LATER)

    (message,) = Message.objects.all()
    assert (message.to, message.subject) == ("ana.byrne@contacthub.example", "ContactHub: 3 things are overdue")
    assert [line for line in message.body.splitlines() if "was due" in line] == [
        "UJ-000001 was due", "UJ-000002 was due", "UJ-000003 was due",
    ]  # fmt: skip


def test_one_alone_is_the_subject(ana):
    told(ana, "UJ-000001 was due")

    sweep(LATER)

    assert Message.objects.get().subject == "ContactHub: UJ-000001 was due"


def test_it_waits_two_minutes_for_the_others_and_goes_once(ana):
    told(ana, "UJ-000001 was due")

    sweep(LATER - timedelta(seconds=1))
    assert not Message.objects.exists()
    sweep(LATER)
    sweep(LATER)
    send_digest(person_id=ana.pk, at=LATER)

    assert Message.objects.count() == 1


def test_what_was_read_meanwhile_is_left_out(ana):
    told(ana, "UJ-000001 was due", "UJ-000002 was due")
    reader = actor_for(ana, on=MORNING.date())
    read_notice(notice_id=Notice.objects.earliest("pk").pk, by=reader, at=MORNING)

    sweep(LATER)

    assert Message.objects.get().subject == "ContactHub: UJ-000002 was due"


def test_who_has_read_all_gets_none_and_nothing_waits(ana):
    told(ana, "UJ-000001 was due")
    read_notice(notice_id=Notice.objects.get().pk, by=actor_for(ana, on=MORNING.date()), at=MORNING)

    sweep(LATER)

    assert (Message.objects.count(), Notice.objects.waiting().count()) == (0, 0)


def test_who_has_no_address_finds_it_at_home(ana):
    ana.email = ""
    ana.save()
    told(ana, "UJ-000001 was due")

    sweep(LATER)

    assert (Message.objects.count(), Notice.objects.of(ana.pk).unread().count()) == (0, 1)


@pytest.mark.proves("CM-06")
def test_a_lead_hears_of_all_overdue_incidents_in_one_email():
    lead = StaffMemberFactory(role=Role.HELPDESK_LEAD, email="marcus@contacthub.example")
    due = MORNING + timedelta(hours=1)
    for _ in range(3):
        case = IncidentFactory().case
        deadline = set_deadline(case=case, kind="first_reply", target=Target(hours=1), at=MORNING)
        take_step(deadline_id=deadline.pk, at=due)

    sweep(due + timedelta(minutes=2))

    assert Message.objects.get(to=lead.email).subject == "ContactHub: 3 things are overdue"
