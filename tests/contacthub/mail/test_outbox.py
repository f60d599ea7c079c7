from datetime import timedelta

import pytest

from contacthub.actor import PUBLIC
from contacthub.errors import RuleBroken
from contacthub.mail.models import Mailbox, Message
from contacthub.mail.services import deliver, queue_email, record_accepted, standing, take_to_send
from contacthub.mail.tasks import send_message, unsent_messages
from tests.factories import MORNING, IncidentFactory, MessageFactory

TEMPLATE = "jobmatch_helpdesk/email/reply"


def queue(*, name="Dafydd Llywelyn", words="Save the CV as a PDF", to="dafydd@example.org") -> Message:
    incident = IncidentFactory(customer_name=name)
    return queue_email(
        template=TEMPLATE,
        mailbox="helpdesk",
        to=to,
        case=incident.case,
        by=PUBLIC,
        at=MORNING,
        context={"incident": incident, "words": words, "agent": None},
    )


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


@pytest.mark.parametrize(
    ("state", "attempts", "words", "trouble"),
    [
        ("queued", 0, "waits to be sent", False),
        ("queued", 2, "refused for now, tried again by itself", True),
        ("sending", 1, "is being sent", False),
        ("accepted", 1, "accepted by their mail server", False),
        ("failed", 8, "failed, nobody received it", True),
    ],
)
def test_where_a_message_stands_is_said_in_words(state, attempts, words, trouble):
    lease = MORNING + timedelta(minutes=2) if state == "sending" else None
    message = MessageFactory.build(mailbox=None, state=state, attempts=attempts, leased_until=lease)

    told = standing(message, now=MORNING)

    assert (told.status_words, told.is_trouble) == (words, trouble)
