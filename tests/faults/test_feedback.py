"""A form in trouble: a worker killed between its four mails, part 2 completed twice, everything down for three days."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from complaints_feedback import services
from complaints_feedback.models import FeedbackForm, PersonalFileEntry, Sending
from contacthub.clock import now
from contacthub.deadlines.calendars import calendar_of
from contacthub.deadlines.models import Deadline
from contacthub.deadlines.services import take_step
from contacthub.deadlines.tasks import steps_due
from contacthub.errors import MovedOn
from contacthub.jobs.services import wake, waking_nobody
from contacthub.mail.models import Mailbox, Message, Notice
from contacthub.mail.standing import standing
from contacthub.people.models import Nation, StaffMember
from tests.complaints_feedback.situations import DONE, OUTCOME, World, actor, fresh, happened, told
from tests.contacthub.documents.files import PDF
from tests.faults.situations import ACCEPTED, nobody_writes, one_sweep, time_passes
from tests.processes import environment, kill, running, wait_until
from tests.races import Held, wait_until_blocked
from tests.smtp import CatchingServer

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
SENDER = "feedback@contacthub.example"


@pytest.fixture
def world(reference) -> World:
    for code in ("feedback", "notices"):
        Mailbox.objects.filter(code=code).update(address=f"{code}@contacthub.example")
    return World()


@pytest.fixture
def env(broker, smtp) -> dict[str, str]:
    return environment(smtp_port=smtp.port, redis_url=broker.url)


def delivered(world: World, *, at: datetime | None = None) -> tuple[FeedbackForm, list[Message]]:
    """Return a form that was sent while no worker was there, with its mails: to the team leader, then the managers."""
    with waking_nobody():
        form = world.delivered(at=at) if at else world.delivered()
    return form, [sending.message for sending in form.sendings.order_by("pk").select_related("message")]


def of_forms(smtp: CatchingServer) -> list:
    """Return what the mail server took of feedback forms, the notices that staff get apart."""
    return [one for one in smtp.received if one.mail["From"].addresses[0].addr_spec == SENDER]


def all_accepted(messages: list[Message]) -> bool:
    return not Message.objects.filter(pk__in=[one.pk for one in messages]).exclude(state="accepted").exists()


def accepted(messages: list[Message]) -> int:
    return Message.objects.filter(pk__in=[one.pk for one in messages], state="accepted").count()


def words_of(message: Message) -> str:
    return standing(Message.objects.get(pk=message.pk), now=now()).status_words


def received_by(smtp: CatchingServer) -> Counter[str]:
    return Counter(one.recipients[0] for one in of_forms(smtp))


@pytest.mark.proves("CF-34")
class TestKilledBetweenTheFourMails:
    def test_before_the_third_each_of_the_four_has_form_and_letters_once(self, world, env, smtp):
        form, messages = delivered(world)
        with running("worker", env) as worker:
            for message in messages[:2]:
                wake("mail.send_message", message.pk)
            wait_until(lambda: accepted(messages) == 2)
            with nobody_writes(Message):
                for message in messages[2:]:
                    wake("mail.send_message", message.pk)
                wait_until_blocked(number=2)  # it is about to take the other two
                kill(worker)
        assert len(of_forms(smtp)) == 2

        with running("worker", env):
            one_sweep(env, until=lambda: all_accepted(messages))

        assert received_by(smtp) == {person.email: 1 for person in world.four}
        for one in of_forms(smtp):
            printed, *letters = [file.get_payload(decode=True) for file in one.mail.iter_attachments()]
            assert printed.startswith(b"%PDF-")
            assert letters == [PDF, PDF]
        assert {words_of(message) for message in messages} == {ACCEPTED}
        assert form.sendings.count() == 4

    def test_in_one_conversation_that_mail_is_said_to_be_in_doubt_and_the_other_three_go_once(self, world, env, smtp):
        StaffMember.objects.filter(pk=world.receiver.pk).update(email="slow@dwp.example")
        _, (in_doubt, *others) = delivered(world)
        with running("worker", env) as worker:
            for message in (in_doubt, *others):
                wake("mail.send_message", message.pk)
            wait_until(lambda: smtp.in_data.is_set() and accepted(others) == 3)
            kill(worker)
        smtp.go_on.set()
        time_passes(in_doubt)
        assert words_of(in_doubt) == "may have been sent: the attempt had no end, and is made again by itself"

        with running("worker", env):
            one_sweep(env, until=lambda: all_accepted([in_doubt]))

        assert words_of(in_doubt).endswith("it may arrive twice, since an earlier attempt had no end")
        assert {words_of(message) for message in others} == {ACCEPTED}
        once = received_by(smtp)
        assert once.pop("slow@dwp.example") in (1, 2)
        assert once == {person.email: 1 for person in world.four[1:]}
        doubled = [one.mail["Message-ID"] for one in of_forms(smtp) if one.recipients == ["slow@dwp.example"]]
        assert {*doubled} == {in_doubt.message_id}


@pytest.mark.proves("CF-10", "CF-40")
def test_of_two_who_complete_part_two_at_once_one_does_and_the_other_is_told_who_did(world, env, smtp):
    with waking_nobody():
        form = world.discussed()

    def complete() -> None:
        services.complete_part_two(form_id=form.pk, given=OUTCOME, by=actor(world.receiver), at=DONE)

    first = Held(complete)
    first.done.wait(10)
    second = Held(complete)
    wait_until_blocked()
    first.commit()
    second.commit()
    copies = [one.message for one in Sending.objects.filter(purpose="copy").select_related("message")]
    with running("worker", env):
        wait_until(lambda: all_accepted(copies))

    assert first.error is None
    assert isinstance(second.error, MovedOn)
    assert second.error.message == "Part 2 completed by Rosa Quill"
    assert received_by(smtp) == {person.email: 1 for person in world.four[1:]}
    assert happened(form).count("complete_part_two") == 1
    assert PersonalFileEntry.objects.count() == 1


NINE = timedelta(hours=8)  # 9am by the clocks of June
THREE_DAYS = timedelta(days=3)


def june(day: int, *, later: timedelta = NINE) -> datetime:
    return datetime(2026, 6, day, tzinfo=UTC) + later


def clock_is_back(*, at: datetime) -> None:
    """Let the sweep find what came due, and tell it, as often as a clock does that goes round again."""
    for moment in (at, at + timedelta(seconds=20)):
        for deadline_id in steps_due.find(moment):
            take_step(deadline_id=deadline_id, at=moment)


def overdue_words(form: FeedbackForm) -> str:
    return f"{form.reference}: the discussion with Tom Reilly was due by"


def heard(person: StaffMember, words: str) -> int:
    return sum(one.startswith(words) for one in told(person))


@pytest.mark.proves("CF-03", "CF-49")
class TestDownForThreeDays:
    def test_what_became_overdue_meanwhile_is_told_once_and_no_warning_that_is_past(self, world):
        form, _ = delivered(world, at=june(2, later=timedelta(hours=11)))  # Tuesday noon, due on Thursday noon
        late = overdue_words(form)
        before = told(world.receiver)

        clock_is_back(at=june(5, later=timedelta(hours=11)))  # Friday noon

        assert told(world.receiver) == [*before, f"{late} Thursday 4 June 2026, 12pm"]
        assert heard(world.their_manager, late) == 0

        clock_is_back(at=june(8))  # Monday
        assert (heard(world.receiver, late), heard(world.their_manager, late)) == (2, 1)

    def test_what_became_overdue_is_told_as_the_office_opens_where_the_clock_is_back_on_a_saturday(self, world):
        form, _ = delivered(world, at=june(3, later=timedelta(hours=11)))  # Wednesday noon, due on Friday noon
        late, before = overdue_words(form), told(world.receiver)

        clock_is_back(at=june(6, later=timedelta(hours=11)))
        assert told(world.receiver) == before
        assert FeedbackForm.objects.overdue(june(6, later=timedelta(hours=11))).get() == form

        clock_is_back(at=june(8))
        assert (heard(world.receiver, late), heard(world.their_manager, late)) == (1, 0)
        clock_is_back(at=june(9))
        assert (heard(world.receiver, late), heard(world.their_manager, late)) == (2, 1)

    def test_a_warning_that_was_missed_is_told_once_while_there_is_time_left(self, world):
        form, _ = delivered(world, at=june(2, later=timedelta(hours=11)))
        before = told(world.receiver)

        clock_is_back(at=june(4, later=timedelta(hours=8)))  # three hours before it is due: both warnings are past

        warning = f"{form.reference}: discuss this feedback with Tom Reilly by Thursday 4 June 2026, 12pm"
        assert told(world.receiver) == [*before, warning]

    def test_a_worker_and_a_clock_that_come_back_tell_it_once_and_close_nothing(self, world, env, broker):
        form, _ = delivered(world, at=now() - THREE_DAYS)
        late = overdue_words(form)

        for _ in range(2):
            with running("worker", env):
                one_sweep(env, until=lambda: not steps_due.find(now()) and broker.is_idle())

        # Nobody is told while the office is closed.
        is_open = calendar_of(Nation.ENGLAND_AND_WALES).working_time.is_open(now())
        assert heard(world.receiver, late) == (1 if is_open else 0)
        assert Deadline.objects.open().get(case=form.case, kind="discussion").next_step_at > now()
        assert fresh(form).state == "delivered"
        assert Notice.objects.filter(words__contains="discuss this feedback with").count() == 1  # as it was sent
