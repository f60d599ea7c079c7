"""The pages as a browser without JavaScript sees them."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from contacthub.mail.models import Mailbox, Message
from contacthub.people.models import StaffMember
from contacthub.people.roles import Role
from jobmatch_helpdesk import services
from jobmatch_helpdesk.models import Incident, Reply
from jobmatch_helpdesk.routing import Band
from tests.factories import MORNING, IncidentFactory, StaffMemberFactory

pytestmark = pytest.mark.django_db
WORDS = {"customer_name": "Siân O’Neill-ap Rhys", "customer_email": "sian@example.org", "description": "Cannot upload"}


@pytest.fixture
def agent_client(client, ana):
    client.force_login(StaffMember.objects.get(pk=ana.staff_id))
    return client


def text_of(response) -> str:
    return response.content.decode()


class TestContactUs:
    url = "/contact-us/"

    def send(self, client, **changes):
        client.get(self.url)
        return client.post(self.url, {"key": str(uuid4()), **WORDS, **changes}, follow=True)

    @pytest.mark.proves("UJ-30")
    def test_sending_gives_a_reference_and_says_what_happens_next(self, client, reference):
        page = text_of(self.send(client))

        incident = Incident.objects.get()
        assert incident.reference in page
        assert "answers within 3 working days" in page
        assert (incident.customer_name, incident.customer_email) == (WORDS["customer_name"], WORDS["customer_email"])

    @pytest.mark.parametrize(
        ("field", "message"),
        [
            ("customer_name", "Enter your name"),
            ("customer_email", "Enter your email address"),
            ("description", "Enter what happened"),
        ],
    )
    @pytest.mark.parametrize("empty", ["", "   "])
    def test_an_empty_field_is_refused_in_words_and_the_rest_is_kept(self, client, reference, field, message, empty):
        page = text_of(self.send(client, **{field: empty}))

        assert "<title>Error: " in page
        assert page.count(message) == 2, "in the summary and beside the field"
        assert all(words in page for name, words in WORDS.items() if name != field)
        assert not Incident.objects.exists()

    @pytest.mark.parametrize(
        "typed",
        [
            "\u200bana@example.org",
            "ana@example.org\u200b",
            "ana@exam\u00adple.org",
            " ana@example.org\u00a0",
        ],
    )
    def test_characters_that_nobody_sees_are_taken_out_of_an_address(self, client, reference, typed):
        self.send(client, customer_email=typed)

        assert Incident.objects.get().customer_email == "ana@example.org"

    def test_a_straight_mark_in_an_address_is_kept(self, client, reference):
        self.send(client, customer_email="o'neill+uj@example.org")

        assert Incident.objects.get().customer_email == "o'neill+uj@example.org"

    @pytest.mark.parametrize(("typed", "odd"), [("o’neill@example.org", "’"), ("siân@example.org", "â")])
    def test_an_address_that_mail_cannot_carry_is_refused_and_shows_the_odd_character(
        self, client, reference, typed, odd
    ):
        page = text_of(self.send(client, customer_email=typed))

        assert f"Email addresses cannot have “{odd}” before the @" in page

    @pytest.mark.parametrize(
        "typed", ["ana", "ana@", "@example.org", "ana@example", "ana@example.org\nbcc: b@example.org"]
    )
    def test_what_is_no_address_is_refused(self, client, reference, typed):
        page = text_of(self.send(client, customer_email=typed))

        assert "Enter an email address in the correct format, like name@example.com" in page

    @pytest.mark.parametrize(
        "name", ["Prince", "X", "Nguyễn Thị Ánh", "Łukasz", "W" * 60, "O'Neill & Sons <Wales> Ltd", "مريم أحمد"]
    )
    def test_names_are_taken_as_they_are_typed(self, client, reference, name):
        self.send(client, customer_name=name)

        assert Incident.objects.get().customer_name == name

    def test_an_override_of_the_direction_is_taken_out_of_a_name(self, client, reference):
        self.send(client, customer_name="Ana \u202egnp.exe")

        assert Incident.objects.get().customer_name == "Ana gnp.exe"

    def test_nul_and_markup_do_no_harm(self, client, reference):
        self.send(client, description="a\x00b <script>alert(1)</script> 😀")

        assert Incident.objects.get().description == "ab <script>alert(1)</script> 😀"

    @pytest.mark.parametrize(("field", "length"), [("customer_name", 201), ("description", 20_001)])
    def test_what_is_too_long_is_refused_and_kept(self, client, reference, field, length):
        page = text_of(self.send(client, **{field: "x" * length}))

        assert "characters or fewer" in page
        assert "x" * length in page

    def test_a_double_press_makes_one_incident(self, client, reference):
        client.get(self.url)
        form = {"key": str(uuid4()), **WORDS}

        first = client.post(self.url, form, follow=True)
        second = client.post(self.url, form, follow=True)

        reference_given = Incident.objects.get().reference
        assert reference_given in text_of(first)
        assert reference_given in text_of(second)

    def test_the_same_form_with_other_words_says_that_it_was_sent(self, client, reference):
        client.get(self.url)
        form = {"key": str(uuid4()), **WORDS}
        client.post(self.url, form)

        page = text_of(client.post(self.url, {**form, "description": "Another thing"}))

        assert f"You have already sent this: {Incident.objects.get().reference}" in page
        assert "Another thing" in page

    def test_the_confirmation_is_not_there_for_who_sent_nothing(self, client, reference):
        assert client.get("/contact-us/sent/").url == self.url


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
        incident = services.submit(**WORDS, by=ana, at=MORNING)

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


class TestReply:
    @pytest.fixture
    def incident(self, ana):
        services.submit(**WORDS, by=ana, at=MORNING)
        return services.take_next(by=ana, at=MORNING)

    def post(self, client, incident, do="send", text="Save it as a PDF", key="a-key"):
        url = reverse("jobmatch:reply", args=[incident.reference])
        return client.post(url, {"key": key, "text": text, "do": do}, follow=True)

    def test_the_preview_shows_the_mail_and_what_goes_where_and_sends_nothing(self, agent_client, incident):
        page = text_of(self.post(agent_client, incident, do="preview"))

        assert "Dear Siân O’Neill-ap Rhys" in page
        assert "This email to sian@example.org" in page
        assert not Message.objects.exists()

    def test_going_back_keeps_the_words(self, agent_client, incident):
        page = text_of(self.post(agent_client, incident, do="change"))

        assert "Save it as a PDF</textarea>" in page
        assert not Message.objects.exists()

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

        for _ in range(2):
            self.post(agent_client, incident, do="send-and-next")

        assert Reply.objects.count() == Message.objects.count() == 1
        assert Incident.objects.filter(state="assigned").count() == 1

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

        # session, user, roles, memberships, rows, three bands, count in the head; session kept in a savepoint
        with django_assert_num_queries(12):
            agent_client.get("/jobmatch/")

    @pytest.mark.parametrize("events", [1, 20])
    def test_incident(self, agent_client, ana, events, django_assert_num_queries):
        incident = services.submit(**WORDS, by=ana, at=MORNING)
        for _ in range(events - 1):
            services.record_event(incident, "submitted", by=ana, at=MORNING)

        # session, user, roles, memberships, incident, replies, events, count in the head; session kept in a savepoint
        with django_assert_num_queries(11):
            agent_client.get(incident.get_absolute_url())
