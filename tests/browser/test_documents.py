"""Documents in a browser: saved under their names, never shown in place; named in mail without breaking the page."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from contacthub.actor import PUBLIC
from contacthub.clock import now
from contacthub.documents.models import Document, ScanState
from contacthub.mail.services import queue_email
from jobmatch_helpdesk.models import Incident
from tests.browser.conftest import enter, enter_as
from tests.browser.test_accessibility import check
from tests.contacthub.documents.conftest import told  # noqa: F401  the app of incidents, told what happens
from tests.contacthub.documents.files import PDF, attached
from tests.factories import IncidentFactory

LONG_NAME = f"Llythyr cwyn {'x' * 180}.pdf"


@pytest.fixture
def incident(told, reference) -> Incident:  # noqa: F811
    """An incident about which two documents went by mail, one of the longest name."""
    incident = IncidentFactory()
    documents = [attached(incident.case, "Cwyn Siân.pdf"), attached(incident.case, LONG_NAME)]
    queue_email(
        template="mail/email/notice",
        mailbox="helpdesk",
        to="leader@example.org",
        case=incident.case,
        by=PUBLIC,
        at=now(),
        context={"person": {"name": "Graham"}, "words": "The form", "case": incident.case},
        attachments=[document.pk for document in documents],
    )
    return incident


def test_a_document_is_saved_under_its_name_and_never_shown_in_place(page, agent, incident):
    enter(page, agent)
    document = Document.objects.get(name="Cwyn Siân.pdf")

    with page.expect_download() as download:
        page.evaluate(f"location.href = '{document.get_absolute_url()}'")

    assert download.value.suggested_filename == "Cwyn Siân.pdf"
    assert Path(download.value.path()).read_bytes() == PDF
    assert page.url.endswith("/")


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (ScanState.WAITING, "It has not been checked for viruses yet"),
        (ScanState.MALWARE, "It contains a virus, and was thrown away"),
        (ScanState.UNCHECKED, "It could not be checked for viruses"),
    ],
)
def test_a_document_that_is_not_handed_out_says_why(page, agent, incident, watch, state, words):
    watch.expected = {409}
    waits = now() if state is ScanState.WAITING else None
    Document.objects.filter(name=LONG_NAME).update(scan_state=state, next_attempt_at=waits)
    enter(page, agent)

    page.goto(Document.objects.get(name=LONG_NAME).get_absolute_url())

    expect(page.get_by_text(words)).to_be_visible()
    check(page)


def test_what_went_with_an_email_stands_on_the_page_of_its_case_and_in_the_outbox(page, agent, lead, incident):
    def is_named(page: Page) -> None:
        expect(page.get_by_text("Cwyn Siân.pdf, Llythyr cwyn")).to_be_visible()
        check(page)

    enter(page, agent)
    page.goto(incident.get_absolute_url())
    is_named(page)

    enter_as(page, lead)
    page.goto("/mail/")
    is_named(page)
