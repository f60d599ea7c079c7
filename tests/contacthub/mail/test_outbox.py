from datetime import timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from anymail.exceptions import AnymailAPIError, AnymailRecipientsRefused, AnymailRequestsAPIError
from celery.exceptions import SoftTimeLimitExceeded
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from requests import Response

from contacthub.actor import PUBLIC, Actor
from contacthub.cases.timeline import timeline
from contacthub.errors import MovedOn, NotThere, RuleBroken
from contacthub.mail.delivery import NotReached, deliver, may_have_been_sent, may_pass_later
from contacthub.mail.models import Mailbox, Message, Notice, Priority
from contacthub.mail.services import (
    preview,
    queue_email,
    record_accepted,
    record_refusal,
    take_to_send,
    tell,
    try_again,
)
from contacthub.mail.standing import standing
from contacthub.mail.tasks import send_message, unsent_messages
from jobmatch_helpdesk import permissions
from jobmatch_helpdesk.lifecycle import IncidentState
from jobmatch_helpdesk.models import Incident
from tests.factories import MORNING, IncidentFactory, MessageFactory, StaffMemberFactory

TEMPLATE = "jobmatch_helpdesk/email/reply"


def queue(*, name="Dafydd Llywelyn", words="Save the CV as a PDF", to="dafydd@example.org", **more) -> Message:
    incident = IncidentFactory(customer_name=name)
    return queue_email(
        template=TEMPLATE,
        mailbox="helpdesk",
        to=to,
        case=incident.case,
        by=PUBLIC,
        at=MORNING,
        context={"incident": incident, "words": words, "agent": None},
        **more,
    )


def taken_by(ana: Actor) -> Incident:
    return IncidentFactory(state=IncidentState.ASSIGNED, assigned_to_id=ana.staff_id)


@pytest.mark.django_db
class TestQueueing:
    def test_a_message_is_rendered_and_stored_with_an_id_of_its_own(self, reference):
        message = queue()

        assert message.state == "queued"
        assert message.case.reference in message.subject
        assert "Save the CV as a PDF" in message.body
        assert message.message_id.endswith("@contacthub.example>")

    @pytest.mark.proves("UJ-14")
    def test_a_mailbox_without_an_address_stops_the_send(self, reference):
        Mailbox.objects.update(address="")

        with pytest.raises(RuleBroken, match="has no address"):
            queue()

        assert not Message.objects.exists()

    @pytest.mark.parametrize(
        "name", ["Siân O’Neill-ap Rhys", "Nguyễn Thị Ánh", "O'Neill & Sons <Wales> Ltd", "{{ 7*7 }}"]
    )
    def test_names_and_words_stand_in_the_mail_as_they_were_typed(self, reference, name):
        message = queue(name=name, words="<b>5 > 3</b> {reference} {{ incident.pk }} & “so”")

        assert f"Dear {name}\n" in message.body
        assert "<b>5 > 3</b> {reference} {{ incident.pk }} & “so”" in message.body

    def test_each_copy_is_a_message_of_its_own_and_nobody_gets_two(self, reference):
        first = queue(
            to="jd@contacthub.example", copy=["rhian@example.org", "rhian@example.org", "JD@contacthub.example"]
        )

        (copied,) = first.copies.all()
        assert (copied.to, copied.subject, copied.body) == ("rhian@example.org", first.subject, first.body)
        assert copied.message_id != first.message_id
        assert (first.is_copy, copied.is_copy) == (False, True)

    def test_a_missing_welsh_text_stops_the_send_in_words(self, reference, settings, tmp_path):
        (tmp_path / "greeting.txt").write_text("Dear {{ words }}")
        (tmp_path / "greeting.subject.txt").write_text("Our answer")
        settings.TEMPLATES = [{**engine, "DIRS": [tmp_path]} for engine in settings.TEMPLATES]

        with pytest.raises(RuleBroken, match="this email has no Welsh text yet") as refusal:
            preview(template="greeting", mailbox="helpdesk", to="sian@example.org", context={}, language="cy")

        assert refusal.value.code == "welsh_missing"
        assert not Message.objects.exists()

    def test_a_welsh_text_is_taken_for_a_welsh_customer(self, reference, settings, tmp_path):
        (tmp_path / "greeting.cy.txt").write_text("Annwyl {{ words }}")
        (tmp_path / "greeting.cy.subject.txt").write_text("Ein hateb")
        (tmp_path / "greeting.txt").write_text("Dear {{ words }}")
        (tmp_path / "greeting.subject.txt").write_text("Our answer")
        settings.TEMPLATES = [{**engine, "DIRS": [tmp_path]} for engine in settings.TEMPLATES]

        told = preview(
            template="greeting", mailbox="helpdesk", to="a@example.org", context={"words": "Siân"}, language="cy"
        )

        assert (told.subject, told.body, told.language) == ("Ein hateb", "Annwyl Siân", "cy")

    def test_a_line_break_never_reaches_a_header(self, reference):
        message = queue(name="Ana\nBcc: everybody@example.org")

        assert "\n" not in message.subject


@pytest.mark.django_db(transaction=True)
class TestSending:
    def test_a_message_is_accepted_by_the_mail_server_as_it_was_queued(self, reference, smtp):
        message = queue(name="Siân O’Neill-ap Rhys")

        send_message(message.pk)

        (received,) = smtp.received
        assert (received.sender, received.recipients) == ("helpdesk@contacthub.example", ["dafydd@example.org"])
        assert received.mail["From"] == "Universal Jobmatch Helpdesk <helpdesk@contacthub.example>"
        assert received.mail["Message-ID"] == message.message_id
        assert received.text.replace("\r\n", "\n").strip() == message.body
        assert Message.objects.get().state == "accepted"

    def test_what_goes_first_takes_the_place_of_a_message_whose_task_is_run_anew(self, reference, smtp, monkeypatch):
        woken = []
        monkeypatch.setattr("contacthub.mail.tasks.wake", lambda *named: woken.append(named))
        ordinary = queue()
        Message.objects.update(queued_at=MORNING, next_attempt_at=MORNING)
        first = MessageFactory(priority=Priority.FIRST, to="wages@skerrow.example")

        send_message(ordinary.pk)

        assert [received.recipients for received in smtp.received] == [["wages@skerrow.example"]]
        assert woken == [("mail.send_message", ordinary.pk)], "one task has the time for one message"
        send_message(ordinary.pk)
        assert Message.objects.get(pk=ordinary.pk).state == Message.objects.get(pk=first.pk).state == "accepted"

    def test_a_message_goes_out_once_however_often_its_task_runs(self, reference, smtp):
        message = queue()

        for _ in range(3):
            send_message(message.pk)

        assert len(smtp.received) == 1

    @pytest.mark.parametrize(
        "name", ["Universal Jobmatch Helpdesk, Telford", 'Helpdesk "UJ"; Wales', "Desg Gymorth Ŵyn"]
    )
    def test_any_name_of_a_mailbox_makes_one_right_sender(self, reference, smtp, name):
        Mailbox.objects.update(name=name)

        send_message(queue().pk)

        (received,) = smtp.received
        (address,) = received.mail["From"].addresses
        assert (address.display_name, address.addr_spec) == (name, "helpdesk@contacthub.example")
        assert received.sender == "helpdesk@contacthub.example"

    def test_a_domain_with_an_accent_is_reached_by_its_other_name(self, reference, smtp):
        send_message(queue(to="rhys@tŷ-gwyn.example").pk)

        assert smtp.received[0].recipients == ["rhys@xn--t-gwyn-pob.example"]

    def test_an_address_that_is_refused_holds_no_copy_back(self, reference, smtp):
        first = queue(to="refused@example.org", copy=["dafydd@example.org"])

        for message in (first, first.copies.get()):
            send_message(message.pk)

        assert [received.recipients for received in smtp.received] == [["dafydd@example.org"]]
        assert Message.objects.get(pk=first.pk).state == "failed"
        assert first.copies.get().state == "accepted"

    def test_a_mail_server_that_does_not_let_us_in_is_tried_again(self, reference, smtp, settings):
        settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "helpdesk", "wrong"

        send_message(queue().pk)

        kept = Message.objects.get()
        assert (kept.state, kept.unsure_since) == ("queued", None)

    def test_a_connection_that_breaks_without_an_answer_may_have_sent(self, reference, smtp):
        message = queue(to="broken@example.org")

        send_message(message.pk)

        kept = Message.objects.get()
        assert (kept.state, kept.attempts) == ("queued", 1)
        assert kept.unsure_since is not None

    def test_refused_for_good_is_failed_with_the_servers_words(self, reference, smtp):
        message = queue(to="refused@example.org")

        send_message(message.pk)

        kept = Message.objects.get()
        assert (kept.state, kept.server_words) == ("failed", "550 5.1.1 No such mailbox here")
        assert kept.next_attempt_at is None

    def test_refused_for_now_is_tried_again_in_a_minute(self, reference, smtp):
        message = queue(to="later@example.org")

        send_message(message.pk)

        kept = Message.objects.get()
        assert (kept.state, kept.attempts, kept.server_words) == ("queued", 1, "451 4.3.0 Try again later")
        assert kept.next_attempt_at > MORNING + timedelta(minutes=1)

    def test_a_mail_server_that_is_away_is_tried_again(self, reference, settings):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

        send_message(queue().pk)

        assert Message.objects.get().state == "queued"

    def test_a_message_that_cannot_be_built_fails_at_once_and_holds_no_other_back(self, reference, smtp):
        before, damaged, behind = (MessageFactory(subject=words) for words in ("Before", "In two\nlines", "Behind"))

        for message in (before, damaged, behind):
            send_message(message.pk)

        assert [received.mail["Subject"] for received in smtp.received] == ["Before", "Behind"]
        assert Message.objects.get(pk=damaged.pk).state == "failed"


@pytest.mark.django_db
class TestLease:
    def test_a_message_in_other_hands_is_left_alone(self):
        message = MessageFactory()
        take_to_send(message.pk, at=MORNING)

        assert take_to_send(message.pk, at=MORNING + timedelta(minutes=1, seconds=59)) is None
        assert message.pk not in unsent_messages.find(MORNING + timedelta(minutes=1, seconds=59))

    def test_a_message_whose_sender_died_is_found_again_when_the_lease_has_run_out(self):
        message = MessageFactory()
        take_to_send(message.pk, at=MORNING)
        later = MORNING + timedelta(minutes=2)

        assert list(unsent_messages.find(later)) == [message.pk]
        assert standing(Message.objects.get(), now=later).status_words.startswith("may have been sent")
        again = take_to_send(message.pk, at=later)
        assert again is not None
        assert (again.attempts, again.message_id) == (2, message.message_id)

    def test_that_an_attempt_was_lost_is_said_whatever_comes_of_the_next(self):
        message = MessageFactory()
        take_to_send(message.pk, at=MORNING)
        later = MORNING + timedelta(minutes=2)

        again = take_to_send(message.pk, at=later)
        record_accepted(again, at=later)

        kept = Message.objects.get()
        assert kept.unsure_since == later
        assert "it may arrive twice" in standing(kept, now=later).status_words

    def test_a_message_that_kills_each_worker_is_given_up_after_eight_attempts(self):
        message = MessageFactory()
        moments = [MORNING + timedelta(minutes=2 * n) for n in range(9)]

        taken = [take_to_send(message.pk, at=at) for at in moments]

        assert [one is not None for one in taken] == [True] * 8 + [False]
        kept = Message.objects.get()
        assert (kept.state, kept.attempts) == ("failed", 8)
        assert standing(kept, now=moments[-1]).status_words == "failed, but may have been sent: an attempt had no end"

    def test_what_goes_first_is_found_before_older_mail(self):
        older = MessageFactory(next_attempt_at=MORNING - timedelta(hours=1))
        first = MessageFactory(priority=Priority.FIRST)

        assert list(unsent_messages.find(MORNING)) == [first.pk, older.pk]

    def test_who_lost_the_lease_writes_no_outcome(self):
        message = MessageFactory()
        slow = take_to_send(message.pk, at=MORNING)
        take_to_send(message.pk, at=MORNING + timedelta(minutes=2))

        record_accepted(slow, at=MORNING + timedelta(minutes=3))

        assert Message.objects.get().state == "sending"

    def test_what_ended_is_never_sent_again(self, smtp):
        message = MessageFactory()
        taken = take_to_send(message.pk, at=MORNING)
        deliver(taken)
        record_accepted(taken, at=MORNING)

        assert take_to_send(message.pk, at=MORNING + timedelta(days=2)) is None
        assert not list(unsent_messages.find(MORNING + timedelta(days=2)))


@pytest.mark.django_db
class TestFailing:
    def fail(self, message: Message) -> None:
        taken = take_to_send(message.pk, at=MORNING)
        record_refusal(taken, SMTPRecipientsRefused({message.to: (550, b"No such mailbox")}), at=MORNING)

    def test_a_failure_stands_on_the_timeline_and_the_leads_and_who_has_the_case_are_told(self, ana, lead):
        incident = taken_by(ana)
        message = MessageFactory(case=incident.case, to="dafydd@example.org")

        self.fail(message)

        entry = timeline(incident, words_of=permissions.READABLE_WORDS)[0]
        assert (entry.title, entry.words) == ("Email failed", "To dafydd@example.org: 550 No such mailbox")
        assert set(Notice.objects.values_list("person_id", flat=True)) == {ana.staff_id, lead.staff_id}
        assert incident.reference in Notice.objects.first().words

    def test_a_lead_tries_again_with_all_attempts_anew_under_the_same_id(self, ana, lead):
        incident = taken_by(ana)
        message = MessageFactory(case=incident.case)
        self.fail(message)

        try_again(message_id=message.pk, by=lead, at=MORNING + timedelta(hours=1))

        kept = Message.objects.get()
        assert (kept.state, kept.message_id) == ("queued", message.message_id)
        assert kept.next_attempt_at == MORNING + timedelta(hours=1)
        assert incident.case.events.latest("pk").kind == "mail_tried_again"
        taken = take_to_send(message.pk, at=kept.next_attempt_at)
        record_refusal(taken, SMTPServerDisconnected("gone"), at=kept.next_attempt_at)
        assert Message.objects.get().next_attempt_at == kept.next_attempt_at + timedelta(minutes=1)

    def test_a_worker_is_woken_for_what_is_tried_again(self, ana, lead, django_capture_on_commit_callbacks):
        message = MessageFactory(case=taken_by(ana).case)
        self.fail(message)

        with django_capture_on_commit_callbacks() as waiting:
            try_again(message_id=message.pk, by=lead, at=MORNING)

        assert len(waiting) == 1

    def test_what_has_not_failed_is_not_tried_again(self, ana, lead):
        message = MessageFactory(case=taken_by(ana).case)

        with pytest.raises(MovedOn):
            try_again(message_id=message.pk, by=lead, at=MORNING)

    def test_who_does_not_lead_finds_no_message_to_try_again(self, ana, lead):
        message = MessageFactory(case=taken_by(ana).case)
        self.fail(message)

        with pytest.raises(NotThere):
            try_again(message_id=message.pk, by=ana, at=MORNING)

        assert Message.objects.get().state == "failed"


@pytest.mark.django_db
class TestTelling:
    def test_a_person_is_told_at_home_and_by_mail_where_asked(self, reference):
        Mailbox.objects.filter(code="notices").update(address="notices@contacthub.example")
        person = StaffMemberFactory(email="ana@helpdesk.example")
        incident = IncidentFactory()

        tell(person, words="An answer came", case=incident.case, at=MORNING, by_mail=True)

        assert Notice.objects.get().words == "An answer came"
        message = Message.objects.get()
        assert (message.to, message.subject) == ("ana@helpdesk.example", "ContactHub: An answer came")
        assert incident.reference in message.body

    def test_long_words_are_cut_and_refuse_nothing(self, reference):
        tell(StaffMemberFactory(), words="word " * 200, at=MORNING)

        assert len(Notice.objects.get().words) == 500

    def test_a_mailbox_without_an_address_stops_no_notice(self, reference):
        tell(StaffMemberFactory(), words="An answer came", at=MORNING, by_mail=True)

        assert Notice.objects.exists()
        assert not Message.objects.exists()


@pytest.mark.django_db
def test_a_mailbox_name_of_two_lines_is_refused_when_it_is_saved():
    mailbox = Mailbox(code="two-lines", name="Helpdesk\nTelford")

    with pytest.raises(ValidationError, match="Enter the name in one line"):
        mailbox.full_clean()
    with pytest.raises(IntegrityError):
        mailbox.save()


@pytest.mark.parametrize(
    ("trouble", "later", "unsure"),
    [
        (NotReached("535 wrong password"), True, False),
        (SMTPServerDisconnected("Connection unexpectedly closed"), True, True),
        (TimeoutError("timed out"), True, True),
        (SoftTimeLimitExceeded(), True, True),
        (SMTPDataError(552, b"Too large"), False, False),
        (SMTPDataError(451, b"Later"), True, False),
        (AnymailRecipientsRefused(), False, False),
        (AnymailAPIError(status_code=400, response=Response()), False, False),
        (AnymailAPIError(status_code=401, response=Response()), True, False),
        (AnymailAPIError(status_code=503, response=Response()), True, False),
        (AnymailRequestsAPIError("Error posting"), True, True),
        (ValueError("Header values can't contain newlines"), False, False),
    ],
)
def test_what_went_wrong_says_if_it_may_pass_and_if_it_may_have_been_sent(trouble, later, unsure):
    assert (may_pass_later(trouble), may_have_been_sent(trouble)) == (later, unsure)


@pytest.mark.parametrize(
    ("state", "attempts", "words", "trouble"),
    [
        ("queued", 0, "waits to be sent", False),
        ("queued", 2, "no answer from their mail server, tried again by itself", True),
        ("sending", 1, "is being sent", False),
        ("accepted", 1, "accepted by their mail server: nobody tells us if it was delivered", False),
        ("failed", 8, "failed, nobody received it", True),
    ],
)
def test_where_a_message_stands_is_said_in_words(state, attempts, words, trouble):
    lease = MORNING + timedelta(minutes=2) if state == "sending" else None
    message = MessageFactory.build(mailbox=None, state=state, attempts=attempts, leased_until=lease)

    told = standing(message, now=MORNING)

    assert (told.status_words, told.is_trouble) == (words, trouble)


@pytest.mark.parametrize(
    ("server_words", "status", "quoted"),
    [
        ("451 4.3.0 Try again later", "refused for now, tried again by itself", "451 4.3.0 Try again later"),
        ("Connection unexpectedly closed", "no answer from their mail server, tried again by itself", ""),
    ],
)
def test_only_what_their_server_said_is_quoted(server_words, status, quoted):
    message = MessageFactory.build(mailbox=None, state="queued", attempts=1, server_words=server_words)

    told = standing(message, now=MORNING)

    assert (told.status_words, told.server_words) == (status, quoted)
