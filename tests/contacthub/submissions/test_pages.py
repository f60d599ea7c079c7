import json

import pytest
from django.test import Client
from django.urls import reverse

from contacthub.people.models import StaffMember
from contacthub.submissions.models import Draft
from contacthub.submissions.services import keep, open_place
from jobmatch_helpdesk.lifecycle import IncidentState
from tests.factories import MORNING, IncidentFactory

pytestmark = pytest.mark.django_db
PLACE = "jobmatch:reply:UJ-000001"
KEEP = "/drafts/keep/"


def client_of(actor) -> Client:
    client = Client()
    client.force_login(StaffMember.objects.get(pk=actor.staff_id))
    return client


def opened(by):
    return open_place(by, PLACE, title="Reply, UJ-000001", link="/jobmatch/UJ-000001/")


def keep_by_page(client, page, words, **more):
    return client.post(KEEP, {"place": page.place.sealed, "words": json.dumps(words)} | more)


def test_a_page_is_told_when_its_words_were_kept(ana):
    response = keep_by_page(client_of(ana), opened(ana), {"text": "Save\x00 it"})

    draft = Draft.objects.get()
    assert response.json()["kept_at"] == draft.kept_at.isoformat()
    assert draft.words == {"text": "Save it"}


@pytest.mark.parametrize("words", ["", "nothing", "[]", '{"text": 1}', '{"text": {"a": "b"}}'])
def test_what_is_no_draft_is_refused_in_words(ana, words):
    response = client_of(ana).post(KEEP, {"place": opened(ana).place.sealed, "words": words})

    assert response.status_code == 422
    assert response.json()["why"]


def test_a_draft_that_is_too_long_is_refused(ana):
    response = keep_by_page(client_of(ana), opened(ana), {"text": "x" * 100_001})

    assert response.json()["why"] == "Too long to keep: shorten it to 100,000 characters"


def test_a_place_that_we_did_not_seal_keeps_nothing(ana):
    response = client_of(ana).post(KEEP, {"place": "jobmatch:reply:UJ-000001", "words": '{"text": "a"}'})

    assert response.status_code == 422
    assert not Draft.objects.exists()


def test_who_types_is_not_idle(ana):
    client = client_of(ana)
    client.get("/drafts/")
    before = client.session["seen_at"]

    keep_by_page(client, opened(ana), {"text": "Save it"})

    assert client.session["seen_at"] > before


def test_drafts_are_listed_with_the_way_back_and_deleted_one_by_one(ana, bilal):
    keep(place=opened(ana).place, words={"text": "Save it as a PDF"}, by=ana, at=MORNING)
    client = client_of(ana)

    text = client.get("/drafts/").text
    assert 'href="/jobmatch/UJ-000001/"' in text
    assert "Save it as a PDF" in text
    assert "Save it as a PDF" not in client_of(bilal).get("/drafts/").text
    url = reverse("drafts:delete", args=[Draft.objects.get().pk])
    client_of(bilal).post(url)
    assert Draft.objects.exists()
    assert "The draft is deleted" in client.post(url, follow=True).text
    assert not Draft.objects.exists()
    assert "no longer here: it was sent or deleted" in client.post(url, follow=True).text


def test_twenty_drafts_cost_as_many_queries_as_one(ana, django_assert_max_num_queries):
    client, counts = client_of(ana), []
    for start, stop in ((0, 1), (1, 20)):
        for number in range(start, stop):
            page = open_place(ana, f"a-place-{number}", title="Reply", link="/")
            keep(place=page.place, words={"text": "Save it"}, by=ana, at=MORNING)
        with django_assert_max_num_queries(20) as asked:
            client.get("/drafts/")
        counts.append(len(asked))

    assert counts[0] == counts[1]


@pytest.mark.proves("CM-14")
def test_a_reply_that_was_begun_is_offered_in_its_form_until_it_is_sent(ana):
    incident = IncidentFactory(state=IncidentState.ASSIGNED, assigned_to_id=ana.staff_id)
    url, client = incident.get_absolute_url(), client_of(ana)
    page = client.get(url).context["draft"]
    keep_by_page(client, page, {"text": "Save it as a PDF"})

    shown = client.get(url)
    assert shown.context["form"]["text"].value() == "Save it as a PDF"
    assert "This is your draft" in shown.text
    client.post(f"{url}reply/", {"key": "a-key", "text": "Save it as a PDF", "do": "send"})

    assert not Draft.objects.exists()
    assert keep_by_page(client, page, {"text": "Save it as a PDF."}).status_code == 409


@pytest.mark.proves("CM-14")
def test_a_draft_stays_with_its_writer_while_a_colleague_has_the_incident(ana, bilal):
    incident = IncidentFactory(state=IncidentState.ASSIGNED, assigned_to_id=ana.staff_id)
    url = incident.get_absolute_url()
    page = client_of(ana).get(url).context["draft"]
    keep_by_page(client_of(ana), page, {"text": "Ana’s words"})

    incident.assigned_to_id = bilal.staff_id
    incident.save()
    keep_by_page(client_of(ana), page, {"text": "Ana’s words, and more"})
    assert "Ana’s words" not in client_of(bilal).get(url).text
    assert "Ana’s words, and more" in client_of(ana).get("/drafts/").text
    incident.assigned_to_id = ana.staff_id
    incident.save()

    assert "Ana’s words, and more" in client_of(ana).get(url).text
