"""The pages as a browser without JavaScript sees them."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from contacthub.actor import PUBLIC
from contacthub.cases.services import record_event
from contacthub.mail.models import Mailbox, Message, Notice
from contacthub.people.models import StaffMember
from contacthub.people.roles import Role
from contacthub.people.services import actor_for
from jobmatch_helpdesk import services
from jobmatch_helpdesk.models import Incident, Reply
from jobmatch_helpdesk.routing import Band
from tests.factories import MORNING, IncidentFactory, MessageFactory, StaffMemberFactory, UnitFactory, told

pytestmark = pytest.mark.django_db
WORDS = {"customer_name": "Siân O’Neill-ap Rhys", "customer_email": "sian@example.org", "description": "Cannot upload"}


@pytest.fixture
def agent_client(client, ana):
    client.force_login(StaffMember.objects.get(pk=ana.staff_id))
    return client


def text_of(response) -> str:
    return response.content.decode()


class TestQueue:
    def test_it_shows_what_waits_for_the_helpdesk_in_order(self, agent_client, ana):
        old, young = (IncidentFactory(received_at=MORNING - timedelta(hours=hours)) for hours in (2, 1))
        urgent = IncidentFactory(band=Band.IMMEDIATE)
        answered = IncidentFactory(resolved=True, assigned_to_id=ana.staff_id)

        page = text_of(agent_client.get("/jobmatch/"))

        places = [page.index(incident.reference) for incident in (urgent, old, young)]
        assert places == sorted(places)
        assert answered.reference not in page

    def test_an_empty_queue_says_so(self, agent_client):
        assert "No incident is open" in text_of(agent_client.get("/jobmatch/"))

    def test_next_takes_the_oldest_and_opens_it(self, agent_client, ana):
        incident = services.submit(told(**WORDS), by=PUBLIC, at=MORNING)

        page = text_of(agent_client.post("/jobmatch/take-next/", {"key": str(uuid4())}, follow=True))

        assert incident.reference in page
        assert "Next in order: oldest in band Standard" in page
        assert "Reply to <bdi>sian@example.org</bdi>" in page
        assert "R14" in page

    def test_next_with_nothing_to_take_says_so(self, agent_client):
        page = text_of(agent_client.post("/jobmatch/take-next/", {"key": str(uuid4())}, follow=True))

        assert "Nothing is waiting for you" in page

    def test_pressing_next_twice_takes_one(self, agent_client, ana):
        IncidentFactory.create_batch(2)
        key = str(uuid4())

        for _ in range(2):
            agent_client.post("/jobmatch/take-next/", {"key": key})

        assert Incident.objects.filter(assigned_to_id=ana.staff_id).count() == 1

    def test_an_old_page_whose_incident_is_answered_takes_another(self, agent_client, ana):
        old, waiting = IncidentFactory.create_batch(2)
        key = str(uuid4())
        agent_client.post("/jobmatch/take-next/", {"key": key})
        Incident.objects.filter(pk=old.pk).update(state="resolved")

        agent_client.post("/jobmatch/take-next/", {"key": key})

        assert Incident.objects.get(pk=waiting.pk).assigned_to_id == ana.staff_id

    def test_an_old_page_that_found_nothing_looks_again(self, agent_client, ana):
        key = str(uuid4())
        agent_client.post("/jobmatch/take-next/", {"key": key})
        IncidentFactory()

        agent_client.post("/jobmatch/take-next/", {"key": key})

        assert Incident.objects.get().assigned_to_id == ana.staff_id


class TestReply:
    @pytest.fixture
    def incident(self, ana):
        services.submit(told(**WORDS), by=PUBLIC, at=MORNING)
        return services.take_next(by=ana, at=MORNING)

    def post(self, client, incident, do="send", text="Save it as a PDF", key="a-key"):
        url = reverse("jobmatch:reply", args=[incident.reference])
        return client.post(url, {"key": key, "text": text, "do": do}, follow=True)

    def test_the_preview_shows_the_mail_and_what_goes_where_and_sends_nothing(self, agent_client, incident):
        page = text_of(self.post(agent_client, incident, do="preview"))

        assert "Dear Siân O’Neill-ap Rhys" in page
        assert "This email</b> to" in page
        assert not Reply.objects.exists()

    def test_going_back_keeps_the_words(self, agent_client, incident):
        page = text_of(self.post(agent_client, incident, do="change"))

        assert "Save it as a PDF</textarea>" in page
        assert not Reply.objects.exists()

    @pytest.mark.proves("UJ-02")
    def test_sending_resolves_it_and_says_where_the_mail_stands(self, agent_client, incident):
        page = text_of(self.post(agent_client, incident))

        assert Incident.objects.get().state == "resolved"
        assert f"{incident.reference} is answered" in page
        assert "waits to be sent" in page

    def test_sending_and_taking_the_next_are_one_press(self, agent_client, incident, ana):
        waiting = IncidentFactory()

        page = text_of(self.post(agent_client, incident, do="send-and-next"))

        assert Incident.objects.get(pk=waiting.pk).assigned_to_id == ana.staff_id
        assert waiting.reference in page
        assert f"{incident.reference} is answered" in page

    def test_a_double_press_sends_once_and_takes_one(self, agent_client, incident):
        IncidentFactory.create_batch(2)

        first, second = (self.post(agent_client, incident, do="send-and-next") for _ in range(2))

        assert second.status_code == 200
        assert second.redirect_chain == first.redirect_chain
        assert Reply.objects.count() == Message.objects.filter(subject__contains="answer").count() == 1
        assert Incident.objects.filter(state="assigned").count() == 1

    def test_a_press_that_nobody_knows_only_previews(self, agent_client, incident):
        page = text_of(self.post(agent_client, incident, do="rubbish"))

        assert "The email, as it will arrive" in page
        assert not Reply.objects.exists()

    def test_an_empty_reply_is_refused_with_a_summary(self, agent_client, incident):
        page = text_of(self.post(agent_client, incident, text=" ", do="preview"))

        assert "<title>Error: " in page
        assert page.count("Enter your reply") == 2

    @pytest.mark.proves("UJ-14")
    def test_a_mailbox_without_an_address_is_said_and_the_words_stay(self, agent_client, incident):
        Mailbox.objects.update(address="")

        page = text_of(self.post(agent_client, incident))

        assert "has no address" in page
        assert "Save it as a PDF</textarea>" in page

    @pytest.mark.proves("UJ-14")
    def test_administrators_are_told_once_what_is_not_set(self, agent_client, incident):
        administrator = StaffMemberFactory(role=Role.ADMINISTRATOR)
        Mailbox.objects.update(address="")

        for do in ("preview", "send"):
            self.post(agent_client, incident, do=do)

        told = Notice.objects.get()
        assert (told.person, told.case) == (administrator, incident.case)
        assert "has no address" in told.words
        assert Incident.objects.get().state == "assigned"

    def test_a_lost_race_says_who_did_what_and_keeps_both_texts(self, agent_client, incident, ana):
        services.reply(incident_id=incident.pk, text="What the other tab sent", by=ana, at=MORNING)

        response = self.post(agent_client, incident, text="What this tab typed", do="preview")

        page = text_of(response)
        assert response.status_code == 409
        assert "Answered by email by Ana Byrne" in page
        assert "What this tab typed" in page
        assert "What the other tab sent" in page

    def test_somebody_elses_incident_shows_who_has_it_and_no_form(self, client, incident):
        client.force_login(StaffMemberFactory(role=Role.HELPDESK_AGENT))

        page = text_of(client.get(incident.get_absolute_url()))

        assert "Ana Byrne" in page
        assert "<textarea" not in page


class TestNotYours:
    @pytest.mark.parametrize("path", ["/jobmatch/UJ-999999/", "/jobmatch/UJ-999999/reply/", "/jobmatch/uj-1/"])
    def test_a_record_that_is_not_there_is_not_found(self, agent_client, path):
        assert agent_client.get(path).status_code == 404

    def test_a_record_that_is_not_yours_is_not_found_in_the_same_words(self, client, reference):
        client.force_login(StaffMemberFactory())
        incident = IncidentFactory()

        there = client.get(incident.get_absolute_url())
        not_there = client.get("/jobmatch/UJ-999999/")

        assert there.status_code == not_there.status_code == 404
        assert incident.reference not in text_of(there)

    def test_who_has_no_role_is_told_and_sees_no_navigation(self, client, reference):
        client.force_login(StaffMemberFactory())

        response = client.get("/jobmatch/")

        assert response.status_code == 403
        assert ">Incidents" not in text_of(response)


class TestQueryCounts:
    """The same for one row and for twenty."""

    @pytest.mark.parametrize("rows", [1, 20])
    def test_queue(self, agent_client, ana, rows, django_assert_num_queries):
        IncidentFactory.create_batch(rows)

        # session, user, roles, memberships, rows, bands that wait, head thrice: unassigned, own queues,
        # overdue calls; session kept in a savepoint
        with django_assert_num_queries(14):
            agent_client.get("/jobmatch/")

    @pytest.mark.parametrize("times", [1, 20])
    def test_incident(self, agent_client, ana, times, django_assert_num_queries):
        incident = services.submit(told(**WORDS), by=PUBLIC, at=MORNING)
        people = {"assigned_to": StaffMemberFactory(), "raised_by": StaffMemberFactory()}
        Incident.objects.filter(pk=incident.pk).update(state="assigned", site=UnitFactory(), **people)
        for _ in range(times):
            by = StaffMemberFactory()
            record_event(incident, "submitted", by=actor_for(by, on=MORNING.date()), at=MORNING, words="Again")
            incident.replies.create(
                text="So", to="a@example.org", by=by, at=MORNING, message=MessageFactory(case=incident.case)
            )
            incident.questions.create(
                text="How",
                by=by,
                at=MORNING,
                message=MessageFactory(case=incident.case),
                answered_by=by,
                answer="So",
                answered_at=MORNING,
            )

        # session, user, roles twice, incident, replies, questions, mails, events, head thrice as above;
        # the session kept in a savepoint; the deadline, its pauses and the days off, for the sum of the due date
        with django_assert_num_queries(18):
            agent_client.get(incident.get_absolute_url())


class TestNothingIsLost:
    @pytest.mark.parametrize(
        ("do", "text"), [("change", "My words"), ("preview", "My words"), ("preview", "x" * 20_001)]
    )
    def test_words_for_an_incident_that_is_no_longer_mine_are_shown(self, agent_client, ana, bilal, do, text):
        services.submit(told(**WORDS), by=PUBLIC, at=MORNING)
        incident = services.take_next(by=bilal, at=MORNING)

        response = agent_client.post(f"{incident.get_absolute_url()}reply/", {"key": "k", "text": text, "do": do})

        assert response.status_code == 409
        assert text in text_of(response)
        assert "Taken by Bilal Shah" in text_of(response)

    def test_who_was_sent_to_next_by_signing_in_lands_on_the_queue(self, agent_client):
        assert agent_client.get("/jobmatch/take-next/").url == "/jobmatch/"
