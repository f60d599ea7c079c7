import logging
import re

import pytest
from django.urls import reverse

from contacthub.cases.services import events_for
from contacthub.documents import storage
from contacthub.documents.models import Document
from contacthub.people.models import StaffMember
from contacthub.people.roles import Role
from tests.contacthub.documents.files import PDF, attached
from tests.factories import IncidentFactory, StaffMemberFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_ana(client, ana, told):
    client.force_login(StaffMember.objects.get(pk=ana.staff_id))
    return client


def words(page: bytes) -> bytes:
    """Return what a page says, without the token and the moment that every page has."""
    return re.findall(rb"<main.*</main>", page, re.DOTALL)[0]


def kinds(document: Document) -> list[str]:
    return [event.kind for event in events_for(document.case)]


def test_who_sees_the_case_gets_the_file_to_save_it(as_ana):
    document = attached(IncidentFactory().case)

    response = as_ana.get(document.get_absolute_url())

    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Disposition"] == 'attachment; filename="Complaint.pdf"'
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Length"] == str(len(PDF))


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("Siân – “ateb”.pdf", "attachment; filename*=utf-8''Si%C3%A2n%20%E2%80%93%20%E2%80%9Cateb%E2%80%9D.pdf"),
        ('a"b;c.pdf', 'attachment; filename="a\\"b;c.pdf"'),
        (f"Llythyr cwyn {'x' * 180}.pdf", f'attachment; filename="Llythyr cwyn {"x" * 180}.pdf"'),
    ],
)
def test_it_is_saved_under_its_whole_name(as_ana, name, header):
    document = attached(IncidentFactory().case, name)

    assert as_ana.get(document.get_absolute_url())["Content-Disposition"] == header


def test_text_that_looks_like_a_page_is_no_page(as_ana):
    document = attached(IncidentFactory().case, "page.txt", b"once upon a <script>alert(1)</script>")

    response = as_ana.get(document.get_absolute_url())

    assert response["Content-Type"] == "text/plain"
    assert response["Content-Disposition"].startswith("attachment;")


def test_who_does_not_see_the_case_finds_no_such_page_and_the_refusal_is_logged(client, told, reference, caplog):
    stranger = StaffMemberFactory(role=Role.CASEWORKER)
    client.force_login(stranger)
    document = attached(IncidentFactory().case)

    with caplog.at_level(logging.WARNING):
        response = client.get(document.get_absolute_url())

    assert response.status_code == 404
    assert PDF not in response.content
    assert f"Document {document.pk} was refused to staff {stranger.pk}" in caplog.text


def test_a_number_that_no_document_has_gives_the_same_page(client, told, reference):
    client.force_login(StaffMemberFactory(role=Role.CASEWORKER))
    theirs = attached(IncidentFactory().case)

    refused, missing = (client.get(reverse("documents:document", args=[pk])) for pk in (theirs.pk, theirs.pk + 1))

    assert (refused.status_code, missing.status_code) == (404, 404)
    assert words(refused.content) == words(missing.content)


def test_who_is_signed_out_is_asked_to_sign_in(client, told, reference):
    document = attached(IncidentFactory().case)

    response = client.get(document.get_absolute_url())

    assert response.status_code == 302
    assert response.url == f"/sign-in/?next=/documents/{document.pk}/"


def test_the_path_of_its_file_leads_nowhere(as_ana):
    document = attached(IncidentFactory().case)

    for path in (f"/static/{document.stored_as}", f"/documents/{document.stored_as}/", f"/media/{document.stored_as}"):
        assert as_ana.get(path).status_code == 404


def test_a_kind_with_a_rule_of_its_own_is_not_opened_by_all_who_see_the_case(as_ana, bilal, told):
    told.only_for = bilal.staff_id
    document = attached(IncidentFactory().case, kind="personal_file")

    assert as_ana.get(document.get_absolute_url()).status_code == 404
    assert kinds(document) == ["document_attached"]


def test_every_opening_of_a_kind_that_is_watched_stands_on_the_timeline_with_who_did(as_ana, ana, told):
    told.only_for = ana.staff_id
    document = attached(IncidentFactory().case, kind="personal_file")

    as_ana.get(document.get_absolute_url())
    as_ana.get(document.get_absolute_url())

    assert kinds(document) == ["document_opened", "document_opened", "document_attached"]
    assert {event.actor_id for event in events_for(document.case)[:2]} == {ana.staff_id}


def test_a_document_whose_file_is_gone_says_so_in_words(as_ana):
    document = attached(IncidentFactory().case)
    storage.throw_away(document.stored_as)

    response = as_ana.get(document.get_absolute_url())

    assert response.status_code == 500
    assert "Its file cannot be read just now" in response.content.decode()


def test_an_opening_of_another_kind_is_not_kept(as_ana):
    document = attached(IncidentFactory().case)

    as_ana.get(document.get_absolute_url())

    assert kinds(document) == ["document_attached"]
