"""What a provider reports of mail that it took, from its post to the page: by Postmark's and Mailgun's own formats."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from itertools import permutations
from urllib.parse import urlencode

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from contacthub.actor import PUBLIC
from contacthub.clock import now
from contacthub.mail.listing import mails_of
from contacthub.mail.models import DeliveryReport, Message, Notice, ProviderPost
from contacthub.mail.services import mark_failed, queue_email, try_again
from contacthub.mail.standing import standing
from contacthub.mail.tasks import count_report, open_reports, read_post, send_message, unread_posts
from contacthub.people.models import StaffMember
from jobmatch_helpdesk import services as helpdesk
from jobmatch_helpdesk.models import Incident
from tests.factories import IncidentFactory, MessageFactory
from tests.provider import SECRET, TRACKING, bounced, delivered, told_us

KEY = "a-signing-key"
BOUNCED = "The address takes no email: 550 5.1.1 No such mailbox here"


@pytest.fixture
def sent(provider, told) -> Message:
    """A message that the provider took as id-1; `told` is the app of its case."""
    return send(queued())


def queued() -> Message:
    incident = IncidentFactory()
    return queue_email(
        template="jobmatch_helpdesk/email/reply", mailbox="helpdesk", to="dafydd@example.org", case=incident.case,
        by=PUBLIC, at=now(), context={"incident": incident, "words": "Save it", "agent": None},
    )  # fmt: skip


def send(message: Message) -> Message:
    send_message(message.pk)
    message.refresh_from_db()
    return message


def work() -> None:
    """Do what worker and clock do, until there is nothing left to do."""
    for pk in unread_posts.find(now()):
        read_post(pk)
    for pk in open_reports.find(now()):
        count_report(pk)


def fresh(message: Message) -> Message:
    return Message.objects.get(pk=message.pk)


def mailgun(event: str, message_id: str, *, token: str = "a-token", key: str = KEY, **more) -> dict:
    signature = hmac.new(key.encode(), f"1780480800{token}".encode(), hashlib.sha256).hexdigest()
    return {
        "signature": {"timestamp": "1780480800", "token": token, "signature": signature},
        "event-data": {
            "event": event, "timestamp": 1780480800.1, "recipient": "dafydd@example.org",
            "message": {"headers": {"message-id": message_id}}, **more,
        },
    }  # fmt: skip


@pytest.mark.django_db(transaction=True)
class TestTaken:
    def test_a_provider_takes_the_message_and_what_it_calls_it_is_kept(self, sent, provider):
        (received,) = provider.received

        assert (received["To"], received["TextBody"].strip()) == ("dafydd@example.org", sent.body)
        assert (sent.state, sent.provider_id) == ("accepted", "id-1")
        assert (
            standing(sent, now=now()).status_words == "accepted by the mail provider: no word yet if it was delivered"
        )

    def test_plain_mail_ends_accepted_and_says_that_nobody_tells_us_more(self, reference, smtp):
        message = send(queued())

        assert (message.state, message.provider_id) == ("accepted", "")
        words = "accepted by their mail server: nobody tells us if it was delivered"
        assert standing(message, now=now()).status_words == words

    def test_it_turns_delivered_without_a_word_to_its_app(self, sent, told):
        assert told_us(delivered("id-1")) == 200
        work()

        message = fresh(sent)
        assert (message.state, message.server_words) == ("delivered", "")
        assert standing(message, now=now()).status_words == "delivered"
        assert told.heard == []

    def test_it_fails_with_what_was_said_and_its_app_is_told(self, sent, told):
        assert told_us(bounced("id-1")) == 200
        work()

        message = fresh(sent)
        stands = standing(message, now=now())
        assert (message.state, message.server_words) == ("failed", BOUNCED)
        assert (stands.who_said, stands.server_words) == ("The mail provider said", BOUNCED)
        assert [heard[:3] for heard in told.heard] == [("delivery_failed", sent.case_id, BOUNCED)]

    def test_a_delay_or_that_it_was_opened_changes_nothing(self, sent):
        told_us({**delivered("id-1"), "RecordType": "Open"})
        told_us(bounced("id-1", Type="Transient"))
        work()

        assert fresh(sent).state == "accepted"
        assert not ProviderPost.objects.unread().exists()
        assert not DeliveryReport.objects.exists()

    def test_in_whatever_order_and_however_often_reports_come_it_ends_alike_and_its_app_is_told_once(
        self, told, provider
    ):
        orders = {*permutations(["delivered", "delivered", "bounced", "bounced"])}
        for number, order in enumerate(sorted(orders)):
            message = send(queued())
            for one in order:
                told_us({"delivered": delivered, "bounced": bounced}[one](message.provider_id))
                work()
            assert fresh(message).state == "failed"
            assert len(told.heard) == number + 1

    def test_a_repeat_is_kept_as_it_came_and_counts_once(self, sent, told):
        for _ in range(3):
            told_us(bounced("id-1"))
        work()

        assert (ProviderPost.objects.count(), DeliveryReport.objects.count()) == (3, 1)
        assert len(told.heard) == 1

    def test_two_tasks_for_one_post_and_one_report_do_it_once(self, sent, told):
        told_us(bounced("id-1"))
        post = ProviderPost.objects.get()
        for _ in range(2):
            read_post(post.pk)
        report = DeliveryReport.objects.get()
        for _ in range(2):
            count_report(report.pk)

        assert len(told.heard) == 1

    def test_a_report_that_comes_before_we_know_the_id_counts_as_soon_as_we_do(self, provider, told, monkeypatch):
        message = queued()
        told_us(bounced("id-1"))
        work()
        assert fresh(message).state == "queued"
        woken = []
        monkeypatch.setattr("contacthub.mail.services.wake", lambda *named: woken.append(named))

        send(message)

        work()  # finds nothing that is due yet
        assert fresh(message).state == "accepted"
        assert woken == [("mail.count_report", DeliveryReport.objects.get().pk)]
        count_report(woken[0][1])
        assert fresh(message).state == "failed"


@pytest.mark.django_db(transaction=True)
class TestReply:
    @pytest.mark.proves("UJ-36")
    def test_one_that_the_provider_reports_as_bounced_is_to_be_answered_again_and_the_leads_are_told_once(
        self, provider, ana, lead
    ):
        incident = IncidentFactory(state="assigned", assigned_to_id=ana.staff_id)
        helpdesk.reply(incident_id=incident.pk, text="Save it as a PDF", by=ana, at=now())
        send(Message.objects.get())

        for report in (delivered("id-1"), bounced("id-1"), bounced("id-1"), delivered("id-1")):
            told_us(report)
            work()

        assert Incident.objects.get().state == "assigned"
        [told] = Notice.objects.filter(person_id=lead.staff_id)
        assert told.words.splitlines() == [
            f"{incident.reference}: the email to {incident.customer_email} failed. {BOUNCED}",
            "Nobody was reached: it is to be answered again",
        ]


@pytest.mark.django_db(transaction=True)
class TestTriedAgain:
    def test_what_is_told_of_an_attempt_before_is_harmless(self, sent, told, lead):
        told_us(bounced("id-1"))
        work()
        try_again(message_id=sent.pk, by=lead, at=now())

        told_us(delivered("id-1"))
        told_us(bounced("id-1", ID=43))
        work()
        assert fresh(sent).state == "queued"

        send(sent)
        assert fresh(sent).provider_id == "id-2"
        told_us(bounced("id-1", ID=44))
        work()
        assert fresh(sent).state == "accepted"
        told_us(delivered("id-2"))
        work()
        assert fresh(sent).state == "delivered"
        assert len(told.heard) == 1

    def test_where_each_attempt_has_the_same_id_what_was_heard_before_it_is_not_of_it(self, sent, lead):
        told_us(bounced("id-1"))
        ProviderPost.objects.update(received_at=now() - timedelta(minutes=1))
        message = fresh(sent)
        work()

        assert fresh(message).state == "accepted"
        assert DeliveryReport.objects.get().message is None
        assert not DeliveryReport.objects.open().exists()

    def test_what_somebody_marked_as_failed_by_hand_stays_as_it_was_marked(self, sent, lead):
        with transaction.atomic():
            mark_failed(sent, words="The customer rang", by=lead, at=now())
        told_us(delivered("id-1"))
        work()

        message = fresh(sent)
        assert (message.state, message.server_words) == ("failed", "The customer rang")
        assert standing(message, now=now()).server_words == ""  # which no provider said


@pytest.mark.django_db(transaction=True)
class TestDoor:
    @pytest.mark.parametrize("secret", ["", "postmark:a-guess", "a-secret-for-tests", f"{SECRET}x"])
    def test_what_is_not_signed_is_refused_and_changes_nothing(self, sent, secret):
        assert told_us(bounced("id-1"), secret=secret) == 400

        assert not ProviderPost.objects.exists()
        work()
        assert fresh(sent).state == "accepted"

    def test_without_a_secret_nothing_could_be_told_from_a_forgery_so_there_is_no_such_page(self, provider, settings):
        settings.ANYMAIL = {name: given for name, given in provider.settings.items() if name != "WEBHOOK_SECRET"}

        assert told_us(bounced("id-1")) == 404
        assert not ProviderPost.objects.exists()

    @pytest.mark.parametrize(
        "path", ["/anymail/nobody/tracking/", "/anymail/mailgun/tracking/", "/anymail/postmark/inbound/"]
    )
    def test_other_providers_and_other_posts_have_no_page(self, provider, path):
        assert Client().post(path, "{}", content_type="application/json").status_code == 404

    def test_the_address_answers_a_trial_and_no_reader(self, provider):
        assert Client().head(TRACKING).status_code == 200
        assert Client().get(TRACKING).status_code == 405

    def test_what_cannot_be_read_is_kept_with_the_trouble_and_not_read_again(self, sent):
        assert told_us([1, 2, 3]) == 200
        work()

        post = ProviderPost.objects.get()
        assert bytes(post.body) == b"[1, 2, 3]"
        assert post.trouble.startswith("TypeError")
        assert not list(unread_posts.find(now()))

    def test_ids_that_are_nobodys_are_kept_and_harmless_and_left_after_a_day(self, sent):
        told_us(bounced("nobodys\0\ud800"))
        work()
        report = DeliveryReport.objects.get()
        assert (report.provider_id, report.message) == ("nobodys?", None)

        DeliveryReport.objects.update(heard_at=now() - timedelta(days=1), next_look_at=now())
        work()

        assert fresh(sent).state == "accepted"
        assert not DeliveryReport.objects.open().exists()

    def test_posts_wait_for_a_worker_that_has_the_secret(self, sent, settings):
        told_us(delivered("id-1"))
        settings.ANYMAIL = {}
        work()
        assert ProviderPost.objects.unread().exists()

        settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}
        work()
        assert fresh(sent).state == "delivered"

    def test_the_answer_waits_for_one_row(self, sent):
        with CaptureQueriesContext(connection) as queries:
            told_us(delivered("id-1"))

        writes = [one["sql"] for one in queries if not one["sql"].startswith(("BEGIN", "COMMIT"))]
        assert len(writes) == 1
        assert writes[0].startswith('INSERT INTO "mail_providerpost"')


@pytest.mark.django_db(transaction=True)
class TestMailgun:
    """Signs what it posts, and calls a message by our own Message-ID."""

    @pytest.fixture(autouse=True)
    def signing(self, settings, reference) -> None:
        settings.EMAIL_PROVIDER = "mailgun"
        settings.ANYMAIL = {"MAILGUN_API_KEY": "a-key", "MAILGUN_WEBHOOK_SIGNING_KEY": KEY}

    def post(self, event) -> int:
        client = Client(raise_request_exception=False)
        path = "/anymail/mailgun/tracking/"
        return client.post(path, json.dumps(event), content_type="application/json").status_code

    @pytest.fixture
    def sent(self) -> Message:
        return MessageFactory(accepted=True, provider_id="<1@contacthub.example>")

    def test_a_delivery_counts(self, sent):
        assert self.post(mailgun("delivered", "1@contacthub.example")) == 200
        work()

        assert fresh(sent).state == "delivered"

    def test_a_lasting_failure_counts_and_a_passing_one_does_not(self, sent):
        status = {"message": "550 5.1.1 No such user"}
        self.post(mailgun("failed", "1@contacthub.example", token="1", severity="temporary"))
        work()
        assert fresh(sent).state == "accepted"

        self.post(
            mailgun("failed", "1@contacthub.example", token="2", severity="permanent", reason="bounce",
                    **{"delivery-status": status})
        )  # fmt: skip
        work()
        assert fresh(sent).server_words == "The address takes no email: 550 5.1.1 No such user"

    @pytest.mark.parametrize(
        "forged",
        [
            mailgun("failed", "1@contacthub.example", key="another-key"),
            {"event-data": {"event": "failed"}},
            [],
            {"signature": []},
            {"signature": {"timestamp": "ŵ", "token": "1", "signature": "2"}},
            {"signature": {"timestamp": None, "token": None, "signature": None}},
        ],
    )
    def test_what_is_not_signed_is_refused(self, sent, forged):
        assert self.post(forged) == 400
        assert not ProviderPost.objects.exists()


@pytest.mark.django_db(transaction=True)
class TestOtherProviders:
    def test_a_post_with_several_reports_counts_each_for_its_own_message(self, reference, settings):
        settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}
        messages = [MessageFactory(accepted=True, provider_id=f"1{number}") for number in range(3)]
        events = [
            {"event": "sent", "MessageID": 10, "time": 1780480800},
            {"event": "bounce", "MessageID": 11, "time": 1780480801, "error": "user unknown"},
            {"event": "bounce", "MessageID": 11, "time": 1780480801, "error": "user unknown"},
            {"event": "bounce", "MessageID": 12, "time": 1780480802, "error": "greylisted"},
        ]

        assert told_us(events, path="/anymail/mailjet/tracking/") == 200
        work()

        assert [fresh(message).state for message in messages] == ["delivered", "failed", "accepted"]

    def test_a_signed_form_is_kept_and_read_like_json(self, reference, settings):
        settings.ANYMAIL = {"MANDRILL_WEBHOOK_KEY": KEY}
        message = MessageFactory(accepted=True, provider_id="an-id")
        events = json.dumps([{"event": "hard_bounce", "_id": "an-id", "ts": 1780480800, "msg": {"diag": "550 Nobody"}}])
        path = "/anymail/mandrill/tracking/"
        signed = f"http://testserver{path}mandrill_events{events}"
        signature = base64.b64encode(hmac.new(KEY.encode(), signed.encode(), hashlib.sha1).digest()).decode()
        posted = {"data": urlencode({"mandrill_events": events}), "content_type": "application/x-www-form-urlencoded"}

        assert Client().post(path, **posted, headers={"X-Mandrill-Signature": "a-guess"}).status_code == 400
        assert Client().post(path, **posted, headers={"X-Mandrill-Signature": signature}).status_code == 200
        work()

        assert (fresh(message).state, fresh(message).server_words) == (
            "failed",
            "Their mail server refused it: 550 Nobody",
        )
        settings.ANYMAIL = {}
        assert Client().post(path, **posted, headers={"X-Mandrill-Signature": signature}).status_code == 404

    @pytest.mark.parametrize(
        "provider",
        ["amazon_ses", "brevo", "mailersend", "mailgun", "mailjet", "mailtrap", "mandrill", "postal", "postmark",
         "resend", "sparkpost", "unisender_go"],
    )  # fmt: skip
    def test_no_provider_is_believed_before_a_secret_is_set(self, settings, provider):
        settings.ANYMAIL = {"MAILTRAP_API_TOKEN": "a-token", "BREVO_API_KEY": "a-key"}

        assert Client().post(f"/anymail/{provider}/tracking/", "{}", content_type="application/json").status_code == 404
        assert Client().head(f"/anymail/{provider}/tracking/").status_code == 404


@pytest.mark.django_db
class TestPages:
    @pytest.fixture
    def page(self, lead):
        client = Client()
        client.force_login(StaffMember.objects.get(pk=lead.staff_id))
        return lambda url: client.get(url).content.decode()

    def test_mail_says_what_each_word_means_where_a_provider_reports(self, page, settings):
        settings.EMAIL_PROVIDER = "postmark"
        settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}
        MessageFactory(case=IncidentFactory().case, delivered=True)
        MessageFactory(case=IncidentFactory().case, accepted=True, provider_id="another-id")

        shown = page("/mail/?view=accepted")

        assert "“delivered” that their mail server did" in shown
        assert "Delivered " in shown
        assert "No word yet" in shown

    def test_without_a_provider_mail_says_that_accepted_is_the_last(self, page):
        assert "Whether it was delivered, or read, nobody tells us." in page("/mail/")

    def test_the_page_of_a_case_says_who_said_what(self, page):
        incident = IncidentFactory(state="received")
        MessageFactory(case=incident.case, failed=True, provider_id="an-id", server_words=BOUNCED)
        MessageFactory(case=incident.case, accepted=True)
        MessageFactory(case=incident.case, delivered=True, provider_id="another-id")

        shown = page(f"/jobmatch/{incident.reference}/")

        assert f"The mail provider said: <bdi>{BOUNCED}</bdi>" in shown
        assert "accepted by their mail server: nobody tells us if it was delivered" in shown
        assert [line.standing.status_words for line in mails_of(incident.case, now=now())][-1] == "delivered"
