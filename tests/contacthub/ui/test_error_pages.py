"""What goes wrong, as the person in front of the browser sees it: what was saved, and what was typed."""

from __future__ import annotations

import pytest
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from contacthub.people.models import StaffMember
from contacthub.people.roles import Role
from jobmatch_helpdesk.lifecycle import IncidentState
from jobmatch_helpdesk.models import Incident, Reply
from tests.contacthub.ui.markup import check, parse
from tests.factories import IncidentFactory, StaffMemberFactory

OURS = {"HTTP_ORIGIN": "http://testserver"}
WORDS = "Save it as a <b>PDF</b>\n\nThen try again"
NOTHING_SAVED = "othing was sent or saved"


def typed_in(response: HttpResponse) -> dict[str, str]:
    """Return what the page gives back to be copied."""
    page = parse(response.content.decode())
    labels = {node.attrs["for"]: node.text for node in page.all("label")}
    boxes = [node for node in page.all("textarea") if "readonly" in node.attrs]
    return {labels[box.attrs["id"]]: "".join(map(str, box.children)).removeprefix("\n") for box in boxes}


def is_page(response: HttpResponse, status: int, heading: str) -> str:
    html = response.content.decode()
    check(html)
    page = parse(html)
    assert (response.status_code, page.all("h1")[0].text) == (status, heading)
    assert response["Cache-Control"].startswith("no-store")
    return page.all("main")[0].text


@pytest.fixture
def mine(ana) -> Incident:
    return IncidentFactory(state=IncidentState.ASSIGNED, assigned_to_id=ana.staff_id)


@pytest.fixture
def strict(ana) -> Client:
    """A browser whose forms must carry their token."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(StaffMember.objects.get(pk=ana.staff_id))
    return client


def send(client: Client, incident: Incident, **headers: str) -> HttpResponse:
    url = reverse("jobmatch:reply", args=[incident.reference])
    posted = {"key": "a-key", "text": WORDS, "do": "send", "new_password1": "a secret of mine"}
    return client.post(url, posted, **headers)


@pytest.mark.django_db
class TestTokenFailed:
    def test_what_was_typed_comes_back_and_nothing_was_sent(self, strict, mine):
        response = send(strict, mine, **OURS)

        text = is_page(response, 403, "This page was open too long")
        assert NOTHING_SAVED in text
        assert typed_in(response) == {"Text": WORDS}
        assert not Reply.objects.exists()

    def test_the_page_of_somebody_else_puts_no_words_into_ours(self, strict, mine):
        for headers in ({"HTTP_ORIGIN": "https://evil.example"}, {"HTTP_REFERER": "https://evil.example/a"}, {}):
            assert typed_in(send(strict, mine, **headers)) == {}


@pytest.mark.django_db
class TestSignedOut:
    def test_what_was_typed_comes_back_before_one_signs_in_again(self, client, mine, ana):
        client.force_login(StaffMember.objects.get(pk=ana.staff_id))
        Session.objects.all().delete()

        response = send(client, mine, **OURS, HTTP_REFERER=f"http://testserver/jobmatch/{mine.reference}/")

        text = is_page(response, 403, "You are signed out")
        assert NOTHING_SAVED in text
        assert typed_in(response) == {"Text": WORDS}
        back = parse(response.content.decode()).all("main")[0].all("a")[0].attrs["href"]
        assert back == f"/sign-in/?next=/jobmatch/{mine.reference}/"

    def test_where_nothing_was_typed_the_sign_in_page_says_that_nothing_was_done(self, client, reference):
        response = client.post("/jobmatch/take-next/", {"key": "a-key"}, **OURS, follow=True)

        assert response.redirect_chain == [("/sign-in/?next=/&not-done=1", 302)]
        assert "What you pressed just now was not done" in response.content.decode()


@pytest.mark.django_db
class TestNotYours:
    def test_a_role_without_the_right_is_told_that_nothing_was_done(self, client, reference):
        client.force_login(StaffMemberFactory(role=Role.JOBCENTRE_ADVISER))

        text = is_page(client.post("/jobmatch/take-next/", {"key": "a-key"}), 403, "You cannot do this")

        assert NOTHING_SAVED in text

    def test_words_for_a_record_that_one_may_no_longer_see_come_back(self, client, mine):
        client.force_login(StaffMemberFactory(role=Role.CASEWORKER))

        response = send(client, mine, **OURS)

        assert NOTHING_SAVED in is_page(response, 404, "Page not found")
        assert typed_in(response) == {"Text": WORDS}


@pytest.mark.django_db
class TestNotAPage:
    @pytest.mark.parametrize(
        ("address", "page"),
        [
            ("/jobmatch/UJ-000001/take/", "/jobmatch/UJ-000001/"),
            ("/sign-out/", "/"),
            ("/drafts/5/delete/", "/drafts/"),
            ("/notices/7/read/", "/notices/"),
            ("/mail/5/try-again/", "/mail/"),
            ("/jobmatch/new/route/", "/jobmatch/new/"),
        ],
    )
    def test_the_address_of_a_button_leads_to_its_page(self, client, ana, address, page):
        client.force_login(StaffMember.objects.get(pk=ana.staff_id))

        response = client.get(address)

        is_page(response, 405, "This address is not a page")
        assert response["Allow"] == "POST"
        assert parse(response.content.decode()).all("main")[0].all("a")[0].attrs["href"] == page


@pytest.mark.django_db
class TestTooLargeAndUnreadable:
    def test_more_than_is_taken_is_refused_in_words(self, client, reference):
        too_much = "x" * (django_settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        address = "/contact-us/happened/"

        response = client.post(address, f"description={too_much}", content_type="application/x-www-form-urlencoded")

        assert NOTHING_SAVED in is_page(response, 413, "Too much at once")

    def test_a_form_that_no_page_of_ours_sends_is_refused_in_words(self, client, reference):
        response = client.post("/contact-us/happened/", {str(number): "" for number in range(1001)})

        assert NOTHING_SAVED in is_page(response, 400, "This could not be read")

    def test_another_host_name_gets_a_page_too(self, client):
        is_page(client.get("/", HTTP_HOST="evil.example"), 400, "This could not be read")


class TestFault:
    """Without a database: these tests have none."""

    @pytest.fixture
    def failing(self, settings) -> Client:
        settings.ROOT_URLCONF = "tests.contacthub.ui.faulty_urls"
        return Client(raise_request_exception=False)

    def test_a_page_that_could_not_be_made_can_be_asked_for_again(self, failing):
        text = is_page(failing.get("/fault/?a=b"), 500, "There is a problem with ContactHub")

        assert "Nothing that you sent before is affected" in text

    def test_what_was_pressed_was_not_done_and_what_was_typed_comes_back(self, failing):
        response = failing.post("/fault/", {"reason": WORDS, "password": "secret"}, **OURS)

        text = is_page(response, 500, "There is a problem with ContactHub")
        assert "What you pressed just now was not done" in text
        assert typed_in(response) == {"Reason": WORDS}

    def test_with_the_database_away_it_says_what_was_saved_and_what_may_not_be(self, failing):
        response = failing.post("/away/", {"text": WORDS}, **OURS)

        text = is_page(response, 503, "ContactHub is not available")
        assert "Everything that ContactHub confirmed as sent or saved" in text
        assert "Press it again later: nothing is sent twice" in text
        assert typed_in(response) == {"Text": WORDS}
