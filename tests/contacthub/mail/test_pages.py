from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from contacthub.mail.models import Message, Notice
from contacthub.mail.services import tell
from contacthub.people.models import StaffMember
from contacthub.people.roles import Role
from tests.factories import MORNING, IncidentFactory, MessageFactory, StaffMemberFactory

pytestmark = pytest.mark.django_db
OUTBOX = "/mail/"


def client_of(staff: StaffMember) -> Client:
    client = Client()
    client.force_login(staff)
    return client


@pytest.fixture
def lead_client(lead) -> Client:
    return client_of(StaffMember.objects.get(pk=lead.staff_id))


@pytest.fixture
def administrator(reference) -> Client:
    return client_of(StaffMemberFactory(role=Role.ADMINISTRATOR))


def message(**given) -> Message:
    return MessageFactory(case=IncidentFactory().case, **given)


def references(response) -> list[str]:
    return [line.message.case.reference for section in response.context["sections"] for line in section.lines.rows]


class TestOutbox:
    def test_a_lead_sees_trouble_the_oldest_first_by_kind_and_nothing_accepted(self, lead_client):
        newer = message(failed=True, queued_at=MORNING)
        older = message(failed=True, queued_at=MORNING - timedelta(days=1))
        unsure = message(unsure_since=MORNING, attempts=1)
        waiting = message()
        message(accepted=True)

        response = lead_client.get(OUTBOX)

        assert references(response) == [one.case.reference for one in (older, newer, unsure, waiting)]
        assert "550 5.1.1 No such user here" in response.text

    @pytest.mark.parametrize("view", ["failed", "unsure", "queued", "held_back", "accepted"])
    def test_each_view_shows_its_own(self, lead_client, view):
        made = {
            "failed": message(failed=True),
            "unsure": message(unsure_since=MORNING, attempts=1),
            "queued": message(),
            "held_back": message(held_back=True),
            "accepted": message(accepted=True),
        }

        assert references(lead_client.get(OUTBOX, {"view": view})) == [made[view].case.reference]

    def test_one_that_was_held_back_says_why_and_is_not_tried_again(self, lead_client):
        message(held_back=True)

        shown = lead_client.get(OUTBOX, {"view": "held_back"}).text

        assert "Not sent: The form was withdrawn" in shown
        assert "Try again" not in shown

    def test_a_lost_attempt_is_told_even_of_mail_that_was_accepted(self, lead_client):
        message(accepted=True, unsure_since=MORNING)

        assert "it may arrive twice" in lead_client.get(OUTBOX, {"view": "unsure"}).text

    def test_plain_mail_is_said_to_be_accepted_and_no_more(self, lead_client):
        assert "Whether it was delivered, or read, nobody tells us" in lead_client.get(OUTBOX).text

    @pytest.mark.parametrize("written", ["rhys@tŷ-gwyn.example", "RHYS@xn--t-gwyn-pob.example"])
    def test_an_address_is_found_in_both_of_its_forms(self, lead_client, written):
        wanted = message(to="rhys@tŷ-gwyn.example")
        message()

        assert references(lead_client.get(OUTBOX, {"to": written})) == [wanted.case.reference]

    def test_a_filter_that_is_no_address_is_told_so_and_shows_all(self, lead_client):
        message()

        response = lead_client.get(OUTBOX, {"to": "rhys"})

        assert "Enter an email address in the correct format" in response.text
        assert len(references(response)) == 1

    @pytest.mark.parametrize(
        "odd", ["%", "_", "%%%", "\\", "*", "a", "x" * 300, "a\x00", "%@example.org", "_@example.org"]
    )
    def test_no_sign_stands_for_any_other_in_the_filter(self, lead_client, odd):
        message(to="b@example.org")

        response = lead_client.get(OUTBOX, {"to": odd})

        assert "Enter an email address in the correct format" in response.text or references(response) == []

    def test_the_kind_of_case_filters(self, lead_client):
        wanted = message()

        assert references(lead_client.get(OUTBOX, {"about": "incident"})) == [wanted.case.reference]
        assert "Select what the emails are about" in lead_client.get(OUTBOX, {"about": "x"}).text

    def test_pages_keep_the_view_and_the_filter(self, lead_client):
        for _ in range(51):
            message(failed=True)

        first = lead_client.get(OUTBOX, {"view": "failed", "about": "incident"})
        section = first.context["sections"][0]
        second = lead_client.get(f"{OUTBOX}{section.lines.older}")

        assert (len(section.lines.rows), len(references(second))) == (50, 1)
        assert "view=failed" in section.lines.older

    def test_an_administrator_sees_states_and_addresses_but_no_text(self, administrator):
        message(failed=True, subject="About Dafydd", to="dafydd@example.org")

        text = administrator.get(OUTBOX).text

        assert "dafydd@" in text
        assert "550 5.1.1 No such user here" in text
        assert "About Dafydd" not in text
        assert "/jobmatch/UJ" not in text

    def test_a_lead_sees_no_mail_that_is_about_no_case(self, lead_client, administrator):
        MessageFactory(failed=True, subject="To nobody's case")

        assert lead_client.get(OUTBOX).context["sections"][0].lines.rows == []
        assert len(administrator.get(OUTBOX).context["sections"][0].lines.rows) == 1

    def test_others_mail_is_left_out_without_hiding_ones_own(self, lead_client, monkeypatch):
        monkeypatch.setattr("contacthub.mail.views.PAGE", 5)
        for _ in range(12):
            MessageFactory(failed=True)  # about no case
        mine = [message(failed=True) for _ in range(3)]

        response = lead_client.get(OUTBOX, {"view": "failed"})

        assert references(response) == [one.case.reference for one in mine]
        (mail,) = [item for item in response.context["head"]["items"] if item["label"] == "Mail"]
        assert mail["count"] == "3"

    def test_twenty_messages_cost_as_many_queries_as_one(self, lead_client, django_assert_max_num_queries):
        counts = []
        for number in (1, 9):
            for _ in range(number):
                message(failed=True, queued_by=StaffMemberFactory())
                message(unsure_since=MORNING, attempts=1)
                message()
            with django_assert_max_num_queries(32) as asked:
                lead_client.get(OUTBOX)
            counts.append(len(asked))

        assert counts[0] == counts[1]


class TestTryingAgain:
    def test_a_failed_message_is_queued_again(self, lead_client):
        failed = message(failed=True)

        response = lead_client.post(reverse("mail:try_again", args=[failed.pk]), follow=True)

        assert Message.objects.get().state == "queued"
        assert "is queued again" in response.text

    def test_one_that_somebody_tried_meanwhile_is_told_so(self, lead_client):
        queued = message()

        response = lead_client.post(reverse("mail:try_again", args=[queued.pk]), follow=True)

        assert "somebody has tried it again" in response.text


class TestNotices:
    def test_ones_own_unread_are_shown_newest_first(self, ana):
        person = StaffMember.objects.get(pk=ana.staff_id)
        incident = IncidentFactory()
        tell(person, words="First told", case=incident.case, at=MORNING)
        tell(person, words="Then told", at=MORNING + timedelta(hours=1))
        tell(StaffMemberFactory(), words="Not for Ana", at=MORNING)

        text = client_of(person).get("/notices/").text

        assert text.index("Then told") < text.index("First told")
        assert f"Open {incident.reference}" in text
        assert "Not for Ana" not in text

    def test_what_was_read_stands_under_all_only(self, ana):
        person = StaffMember.objects.get(pk=ana.staff_id)
        notice = tell(person, words="Told", at=MORNING)
        client = client_of(person)

        client.post(reverse("mail:read_notice", args=[notice.pk]))

        assert "Told" not in client.get("/notices/").text
        assert "Told" in client.get("/notices/?view=all").text

    def test_another_persons_notice_is_not_there(self, ana):
        notice = tell(StaffMemberFactory(), words="Told", at=MORNING)

        response = client_of(StaffMember.objects.get(pk=ana.staff_id)).post(
            reverse("mail:read_notice", args=[notice.pk])
        )

        assert response.status_code == 404
        assert Notice.objects.get().read_at is None

    def test_a_case_that_one_may_no_longer_see_is_no_link(self, reference):
        person = StaffMemberFactory()
        tell(person, words="Told", case=IncidentFactory().case, at=MORNING)

        assert "Open UJ" not in client_of(person).get("/notices/").text

    def test_twenty_notices_cost_as_many_queries_as_one(self, ana, django_assert_max_num_queries):
        person = StaffMember.objects.get(pk=ana.staff_id)
        client = client_of(person)
        counts = []
        for number in (1, 19):
            for _ in range(number):
                tell(person, words="Told", case=IncidentFactory().case, at=MORNING)
            with django_assert_max_num_queries(20) as asked:
                client.get("/notices/")
            counts.append(len(asked))

        assert counts[0] == counts[1]


def test_the_page_of_a_case_shows_each_of_its_emails_and_where_it_stands(lead_client):
    incident = IncidentFactory()
    reply = MessageFactory(case=incident.case, accepted=True, to="jd@example.org", subject=f"{incident}: our answer")
    MessageFactory(case=incident.case, failed=True, to="copy@example.org", copy_of=reply)
    MessageFactory(case=IncidentFactory().case, to="other@example.org")

    response = lead_client.get(incident.get_absolute_url())

    assert [(line.message.to, line.title) for line in response.context["mails"]] == [
        ("jd@example.org", "our answer"),
        ("copy@example.org", "UJ-000001: our answer"),
    ]
    shown = response.text.partition('id="mails-title"')[2]
    assert shown.index("accepted by their mail server") < shown.index("failed, nobody received it")
    assert "550 5.1.1 No such user here" in shown
